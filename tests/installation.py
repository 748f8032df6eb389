"""A whole installation of one's own: started by its front door, on a fresh database."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from shutil import copytree
from uuid import uuid4

from psycopg import sql

from minga.project.commands import _engines as engines
from minga.project.commands._testing import postgresql

PATIENCE = 180  # seconds for something of another process to come about, on a busy machine


@dataclass(frozen=True)
class Installation:
    """Where it answers, and what its operator has at hand."""

    port: int
    env: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def runs(self, *command: str) -> "subprocess.CompletedProcess[str]":
        order = [sys.executable, "-m", "minga.project.commands", *command]
        return subprocess.run(order, env=self.env, capture_output=True, text=True, check=False)

    def python(self, code: str) -> str:
        """What somebody with the keys of the machine could do, behind our back."""
        order = [sys.executable, "-c", code]
        done = subprocess.run(order, env=self.env, stdout=subprocess.PIPE, text=True, check=True)
        return done.stdout

    def sql(self, statement: str) -> None:
        say = f"connection.cursor().execute({statement!r})"
        self.python(f"import django; django.setup(); from django.db import connection; {say}")


@contextmanager
def installed(folder: Path, *, country: str, database: str) -> Iterator[Installation]:
    """Started as anybody would, with the invented town in it; ended and taken away."""
    with fresh(database) as url:
        place = a_place(folder, country, url)
        order = [sys.executable, "-m", "minga.project.commands", "start", "--port"]
        with (folder / "start.log").open("w") as log:
            started = subprocess.Popen(
                [*order, str(place.port)], env=place.env, stdout=log, stderr=log
            )
        try:
            wait_until(lambda: started.poll() is not None or is_open(place.port))
            assert started.poll() is None, (folder / "start.log").read_text()
            yield place
        finally:
            started.terminate()
            started.wait(PATIENCE)


@contextmanager
def filled(folder: Path, *, database: str) -> Iterator[Installation]:
    """With its tables and the invented town, and nobody serving it: others are made like it."""
    with fresh(database) as url:
        place = a_place(folder, "ec", url)
        fill = "from minga.project.commands.start import collect_static, fill"
        place.python(f"import django; django.setup(); {fill}; fill(demo=True); collect_static()")
        yield place


@contextmanager
def prepared(folder: Path, *, like: Installation) -> Iterator[Installation]:
    """Another one with the same in it, and nobody serving it yet."""
    copytree(like.env["MINGA_DATA"], folder, dirs_exist_ok=True)
    model = like.env["MINGA_DATABASE"]
    with fresh("postgresql" if model else "sqlite", model=model) as url:
        yield a_place(folder, "ec", url)


def a_place(folder: Path, country: str, database: str) -> Installation:
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "minga.project.settings",
        "MINGA_DATA": str(folder),
        "MINGA_DATABASE": database,
        "MINGA_COUNTRY": country,
        "MINGA_DEMO": "sí",
        "PYTHONPATH": "src",
    }
    return Installation(free_port(), env)


@contextmanager
def fresh(database: str, *, model: str = "") -> Iterator[str]:
    """The address of an empty database, or of one like another: "" is the embedded one, in the
    data folder."""
    if database == "sqlite":
        yield ""
        return
    url = engines.named(postgresql(), f"minga_{uuid4().hex[:12]}")
    if model:
        copy_of(model, url)
    else:
        engines.create(url)
    try:
        yield url
    finally:
        engines.dropped(url)


def copy_of(model: str, url: str) -> None:
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    names = [sql.Identifier(engines.name_of(one)) for one in (url, model)]
    with engines.keeper(url) as server:
        server.execute(made.format(*names))


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def is_open(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def wait_until(there: Callable[[], bool]) -> None:
    """Another process tells nobody when it is ready: it is asked until it is."""
    until = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.05)
