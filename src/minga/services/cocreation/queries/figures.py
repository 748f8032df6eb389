"""A cycle in figures: what everybody may count, and what people said of themselves, protected."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Value, When

from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import rules
from minga.services.cocreation.models import (
    Cycle,
    Integrated,
    Placement,
    Proposal,
    Statistics,
    Workshop,
)
from minga.services.cocreation.queries import workshops
from minga.services.cocreation.queries.method import method
from minga.services.cocreation.rules import AgeGroup, Channel, Sex
from minga.services.cocreation.rules.figures import protected, share
from minga.services.cocreation.rules.method import Open
from minga.services.cocreation.rules.screening import OUTCOMES
from minga.services.cocreation.rules.workshops import TABLES

NONE = "none"  # no goal; nothing said


class Counted(NamedTuple):
    """How many of one kind there are in a cycle; None: too few to say."""

    cycle: str
    channel: str
    by: str
    value: str
    many: int | None
    share: str  # of what came by the same channel, in hundredths
    demo: bool


OF_PROPOSALS: Mapping[str, Any] = {  # what is public of each proposal
    "all": Value(""),
    "outcome": Case(
        *(When(case__state__in=states, then=Value(str(key))) for key, states in OUTCOMES.items()),
        default=Value(""),
    ),
    "goal": F("goal"),
    "place": F("territory"),
    "sector": F("sector"),
}
OF_PEOPLE: Mapping[str, Sequence[str]] = {  # what those who sent one said of themselves
    "sex": tuple(Sex),
    "age_group": tuple(AgeGroup),
    "ethnic_group": (),  # the country's
}


def _proposals(by: str, cycles: QuerySet[Cycle]) -> Iterator[Counted]:
    shown = Proposal.objects.filter(case__public=True, cycle__in=cycles)
    kinds = shown.annotate(kind=OF_PROPOSALS[by]).order_by("cycle__key", "channel", "kind")
    found = list(
        kinds.values_list("cycle__key", "channel", "kind", "cycle__convener__demo").annotate(
            many=Count("pk")
        )
    )
    whole: Counter[tuple[str, str]] = Counter()
    for cycle, channel, _kind, _demo, many in found:
        whole[cycle, channel] += many
    for cycle, channel, kind, demo, many in found:
        value = str(kind) if kind is not None else NONE
        said = share(many, whole[cycle, channel])
        yield Counted(cycle, channel, by, value, many, said, demo)


def over(cycles: QuerySet[Cycle], *, on: date) -> QuerySet[Cycle]:
    """Those of which nothing comes any more: what people said of themselves is counted once,
    or each new proposal would tell what its sender said."""
    waits = Proposal.objects.filter(cycle=OuterRef("pk"), case__state__in=rules.WAITING)
    return cycles.filter(~Exists(waits), closes_on__lt=on, method__isnull=False)


def _people(by: str, cycles: QuerySet[Cycle]) -> Iterator[Counted]:
    """Of whoever sent one by themselves that was ever accepted: hidden later, it still counts."""
    closed = {cycle.pk: cycle for cycle in cycles.select_related("method", "convener")}
    sent = Proposal.objects.filter(number__isnull=False, channel=Channel.WEB, cycle__in=closed)
    whole = Counter(dict(sent.values_list("cycle").annotate(n=Count("pk")).order_by("cycle")))
    told = Statistics.objects.filter(proposal__in=sent).exclude(**{by: ""})
    counted = told.values_list("proposal__cycle", by).annotate(n=Count("pk"))
    said = {(cycle, value): many for cycle, value, many in counted.order_by()}
    for pk, cycle in sorted(closed.items(), key=lambda pair: pair[1].key):
        cells = {value: said.get((pk, value), 0) for value in _values(by)}
        cells[NONE] = whole[pk] - sum(cells.values())
        found = method(cycle)
        least = found.whole(Open.SMALL_NUMBER) if found else 0
        for value, many in protected(cells, least).items():
            part = "" if many is None else share(many, whole[pk])
            yield Counted(cycle.key, Channel.WEB, by, value, many, part, cycle.convener.demo)


def _values(by: str) -> Sequence[str]:
    terms = jurisdiction.terms_for(rules.Terms)
    groups = terms.ethnic_groups.value if isinstance(terms, rules.Terms) else None
    return OF_PEOPLE[by] or groups or ()


def _integrated(cycles: QuerySet[Cycle]) -> Iterator[Counted]:
    """What the proposals became: integrated ones, their categories, commitments."""
    made = Integrated.objects.filter(cycle__in=cycles, joins__left_at=None, joins__isnull=False)
    placed = Placement.objects.filter(integrated__cycle__in=cycles)
    before = Placement.objects.filter(integrated=OuterRef("integrated"), pk__lt=OuterRef("pk"))
    first, now = placed.filter(~Exists(before)), placed.filter(current=True)
    found = [
        *_by_cycle("integrated", made.annotate(kind=Value("")), "cycle"),
        *_by_cycle("selected", first.annotate(kind=F("category")), "integrated__cycle"),
        *_by_cycle("category", now.annotate(kind=F("category")), "integrated__cycle"),
        *_by_cycle("commitment", made.filter(node__isnull=False).annotate(kind=Value("")), "cycle"),
    ]
    yield from found


def _by_cycle(by: str, found: QuerySet[Any], path: str) -> Iterator[Counted]:
    names = (f"{path}__key", f"{path}__convener__demo", "kind")
    for cycle, demo, kind, many in (
        found.values_list(*names).annotate(many=Count("pk", distinct=True)).order_by(*names)
    ):
        yield Counted(cycle, "", by, str(kind), many, "", demo)


def _workshops(cycles: QuerySet[Cycle]) -> Iterator[Counted]:
    """Workshops that took place, and who came to them."""
    held = Workshop.objects.filter(
        cycle__in=cycles, sort__in=TABLES, cancelled_at=None, registrations__attended=True
    )
    yield from _by_cycle("workshop", held.annotate(kind=Value("")), "cycle")
    people = {by: workshops.came(by, workshop__cycle__in=cycles) for by in ("sex", "sector")}
    for cycle in cycles.select_related("convener", "method").order_by("key"):
        for by, came in people.items():
            told = workshops.told(cycle, came.get((cycle.pk, "tables"), {}))
            for kind, many in sorted(workshops.of(told, "").items()):
                if kind:
                    demo = cycle.convener.demo
                    yield Counted(cycle.key, "", f"attendance_{by}", kind, many, "", demo)


# Other parts of a cycle add theirs here: all of them for some cycles, in few statements.
MORE: list[Callable[[QuerySet[Cycle]], Iterator[Counted]]] = [_integrated, _workshops]


def counted(cycles: QuerySet[Cycle], *, on: date) -> Iterator[Counted]:
    """Everything that is counted of some cycles: a fixed number of statements."""
    for by in OF_PROPOSALS:
        yield from _proposals(by, cycles)
    for by in OF_PEOPLE:
        if _values(by):
            yield from _people(by, over(cycles, on=on))
    for more in MORE:
        yield from more(cycles)
