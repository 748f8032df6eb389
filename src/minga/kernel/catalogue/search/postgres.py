"""A tsvector column that PostgreSQL derives from the roots of each record, with a GIN index.

The roots are its lexemes as they are: no parser of PostgreSQL cuts them otherwise than rules.py.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Func, Value

from minga.kernel.catalogue.rules import is_beginning

COLUMN = """
ALTER TABLE catalogue_record ADD COLUMN IF NOT EXISTS search tsvector
GENERATED ALWAYS AS (array_to_tsvector(string_to_array(roots, ' '))) STORED
"""
INDEX = """
CREATE INDEX IF NOT EXISTS catalogue_record_search ON catalogue_record USING gin (search)
"""


# A function, because only there can one query be told to use the index: the planner takes
# reading the whole table for cheap, not knowing that each row must be unpacked.
FUNCTION = """
CREATE OR REPLACE FUNCTION catalogue_matching(words text, most int) RETURNS SETOF bigint
LANGUAGE sql STABLE ROWS 1000 SET enable_seqscan = off SET enable_indexscan = off AS
$$ SELECT id FROM catalogue_record WHERE search @@ words::tsquery ORDER BY id DESC LIMIT most $$
"""


def prepare() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('catalogue_record_search')")
        if cursor.fetchone() == (None,):  # looking takes no lock, altering does
            cursor.execute(COLUMN)
            cursor.execute(INDEX)
        cursor.execute(FUNCTION)


class Matching(Func):
    template = "(SELECT catalogue_matching(%(expressions)s, %(most)s))"


def matching(*, roots: Sequence[str], one_of: Sequence[str], most: int) -> Matching:
    parts = [f"'{root}'" + ":*" * is_beginning(root) for root in roots]
    if one_of:
        parts.append("(" + " | ".join(f"'{word}'" for word in one_of) + ")")
    return Matching(Value(" & ".join(parts)), most=most)
