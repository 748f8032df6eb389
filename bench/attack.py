"""A thousand wrong passwords, and what everybody else feels of it. By hand, on this machine
only, in one process with a database of its own: `.venv/bin/python -m bench.attack`."""

import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median
from threading import Event
from typing import Any

TRIES, ORIGINS, THREADS, QUIET = 1_000, 4, 4, 30
RIGHT, WRONG = "tres llamas y un cóndor", "no es esta"
Try = Callable[[int], tuple[str, str]]  # the address that is tried, and from where


@dataclass
class Felt:
    """By those who enter with their own password, from places of their own."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    kept_out: int = 0

    def row(self, name: str) -> str:
        told = (name, len(self.wall), 1e3 * median(self.wall), 1e3 * max(self.wall))
        return "{:<34}{:>6}{:>10.0f}{:>10.0f}{:>10.0f}{:>8}".format(
            *told, 1e3 * median(self.cpu), self.kept_out
        )


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="minga-attack-") as folder:
        os.environ |= {"MINGA_DATA": folder, "DJANGO_SETTINGS_MODULE": "minga.project.settings"}
        os.environ |= {"MINGA_DATABASE": ""}
        build()
        report()
    return 0


def build() -> None:
    import django
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command
    from django.utils import timezone

    django.setup()
    from minga.kernel.identity.actions import accounts

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    hashed = make_password(RIGHT)
    for n in range(TRIES):
        email = f"persona{n}@prueba.minga"
        accounts.open_account(email=email, name="Alguien", password=hashed, at=timezone.now())


def report() -> None:
    print(f"{'otros entran':<34}{'veces':>6}{'mediana':>10}{'peor':>10}{'CPU ms':>10}{'fuera':>8}")
    quiet, never = Felt(), Event()
    others(quiet, range(QUIET), never)
    print(quiet.row("en calma"))
    one: Try = lambda n: ("persona0@prueba.minga", f"192.0.2.{n % ORIGINS}")  # noqa: E731
    many: Try = lambda n: (f"persona{n}@prueba.minga", f"198.51.100.{n % ORIGINS}")  # noqa: E731
    for name, attack in (("una cuenta", one), ("muchas cuentas", many)):
        felt = Felt()
        answers, seconds, cpu = under(attack, felt)
        print(felt.row(f"mientras se prueba {name}"))
        ratio = median(felt.wall) / median(quiet.wall)
        more = median(felt.cpu) / median(quiet.cpu)
        print(f"  entrar cuesta {ratio:.1f} veces el tiempo y {more:.1f} veces el procesador")
        rate, each = TRIES / seconds, 1e3 * cpu / TRIES
        print(
            f"  {TRIES} intentos en {seconds:.1f} s: {rate:.0f} por segundo, {each:.0f} ms de CPU"
        )
        print(f"  contestados: {dict(answers)}")


def under(attack: Try, felt: Felt) -> tuple[Counter[str], float, float]:
    """The whole attack, with others entering until it is over."""
    over, answers = Event(), Counter[str]()
    began, spent = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS + 1) as threads:
        honest = threads.submit(others, felt, range(TRIES, 2 * TRIES), over)
        for answer in threads.map(lambda n: tried(*attack(n)), range(TRIES)):
            answers[answer] += 1
        seconds, cpu = time.perf_counter() - began, time.process_time() - spent
        over.set()
        honest.result()
    return answers, seconds, cpu - sum(felt.cpu)


def tried(email: str, origin: str) -> str:
    answer = post(email, WRONG, origin)
    page = answer.content.decode()
    if answer.status_code != 200:
        return str(answer.status_code)
    return "espera" if "demasiados intentos" in page else "no es correcta"


def others(felt: Felt, turns: Sequence[int], over: Event) -> None:
    for n in turns:
        if over.is_set():
            return
        wall, cpu = time.perf_counter(), time.thread_time()
        answer = post(
            f"persona{1 + n % (TRIES - 1)}@prueba.minga", RIGHT, f"203.0.{n // 200}.{n % 200}"
        )
        felt.wall.append(time.perf_counter() - wall)
        felt.cpu.append(time.thread_time() - cpu)
        felt.kept_out += answer.status_code != 302


def post(email: str, password: str, origin: str) -> Any:
    from django.test import Client
    from django.urls import reverse

    said = {"login": email, "password": password}
    return Client(SERVER_NAME="localhost").post(reverse("account_login"), said, REMOTE_ADDR=origin)


if __name__ == "__main__":
    sys.exit(main())
