"""The day of a workshop: its eight steps, its tables, and what they write (PAGA I, l. 429-436)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from minga.kernel.catalogue import actions as catalogue
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts
from minga.services.cocreation import actions
from minga.services.cocreation.actions.batches import takes_proposals
from minga.services.cocreation.actions.workshops import has_begun, locked
from minga.services.cocreation.models import Phase, Registration, Remark, Sketch, Table, Workshop
from minga.services.cocreation.rules import batches
from minga.services.cocreation.rules import workshops as rules
from minga.services.cocreation.rules.workshops import NotPossible, Problem

WORDS = ("title", "problem", "solution", "milestones", "actors", "sector")


@transaction.atomic
def do(*, workshop: Workshop, phase: rules.Phase, note: str, by: str, at: datetime) -> Phase:
    """A step was done: they come in order. Said again, its note is what is said now."""
    row = locked(workshop)
    has_begun(row, at)
    there = {one.key: one for one in row.phases.all()}
    if phase not in there and phase != rules.next_phase(there):
        raise NotPossible(Problem.OUT_OF_ORDER)
    if phase not in there and phase == rules.Phase.HANDOVER:
        _hand_over(row, by, at)
    if phase == rules.Phase.PLENARY and row.summary != note:
        Workshop.objects.filter(pk=row.pk).update(summary=note)
        catalogue.touch()
    if phase in there:
        Phase.objects.filter(pk=there[phase].pk).update(note=note)
        return there[phase]
    trust.record(stream=row.stream, kind="phase", actor=by, at=at, facts={"phase": phase})
    return Phase.objects.create(workshop=row, key=phase, note=note, at=at)


@transaction.atomic
def lay_table(*, workshop: Workshop, key: UUID, goal: int | None, at: datetime) -> Table:
    """One more table, around a goal. Who reads whom goes round among all of them, until the
    first has read."""
    row = locked(workshop)
    has_begun(row, at)
    if known := Table.objects.filter(key=key).first():
        return known
    last = row.tables.aggregate(last=Max("number"))["last"] or 0
    made = Table.objects.create(workshop=row, key=key, goal=goal, number=last + 1)
    if not Remark.objects.filter(table__workshop=row).exists():
        there = list(row.tables.order_by("number").values_list("pk", flat=True))
        for table, reader in rules.readers(there).items():
            Table.objects.filter(pk=table).update(reader=reader)
    else:  # it came late: the one before it reads what it writes
        Table.objects.filter(pk=made.pk).update(reader=row.tables.get(number=last))
    return made


@transaction.atomic
def seat(*, registration: Registration, table: Table | None) -> None:
    """Who sits at which table: of the same workshop."""
    if table is None or table.workshop_id == registration.workshop_id:
        Registration.objects.filter(pk=registration.pk).update(table=table)


@transaction.atomic
def write(
    *, table: Table, key: UUID, words: Mapping[str, Any], rev: int | None, at: datetime
) -> Sketch:
    """A table writes a proposal, or changes it: `rev` is what it was shown. The same form again
    is the same proposal."""
    has_begun(locked(table.workshop), at)
    said = {name: words[name] for name in WORDS}
    known = Sketch.objects.select_for_update().filter(key=key, table=table).first()
    if known is None:
        return Sketch.objects.create(table=table, key=key, **said)
    if all(getattr(known, name) == said[name] for name in WORDS):
        return known
    if known.case_id:
        raise NotPossible(Problem.GIVEN)
    if rev != known.rev:
        raise NotPossible(Problem.OUTDATED)
    Sketch.objects.filter(pk=known.pk).update(**said, rev=known.rev + 1)
    return known


@transaction.atomic
def remark(*, sketch: Sketch, table: Table, key: UUID, text: str, at: datetime) -> Remark:
    """What the table that reads says of a proposal; what it said until then stays as it was."""
    has_begun(locked(table.workshop), at)
    row = Sketch.objects.select_for_update(of=("self",)).select_related("table").get(pk=sketch.pk)
    if known := Remark.objects.filter(key=key).first():
        return known
    if row.table.reader_id != table.pk:
        raise NotPossible(Problem.OWN_TABLE)
    if row.case_id:
        raise NotPossible(Problem.GIVEN)
    if row.before is None:
        row.before = {name: getattr(row, name) for name in WORDS}
        row.save(update_fields=["before"])
    return Remark.objects.create(sketch=row, table=table, key=key, text=text, at=at)


def _hand_over(row: Workshop, by: str, at: datetime) -> None:
    """What the tables wrote goes to the repository, each with its code. All of it, or nothing:
    what another table has not read yet is not ready."""
    takes_proposals(row)
    waiting = Sketch.objects.filter(table__workshop=row, case=None).select_related("table")
    if waiting.exclude(table__reader=None).filter(remarks=None).exists():
        raise NotPossible(Problem.NOT_READ)
    for sketch in waiting.order_by("table__number", "pk"):
        words = {name: getattr(sketch, name) for name in WORDS} | {"goal": sketch.table.goal}
        place = row.territory_id or ""
        said = batches.proposal(words, cycle=row.cycle.key, territory=place)
        sketch.case = actions.enter(draft=sketch.key, cycle=row.cycle, words=said, at=at)
        sketch.save(update_fields=["case"])
        facts: Facts = {"case": sketch.case.pk, "table": sketch.table.number}
        trust.record(stream=row.stream, kind="table", actor=by, at=at, facts=facts)
