"""Many cases at once: copies of a few that the actions made, at other moments, in bulk.

Whatever rows hang from a case are copied with it, and its streams are chained anew, so that
`./minga verify` finds nothing to object to. What is kept once for all cases (public numbers,
records of the search) is not copied: a case that became public has no copies.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import AutoField, Max, Model, OneToOneField

from minga.kernel.cases import rules as cases
from minga.kernel.cases.models import Case
from minga.kernel.trust import queries as trust
from minga.kernel.trust import rules as history
from minga.kernel.trust.models import Entry, Stream

TOGETHER = 2_000  # cases in one transaction
STREAMS = ("case", "desk")


class Copier:
    """Counts on where each table ends, so that a copy knows its ids before it is written."""

    def __init__(self) -> None:
        self.last: dict[type[Model], int] = {}
        self.rows: dict[type[Model], list[Model]] = {}
        self.read: dict[int, tuple[list[Model], dict[str, list[Entry]]]] = {}

    def copy(self, case: Case, later: timedelta) -> None:
        """One more case like this one, so much later."""
        assert not case.public, "a public number is of one case"
        if case.pk not in self.read:
            told = {name: list(trust.entries(f"{name}:{case.pk}")) for name in STREAMS}
            self.read[case.pk] = list(hanging(case)), told
        rows, told = self.read[case.pk]
        ids: dict[tuple[type[Model], object], object] = {}
        for row in rows:
            self._row(row, ids, later)
        for name, entries in told.items():
            self._stream(entries, f"{name}:{ids[Case, case.pk]}", later)

    def _row(
        self, row: Model, ids: dict[tuple[type[Model], object], object], later: timedelta
    ) -> None:
        kind, values = type(row), {}
        for field in (field for field in row._meta.concrete_fields if not field.generated):
            value = getattr(row, field.attname)
            if field.is_relation and (field.related_model, value) in ids:
                value = ids[field.related_model, value]  # type: ignore[index]  # a model
            elif field.primary_key:
                value = uuid4() if isinstance(value, UUID) else self._next(kind)
            values[field.attname] = moved(value, later)
        if kind is Case:
            values["code"] = cases.new_code()
        ids[kind, row.pk] = values[row._meta.pk.attname]
        self.rows.setdefault(kind, []).append(kind(**values))

    def _next(self, kind: type[Model]) -> int:
        if kind not in self.last:
            self.last[kind] = kind._default_manager.aggregate(last=Max("pk"))["last"] or 0
        self.last[kind] += 1
        return self.last[kind]

    def _stream(self, entries: Sequence[Entry], key: str, later: timedelta) -> None:
        head = Stream(key=key)
        for old in entries:
            facts = {name: fact(name, value, later) for name, value in old.facts.items()}
            del facts["at"]
            new = Entry(stream=key, seq=old.seq, kind=old.kind, actor=old.actor)
            new.pk, new.previous = self._next(Entry), head.hash
            new.body = history.written(old.at + later, facts)
            new.hash = trust.hash_of(new)
            head.seq, head.hash = new.seq, new.hash
            self.rows.setdefault(Entry, []).append(new)
        if entries:
            self.rows.setdefault(Stream, []).append(head)

    @transaction.atomic
    def write(self) -> None:
        """All that was copied, the rows that others point to first."""
        for kind, rows in self.rows.items():
            kind._default_manager.bulk_create(rows, batch_size=500)
        self.rows.clear()

    def close(self) -> None:
        """Tell the database where its own counting goes on."""
        counted = [kind for kind in self.last if isinstance(kind._meta.pk, AutoField)]
        for statement in connection.ops.sequence_reset_sql(no_style(), counted):
            connection.cursor().execute(statement)


def hanging(row: Model) -> Iterator[Model]:
    """A row, and then every row that says it belongs to it."""
    yield row
    for relation in row._meta.related_objects:
        own = relation.related_model._default_manager.filter(**{relation.field.name: row.pk})
        if isinstance(relation.field, OneToOneField) or relation.field.name == "case":
            for part in own.order_by("pk"):
                yield from hanging(part)


def moved(value: Any, later: timedelta) -> Any:
    """Moments and days are so much later; everything else is as it is."""
    if isinstance(value, datetime):
        return value + later
    return value + timedelta(days=later.days) if isinstance(value, date) else value


def fact(name: str, value: Any, later: timedelta) -> Any:
    """What an entry tells, with its days so much later: they are text there."""
    is_day = name.endswith("_on") and isinstance(value, str)
    return moved(date.fromisoformat(value), later).isoformat() if is_day else value


def copies(of: Sequence[Case], total: int, over: timedelta) -> None:
    """So many cases more, like each of these in turn, spread evenly over a time."""
    copier = Copier()
    for number in range(total):
        copier.copy(of[number % len(of)], over * (number + 1) / total)
        if (number + 1) % TOGETHER == 0:
            copier.write()
    copier.write()
    copier.close()
