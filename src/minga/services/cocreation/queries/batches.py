"""Sheets with a code that were printed, and the spreadsheets that bring them in."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from minga.services.cocreation.models import Batch, Proposal, Row, Sheet, Workshop
from minga.services.cocreation.rules import workshops as rules
from minga.services.cocreation.rules.batches import Fault

FEW = 300  # codes that are asked for in one statement


def sheets(workshop: Workshop) -> Mapping[str, int]:
    """How many codes a workshop has, and how many of them are proposals."""
    return workshop.sheets.aggregate(all=Count("pk"), used=Count("case"))


def unused(workshop: Workshop) -> QuerySet[Sheet]:
    return workshop.sheets.filter(case=None, batch=None).order_by("number")


def printed(workshop: Workshop, start: int) -> Sequence[Sheet]:
    """The codes of one page to be printed; used ones are not printed again."""
    from_there = unused(workshop).filter(number__gte=start)
    return list(from_there[: rules.SHEETS_AT_ONCE])


def sheet(workshop: Workshop, code: str) -> Sheet | None:
    return workshop.sheets.select_related("case", "batch").filter(code=code).first()


def entered(workshop: Workshop) -> QuerySet[Proposal]:
    """What was proposed at a workshop and is in the repository, by a table or on paper."""
    there = Q(case__sheet__workshop=workshop) | Q(case__sketch__table__workshop=workshop)
    return Proposal.objects.filter(there).select_related("case")


def pages(workshop: Workshop) -> Iterator[int]:
    """The number with which each page of sheets begins that is printed."""
    numbers = unused(workshop).values_list("number", flat=True)
    yield from list(numbers[: 20 * rules.SHEETS_AT_ONCE])[:: rules.SHEETS_AT_ONCE]


def standing(workshop: Workshop, codes: Sequence[str]) -> dict[str, Fault]:
    """Of some codes, which cannot be used, and why."""
    there: dict[str, tuple[object, object]] = {}
    for start in range(0, len(codes), FEW):
        some = workshop.sheets.filter(code__in=codes[start : start + FEW])
        there |= {code: (case, batch) for code, case, batch in some.values_list(*SAID)}
    found = {}
    for code in codes:
        case, batch = there.get(code, (None, None))
        if code not in there:
            found[code] = Fault.UNKNOWN
        elif case:
            found[code] = Fault.USED
        elif batch:
            found[code] = Fault.BUSY
    return found


SAID = ("code", "case", "batch")


def batch(pk: UUID, workshop: Workshop) -> Batch | None:
    found = Batch.objects.select_related("workshop__cycle__convener", "workshop__cycle__method")
    return found.filter(pk=pk, workshop=workshop).first()


def batches(workshop: Workshop) -> QuerySet[Batch]:
    return workshop.batches.filter(whole=True).order_by("-kept_at")[:50]


def wrong(batch: Batch) -> QuerySet[Row]:
    return batch.lines.filter(bad=True)


def first(batch: Batch, most: int = 5) -> Collection[Row]:
    """The first rows that are right, to see that each word is in its column."""
    return list(batch.lines.filter(bad=False, done=False).order_by("number")[:most])


def left(batch: Batch) -> int:
    return batch.lines.filter(done=False).count()


def to_apply() -> QuerySet[Batch]:
    """What was confirmed and is not all in yet, the oldest first."""
    whole = Batch.objects.select_related("workshop__cycle__convener")
    return whole.filter(~Q(confirmed_at=None), applied_at=None).order_by("confirmed_at", "pk")


def codes(batch: Batch) -> Iterator[list[str]]:
    """The codes of a batch, some at a time."""
    found = batch.lines.order_by("number").values_list("code", flat=True)
    some: list[str] = []
    for code in found.iterator(chunk_size=FEW):
        some.append(code)
        if len(some) == FEW:
            yield some
            some = []
    if some:
        yield some
