"""Statements as the driver hands them over: also BEGIN, COMMIT and SAVEPOINT, which no list
of Django's queries shows. SQLite tells each one it runs; of PostgreSQL we read the wire."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

# Of a statement SQLite tells also what its triggers and its search index do inside.
INSIDE = re.compile(r"^--|'main'\.'\w+_(data|idx|config|content|docsize)'")
SAID = re.compile(r"^F\t\d+\t(?:Query|Parse)\t.*?\"(?=[^\"])(.*)\"", re.MULTILINE)
ASKED = re.compile(r"^F\t\d+\t(?:Query|Execute)\t", re.MULTILINE)


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
        try:
            yield
        finally:
            driver.pgconn.untrace()
        wire.seek(0)
        lines = wire.read()
    told += SAID.findall(lines)
    assert len(told) == len(ASKED.findall(lines)), "a statement without its words"
