"""Two servers behind a proxy, on one database; one of them dies in the middle of the work.

People read and send proposals through nginx. One server and all its workers are killed
without a word, and started again later. Whoever gets no answer sends the same again, as a
person does. What was answered must be there once, and nothing twice."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode
from uuid import UUID

from minga.project.commands._serving import SERVER, is_free
from minga.project.environment import HOME

from .server import TOKEN, free_port

READERS, SENDERS = 2, 3
EACH = 200  # proposals of one sender
DIES, BACK = 0.3, 0.6  # after which part of them
PATIENCE = 60
READ = ("/", "/propuestas/", "/buscar/?q=agua", "/planes/")
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream minga {{ {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://minga;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_connect_timeout 2s; proxy_read_timeout 20s;
      proxy_next_upstream error timeout;
    }}
  }}
}}
"""


@dataclass
class Seen:
    """What became of every request, as those who asked tell it."""

    asked: Counter[str] = field(default_factory=Counter)
    codes: dict[int, str] = field(default_factory=dict)
    reading: bool = True


def prepare(total: int) -> None:
    """A draft for each proposal, written and ready to be sent."""
    from django.utils import timezone

    from minga.services.cocreation import actions

    from . import world

    for number in range(total):
        words = world.said(number) | {"title": f"Propuesta {number}"}
        actions.keep(draft=draft(number), words=words, at=timezone.now())


def draft(number: int) -> UUID:
    return UUID(int=number + (1 << 100), version=4)


def run() -> tuple[Seen, float]:
    """The whole of it, and how many seconds it took."""
    if not (nginx := shutil.which("nginx")):
        sys.exit("Falta nginx: instala el paquete nginx-light.")
    seen, ports = Seen(), [free_port(), free_port()]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="minga-proxy-"))
        port = free_port()
        first = stack.enter_context(server(ports[0]))
        stack.enter_context(server(ports[1]))
        stack.enter_context(proxy(nginx, Path(folder), port, ports))
        began = time.monotonic()
        people = [Thread(target=read, args=(port, seen)) for _ in range(READERS)]
        senders = [Thread(target=send, args=(port, seen, n)) for n in range(SENDERS)]
        for person in (*people, *senders):
            person.start()
        wait_for(seen, DIES)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        wait_for(seen, BACK)
        stack.enter_context(server(ports[0]))
        for sender in senders:
            sender.join()
        seconds, seen.reading = time.monotonic() - began, False
        for person in people:
            person.join()
    return seen, seconds


def wait_for(seen: Seen, part: float) -> None:
    while len(seen.codes) < SENDERS * EACH * part:
        time.sleep(0.02)


@contextmanager
def server(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """As `start` has it, in a group of processes of its own: so that all of it dies at once."""
    order = [sys.executable, "-m", *SERVER.replace("warning", "error").split(), str(port)]
    env = {**os.environ, "PYTHONPATH": str(HOME / "src"), "MINGA_PROXIES": "1"}
    child = subprocess.Popen(order, cwd=HOME, env=env, start_new_session=True)  # noqa: S603  # ours
    try:
        wait_until_open(child, port)
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


@contextmanager
def proxy(nginx: str, folder: Path, port: int, ports: Sequence[int]) -> Iterator[None]:
    servers = " ".join(f"server 127.0.0.1:{one} max_fails=1 fail_timeout=2s;" for one in ports)
    page = folder / "nginx.conf"
    page.write_text(NGINX.format(folder=folder, port=port, servers=servers))
    child = subprocess.Popen([nginx, "-c", str(page), "-e", str(folder / "first.log")])  # noqa: S603
    try:
        wait_until_open(child, port)
        yield
    finally:
        child.terminate()
        child.wait()


def wait_until_open(child: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while is_free(port):
        if child.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("Un servidor no abrió su puerta.")
        time.sleep(0.1)


def read(port: int, seen: Seen) -> None:
    turn = 0
    while seen.reading:
        turn += 1
        answered(port, seen, "GET", READ[turn % len(READ)])
        time.sleep(0.01)


def send(port: int, seen: Seen, sender: int) -> None:
    """Each of one's own proposals, until a code comes back."""
    for number in range(sender, SENDERS * EACH, SENDERS):
        path = f"/propuestas/borrador/{draft(number)}/revisar/"
        while number not in seen.codes:
            if told := answered(port, seen, "POST", path):
                seen.codes[number] = told.rstrip("/").rpartition("/")[2]
            else:
                seen.asked["sent again"] += 1
                time.sleep(0.05)


def answered(port: int, seen: Seen, method: str, path: str) -> str:
    """Where an answer leads; "" when there was none, or the server was at fault."""
    line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    form = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    headers = {"Host": "localhost", "Cookie": f"formulario={TOKEN}" if form else "", **form}
    seen.asked[method] += 1
    try:
        line.request(method, path, urlencode({"csrfmiddlewaretoken": TOKEN}), headers)
        answer = line.getresponse()
        answer.read()
    except (OSError, HTTPException):
        seen.asked["no answer"] += 1
        return ""
    finally:
        line.close()
    seen.asked[str(answer.status)] += 1
    return answer.headers.get("Location", "") if answer.status == 302 else ""


def table(seen: Seen, seconds: float) -> Iterator[str]:
    from minga.services.cocreation.models import Proposal

    kept = Proposal.objects.filter(title__startswith="Propuesta ")
    there = [f"{title}|{code}" for title, code in kept.values_list("title", "case__code")]
    told = {f"Propuesta {number}|{code}" for number, code in seen.codes.items()}
    bad = sum(n for status, n in seen.asked.items() if status[0] == "5")
    rows = {
        "peticiones": seen.asked["GET"] + seen.asked["POST"],
        "  de lectura": seen.asked["GET"],
        "  envíos": seen.asked["POST"],
        "sin respuesta": seen.asked["no answer"],
        "con error del servidor": bad,
        "envíos repetidos por quien enviaba": seen.asked["sent again"],
        "propuestas con código": len(seen.codes),
        "propuestas perdidas": len(told - set(there)),
        "propuestas dobles": len(there) - len({line.partition("|")[0] for line in there}),
    }
    yield f"Dos servidores, uno muerto a la mitad; {seconds:.0f} s".replace(".", ",")
    yield from (f"  {name:<38}{count:>8}" for name, count in rows.items())
