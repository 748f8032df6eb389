"""Abre una convocatoria de propuestas y registra a quien la atiende."""

import sys
from argparse import Namespace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import transaction

from ._arguments import Arguments
from ._django import stand_up

if TYPE_CHECKING:
    from minga.kernel.identity.models import Person, Post
    from minga.services.cocreation.models import Cycle


def main(arguments: list[str]) -> int:
    given = understand(arguments)
    stand_up()
    cycle, official = convene(given)
    print(f"La convocatoria {words(cycle)}.")
    if official.has_usable_password():
        print(f"{official.name} entra con el correo {official.email}.")
    else:
        print(f"{official.name} elige su clave en /cuenta/clave/ con el correo {official.email}.")
    return 0


def words(cycle: "Cycle") -> str:
    told = f"«{cycle.title}» ({cycle.key}), de {cycle.convener}, recibe propuestas"
    return f"{told} del {cycle.opens_on} al {cycle.closes_on}"


def understand(arguments: list[str]) -> Namespace:
    parser = Arguments("call", __doc__)
    parser.add_argument("key", help="nombre corto para las direcciones: 2027-1")
    parser.add_argument("title", help="el nombre de la convocatoria")
    parser.add_argument("--institution", required=True, help="la institución que convoca")
    parser.add_argument("--post", required=True, help="el puesto que la atiende")
    parser.add_argument("--name", required=True, help="quién ocupa ese puesto")
    parser.add_argument("--email", required=True, help="su correo")
    parser.add_argument(
        "--from",
        dest="opens",
        type=date.fromisoformat,
        required=True,
        help="primer día, 2027-01-31",
    )
    parser.add_argument(
        "--until", dest="closes", type=date.fromisoformat, required=True, help="último día"
    )
    given = parser.parse_args(arguments)
    if given.closes < given.opens:
        parser.error("el último día está antes que el primero")
    return given


@transaction.atomic
def convene(given: Namespace) -> "tuple[Cycle, Person]":
    """All of it or nothing: the call, and whoever answers for it, as they stand now."""
    from django.utils import timezone
    from django.utils.text import slugify

    from minga.kernel.identity import actions as identity

    organisation = identity.know_organisation(
        key=slugify(given.institution)[:200],
        name=given.institution,
        source="registrada por quien opera esta instalación",
        at=timezone.now(),
    )
    post = identity.know_post(organisation=organisation, title=given.post, at=timezone.now())
    cycle = opened(given, slugify(given.key), post)
    try:
        official = identity.appoint(
            email=given.email, name=given.name, password=None, post=post, since=timezone.localdate()
        )
    except identity.PostHeld as held:
        who = held.membership.person.name
        sys.exit(f"Nada cambió, porque {who} ya ocupa el puesto «{post}»: escribe otro en --post.")
    return cycle, official


def opened(given: Namespace, key: str, post: "Post") -> "Cycle":
    """The call of this key; one that stands with other dates, title or convener stays."""
    from django.utils import timezone

    from minga.services.cocreation import actions as cocreation

    first, last = (
        timezone.make_aware(datetime.combine(day, time.min)) for day in (given.opens, given.closes)
    )
    cycle = cocreation.convene(key=key, title=given.title, convener=post, opens=first, closes=last)
    asked = (given.title, post.organisation, given.opens, given.closes)
    if asked != (cycle.title, cycle.convener, cycle.opens_on, cycle.closes_on):
        sys.exit(f"Nada cambió, porque esa clave es de otra convocatoria: {words(cycle)}.")
    return cycle
