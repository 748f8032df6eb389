"""Whether this process can answer people: what it stands on, asked one after the other."""

from collections.abc import Callable, Mapping
from functools import cache as once
from time import time

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext as _

from minga.kernel.base.text import Text

ROUND = "minga.round"  # when a worker last did one
ROUNDS_TOLD = 15.0  # seconds between two times that a worker says so
told_at = 0.0


def ready() -> tuple[bool, Mapping[str, Text]]:
    """Whether all of it answers, and the words for each. Exceptions are not told: their
    words may hold addresses and names."""
    questions: dict[str, Callable[[], Text]] = {"base": tables, "cache": cached, "archivos": store}
    said = {name: asked(question) for name, question in questions.items()}
    return not any(said.values()), {name: word or _("bien") for name, word in said.items()}


def asked(question: Callable[[], Text]) -> Text:
    try:
        return question()
    except Exception:
        return _("no contesta")


def tables() -> Text:
    """Missing are those of a release whose migrations have not run here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        done = set(cursor.fetchall())
    return "" if wanted() <= done else _("faltan migraciones")


@once
def wanted() -> set[tuple[str, str]]:
    from django.db.migrations.loader import MigrationLoader

    return set(MigrationLoader(None).disk_migrations)


def cached() -> Text:
    cache.get(ROUND)
    return ""


def store() -> Text:
    default_storage.exists("salud")
    return ""


def note_round() -> None:
    """A worker did its round. Not each of them is written down: they are every two seconds."""
    global told_at  # noqa: PLW0603  # of this process
    if time() >= told_at + ROUNDS_TOLD:
        told_at = time()
        cache.set(ROUND, told_at, None)


def last_round() -> float | None:
    done: float | None = cache.get(ROUND)
    return done
