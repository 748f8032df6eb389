"""A large house, kept, restored elsewhere and verified: seconds, processor, memory.

The base is copies of a few cases that the actions made, every row and stream of each; a part
of the size is files of random bytes, each given to a case by the action. Each order runs in
a process of its own, so that its figures are its own."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection

from minga.kernel.cases.actions import attachments
from minga.kernel.cases.models import Case
from minga.kernel.forms.rules import Received
from minga.services.cocreation.actions import ANYBODY

from . import desk
from .copies import copies

STEP = 10_000  # cases between two looks at the size
FILES = 0.1  # part of the size that is files
FILE = 1 << 20


@dataclass(frozen=True)
class Cost:
    name: str
    seconds: float
    cpu: float
    memory: int  # kB, the most that a process of it held

    def __str__(self) -> str:
        told = f"{self.seconds:8.1f} s {self.cpu:8.1f} s de CPU {self.memory / 1024:8.0f} MB"
        return f"  {self.name:<24}{told.replace('.', ',')}"


def build(megabytes: int, at: datetime) -> int:
    """Cases until the base is that large: how many."""
    made, size = desk.originals(at), megabytes * 10**6
    while base().stat().st_size < size * (1 - FILES):
        copies(made, STEP, over=desk.SENT - timedelta(days=2))
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        print(Case.objects.count(), end=" ", flush=True)
    for number, case in enumerate(Case.objects.order_by("-pk")[: int(size * FILES) // FILE]):
        give(case, number, at)  # to no original: what hangs from it would be copied
    return Case.objects.count()


def give(case: Case, number: int, at: datetime) -> None:
    """Not through a form, which gives ten files to a case at most."""
    content = Random(number).randbytes(FILE)  # noqa: S311  # the same each time
    digest = sha256(content).hexdigest()
    file = Received(
        name="bytes.bin",
        media_type="application/octet-stream",
        size=FILE,
        sha256=digest,
        content=BytesIO(content),
    )
    with attachments.kept([file]) as kept:
        attachments._enter(case, kept[0], ANYBODY, at, None, internal=False)


def base() -> Path:
    return Path(connection.settings_dict["NAME"])


def costs(folder: Path) -> Iterator[Cost]:
    """Each order as an operator gives it; the raw copy is what a disk takes."""
    kept, there = folder / "kept", folder / "there"
    connection.close()
    yield cost("copia sin más", ["cp", "-r", str(settings.DATA), str(folder / "raw")])
    shutil.rmtree(folder / "raw")
    order = [sys.executable, "-m", "minga.project.commands"]
    yield cost("./minga verify --files", [*order, "verify", "--files"])
    yield cost("./minga backup", [*order, "backup", str(kept)])
    yield cost("./minga restore", [*order, "restore", str(kept)], MINGA_DATA=str(there))
    print(f"\nCopia: {kept.stat().st_size / 1e6:.0f} MB.")


def cost(name: str, order: list[str], **more: str) -> Cost:
    """wait4 tells what the process used; of its own children, when it waited for them, too."""
    began = time.monotonic()
    child = os.posix_spawnp(order[0], order, os.environ | more)
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"«{name}» no pudo.")
    return Cost(name, time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss)
