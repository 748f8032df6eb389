"""Workshops: which there are, who comes, who came."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from minga.kernel.conversation import queries as conversation
from minga.kernel.identity.models import Post
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault
from minga.services.cocreation.models import (
    Cycle,
    Guest,
    Proposal,
    Registration,
    Sheet,
    Sketch,
    Table,
    Workshop,
)
from minga.services.cocreation.queries import public
from minga.services.cocreation.queries.method import method
from minga.services.cocreation.rules import PROPOSAL
from minga.services.cocreation.rules import workshops as rules
from minga.services.cocreation.rules.method import Open
from minga.services.cocreation.rules.workshops import Place, Sort

SMALL = 5  # people; where no method says it
People = dict[tuple[int, str], Counter[rules.Cell]]


def all_of_them() -> QuerySet[Workshop]:
    return Workshop.objects.select_related("cycle__convener", "cycle__method", "territory")


def workshop(pk: int) -> Workshop | None:
    return all_of_them().filter(pk=pk).first()


def references() -> Iterable[str]:
    """A workshop is public from its announcement on, a cancelled one too."""
    return map(str, Workshop.objects.values_list("pk", flat=True))


def to_come(*, on: date) -> QuerySet[Workshop]:
    """What is ahead, the nearest first; what has no day yet, after it."""
    return all_of_them().filter(Q(on__gte=on)).order_by("on", "pk")


def without_a_day() -> QuerySet[Workshop]:
    return all_of_them().filter(on=None).order_by("pk")


def gone_by(*, on: date) -> QuerySet[Workshop]:
    return all_of_them().filter(on__lt=on)


def run_by(found: Workshop | Cycle, posts: Iterable[Post]) -> Post | None:
    """The post of whoever convenes, among these."""
    convener = (found if isinstance(found, Cycle) else found.cycle).convener_id
    return next((post for post in posts if post.organisation_id == convener), None)


def registration(key: UUID) -> Registration | None:
    whole = Registration.objects.select_related("workshop__cycle__convener", "guest", "table")
    return whole.filter(key=key).first()


def line(found: Workshop) -> QuerySet[Registration]:
    """Who comes and who waits, in the order in which they came."""
    there = found.registrations.exclude(place=Place.CANCELLED).filter(walked_in=False)
    return there.select_related("guest", "table").order_by("pk")


def ahead(registration: Registration) -> int:
    """How many wait before somebody."""
    waiting = registration.workshop.registrations.filter(place=Place.WAITING)
    return waiting.filter(pk__lt=registration.pk).count()


def to_remind(*, on: date) -> QuerySet[Guest]:
    """Whoever comes on a day, left an address, and was not reminded."""
    of = {"registration__workshop__on": on, "registration__workshop__cancelled_at": None}
    found = Guest.objects.filter(registration__place=Place.REGISTERED, reminded_at=None, **of)
    return found.exclude(email="").select_related("registration__workshop").order_by("pk")


def to_forget(*, on: date) -> QuerySet[Guest]:
    last = on - rules.FORGET_NAMES
    of = Q(registration__workshop__on__lt=last)
    return Guest.objects.filter(of | Q(registration__workshop__cancelled_at__date__lt=last))


def tables(found: Workshop) -> QuerySet[Table]:
    sketches = Prefetch("sketches", Sketch.objects.select_related("case").order_by("pk"))
    return found.tables.select_related("reader").prefetch_related(sketches).order_by("number")


def table(key: UUID) -> Table | None:
    whole = Table.objects.select_related("workshop__cycle__convener", "workshop__territory")
    return whole.filter(key=key).first()


def sketches(found: Table) -> QuerySet[Sketch]:
    return found.sketches.select_related("case", "table").prefetch_related("remarks__table")


def read_by(found: Table) -> QuerySet[Sketch]:
    """What a table is given to read: of the tables whose reader it is."""
    whole = Sketch.objects.select_related("case", "table").prefetch_related("remarks__table")
    return whole.filter(_to_read(found)).order_by("pk")


def _to_read(table: Table) -> Q:
    """Of the tables whose reader it is; not what was taken out of sight since."""
    return Q(table__reader=table) & ~Q(case__in=conversation.hidden(PROPOSAL))


def sketch(table: Table, pk: int) -> Sketch | None:
    """One that a table writes, or that it reads."""
    own = Q(table=table) | _to_read(table)
    whole = Sketch.objects.select_related("case", "table").prefetch_related("remarks__table")
    return whole.filter(own, pk=pk).first()


BY = ("sex", "sector")  # what is known of whoever came


def came(**of: object) -> dict[str, People]:
    """How many people came, by each of these: of each process and group of events, how many to
    each workshop. One statement."""
    found = Registration.objects.filter(attended=True, **of)
    rows = found.values_list("workshop__cycle", "workshop__sort", "workshop", *BY)
    people: dict[str, People] = {by: defaultdict(Counter) for by in BY}
    for cycle, sort, workshop, *kinds, many in rows.annotate(many=Sum("people")):
        for by, kind in zip(BY, kinds, strict=True):
            people[by][cycle, group_of(sort)][str(workshop), kind] += many
    return people


def small_number(cycle: Cycle) -> int:
    found = method(cycle)
    return found.whole(Open.SMALL_NUMBER) if found else SMALL


GROUPS: Mapping[str, tuple[Sort, ...]] = {  # what is added up, and what has its own figures
    "tables": rules.TABLES,
    **{sort: (sort,) for sort in Sort if sort not in rules.TABLES},
}


def group_of(sort: str) -> str:
    return next(key for key, sorts in GROUPS.items() if sort in sorts)


def told(cycle: Cycle, people: Mapping[rules.Cell, int]) -> dict[rules.Cell, int | None]:
    """The same with what it comes to ("" all workshops, "" all kinds); None: so few that it is
    not said. Nobody: it is not in it."""
    whole = rules.counted(people)
    gone = rules.hidden(whole, small_number(cycle))
    return {cell: None if cell in gone else many for cell, many in whole.items()}


def of(cells: Mapping[rules.Cell, int | None], workshop: str) -> dict[str, int | None]:
    """Of one workshop, or of all together (""): by kind, "" all of them."""
    return {kind: many for (row, kind), many in cells.items() if row == workshop}


def of_one(found: Workshop) -> dict[str, dict[str, int | None]]:
    """What may be told of one, by each of `BY`: it depends on the others, from which it could be
    subtracted."""
    people, key = came(workshop__cycle=found.cycle_id), (found.cycle_id, group_of(found.sort))
    return {by: of(told(found.cycle, people[by][key]), str(found.pk)) for by in BY}


def verify() -> Iterator[Fault]:
    """Places that are not those taken, and people who came by the table and not by the history."""
    there = Registration.objects.filter(place=Place.REGISTERED, walked_in=False)
    taken = dict(there.values_list("workshop").annotate(many=Sum("people")))
    for pk, said in Workshop.objects.values_list("pk", "taken").iterator():
        if taken.get(pk, 0) != said:
            yield Fault(f"workshop:{pk}", _("sus lugares no son los que se tomaron"))
    told: dict[tuple[str, int], int] = {}
    entries = Entry.objects.filter(stream__startswith="workshop:", kind__in=["attend", "count"])
    for entry in entries.order_by("stream", "seq").iterator():
        facts = entry.facts
        told[entry.stream, facts["registration"]] = facts["people"]
    told = {key: many for key, many in told.items() if many}
    there = Registration.objects.filter(attended=True)
    for pk, workshop, people in there.values_list("pk", "workshop", "people").iterator():
        if told.pop((f"workshop:{workshop}", pk), 0) != people:
            yield Fault(f"workshop:{workshop}", _("la asistencia no es la que se anotó"))
    for stream, _registration in told:
        yield Fault(stream, _("falta alguien que se anotó que asistió"))
    strange = Sheet.objects.exclude(case=None).exclude(case__code=F("code"))
    for workshop, number in strange.values_list("workshop", "number"):
        yield Fault(f"workshop:{workshop}", _("la hoja {n} no lleva su código").format(n=number))


def full(found: Workshop) -> bool:
    return found.capacity is not None and found.taken >= found.capacity


def at_the_door(found: Workshop) -> QuerySet[Registration]:
    """Who was counted there without having registered, the last first."""
    counted = found.registrations.filter(walked_in=True, attended=True)
    return counted.select_related("guest").order_by("-pk")[:200]


def how_many_came(found: Workshop) -> int:
    there = found.registrations.filter(attended=True).aggregate(many=Sum("people"))
    return there["many"] or 0


def public_of(found: Workshop) -> QuerySet[Proposal]:
    """What was proposed there and everybody can read: by a table, or on a sheet of paper."""
    there = Q(case__sketch__table__workshop=found) | Q(case__sheet__workshop=found)
    return public().filter(there).distinct().order_by("number")[:200]


def with_workshops() -> QuerySet[Cycle]:
    some = Workshop.objects.filter(cycle=OuterRef("pk"))
    whole = Cycle.objects.select_related("convener", "method").prefetch_related("workshops")
    return whole.filter(Exists(some)).order_by("key")


def soon(*, on: date) -> QuerySet[Workshop]:
    """What a calendar is told: what is ahead, and the last half year."""
    since = on - timedelta(days=183)
    return all_of_them().filter(on__gte=since).order_by(F("on"), "pk")
