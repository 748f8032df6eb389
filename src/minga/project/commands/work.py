"""Entrega los correos, revisa los archivos y olvida lo viejo, una vez o sin parar (--loop)."""

import logging
import os
import signal
import time
from collections.abc import Callable
from threading import Event

from ._arguments import Arguments
from ._django import stand_up

PAUSE = 2  # seconds between rounds
HOUR = 3600  # between two times of forgetting
MINUTE = 60  # before a scanner that could do nothing is asked again
log = logging.getLogger("minga.work")


def main(arguments: list[str]) -> None:
    parser = Arguments("work", __doc__)
    parser.add_argument("--loop", action="store_true", help="sin parar, cada dos segundos")
    given = parser.parse_args(arguments)
    stand_up()
    if given.loop:
        loop()
    else:
        sent, looked, placed = deliver(), scan(), place()
        sign()
        forget()
        print(f"Entregados: {sent}. Archivos revisados: {looked}. Hojas puestas: {placed}.")


def deliver() -> int:
    """One round: how many letters went out."""
    from django.db import close_old_connections
    from django.utils import timezone

    from minga.kernel.mailbox import actions as mailbox

    close_old_connections()
    return mailbox.deliver(now=timezone.now)


def scan() -> int:
    """One round: how many files the scanner looked into."""
    from django.utils import timezone

    from minga.kernel.cases.actions import attachments

    return attachments.scan(now=timezone.now)


def waiting() -> int:
    """How many files wait for the scanner, as far as one round goes."""
    from minga.kernel.cases.queries import attachments

    return attachments.waiting()[:1].count()


def place() -> int:
    """One round: how many entries of the history got their leaf in the register."""
    from django.utils import timezone

    from minga.kernel.trust.actions import register
    from minga.kernel.trust.queries import register as queries

    return register.place(at=timezone.now()) if queries.waiting().exists() else 0


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


def loop() -> None:
    """Round after round, also after a failed one, until told to stop or left alone."""
    ended, parent, forgot_at = Event(), os.getppid(), -float(HOUR)
    scan_at = sign_at = 0.0
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set() and os.getppid() == parent:
        tried(deliver, "de entrega")  # first: it takes a fresh connection when the old one broke
        while tried(place, "del registro") and not ended.is_set():
            pass  # until no entry waits: the first time there may be many
        if time.monotonic() >= sign_at:
            sign_at = time.monotonic() + MINUTE * (not tried(sign, "de firma"))
        if time.monotonic() >= scan_at and not tried(scan, "de revisión de archivos"):
            scan_at = time.monotonic() + MINUTE * bool(tried(waiting, "de revisión de archivos"))
        if time.monotonic() >= forgot_at + HOUR:
            forgot_at = time.monotonic()
            tried(forget, "de limpieza")
        ended.wait(PAUSE)


def tried(round_of: Callable[[], int], words: str) -> int:
    """What came of a round; nothing when it failed."""
    try:
        return round_of()
    except Exception as error:  # its words may name somebody: only its type is told
        log.error("Una ronda %s falló: %s", words, type(error).__name__)
        return 0
