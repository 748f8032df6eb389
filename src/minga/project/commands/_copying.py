"""Every row of one database into another that is empty, whatever engine each is."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections, transaction
from django.db.models import AutoField, Model

TOGETHER = 500  # rows in one statement, and in memory


def copy(kinds: Sequence[type[Model]], *, source: str, target: str) -> dict[str, int]:
    """In one transaction: how many rows of each table. Foreign keys are checked at its end,
    on both engines, so rows may come before those they point to."""
    with transaction.atomic(using=target):
        for kind in reversed(kinds):  # what making the tables has put into them
            kind._base_manager.using(target).all()._raw_delete(target)
        counts = {kind._meta.db_table: _copied(kind, source, target) for kind in kinds}
        for kind in kinds:
            if isinstance(kind._meta.pk, AutoField):
                _count_on(kind, source, target)
    return counts


def _copied(kind: type[Model], source: str, target: str) -> int:
    count = 0
    for rows in _together(kind._base_manager.using(source).order_by("pk").iterator(TOGETHER)):
        kind._base_manager.using(target).bulk_create(rows, batch_size=TOGETHER)
        count += len(rows)
    return count


def _together(rows: Iterator[Model]) -> Iterator[list[Model]]:
    some: list[Model] = []
    for row in rows:
        some.append(row)
        if len(some) == TOGETHER:
            yield some
            some = []
    if some:
        yield some


def _count_on(kind: type[Model], source: str, target: str) -> None:
    """A number that was given once is never given again, not even of a row that is gone."""
    last = _last(connections[source], kind)
    if not last:
        return
    with connections[target].cursor() as cursor:
        if connections[target].vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", _named(kind, last))
            return
        table = kind._meta.db_table
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _last(connection: Any, kind: type[Model]) -> int:
    """The number that was given last; 0: none yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                _named(kind),
            )
        else:
            asked = "SELECT seq FROM sqlite_sequence WHERE name = %s"
            cursor.execute(asked, [kind._meta.db_table])
        found = cursor.fetchone()
    return (found and found[0]) or 0


def _named(kind: type[Model], *more: int) -> list[str | int]:
    return [f'"{kind._meta.db_table}"', str(kind._meta.pk.column), *more]
