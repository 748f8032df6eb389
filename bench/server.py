"""The server that is measured, and the one client that asks it: on this machine only, a
bounded number of times. It is ended by whoever started it."""

import gzip
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection

from minga.project.commands._serving import SERVER, is_free, stop
from minga.project.environment import HOME

PATIENCE = 30  # seconds for the server to open its door, and for one answer
SETTLE = 0.02  # seconds: what a worker still does once its answer is out
TOKEN = "a" * 32  # a form and its cookie say the same, as after opening any form
WELL = (200, 302, 304)


@dataclass(frozen=True)
class Ask:
    """One request: a form makes it a POST."""

    path: str
    form: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    body: bytes
    is_packed: bool

    @property
    def packed(self) -> int:
        return len(self.body) if self.is_packed else len(gzip.compress(self.body, 6))


class Client:
    """One connection that stays open."""

    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self.door = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.always = {
            "Accept-Encoding": "br, gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }

    def ask(self, what: Ask) -> Answer:
        headers, body = {**self.always, **what.headers}, None
        if what.form is not None:
            headers["Cookie"] = f"{headers['Cookie']}; formulario={TOKEN}".strip("; ")
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**what.form, "csrfmiddlewaretoken": TOKEN})
        headers = {name: value for name, value in headers.items() if value}
        self.door.request("GET" if body is None else "POST", what.path, body, headers)
        got = self.door.getresponse()
        text = got.read()
        if got.status not in WELL or (what.form is not None and got.status != 302):
            raise SystemExit(f"{what.path} respondió {got.status}.")
        return Answer(text, bool(got.getheader("Content-Encoding")))


@dataclass(frozen=True)
class Server:
    port: int
    pid: int

    def client(self, **cookies: str) -> Client:
        return Client(self.port, cookies)

    def spent(self) -> float:
        """Seconds of processor of its worker."""
        return sum(map(clock, children(self.pid)))


def clock(pid: int) -> float:
    """utime + stime of a process and all its threads, as /proc/<pid>/stat tells it, from
    Linux's own clock of that process: in nanoseconds instead of hundredths."""
    return time.clock_gettime((~pid << 3) | 2)


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def database_spent() -> float | None:
    """The same of PostgreSQL's processes that answer the server, when they run here."""
    if connection.vendor != "postgresql":
        return None
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} AND backend_type = 'client backend' AND pid <> pg_backend_pid()")
        pids = [pid for (pid,) in cursor.fetchall()]
    total = 0.0
    with suppress(OSError):  # another machine's
        for pid in pids:
            if "postgres" not in Path(f"/proc/{pid}/comm").read_text():
                return None
            total += clock(pid)
        return total
    return None


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def serving() -> Iterator[Server]:
    """As _serving starts it, with one worker and the greeting."""
    port = free_port()
    order = SERVER.replace("--workers 2", "--workers 1").replace("minga.project.wsgi", "bench.wsgi")
    env = {**os.environ, "PYTHONPATH": f"{HOME / 'src'}{os.pathsep}{HOME}"}
    command: Sequence[str] = [sys.executable, "-m", *order.split(), str(port)]
    child = subprocess.Popen(command, cwd=HOME, env=env)  # noqa: S603  # ours
    try:
        deadline = time.monotonic() + PATIENCE
        while is_free(port):
            if child.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("El servidor no abrió su puerta.")
            time.sleep(0.1)
        yield Server(port, child.pid)
    finally:
        stop([child])
