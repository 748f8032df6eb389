"""A whole installation of one's own: started by its front door, on a fresh database."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

import psycopg

from minga.project.commands._testing import postgresql

PATIENCE = 60  # seconds for an installation to answer


@dataclass(frozen=True)
class Installation:
    """Where it answers, and what its operator has at hand."""

    address: str
    env: dict[str, str]

    def runs(self, *command: str) -> subprocess.CompletedProcess[str]:
        order = [sys.executable, "-m", "minga.project.commands", *command]
        return subprocess.run(order, env=self.env, capture_output=True, text=True, check=False)

    def sql(self, *statements: str) -> None:
        """What somebody with the keys of the database could do, behind our back."""
        code = "import django; django.setup(); from django.db import connection as c\n"
        code += "\n".join(f"c.cursor().execute({statement!r})" for statement in statements)
        subprocess.run([sys.executable, "-c", code], env=self.env, check=True)


@contextmanager
def installed(folder: Path, *, country: str, database: str) -> Iterator[Installation]:
    """Started as anybody would, with the invented town in it; ended and taken away."""
    port = free_port()
    with fresh(database) as url:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "minga.project.settings",
            "MINGA_DATA": str(folder),
            "MINGA_DATABASE": url,
            "MINGA_COUNTRY": country,
            "MINGA_DEMO": "sí",
            "PYTHONPATH": "src",
        }
        order = [sys.executable, "-m", "minga.project.commands", "start", "--port", str(port)]
        with (folder / "start.log").open("w") as log:
            started = subprocess.Popen(order, env=env, stdout=log, stderr=log)
        try:
            address = f"http://localhost:{port}"
            wait_for(address, started, folder / "start.log")
            yield Installation(address, env)
        finally:
            started.terminate()
            started.wait(20)


@contextmanager
def fresh(database: str) -> Iterator[str]:
    """The address of an empty database: "" is the embedded one, in the data folder."""
    if database == "sqlite":
        yield ""
        return
    server, name = postgresql().rpartition("/")[0], f"minga_{uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as keeper:
        keeper.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        try:
            yield f"{server}/{name}"
        finally:
            keeper.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def wait_for(address: str, started: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if started.poll() is not None:
            break
        try:
            with urlopen(address, timeout=5):  # noqa: S310  # loopback, made above
                return
        except (URLError, OSError):
            time.sleep(0.1)  # of another process, which tells nobody when it is ready
    raise AssertionError(f"it did not open: {re.sub(' +', ' ', log.read_text())}")
