"""Entrega los correos pendientes y borra los borradores viejos, una vez o sin parar (--loop)."""

import logging
import os
import signal
from threading import Event

from ._arguments import Arguments
from ._django import stand_up

PAUSE = 2  # seconds between rounds
log = logging.getLogger("minga.work")


def main(arguments: list[str]) -> None:
    parser = Arguments("work", __doc__)
    parser.add_argument("--loop", action="store_true", help="sin parar, cada dos segundos")
    given = parser.parse_args(arguments)
    stand_up()
    if given.loop:
        loop()
    else:
        print(f"Entregados: {work()}.")


def work() -> int:
    """One round: how many letters went out."""
    from django.db import close_old_connections
    from django.utils import timezone

    from minga.kernel.cases import actions as cases
    from minga.kernel.mailbox import actions as mailbox

    close_old_connections()
    now = timezone.now()
    cases.forget_drafts(at=now)
    return mailbox.deliver(at=now)


def loop() -> None:
    """Round after round, also after a failed one, until told to stop or left alone."""
    ended, parent = Event(), os.getppid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set() and os.getppid() == parent:
        try:
            work()
        except Exception as error:  # its words may name somebody: only its type is told
            log.error("Una ronda de entrega falló: %s", type(error).__name__)
        ended.wait(PAUSE)
