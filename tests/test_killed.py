"""Hundreds of proposals go in while the server is killed and started again and again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from threading import Thread
from time import sleep
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.installation import PATIENCE, Installation, is_open, prepared, wait_until

PROPOSALS, SENDERS, LIVES = 400, 4, 8
SECONDS_OF_A_LIFE = (0.2, 0.8)
TOKEN = "a" * 32  # whoever fills in a form sends the same as in the cookie

PREPARE = f"""
import django; django.setup()
from uuid import UUID
from django.utils import timezone
from minga.kernel.jurisdiction import queries as places
from minga.services.cocreation import actions
place = places.territories()[0].iso
for n in range({PROPOSALS}):
    words = dict(title=f"Propuesta {{n}}", problem="x" * 40, solution="y" * 40, goal=None)
    words |= dict(cycle="demostracion", territory=place, sector="citizen")
    actions.keep(draft=UUID(int=n + 1), words=words, at=timezone.now())
"""
COUNT = """
import django; django.setup()
from minga.services.cocreation.models import Proposal
for title, code in Proposal.objects.values_list("title", "case__code"):
    print(title, code, sep="\\t")
"""


@pytest.fixture
def place(town: Installation, tmp_path: Path) -> Iterator[Installation]:
    """On the kind of database that this run is about."""
    with prepared(tmp_path, like=town) as installation:
        installation.python(PREPARE)
        yield installation


@pytest.mark.slow
@pytest.mark.skipif(settings.MINGA_COUNTRY != "ecuador", reason="the same in every country")
def test_whoever_got_a_code_is_there_once(place: Installation) -> None:
    codes: dict[int, str] = {}
    senders = [
        Thread(target=send, args=(place.port, range(n, PROPOSALS, SENDERS), codes))
        for n in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    chance = Random(7)  # noqa: S311  # the same lives each time
    for _ in range(LIVES):
        with serving(place):
            sleep(chance.uniform(*SECONDS_OF_A_LIFE))
    with serving(place):
        for sender in senders:
            sender.join(PATIENCE)
    there = [line.split("\t") for line in place.python(COUNT).splitlines()]
    ours = {title: code for title, code in there if title.startswith("Propuesta ")}
    assert len(codes) == PROPOSALS
    assert ours == {f"Propuesta {n}": code for n, code in codes.items()}
    assert len([title for title, _ in there if title.startswith("Propuesta ")]) == PROPOSALS
    assert place.runs("verify").returncode == 0


@contextmanager
def serving(place: Installation) -> Iterator[None]:
    """The server for a while; then it and its workers die without a word."""
    order = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
    order += ["--blocking-threads", "1", "--port", str(place.port), "--log-level", "error"]
    order += ["minga.project.wsgi:application"]
    server = subprocess.Popen(order, env=place.env, start_new_session=True)
    try:
        wait_until(lambda: is_open(place.port))
        yield
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def send(port: int, numbers: range, codes: dict[int, str]) -> None:
    """Like somebody on a bad line: sends the same draft until a code comes back."""
    for n in numbers:
        path = f"/propuestas/borrador/00000000-0000-0000-0000-{n + 1:012x}/revisar/"
        while n not in codes:
            try:
                status, location = asked(port, "POST", path)
            except (OSError, HTTPException):
                sleep(0.05)  # nobody is there at this moment
                continue
            assert status == 302, status
            codes[n] = location.rstrip("/").rsplit("/")[-1]


def asked(port: int, method: str, path: str) -> tuple[int, str]:
    line = HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Cookie": f"formulario={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
    line.request(method, path, urlencode({"csrfmiddlewaretoken": TOKEN}), headers)
    response = line.getresponse()
    response.read()
    line.close()
    return response.status, response.headers.get("Location", "")
