"""The engines of a State, each as it really is: tried where it answers."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from django.test import Client
from django.urls import reverse

from minga.project.commands._testing import answers
from tests.installation import Installation, prepared, wait_until

REDIS = "redis://127.0.0.1:6379/9"
RABBIT = "amqp://guest:guest@127.0.0.1:5672//"
FAILURES = 6  # one more than a stranger may fail for one account
LETTERS = 150  # more than one round delivers
WRITE = f"""
import django; django.setup()
from django.utils import timezone
from minga.kernel.mailbox import actions
for n in range({LETTERS}):
    actions.write(to=f"p{{n}}@prueba.minga", subject="Hola", body="x", at=timezone.now())
"""
DUE, TRIED = (
    "SELECT count(*) FROM mailbox_letter WHERE due_at IS NOT NULL",
    "SELECT count(*) FROM mailbox_letter WHERE attempts <> 1",
)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisCache]:
    """The cache in Redis, under a name of this run's own."""
    mine = RedisCache(REDIS, {"KEY_PREFIX": f"test-{uuid4().hex}"})
    before = caches["default"]
    caches["default"] = mine
    yield mine
    caches["default"] = before
    client = mine._cache.get_client(None, write=True)
    for key in client.scan_iter(f"{mine.key_prefix}:*"):
        client.delete(key)
    client.connection_pool.disconnect()
    mine._cache.get_client(None).connection_pool.disconnect()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(not answers(6379), reason="no Redis answers")
def test_limits_hold_in_redis(shared: RedisCache) -> None:
    """Also of what comes at the same moment: Redis counts in one step."""

    def told() -> str:
        said = {"login": "rosa@prueba.minga", "password": "no es esta"}
        return Client().post(reverse("account_login"), said).content.decode()

    pages = [told() for _ in range(FAILURES)]
    assert ["demasiados intentos" in page for page in pages] == [False] * 5 + [True]
    assert shared._cache.get_client(None).keys(f"{shared.key_prefix}:*")


@pytest.mark.skipif(not answers(6379), reason="no Redis answers")
def test_who_counts_together_in_redis_loses_none(
    shared: RedisCache, together: Callable[[Callable[[], object]], list[object]]
) -> None:
    shared.set("tries", 0)
    together(lambda: [shared.incr("tries") for _ in range(20)])
    assert shared.get("tries") == 80


@pytest.fixture
def place(town: Installation, tmp_path: Path) -> Iterator[Installation]:
    with prepared(tmp_path, like=town) as installation:
        yield installation


@pytest.mark.slow
@pytest.mark.skipif(settings.MINGA_COUNTRY != "ecuador", reason="the same in every country")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the broker knows no database")
@pytest.mark.skipif(not answers(5672), reason="no RabbitMQ answers")
def test_letters_go_out_once_through_a_broker_and_without_one(place: Installation) -> None:
    """Nothing is in the broker but which round is due: one that is away loses nothing."""

    def counted(question: str) -> int:
        with sqlite3.connect(Path(place.env["MINGA_DATA"], "ecuador.sqlite3")) as database:
            found: int = database.execute(question).fetchone()[0]
        database.close()
        return found

    for queue in (RABBIT, "amqp://guest:guest@127.0.0.1:1//"):
        place.python(WRITE.replace("prueba", uuid4().hex))
        assert counted(DUE) >= LETTERS  # and those of the invented town
        place.env["MINGA_QUEUE"] = queue
        order = [sys.executable, "-m", "minga.project.commands", "work", "--celery"]
        worker = subprocess.Popen(order, env=place.env, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: counted(DUE) == 0)
            assert counted(TRIED) == 0
        finally:
            worker.terminate()
            worker.wait(30)
