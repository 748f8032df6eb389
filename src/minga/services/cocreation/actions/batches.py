"""Proposals on paper: codes that are printed first, and typed in or brought in later."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from minga.kernel.cases.models import Case
from minga.kernel.cases.rules import new_code
from minga.kernel.identity.models import Person
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts
from minga.services.cocreation import actions
from minga.services.cocreation.models import Batch, Cycle, Row, Sheet, Workshop
from minga.services.cocreation.queries import batches as queries
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import batches as rules
from minga.services.cocreation.rules.batches import Fault, Line, Wrong
from minga.services.cocreation.rules.method import Kind
from minga.services.cocreation.rules.workshops import MOST_SHEETS, NotPossible, Problem

MANY = 1000  # rows that are written by one statement
KEPT = timedelta(days=30)  # a spreadsheet that nobody confirms
READING = timedelta(minutes=10)  # longer than the longest one takes: it was cut off
A_ROUND = 5  # transactions: other rounds of the worker wait meanwhile


class Changed(Exception):
    """A sheet or a row is not what was looked at."""

    def __init__(self, why: Fault) -> None:
        super().__init__(why)
        self.why = why


def takes_proposals(workshop: Workshop) -> None:
    """Refused when the stage is another one, or where proposals would have no place."""
    if workshop.cycle.method_id:
        methods.require(workshop.cycle, Kind.RECEPTION)
    if workshop.cancelled_at:
        raise NotPossible(Problem.CANCELLED)
    if not workshop.territory_id:
        raise NotPossible(Problem.NO_PLACE)


@transaction.atomic
def reserve(*, workshop: Workshop, many: int, shown: int, by: str, at: datetime) -> int:
    """Draw codes to be printed: how many. `shown` is how many there were: pressed twice, they
    are drawn once."""
    row = Workshop.objects.select_for_update().get(pk=workshop.pk)
    there = row.sheets.count()
    if there != shown:
        return 0
    if there + many > MOST_SHEETS:
        raise NotPossible(Problem.TOO_MANY)
    drawn = (
        Sheet(workshop=row, number=number, code=new_code())
        for number in range(there + 1, there + many + 1)
    )
    for some in _some(drawn, MANY):
        Sheet.objects.bulk_create(some)
    facts: Facts = {"from": there + 1, "to": there + many}
    trust.record(stream=row.stream, kind="reserve", actor=by, at=at, facts=facts)
    return many


@transaction.atomic
def type_in(*, sheet: Sheet, words: Mapping[str, Any], by: str, at: datetime) -> Case:
    """What stands on one sheet of paper. Sent twice it is one; another paper with this code is
    refused."""
    row = Sheet.objects.select_for_update().get(pk=sheet.pk)
    workshop = Workshop.objects.select_related("cycle__convener", "cycle__method").get(
        pk=row.workshop_id
    )
    if row.batch_id:
        raise Changed(Fault.BUSY)
    said = _said(workshop, words)
    if row.case:
        if row.case.proposal.title != said["title"]:
            raise Changed(Fault.USED)
        return row.case
    takes_proposals(workshop)
    case = _enter(row, workshop.cycle, said, words, at)
    facts: Facts = {"case": case.pk, "sheet": row.number}
    trust.record(stream=workshop.stream, kind="sheet", actor=by, at=at, facts=facts)
    return case


def _said(workshop: Workshop, words: Mapping[str, Any]) -> dict[str, object]:
    place = workshop.territory_id or ""
    return rules.proposal(words, cycle=workshop.cycle.key, territory=place)


def _enter(
    sheet: Sheet, cycle: Cycle, said: Mapping[str, Any], words: Mapping[str, Any], at: datetime
) -> Case:
    draft = uuid5(NAMESPACE_OID, f"minga:sheet:{sheet.pk}")
    sheet.case = actions.enter(draft=draft, cycle=cycle, words=said, at=at, code=sheet.code)
    sheet.written_on = date.fromisoformat(words["written_on"]) if words["written_on"] else None
    sheet.save(update_fields=["case", "written_on"])
    return sheet.case


def keep(  # noqa: PLR0913  # a file has this many facts
    *,
    key: UUID,
    workshop: Workshop,
    person: Person,
    name: str,
    digest: str,
    lines: Iterable[Line],
    at: datetime,
) -> Batch:
    """The rows of a spreadsheet wait until somebody confirms them. The same file again is the
    same one. Written a few at a time, so that nobody waits for a long one; one that cannot be
    read to its end, or whose reading was cut off, leaves nothing."""
    batch = _begun(key, workshop, person, name, digest, at)
    if batch is None:
        return Batch.objects.get(workshop=workshop, digest=digest)
    first: dict[str, int] = {}
    rows = wrong = 0
    try:
        for some in _some(lines, MANY):
            _judge(workshop, some, first)
            with transaction.atomic():
                Row.objects.bulk_create(_row(batch, line) for line in some)
            rows, wrong = rows + len(some), wrong + sum(bool(line.wrong) for line in some)
    except BaseException:
        discard(batch=batch)
        raise
    Batch.objects.filter(pk=batch.pk).update(whole=True, rows=rows, wrong=wrong)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def _begun(  # noqa: PLR0913, PLR0917  # a file has this many facts
    key: UUID, workshop: Workshop, person: Person, name: str, digest: str, at: datetime
) -> Batch | None:
    """The batch whose rows are to be written; None when somebody wrote it, or writes it now."""
    known = Batch.objects.filter(workshop=workshop, digest=digest).first()
    if known and (known.whole or known.kept_at > at - READING):
        return None
    if known:
        discard(batch=known)
    told = {"workshop": workshop, "person": person, "name": name[:200], "digest": digest}
    made, new = Batch.objects.get_or_create(pk=key, defaults={**told, "kept_at": at})
    return made if new else None


def _judge(workshop: Workshop, some: Iterable[Line], first: dict[str, int]) -> None:
    """What is wrong with the codes of some rows; `first` says in which row each stood."""
    coded = [line for line in some if line.code]
    standing = queries.standing(workshop, [line.code for line in coded])
    for line in coded:
        there = first.setdefault(line.code, line.number)
        if there != line.number:
            _blame(line, Fault.TWICE, str(there))
        elif line.code in standing:
            _blame(line, standing[line.code], line.code)


def _blame(line: Line, fault: Fault, said: str) -> None:
    line.wrong = [Wrong("code", fault, said), *line.wrong]


def _row(batch: Batch, line: Line) -> Row:
    return Row(
        batch=batch,
        number=line.number,
        code=line.code,
        words=line.words,
        wrong=[list(one) for one in line.wrong],
        bad=bool(line.wrong),
    )


@transaction.atomic
def confirm(*, batch: Batch, by: str, at: datetime) -> Batch:
    """All rows, or none: their codes are taken now, in one go, so that nothing can come between
    while the worker brings them in. What was taken meanwhile is looked at again (`Changed`)."""
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if row.confirmed_at:
        return row
    takes_proposals(batch.workshop)
    if row.wrong or not row.whole:
        raise Changed(Fault.EMPTY)
    free = Sheet.objects.filter(workshop=batch.workshop_id, case=None, batch=None)
    wanted = Row.objects.filter(batch=row).values("code")
    if free.filter(code__in=wanted).update(batch=row) != row.rows:
        raise Changed(Fault.USED)
    row.confirmed_at = at
    row.save(update_fields=["confirmed_at"])
    facts: Facts = {"batch": str(row.pk), "hash": row.digest, "rows": row.rows}
    trust.record(stream=batch.workshop.stream, kind="batch", actor=by, at=at, facts=facts)
    return row


@transaction.atomic
def look_again(*, batch: Batch) -> Batch:
    """Which rows of a spreadsheet that waits are not right any more, or are right by now."""
    row = Batch.objects.select_for_update().select_related("workshop").get(pk=batch.pk)
    if row.confirmed_at:
        return row
    lines = row.lines.order_by("number")
    for start in range(0, row.rows, MANY):
        some = list(lines[start : start + MANY])
        standing = queries.standing(row.workshop, [one.code for one in some if one.code])
        for one in some:
            others = [wrong for wrong in one.wrong if wrong[1] not in rules.OF_BASE]
            fault, twice = standing.get(one.code), any(w[1] == Fault.TWICE for w in others)
            one.wrong = [["code", fault, one.code], *others] if fault and not twice else others
            one.bad = bool(one.wrong)
        Row.objects.bulk_update(some, ["wrong", "bad"])
    row.wrong = row.lines.filter(bad=True).count()
    row.save(update_fields=["wrong"])
    return row


def apply(*, at: datetime) -> int:
    """One round: some rows of the spreadsheet that was confirmed first become proposals. Killed
    at any moment, the next round goes on where it stopped."""
    batch, came = queries.to_apply().first(), 0
    for _ in range(A_ROUND if batch else 0):
        assert batch
        came += (some := bring_in(batch=batch, at=at))
        if not some:
            break
    return came


@transaction.atomic
def bring_in(*, batch: Batch, at: datetime) -> int:
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    if not row.confirmed_at or row.applied_at:
        return 0
    some = list(row.lines.filter(done=False).order_by("number")[: rules.AT_ONCE])
    workshop = batch.workshop
    there = workshop.sheets.filter(code__in=[one.code for one in some])
    sheets = {sheet.code: sheet for sheet in there}
    for one in some:
        _enter(sheets[one.code], workshop.cycle, _said(workshop, one.words), one.words, at)
    # The words are in the proposals from now on, and nowhere else.
    row.lines.filter(pk__in=[one.pk for one in some]).update(done=True, words={})
    if not row.lines.filter(done=False).exists():
        row.applied_at = at
        row.save(update_fields=["applied_at"])
        facts: Facts = {"batch": str(row.pk), "rows": row.rows}
        trust.record(stream=workshop.stream, kind="applied", actor="house", at=at, facts=facts)
    return len(some)


@transaction.atomic
def discard(*, batch: Batch) -> None:
    """A spreadsheet that nobody confirmed is thrown away; one that was stays."""
    waiting = Batch.objects.select_for_update().filter(pk=batch.pk, confirmed_at=None)
    if waiting.exists():
        Row.objects.filter(batch=batch.pk).delete()
        waiting.delete()


def forget(*, at: datetime) -> int:
    """Throw away the spreadsheets that nobody confirmed for a while: how many."""
    old = list(Batch.objects.filter(confirmed_at=None, kept_at__lt=at - KEPT)[:100])
    for batch in old:
        discard(batch=batch)
    return len(old)


def _some(things: Iterable[Any], many: int) -> Iterator[list[Any]]:
    """A few at a time: never all of them in memory."""
    there = iter(things)
    while some := list(islice(there, many)):
        yield some
