"""A new installation beside the one in use: filled, verified, and only then put in its place."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from . import _engines as engines
from ._archive import FOLDERS
from ._engines import Impossible

MOVED = ("secret", *FOLDERS)  # of the data folder, with the embedded database
STAND_UP = "from minga.project.commands import _django, start; _django.stand_up()"
BARE = "from django.db.models.signals import post_migrate; post_migrate.receivers = []"
TABLES = "start.tables()"
HIDDEN = tuple(f"MINGA_{name}_FILE" for name in ("DATA", "DATABASE", "FILES"))


@dataclass
class Staged:
    """What is filled is in `folder`, and in the database `url` when that is PostgreSQL's."""

    folder: Path
    url: str
    target: str  # the address whose place it takes; "": the embedded database
    base: str  # the file name of the embedded database
    aside: str  # how the old is called afterwards
    stays: bool = False  # filled, and faulty: left for whoever wants to look

    @property
    def data(self) -> Path:
        return self.folder.parent

    def make_tables(self) -> None:
        """With nothing in them, and without the triggers that refuse changes."""
        self._prepare(f"{BARE}; {TABLES}")

    def prepare(self) -> None:
        """Tables as this code wants them, their triggers, and what makes search fast."""
        self._prepare(TABLES)

    def _prepare(self, code: str) -> None:
        done = self._python("-c", f"{STAND_UP}; {code}")
        if done.returncode:
            told = (done.stderr or done.stdout).strip().splitlines() or [""]
            raise Impossible(f"No se pudieron preparar las tablas. {told[-1]}")

    def verify(self, *arguments: str) -> None:
        done = self._python("-m", "minga.project.commands", "verify", *arguments)
        if done.returncode:
            self.stays = True
            where = f"MINGA_DATA={self.folder}"
            where += f" y en la base «{engines.name_of(self.url)}»" if self.url else ""
            raise Impossible(
                "No pasa ./minga verify, y por eso nada se cambió:\n"
                f"{(done.stderr or done.stdout).strip()}\nQuedó aparte, en {where}."
            )

    def _python(self, *order: str) -> "subprocess.CompletedProcess[str]":
        """On what was filled; its files are in the folder, wherever the installation's are."""
        given = {"MINGA_DATA": str(self.folder), "MINGA_DATABASE": self.url, "MINGA_FILES": ""}
        env = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        return subprocess.run(
            [sys.executable, *order], env=env | given, capture_output=True, text=True, check=False
        )

    def swap(self) -> list[str]:
        """Puts it in the place of the old: the words for where the old went."""
        self._refuse_mounts()
        told = self._swap_database() if self.target else []
        old = self.data / self.aside
        for name in [*([] if self.target else [self.base]), *MOVED]:
            here, new = self.data / name, self.folder / name
            if name == self.base:
                close(here)
                close(new)
            if here.exists() and new.exists():
                old.mkdir(mode=0o700, exist_ok=True)
                here.rename(old / name)
            if new.exists():
                new.rename(here)
        return [*told, *([f"la carpeta {old}"] if old.exists() else [])]

    def _refuse_mounts(self) -> None:
        """What is mounted cannot change its name: said before anything changes."""
        for name in MOVED:
            here = self.data / name
            if (self.folder / name).exists() and os.path.ismount(here):
                raise Impossible(
                    f"{here} está montada aparte: desmóntala, repón, y copia ahí lo que quede en "
                    "la carpeta. Nada se cambió."
                )

    def _swap_database(self) -> list[str]:
        was_taken = engines.is_taken(self.target)
        engines.swapped(self.url, self.target, self.aside)
        self.url = self.target
        if was_taken:
            return [f"la base «{self.aside}»"]
        engines.dropped(engines.named(self.target, self.aside))
        return []

    def forget(self) -> None:
        if not self.stays:
            shutil.rmtree(self.folder, ignore_errors=True)
            if self.url and self.url != self.target:
                engines.dropped(self.url)


@contextmanager
def staged(data: Path, *, target: str, base: str) -> Iterator[Staged]:
    """Whatever goes wrong inside, the installation in use is as it was."""
    data.mkdir(parents=True, exist_ok=True)
    aside = f"anterior-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    folder = Path(tempfile.mkdtemp(prefix="nueva-", dir=data))
    place = Staged(folder, "", target, base, aside)
    try:
        if target:
            place.aside = f"{engines.name_of(target)[:30]}_{aside.replace('-', '_')}"
            place.url = engines.made(target)
        yield place
    finally:
        place.forget()


def is_taken(data: Path, *, target: str, base: str) -> bool:
    """Whether somebody's rows are where the new ones shall go."""
    if target:
        return engines.is_taken(target)
    if not (data / base).exists():
        return False
    with closing(sqlite3.connect(data / base)) as database:
        return bool(database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def close(database: Path) -> None:
    """The embedded database as one file; refused while somebody has it open, who would go on
    writing into what is not in use any more."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database, timeout=1)) as last:
        try:
            [(mode,)] = last.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.OperationalError:
            mode = "wal"
        if mode != "delete":
            raise Impossible("Otro proceso tiene abierta la base: cierra Minga primero.")
