"""Entries for tests, and what somebody with the keys of the database could do to them."""

from datetime import UTC, datetime

from django.db import connection, transaction

from minga.kernel.trust import actions, rules
from minga.kernel.trust.models import Entry

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def an_entry(stream: str = "test:1", kind: str = "said") -> Entry:
    return actions.record(stream=stream, kind=kind, actor="person:1", at=NOON, facts={"what": "sí"})


def a_beginning(stream: str = "test:1") -> Entry:
    return actions.begin(stream=stream, kind="open", actor="person:1", at=NOON, facts={})


def sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def triggers_of(table: str) -> list[str]:
    return list(rules.triggers(connection.vendor, table))


def drop(trigger: str, table: str) -> None:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    sql(f"DROP TRIGGER {trigger}{on}")


def without_triggers(statement: str, table: str = "trust_entry") -> None:
    """Change the past, and leave the table as if nothing had happened."""
    for trigger in triggers_of(table):
        drop(trigger, table)
    sql(statement)
    actions.guard()
