"""An FTS5 table over the roots of the records, kept true by triggers: whatever writes or
deletes a record writes or deletes its row here, in the same transaction.

It stores no text (content=…, detail=none). The ascii tokenizer with these tokenchars cuts what
rules.py writes at its spaces and nowhere else.
"""

from collections.abc import Sequence

from django.db import DatabaseError, connection
from django.db.models import Func, Value

from minga.kernel.catalogue.rules import is_beginning

TABLE = """
CREATE VIRTUAL TABLE IF NOT EXISTS catalogue_search USING fts5(
    roots, content='catalogue_record', content_rowid='id',
    tokenize="ascii tokenchars '=_.-'", detail='none', columnsize=0)
"""
ENTER = "INSERT INTO catalogue_search(rowid, roots) VALUES (new.id, new.roots);"
LEAVE = "INSERT INTO catalogue_search(catalogue_search, rowid, roots)"
LEAVE += " VALUES ('delete', old.id, old.roots);"
TRIGGERS = {
    "catalogue_search_insert": f"AFTER INSERT ON catalogue_record BEGIN {ENTER} END",
    "catalogue_search_delete": f"AFTER DELETE ON catalogue_record BEGIN {LEAVE} END",
    "catalogue_search_update": "AFTER UPDATE ON catalogue_record"
    " WHEN old.id <> new.id OR old.roots <> new.roots"
    f" BEGIN {LEAVE} {ENTER} END",
}
REBUILD = "INSERT INTO catalogue_search(catalogue_search) VALUES ('rebuild')"


def prepare() -> None:
    with connection.cursor() as cursor:
        try:
            cursor.execute(TABLE)
        except DatabaseError as error:
            if "fts5" not in str(error):
                raise
            raise SystemExit("Este SQLite no trae FTS5, que la búsqueda necesita.") from error
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
        if TRIGGERS.keys() <= there:
            return
        for name, made in TRIGGERS.items():  # gone whenever SQLite rebuilds the table
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {made}")
        cursor.execute(REBUILD)


class Matching(Func):
    """FTS5 walks its rows backwards, and stops at the limit."""

    template = (
        "(SELECT rowid FROM catalogue_search WHERE catalogue_search MATCH %(expressions)s"
        " ORDER BY rowid DESC LIMIT %(most)s)"
    )


def matching(*, roots: Sequence[str], one_of: Sequence[str], most: int) -> Matching:
    parts = [f'"{root}"' + "*" * is_beginning(root) for root in roots]
    if one_of:
        parts.append("(" + " OR ".join(f'"{word}"' for word in one_of) + ")")
    return Matching(Value(" AND ".join(parts)), most=most)
