"""The selection: what its members prepare, and what the forum decided."""

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from minga.kernel.assemblies.models import Item
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Facts, Fault, digest
from minga.services.cocreation.models import Cycle, Integrated, Pick, Placement, Score
from minga.services.cocreation.rules import method as rule
from minga.services.cocreation.rules import selection as rules
from minga.services.cocreation.rules.selection import Place

NAMES = ("category", "by_score", "reserve_for", "reason", "anchor", "entity", "deferral")


def subject(cycle: Cycle) -> str:
    return f"{rules.SUBJECT}:{cycle.pk}"


def waiting(cycle: Cycle) -> Item | None:
    """The point by which the forum is deciding the selection now."""
    points = Item.objects.filter(subject=subject(cycle), outcome="", session__body=cycle.forum_id)
    return points.select_related("session__body").first()


def decided(cycle: Cycle) -> bool:
    return Placement.objects.filter(integrated__cycle=cycle).exists()


def scored(cycle: Cycle) -> QuerySet[Score]:
    """What the evaluation came to, once it is published."""
    found = Score.objects.filter(integrated__cycle=cycle).select_related("integrated")
    return found.order_by("-total", "integrated__number")


def unscored(cycle: Cycle) -> int:
    """How many have no published evaluation, and so no place in the selection."""
    return Integrated.objects.filter(cycle=cycle, score=None).count()


def by_score(score: Score, method: rule.Method) -> int:
    told = [Fraction(said) for said in score.criteria.values()]
    high, medium = method.number(rule.Open.HIGH), method.number(rule.Open.MEDIUM)
    return rules.by_score(told, high=high, medium=medium)


def picks(cycle: Cycle) -> QuerySet[Pick]:
    found = Pick.objects.filter(integrated__cycle=cycle)
    return found.select_related("integrated__score").order_by("rank", "integrated")


def place(pick: Pick) -> Place:
    return Place(**{name: getattr(pick, name) for name in (*NAMES, "axis")})


def placements(cycle: Cycle) -> QuerySet[Placement]:
    """What the forum decided of each, as it stands: public."""
    found = Placement.objects.filter(integrated__cycle=cycle, current=True)
    return found.select_related("integrated__score", "integrated__node__edition__plan")


def counts(cycle: Cycle) -> Mapping[int, int]:
    """How many there are in each category."""
    return Counter(placements(cycle).select_related(None).values_list("category", flat=True))


def prepared(cycle: Cycle) -> Mapping[int, int]:
    """How many are prepared for each category: its members only see it."""
    return Counter(Pick.objects.filter(integrated__cycle=cycle).values_list("category", flat=True))


def left_behind() -> QuerySet[Placement]:
    """What forums put in categories 3 and 4, for others or for later."""
    found = Placement.objects.filter(current=True, category__in=[rules.OUTSIDE, rules.LATER])
    return found.select_related("integrated__cycle__convener")


def reserve(cycle: Cycle) -> Placement | None:
    """The best scored one of category 2, which comes forward when one of category 1 falls."""
    return placements(cycle).filter(category=rules.RESERVE).order_by("rank").first()


def seal(found: list[Pick]) -> str:
    """A digest of a whole selection, as it is put to the forum."""
    said = [f"{pick.integrated_id} {_words(pick)} {pick.axis}" for pick in found]
    return digest(*said)


def _words(one: Pick | Placement) -> str:
    said = "\n".join(str(getattr(one, name)) for name in (*NAMES, "rank"))
    return sha256(said.encode()).hexdigest()


def facts(placement: Placement) -> Facts:
    """What the history tells of a placement; its words by their digest."""
    return {
        "placement": placement.pk,
        "category": placement.category,
        "words": _words(placement),
        "decision": placement.decision,
    }


def agrees(told: Mapping[str, Any], now: Facts) -> bool:
    """Whether an entry says of a row what it says of itself."""
    return all(name in told and told[name] == said for name, said in now.items())


def verify() -> Iterator[Fault]:
    """Placements that are not those the forum decided."""
    told: dict[int, Mapping[str, Any]] = {}
    last: dict[str, int] = {}
    entries = Entry.objects.filter(stream__startswith="integrated:", kind="place")
    for entry in entries.order_by("stream", "seq").iterator():
        told[entry.facts["placement"]] = entry.facts
        last[entry.stream] = entry.facts["placement"]
    for row in Placement.objects.select_related("integrated").order_by("pk").iterator():
        is_last = last.get(row.integrated.stream) == row.pk
        if not agrees(told.pop(row.pk, {}), facts(row)) or row.current != is_last:
            yield Fault(row.integrated.stream, _("su categoría no es la que se decidió"))
    for placement in told:
        yield Fault(f"placement {placement}", _("falta una categoría que se decidió"))
