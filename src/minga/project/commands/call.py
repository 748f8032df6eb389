"""Abre una convocatoria de propuestas y registra a quien la atiende."""

from argparse import Namespace
from datetime import date, datetime, time

from ._arguments import Arguments
from ._django import stand_up


def main(arguments: list[str]) -> int:
    given = understand(arguments)
    stand_up()
    convene(given)
    print(f"La convocatoria «{given.title}» recibe propuestas del {given.opens} al {given.closes}.")
    print(f"{given.name} elige su clave en /cuenta/clave/ con el correo {given.email}.")
    return 0


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


def convene(given: Namespace) -> None:
    from django.utils import timezone
    from django.utils.text import slugify

    from minga.kernel.identity import actions as identity
    from minga.services.cocreation import actions as cocreation

    organisation = identity.know_organisation(
        key=slugify(given.institution)[:200],
        name=given.institution,
        source="registrada por quien opera esta instalación",
    )
    post = identity.know_post(organisation=organisation, title=given.post)
    identity.appoint(
        email=given.email, name=given.name, password=None, post=post, since=timezone.localdate()
    )
    cocreation.convene(
        key=slugify(given.key),
        title=given.title,
        convener=post,
        opens=timezone.make_aware(datetime.combine(given.opens, time.min)),
        closes=timezone.make_aware(datetime.combine(given.closes, time.min)),
    )
