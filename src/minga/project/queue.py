"""The worker's rounds, handed out over a broker to as many machines as there are.

A message says only which round is due: what is to be done stands in the database, where
whoever takes a round claims it. A broker that dies loses nothing, and one that says something
twice does nothing twice.
"""

import logging
from collections.abc import Callable, Sequence

from celery import Celery
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import OperationalError

from .commands import work
from .commands.work import Round

app = Celery("minga", broker=settings.MINGA_QUEUE, set_as_current=False)
app.conf.update(
    task_default_queue=f"minga-{settings.MINGA_COUNTRY}",  # two installations may share one
    task_ignore_result=True,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,  # our log keeps to its discretion
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "socket_timeout": 5,
        "socket_connect_timeout": 5,
        "max_retries": 1,  # of saying a round: without a broker it is done here, at once
        "interval_start": 0,
    },
    broker_connection_timeout=5,
)
EXPIRES = 60  # seconds after which a round that nobody took is not worth taking
HANDED, RESTS = "minga.handed.", "minga.rests."
log = logging.getLogger("minga.work")


def handed_out(rounds: Sequence[Round]) -> list[Round]:
    """The same rounds, said over the broker instead of done; what is each machine's own stays."""
    return [
        this._replace(do=_sent(this), rest=this.every) if this.shared else this for this in rounds
    ]


def _name(this: Round) -> str:
    return f"minga.{this.do.__name__}"


def _known(this: Round) -> None:
    """A task of the worker: it tells the others to leave a round alone for as long as it rests,
    when it came to nothing."""

    @app.task(name=_name(this))  # type: ignore[untyped-decorator]  # publishes no types
    def take() -> None:
        if not work.tried(this.do, this.words) and this.rest > this.every:
            cache.set(RESTS + _name(this), True, this.rest)


for _round in work.rounds():
    if _round.shared:
        _known(_round)


def _sent(this: Round) -> Callable[[], int]:
    """Said over the broker by one machine; done by it when the broker does not answer."""
    name = _name(this)

    def send() -> int:
        if cache.get(RESTS + name) or not cache.add(HANDED + name, True, this.every or work.PAUSE):
            return 0
        try:
            app.tasks[name].apply_async(expires=EXPIRES, retry=False)
        except (OperationalError, OSError) as problem:
            log.warning("the broker does not answer: %s", type(problem).__name__)
            return this.do()
        return 1

    return send
