"""Entrega correos, revisa archivos, hace PDF y olvida lo viejo, una vez o sin parar (--loop)."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Event
from typing import NamedTuple

from ._arguments import Arguments
from ._django import stand_up
from ._serving import stop

PAUSE = 2  # seconds between rounds
HOUR = 3600  # between two times of forgetting
MINUTE = 60  # before a scanner that could do nothing is asked again
CELERY = "celery --quiet -A minga.project.queue:app worker --loglevel WARNING --without-gossip"
CELERY += " --without-mingle --concurrency 2"
log = logging.getLogger("minga.work")


def main(arguments: list[str]) -> None:
    parser = Arguments("work", __doc__)
    parser.add_argument("--loop", action="store_true", help="sin parar, cada dos segundos")
    words = "sin parar, repartiendo las rondas entre máquinas por MINGA_QUEUE"
    parser.add_argument("--celery", action="store_true", help=words)
    given = parser.parse_args(arguments)
    stand_up()
    if given.celery:
        share()
    elif given.loop:
        loop(Rounds(deliver, scan, forget))
    else:
        sent, looked, made = deliver(), scan(), press()
        count_visits()
        forget()
        print(f"Entregados: {sent}. Archivos revisados: {looked}. Documentos hechos: {made}.")


class Rounds(NamedTuple):
    deliver: Callable[[], int]
    scan: Callable[[], int]
    forget: Callable[[], int]


def share() -> None:
    """A worker of Celery, and beside it whoever says which round is due. On several machines
    there are several of them, and one is heard."""
    from django.conf import settings

    if not settings.MINGA_QUEUE:
        sys.exit("Falta MINGA_QUEUE, por donde se reparten las rondas: amqp://… o redis://….")
    from minga.project import queue

    worker = subprocess.Popen([sys.executable, "-m", *CELERY.split()])
    try:
        loop(queue.handed_out(), going=lambda: worker.poll() is None)
    finally:
        stop([worker])


def deliver() -> int:
    """One round: how many letters went out."""
    from django.db import close_old_connections
    from django.utils import timezone

    from minga.kernel.mailbox import actions as mailbox
    from minga.project import health

    close_old_connections()
    sent = mailbox.deliver(now=timezone.now)
    health.note_round()
    return sent


def scan() -> int:
    """One round: how many files the scanner looked into."""
    from django.utils import timezone

    from minga.kernel.cases.actions import attachments

    return attachments.scan(now=timezone.now)


def press() -> int:
    """One round: how many papers came out of the press."""
    from django.utils import timezone

    from minga.kernel.documents import actions as documents

    return documents.make(now=timezone.now)


def waiting() -> int:
    """How many files wait for the scanner, as far as one round goes."""
    from minga.kernel.cases.queries import attachments

    return attachments.waiting()[:1].count()


def count_visits() -> int:
    """One round: how many pages were opened, as the servers of this machine wrote down."""
    from minga.kernel.catalogue import actions as catalogue

    return catalogue.count_visits(at=time.time())


def forget() -> int:
    """Drafts nobody touches, letters that went out, sessions that ended, files that no case
    has: how many."""
    from django.utils import timezone

    from minga.kernel.cases import actions as cases
    from minga.kernel.cases.actions import attachments
    from minga.kernel.identity.models import Session
    from minga.kernel.mailbox import actions as mailbox

    now = timezone.now()
    ended = Session.objects.filter(expire_date__lt=now).delete()[0]
    gone = mailbox.forget(at=now) + cases.forget_drafts(at=now)
    return ended + gone + attachments.forget_orphans(at=now)


def loop(rounds: Rounds, going: Callable[[], bool] = lambda: True) -> None:
    """Round after round, also after a failed one, until told to stop or left alone."""
    ended, parent, forgot_at = Event(), os.getppid(), -float(HOUR)
    scan_at = counted_at = 0.0
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set() and os.getppid() == parent and going():
        tried(
            rounds.deliver, "de entrega"
        )  # first: it takes a fresh connection when the old one broke
        if time.monotonic() >= scan_at and not tried(rounds.scan, "de revisión de archivos"):
            scan_at = time.monotonic() + MINUTE * bool(tried(waiting, "de revisión de archivos"))
        if time.monotonic() >= counted_at + MINUTE:
            counted_at = time.monotonic()
            tried(count_visits, "de cuentas de visitas")
        tried(press, "de documentos")
        if time.monotonic() >= forgot_at + HOUR:
            forgot_at = time.monotonic()
            tried(rounds.forget, "de limpieza")
        ended.wait(PAUSE)


def tried(round_of: Callable[[], int], words: str) -> int:
    """What came of a round; nothing when it failed."""
    try:
        return round_of()
    except Exception as error:  # its words may name somebody: only its type is told
        log.error("Una ronda %s falló: %s", words, type(error).__name__)
        return 0
