"""Databases of a run's own: copies, because append-only tables cannot be flushed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, connections, transaction


@contextmanager
def a_copy(name: str) -> Iterator[str]:
    """Another database with the same rows, for as long as it is needed."""
    connection.close()
    database = connection.creation.get_test_db_clone_settings(name)["NAME"]
    forget_log(database)
    connection.creation.clone_test_db(name, verbosity=0)
    yield database
    connection.close()
    connection.creation.destroy_test_db(suffix=name, verbosity=0)
    connection.close()
    forget_log(database)


def forget_log(database: str) -> None:
    """Django removes the file of an embedded database, and not what was written beside it
    when some thread still had it open: the next file of that name would begin with it."""
    if connection.vendor == "sqlite":
        for end in ("-wal", "-shm"):
            Path(f"{database}{end}").unlink(missing_ok=True)


@contextmanager
def living_in(database: str) -> Iterator[None]:
    """All threads go to another database, and what they commit stays there."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


@contextmanager
def looking_at(database: str) -> Iterator[None]:
    """This thread goes to another database, and what it writes there is forgotten."""
    usual, other = connections["default"], connections["default"].copy()
    other.settings_dict["NAME"] = database
    connections["default"] = other
    try:
        with forgotten():
            yield
    finally:
        other.close()
        connections["default"] = usual


@contextmanager
def forgotten() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
