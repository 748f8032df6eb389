"""Entrega correos, revisa archivos, hace PDF y olvida lo viejo, una vez o sin parar (--loop)."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from threading import Event
from typing import NamedTuple

from ._arguments import Arguments
from ._django import stand_up
from ._serving import stop

PAUSE = 2  # seconds between rounds
HOUR = 3600  # between two times of forgetting
MINUTE = 60  # before what could do nothing is tried again
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
        loop(rounds())
    else:
        sent, looked, made, placed = deliver(), scan(), press(), place_all()
        for other in (suggest, sign, workshops, count_visits, tell_outcomes, forget):
            other()
        print(f"Entregados: {sent}. Archivos revisados: {looked}. Documentos hechos: {made}.")
        print(f"Hojas puestas en el registro: {placed}.")


class Round(NamedTuple):
    """What is done again and again: its words in the log, and how many seconds later again,
    besides the pause; `rest` when it came to nothing."""

    words: str
    do: Callable[[], int]
    every: int = 0
    rest: int = 0
    shared: bool = True  # any machine may do it; otherwise each does its own


def rounds() -> list[Round]:
    return [
        Round("de entrega", deliver),
        Round("del registro", place_all),
        Round("de firma", sign, rest=MINUTE),
        Round("de documentos", press),
        Round("de talleres", workshops, rest=MINUTE),
        Round("de sugerencias", suggest),
        Round("de revisión de archivos", look, rest=MINUTE),
        Round("de cuentas de visitas", count_visits, MINUTE, MINUTE, shared=False),
        Round("de avisos de qué pasó con cada propuesta", tell_outcomes, rest=MINUTE),
        Round("de limpieza", forget, HOUR, HOUR),
    ]


def share() -> None:
    """A worker of Celery, and beside it whoever says which round is due. On several machines
    there are several of them, and one is heard."""
    from django.conf import settings

    if not settings.MINGA_QUEUE:
        sys.exit("Falta MINGA_QUEUE, por donde se reparten las rondas: amqp://… o redis://….")
    from minga.project import queue

    worker = subprocess.Popen([sys.executable, "-m", *CELERY.split()])
    try:
        loop(queue.handed_out(rounds()), going=lambda: worker.poll() is None)
    finally:
        stop([worker])


def deliver() -> int:
    """One round: how many letters went out."""
    from django.utils import timezone

    from minga.kernel.mailbox import actions as mailbox
    from minga.project import health

    sent = mailbox.deliver(now=timezone.now)
    health.note_round()
    return sent


def scan() -> int:
    """One round: how many files the scanner looked into."""
    from django.utils import timezone

    from minga.kernel.cases.actions import attachments

    return attachments.scan(now=timezone.now)


def look() -> bool:
    """One round of the scanner. False when something waits and it could look at nothing."""
    return bool(scan()) or not waiting()


def press() -> int:
    """One round: how many papers came out of the press."""
    from django.utils import timezone

    from minga.kernel.documents import actions as documents

    return documents.make(now=timezone.now)


def workshops() -> int:
    """One round: whoever comes tomorrow is reminded, and rows of paper that was confirmed
    become proposals: how many of both."""
    from django.utils import timezone

    from minga.services.cocreation.actions import batches, workshops

    now = timezone.now()
    return workshops.remind(at=now) + batches.apply(at=now)


def suggest() -> int:
    """One round: how many lists of proposals that say alike were made."""
    from django.utils import timezone

    from minga.services.cocreation.actions import similar

    return similar.make(now=timezone.now)


def waiting() -> int:
    """How many files wait for the scanner, as far as one round goes."""
    from minga.kernel.cases.queries import attachments

    return attachments.waiting()[:1].count()


def count_visits() -> int:
    """One round: how many pages were opened, as the servers of this machine wrote down."""
    from minga.kernel.catalogue import actions as catalogue

    return catalogue.count_visits(at=time.time())


def place() -> int:
    """One round: how many entries of the history got their leaf in the register."""
    from django.utils import timezone

    from minga.kernel.trust.actions import register
    from minga.kernel.trust.queries import register as queries

    return register.place(at=timezone.now()) if queries.waiting().exists() else 0


def place_all() -> int:
    """Until no entry waits: the first time there may be many."""
    placed = 0
    while more := place():
        placed += more
    return placed


def sign() -> bool:
    """One round: the register's root, when it is time. False with a key that is not the
    register's: with it nothing is signed."""
    from django.utils import timezone

    from minga.kernel.trust.actions import keys, register
    from minga.kernel.trust.queries import register as queries
    from minga.kernel.trust.rules.note import public_half

    now = timezone.now()
    if not queries.is_due(now):
        return True
    key = keys.at_hand() or (keys.make() if queries.signers().now is None else None)
    if not register.recognise(public=public_half(key) if key else "", at=now):
        log.error("La llave del registro no es la conocida, y nada se firma: ./minga key")
        return False
    return bool(register.sign(key=key, at=now)) or not queries.is_due(now)


def tell_outcomes() -> int:
    """One round: how many people were told what became of their proposal."""
    from django.utils import timezone

    from minga.services.cocreation.actions import report
    from minga.services.cocreation.forms.following import OUTCOMES

    return report.tell(now=timezone.now, words=OUTCOMES.__getitem__)


def forget() -> int:
    """Drafts nobody touches, letters that went out, sessions that ended, files that no case
    has, names of workshops that are over, tables that nobody confirmed: how many."""
    from django.utils import timezone

    from minga.kernel.cases import actions as cases
    from minga.kernel.cases.actions import attachments
    from minga.kernel.identity.models import Session
    from minga.kernel.mailbox import actions as mailbox
    from minga.services.cocreation.actions import batches, workshops

    now = timezone.now()
    ended = Session.objects.filter(expire_date__lt=now).delete()[0]
    gone = mailbox.forget(at=now) + cases.forget_drafts(at=now)
    gone += workshops.forget(at=now) + batches.forget(at=now)
    return ended + gone + attachments.forget_orphans(at=now)


def loop(rounds: Sequence[Round], going: Callable[[], bool] = lambda: True) -> None:
    """Round after round, also after a failed one, until told to stop or left alone."""
    ended, parent, due = Event(), os.getppid(), dict.fromkeys(range(len(rounds)), 0.0)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set() and os.getppid() == parent and going():
        for place, this in enumerate(rounds):
            if not ended.is_set() and time.monotonic() >= due[place]:
                done = tried(this.do, this.words)
                due[place] = time.monotonic() + (this.every if done else this.rest)
        ended.wait(PAUSE)


def tried(round_of: Callable[[], int], words: str) -> int:
    """What came of a round, on a fresh connection when the old one broke; nothing when it
    failed."""
    from django.db import close_old_connections

    try:
        close_old_connections()
        return round_of()
    except Exception as error:  # its words may name somebody: only its type is told
        log.error("Una ronda %s falló: %s", words, type(error).__name__)
        return 0
