"""A cycle in figures: what everybody may count, and what people said of themselves, protected."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    Count,
    Exists,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast

from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import rules
from minga.services.cocreation.models import (
    Cycle,
    Integrated,
    Join,
    Placement,
    Proposal,
    Registration,
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
EMPTY = Value("")


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
    "all": EMPTY,
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
MADE = ("integrated", "category", "category_now", "commitment", "workshop")

# Which cycle, which channel, by what it is counted, which kind, how many.
Row = tuple[int, str, str, str | int | None, int]
# By what it is counted, and of which cycle: by the channel, how many there are of each kind.
Tally = dict[tuple[str, int], dict[str, Counter[str]]]


def counted(cycles: QuerySet[Cycle], *, on: date) -> Iterator[Counted]:
    """Everything that is counted of some cycles: five statements."""
    whole = cycles.select_related("convener", "method").annotate(over=_over(on)).order_by("key")
    found: list[Any] = list(whole)
    tally = _tally([cycle.pk for cycle in found], [cycle.pk for cycle in found if cycle.over])
    for by in (*OF_PROPOSALS, *OF_PEOPLE, *MADE):
        told = _people if by in OF_PEOPLE else _each
        for cycle in found:
            yield from told(by, cycle, tally)
    yield from _attendance(found)


def _over(on: date) -> Q:
    """Whether nothing comes any more: what people said of themselves is counted once, or each
    new proposal would tell what its sender said."""
    waits = Proposal.objects.filter(cycle=OuterRef("pk"), case__state__in=rules.WAITING)
    return Q(~Exists(waits), closes_on__lt=on, method__isnull=False)


def _tally(cycles: Collection[int], over: Collection[int]) -> Tally:
    shown = Proposal.objects.filter(case__public=True, cycle__in=cycles)
    # Of whoever sent one by themselves that was ever accepted: hidden later, it still counts.
    sent = Proposal.objects.filter(number__isnull=False, channel=Channel.WEB, cycle__in=over)
    people = {by: F(f"statistics__{by}") for by in OF_PEOPLE}
    tally: Tally = defaultdict(lambda: defaultdict(Counter))
    for cycle, channel, by, kind, many in chain(
        _proposals(shown, OF_PROPOSALS), _proposals(sent, people), _made(cycles)
    ):
        tally[by, cycle][channel][NONE if kind is None else str(kind)] += many
    return tally


def _proposals(found: QuerySet[Proposal], kinds: Mapping[str, Any]) -> Iterator[Row]:
    """Read once, whatever they are counted by: of each, a part of how many there are."""
    together = found.order_by().values_list("cycle", "channel", *kinds.values())
    for cycle, channel, *said, many in together.annotate(many=Count("pk")).iterator():
        for by, kind in zip(kinds, said, strict=True):
            yield cycle, channel, by, kind, many


def _made(cycles: Collection[int]) -> Iterator[Row]:
    """What became of them: integrated ones, the category in which the selection put each and the
    one in which it is now, commitments, and workshops that took place. One statement."""
    joined = Join.objects.filter(integrated=OuterRef("pk"), left_at=None)
    made = Integrated.objects.filter(Exists(joined), cycle__in=cycles)
    placed = Placement.objects.filter(integrated__cycle__in=cycles)
    before = Placement.objects.filter(integrated=OuterRef("integrated"), pk__lt=OuterRef("pk"))
    came = Registration.objects.filter(workshop=OuterRef("pk"), attended=True)
    held = Workshop.objects.filter(Exists(came), cycle__in=cycles, sort__in=TABLES)
    category, cycle = Cast("category", TextField()), "integrated__cycle"
    first, *others = (
        _rows("integrated", made),
        _rows("category", placed.filter(~Exists(before)), category, cycle),
        _rows("category_now", placed.filter(current=True), category, cycle),
        _rows("commitment", made.filter(node__isnull=False)),
        _rows("workshop", held.filter(cancelled_at=None)),
    )
    yield from first.union(*others, all=True)


def _rows(
    by: str, found: QuerySet[Any], kind: Expression = EMPTY, cycle: str = "cycle"
) -> QuerySet[Any, Any]:
    told = found.order_by().values_list(cycle, EMPTY, Value(by), kind)
    counted: QuerySet[Any, Any] = told.annotate(many=Count("pk"))
    return counted


def _each(by: str, cycle: Any, tally: Tally) -> Iterator[Counted]:
    """What is nobody's alone: all of it is said."""
    for channel, kinds in sorted(tally[by, cycle.pk].items()):
        for kind, many in sorted(kinds.items(), key=_place):
            part = share(many, kinds.total()) if channel else ""
            yield Counted(cycle.key, channel, by, kind, many, part, cycle.convener.demo)


def _place(counted: tuple[str, int]) -> tuple[int, str]:
    kind, _many = counted
    return int(kind) if kind.isdecimal() else 0, kind


def _people(by: str, cycle: Any, tally: Tally) -> Iterator[Counted]:
    """What would tell of too few people is not said."""
    values, found = _values(by), method(cycle)
    if not (values and found and cycle.over):
        return
    said = tally[by, cycle.pk][Channel.WEB]
    whole, cells = said.total(), {value: said[value] for value in values}
    cells[NONE] = whole - sum(cells.values())
    for value, many in protected(cells, found.whole(Open.SMALL_NUMBER)).items():
        part = "" if many is None else share(many, whole)
        yield Counted(cycle.key, Channel.WEB, by, value, many, part, cycle.convener.demo)


def _values(by: str) -> Sequence[str]:
    terms = jurisdiction.terms_for(rules.Terms)
    groups = terms.ethnic_groups.value if isinstance(terms, rules.Terms) else None
    return OF_PEOPLE[by] or groups or ()


def _attendance(cycles: Iterable[Cycle]) -> Iterator[Counted]:
    """Who came to the workshops."""
    people = workshops.came(workshop__cycle__in=cycles)
    for cycle in cycles:
        for by, came in people.items():
            told = workshops.told(cycle, came.get((cycle.pk, "tables"), {}))
            for kind, many in sorted(workshops.of(told, "").items()):
                if kind:
                    demo = cycle.convener.demo
                    yield Counted(cycle.key, "", f"attendance_{by}", kind, many, "", demo)
