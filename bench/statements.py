"""Statements as the driver hands them over: also BEGIN, COMMIT and SAVEPOINT, which no list
of Django's queries shows. SQLite tells each one it runs; of PostgreSQL we read the wire."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from django.db import connection
from psycopg.pq import Trace

# Of a statement SQLite tells also what its triggers and its search index do inside.
INSIDE = re.compile(r"^--|'main'\.'\w+_(data|idx|config|content|docsize)'")
# What libpq says it sent: a statement is a Query, or the Execute of what was parsed before.
SENT = re.compile(r"^F\t\d+\t(Query|Parse|Execute)\t(.*?)(?=^[FB]\t|\Z)", re.M | re.S)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement of the block; the list is complete once the block has ended."""
    connection.ensure_connection()
    told: list[str] = []
    with (_on_the_wire if connection.vendor == "postgresql" else _traced)(told):
        yield told


@contextmanager
def _traced(told: list[str]) -> Iterator[None]:
    driver: Any = connection.connection

    def tell(statement: str) -> None:
        if not INSIDE.search(statement):
            told.append(statement)

    driver.set_trace_callback(tell)
    try:
        yield
    finally:
        driver.set_trace_callback(None)


@contextmanager
def _on_the_wire(told: list[str]) -> Iterator[None]:
    driver: Any = connection.connection
    with tempfile.TemporaryFile("w+", errors="replace") as wire:
        driver.pgconn.trace(wire.fileno())
        driver.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield
        finally:
            driver.pgconn.untrace()
        wire.seek(0)
        sent = SENT.findall(wire.read())
    for (_, parsed), (kind, words) in pairwise([("", ""), *sent]):
        if kind != "Parse":
            told.append((words if kind == "Query" else parsed).strip())
