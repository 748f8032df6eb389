from datetime import datetime

from django.db import connection, transaction

from minga.kernel.trust import queries, rules
from minga.kernel.trust.models import Entry, Stream


@transaction.atomic(savepoint=False)
def record(*, stream: str, kind: str, actor: str, at: datetime, facts: rules.Facts) -> Entry:
    """Add an entry to the end of its stream. Facts are references, no personal data."""
    entry = _chained(head(stream), kind, actor, rules.written(at, facts))
    Stream.objects.filter(key=stream).update(seq=entry.seq, hash=entry.hash)
    return entry


@transaction.atomic(savepoint=False)
def begin(*, stream: str, kind: str, actor: str, at: datetime, facts: rules.Facts) -> Entry:
    """The first entry of a stream that nobody else can know yet: two statements."""
    entry = _chained(Stream(key=stream), kind, actor, rules.written(at, facts))
    Stream.objects.create(key=stream, seq=entry.seq, hash=entry.hash)
    return entry


def head(stream: str) -> Stream:
    """The head of a stream, taken for writing until the transaction ends."""
    taken = _taken(stream)
    if taken is None:  # the first: whoever comes at the same moment waits for the same row
        Stream.objects.bulk_create([Stream(key=stream)], ignore_conflicts=True)
        taken = _taken(stream)
    assert taken
    return taken


def _taken(stream: str) -> Stream | None:
    return Stream.objects.select_for_update().filter(key=stream).first()


def _chained(head: Stream, kind: str, actor: str, body: str) -> Entry:
    entry = Entry(
        stream=head.key, seq=head.seq + 1, kind=kind, actor=actor, body=body, previous=head.hash
    )
    entry.hash = queries.hash_of(entry)
    entry.save(force_insert=True)
    return entry


@transaction.atomic
def guard() -> None:
    """Make every append-only table refuse changes. Runs after each migrate, idempotent:
    SQLite rebuilds a table when a column changes, and silently drops its triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(rules.REFUSAL)
        missing = queries.missing_tables()  # when only some apps were migrated
        for table in (t for t in queries.append_only_tables() if t not in missing):
            for name, made in rules.triggers(connection.vendor, table).items():
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
                cursor.execute(made)
