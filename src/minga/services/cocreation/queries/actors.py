"""The map of actors: who works on what, and where."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from minga.kernel.identity.models import Post
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, digest
from minga.services.cocreation.models import Cycle, Stakeholder
from minga.services.cocreation.rules import Sector
from minga.services.cocreation.rules.actors import State

STREAM = "actors:"


def listed() -> QuerySet[Stakeholder]:
    """What everybody sees."""
    found = Stakeholder.objects.filter(state=State.LISTED)
    return found.select_related("territory", "cycle__convener").prefetch_related("themes")


def narrowed(found: QuerySet[Stakeholder], wanted: Mapping[str, Any]) -> QuerySet[Stakeholder]:
    """The map as a reader filters it."""
    for name, column in {"sector": "sector", "lugar": "territory", "alcance": "reach"}.items():
        if wanted.get(name):
            found = found.filter(**{column: wanted[name]})
    if wanted.get("tema"):
        found = found.filter(themes__goal=int(wanted["tema"]))
    match wanted.get("estado"):
        case "si":
            found = found.filter(sector=Sector.PUBLIC)
        case "no":
            found = found.exclude(sector=Sector.PUBLIC)
    return found


def convening(cycle: Cycle, posts: Iterable[Post]) -> Post | None:
    """The post that answers for a cycle, when one of these does."""
    return next((post for post in posts if post.organisation_id == cycle.convener_id), None)


def waiting(cycle: Cycle) -> QuerySet[Stakeholder]:
    return Stakeholder.objects.filter(cycle=cycle, state=State.PROPOSED)


def of_cycle(cycle: Cycle, actor: int) -> Stakeholder | None:
    found = Stakeholder.objects.select_related("territory", "person").prefetch_related("themes")
    return found.filter(cycle=cycle, pk=actor).first()


def seal(actor: Stakeholder) -> str:
    said = (actor.name, actor.sector, actor.reach, actor.territory_id or "", actor.does)
    return digest(*said, *sorted(theme.goal for theme in actor.themes.all()))


def verify() -> Iterator[Fault]:
    """Organisations that are not as they were written, or not where they were put."""
    told: dict[int, tuple[str, str]] = {}
    for entry in Entry.objects.filter(stream__startswith=STREAM).order_by("seq").iterator():
        facts = entry.facts
        _seal, state = facts.get("seal", ""), facts.get("state", "")
        told[facts.get("actor", 0)] = (_seal, state)
    for actor in Stakeholder.objects.prefetch_related("themes").iterator(chunk_size=500):
        if told.pop(actor.pk, None) != (seal(actor), actor.state):
            yield Fault(f"actor:{actor.pk}", _("no es lo que dice su historia"))
    for pk in told:
        yield Fault(f"actor:{pk}", _("falta, y su historia está"))
