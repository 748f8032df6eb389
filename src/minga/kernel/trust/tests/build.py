"""Entries for tests, and what somebody with the keys of the database could do to them."""

import runpy
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.staticfiles import finders
from django.db import connection, transaction

from minga.kernel.trust import actions, rules
from minga.kernel.trust.actions import keys, register
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import note

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


@cache
def verifier() -> dict[str, Any]:
    """The program that strangers download, as it stands alone."""
    return runpy.run_path(str(finders.find("trust/registro.py")))


def stranger(folder: Path, *order: str) -> "subprocess.CompletedProcess[str]":
    """Somebody who has nothing of ours but that program, in a folder of their own."""
    copied = shutil.copy(str(finders.find("trust/registro.py")), folder)
    said = [sys.executable, "-I", copied, *order]
    return subprocess.run(  # noqa: S603  # ours
        said, cwd=folder, capture_output=True, text=True, check=False
    )


def published() -> Ed25519PrivateKey:
    """The worker came by: all leaves placed, and their root signed, if a minute has passed."""
    key = keys.make()
    assert register.recognise(public=note.public_half(key), at=NOON)
    while register.place(at=NOON):
        pass
    register.sign(key=key, at=NOON)
    return key
