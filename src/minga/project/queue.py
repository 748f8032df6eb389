"""The worker's rounds, handed out over a broker to as many machines as there are.

A message says only which round is due: what is to be done stands in the database, where
whoever takes a round claims it. A broker that dies loses nothing, and one that says something
twice does nothing twice.
"""

import logging
from collections.abc import Callable

from celery import Celery
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import OperationalError

from .commands import work

app = Celery("minga", broker=settings.MINGA_QUEUE, set_as_current=False)
app.conf.update(
    task_default_queue=f"minga-{settings.MINGA_COUNTRY}",  # two installations may share one
    task_ignore_result=True,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,  # our log keeps to its discretion
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 5},
    broker_connection_timeout=5,
)
EXPIRES = 60  # seconds after which a round that nobody took is not worth taking
HANDED, AWAY = "minga.handed.", "minga.scanner.away"
log = logging.getLogger("minga.work")


@app.task(name="minga.deliver")  # type: ignore[untyped-decorator]  # publishes no types
def deliver() -> None:
    work.tried(work.deliver, "de entrega")


@app.task(name="minga.scan")  # type: ignore[untyped-decorator]
def scan() -> None:
    if not work.tried(work.scan, "de revisión de archivos"):
        cache.set(AWAY, True, work.MINUTE)


@app.task(name="minga.forget")  # type: ignore[untyped-decorator]
def forget() -> None:
    work.tried(work.forget, "de limpieza")


def handed_out() -> work.Rounds:
    return work.Rounds(_sent(work.deliver), _sent(work.scan, needed=_to_scan), _sent(work.forget))


def _to_scan() -> bool:
    return not cache.get(AWAY) and work.waiting() > 0


def _sent(
    round_of: Callable[[], int], needed: Callable[[], bool] = lambda: True
) -> Callable[[], int]:
    """Said over the broker by one machine; done by it when the broker does not answer."""
    name = round_of.__name__

    def send() -> int:
        if not needed() or not cache.add(HANDED + name, True, work.PAUSE):
            return 0
        try:
            app.tasks[f"minga.{name}"].apply_async(expires=EXPIRES, retry=False)
        except (OperationalError, OSError) as problem:
            log.warning("the broker does not answer: %s", type(problem).__name__)
            return round_of()
        return 1

    return send
