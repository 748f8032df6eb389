"""What of sending a proposal is the history: processor of this process, which with SQLite is
also the database's."""

from itertools import count
from time import thread_time

from django.db import transaction
from django.test import Client
from django.utils import timezone

from minga.kernel.trust import actions as trust
from minga.kernel.trust.models import Entry

from .server import TOKEN, Ask
from .visits import sendings

TIMES = 200
numbers = count()


def share() -> str:
    client = Client(headers={"host": "localhost"})
    client.cookies["formulario"] = TOKEN
    asks = sendings(lambda _: {})(TIMES)
    whole = min(sent(client, asks[half::2]) for half in (0, 1))
    alone = min(appended() for _ in range(3))
    return (
        f"Enviar cuesta {1e3 * whole:.2f} ms de procesador en este proceso; anotarlo en la"
        f" historia, {1e3 * alone:.2f} ms: {100 * alone / whole:.0f} %"
    )


def sent(client: Client, asks: list[Ask]) -> float:
    began = thread_time()
    for ask in asks:
        answer = client.post(ask.path, ask.form)
        assert answer.status_code == 302, ask.path
    return (thread_time() - began) / len(asks)


def appended() -> float:
    """As a case does when it opens: with its facts, in a transaction that is there already."""
    opening = Entry.objects.filter(stream__startswith="case:", seq=1).order_by("-pk")[0]
    facts = {name: value for name, value in opening.facts.items() if name != "at"}
    now = timezone.now()
    with transaction.atomic():
        began = thread_time()
        for _ in range(TIMES):
            stream, actor = f"medida:{next(numbers)}", opening.actor
            trust.begin(stream=stream, kind="open", actor=actor, at=now, facts=facts)
        spent = thread_time() - began
        transaction.set_rollback(True)
    return spent / TIMES
