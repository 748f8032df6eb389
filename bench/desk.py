"""What the desk costs with few cases, with many, and with very many."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate

from minga.kernel.cases.actions import desk
from minga.kernel.cases.actions.desk import Official
from minga.kernel.cases.models import Case
from minga.kernel.identity.models import Post
from minga.services.cocreation import actions, queries

from . import world
from .copies import copies
from .visits import Visit, again

SIZES = (10, 1_000, 100_000)
SENT = timedelta(days=400)
FATES: Sequence[dict[str, Any]] = (
    {},
    {},
    {"move": "ask", "message": "¿En qué lugar sería, y quién lo cuidaría después?"},
    {"move": "set_aside", "reason": "personal_case"},
)
LISTS = {
    "por atender": "",
    "en espera": "?ver=espera",
    "terminados": "?ver=terminados",
    "míos": "?de=mios",
    "sin asignar": "?de=nadie",
    "los que vencen antes": "?orden=vence",
    "ya vencidos": "?plazo=vencidos",
    "palabras del título": "?palabras=agua",
}


def originals(at: datetime) -> list[Case]:
    """A few cases, one of each fate, as people and officials make them."""
    began = at - SENT
    post = world.convener(began)
    closes = at + timedelta(days=365)
    actions.convene(key=world.CYCLE, title="Medida", convener=post, opens=began, closes=closes)
    made = [a_case(number, began, post) for number in range(len(FATES))]
    by, day = Official(post, world.official()), began + timedelta(days=2)
    desk.assign(cases={case.pk: None for case in made[1:3]}, to=post, by=by, at=day)
    desk.set_due(cases={made[1].pk: None}, on=localdate(day + timedelta(days=9)), by=by, at=day)
    return list(Case.objects.filter(pk__in=[case.pk for case in made]).order_by("pk"))


def a_case(number: int, at: datetime, post: Post) -> Case:
    draft = uuid4()
    actions.keep(draft=draft, words=world.said(number), at=at)
    proposal = queries.by_code(actions.send(draft=draft, at=at).code)
    assert proposal
    if step := dict(FATES[number]):
        move, day = step.pop("move"), at + timedelta(days=1)
        actions.decide(proposal=proposal, move=move, post=post, rev=1, at=day, **step)
    return Case.objects.get(pk=proposal.pk)


def grown(at: datetime) -> Iterator[int]:
    """The desk with each number of cases, one size after the other."""
    made = originals(at)
    for size in SIZES:
        copies(made, size - Case.objects.count(), over=SENT - timedelta(days=2))
        if connection.vendor == "postgresql":  # what autovacuum does a minute later
            connection.cursor().execute("VACUUM ANALYZE")
        yield size


def visits(size: int) -> Iterator[Visit]:
    address, who = reverse("public_service:desk"), world.official()
    for name, query in LISTS.items():
        yield Visit(f"Mesa con {size} casos, {name}", again(f"{address}{query}"), who)
