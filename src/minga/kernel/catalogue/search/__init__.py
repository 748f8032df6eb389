"""Full-text search behind one face: FTS5 inside SQLite, tsvector inside PostgreSQL."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Func

from . import postgres, sqlite


def prepare() -> None:
    """Make the index over the records, if it is not there. Runs after each migrate."""
    (postgres if connection.vendor == "postgresql" else sqlite).prepare()


def matching(*, roots: Sequence[str], one_of: Sequence[str], most: int) -> Func:
    """The keys of the newest records that have, for each root, a word beginning so; and one
    of some whole words, such as types, when there are any. All are words that rules.py wrote."""
    if connection.vendor == "postgresql":
        return postgres.matching(roots=roots, one_of=one_of, most=most)
    return sqlite.matching(roots=roots, one_of=one_of, most=most)
