"""What an operator relies on: the log, the proxies, the secret, the worker."""

import logging
import signal
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from importlib.util import find_spec, module_from_spec
from io import StringIO
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from minga.kernel.cases import queries as cases
from minga.kernel.cases.rules import new_code
from minga.kernel.identity.models import Session
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.models import Letter
from minga.kernel.mailbox.rules import MOST_A_DAY
from minga.kernel.trust.models import Entry
from minga.project.commands import _django, work
from minga.project.commands.demo import demo
from minga.project.logs import Line, Routes
from minga.services.cocreation.rules import STEPS
from minga.services.cocreation.tests.build import NOON, a_proposal

FAILURES = 11  # one more than may fail in a minute from one address


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the installation's own handler writes."""
    [handler] = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler)
        and any(isinstance(part, Routes) for part in handler.filters)
    ]
    assert isinstance(handler.formatter, Line)
    written = StringIO()
    before = handler.setStream(written)
    yield written
    assert before
    handler.setStream(before)


def settings_with(monkeypatch: pytest.MonkeyPatch, **given: str) -> ModuleType:
    """The settings as they are read by a process with this environment."""
    for name, value in given.items():
        monkeypatch.setenv(f"MINGA_{name.upper()}", value)
    spec = find_spec("minga.project.settings")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.django_db
def test_a_conflict_is_logged_without_the_code(log: StringIO) -> None:
    code = a_proposal().case.code
    address = reverse("cocreation:followed", args=[code])
    answer = Client().post(f"{address}?vista={code}", {"message": "Mi casa azul.", "rev": "7"})
    assert answer.status_code == 409
    assert "WARNING django.request Conflict: /propuestas/seguir/<str:code>/" in log.getvalue()
    assert code not in log.getvalue()
    assert "azul" not in log.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/propuestas/seguir/{}/", "/propuestas/recibo/{}/", "/nada/{}/"])
def test_what_is_not_there_is_logged_without_its_address(path: str, log: StringIO) -> None:
    code = new_code()
    for written in (code, code.replace("-", " "), f"ñ\n{code}"):
        assert Client().get(path.format(quote(written))).status_code == 404
    assert log.getvalue().count("Not Found: ") == 3
    assert code not in log.getvalue()
    assert code[-4:] not in log.getvalue()


@pytest.mark.django_db
def test_a_form_without_its_token_is_logged_without_addresses(log: StringIO) -> None:
    """Nor the page it came from, which Django's reason names when that is another site."""
    code, client = new_code(), Client(enforce_csrf_checks=True)
    address = reverse("cocreation:followed", args=[code])
    assert client.post(address).status_code == 403
    from_there = f"https://otro.example{address}"
    answer = client.post(address, secure=True, headers={"referer": from_there})
    assert answer.status_code == 403
    assert log.getvalue().count("django.security.csrf Forbidden (") == 2
    assert "Referer checking failed" in log.getvalue()
    assert code not in log.getvalue()


@pytest.mark.django_db
def test_what_broke_is_logged_by_its_place_and_kind(
    log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, email = uuid4(), "rosa@" + "example.org"

    def fail(*_: object, **__: object) -> None:
        try:
            raise KeyError(email)
        except KeyError as error:
            raise ValueError(draft) from error

    monkeypatch.setattr(cases, "unsent", fail)
    address = reverse("cocreation:draft_step", args=[draft, STEPS[0]])
    assert Client(raise_request_exception=False).get(address).status_code == 500
    told = log.getvalue()
    assert "Internal Server Error: /propuestas/borrador/<uuid:draft>/<slug:step>/" in told
    assert "in draft_step" in told
    assert told.index("builtins.KeyError") < told.index("builtins.ValueError")
    assert str(draft) not in told
    assert email not in told


@pytest.mark.django_db
def test_behind_a_proxy_each_person_has_their_own_limit(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(client: str, who: str) -> str:
        """Whatever a client claims stands first; the proxy adds the address it saw."""
        answer = Client().post(
            reverse("account_login"),
            {"login": f"{who}@prueba.minga", "password": "no es esta"},
            headers={"x-forwarded-for": f"198.51.100.{who}, {client}"},
        )
        return answer.content.decode()

    proxied = settings_with(monkeypatch, proxies="1")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxied.ALLAUTH_TRUSTED_PROXY_COUNT
    answers = [told("203.0.113.5", str(n)) for n in range(FAILURES)]
    assert "no son correctos" in answers[0]
    assert "demasiados intentos" in answers[-1]
    assert "no son correctos" in told("203.0.113.6", "99")


@pytest.mark.django_db
def test_many_visitors_do_not_make_the_limits_forgotten() -> None:
    """Django would keep 300, and then throw a third away, whatever it holds."""
    cache.set("a", "the first by its key goes first", 300)
    with connection.cursor() as cursor:
        cursor.execute("SELECT value, expires FROM cache")
        [(value, expires)] = cursor.fetchall()
        rows = [(f":1:b{n}", value, expires) for n in range(500)]
        cursor.executemany(
            "INSERT INTO cache (cache_key, value, expires) VALUES (%s, %s, %s)", rows
        )
    cache.set("z", "one more", 300)
    assert cache.get("a")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"secure": "sí"}, "MINGA_SECURE=sí pide una MINGA_SECRET propia"),
        ({"proxies": "uno"}, "MINGA_PROXIES=uno: es un número"),
        ({"mail": "correo.example:25"}, "MINGA_MAIL empieza por smtp:// o smtps://."),
        ({"scanner": "antivirus:3310"}, "MINGA_SCANNER=antivirus:3310: se escribe clamd://"),
    ],
)
def test_what_cannot_be_served_is_said_in_one_sentence(
    given: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MINGA_SECRET", raising=False)
    with pytest.raises(ValueError, match=words):  # whoever starts the server by hand
        settings_with(monkeypatch, **given)
    with pytest.raises(SystemExit) as stop:
        _django.stand_up()
    assert words in str(stop.value)
    assert len(str(stop.value).splitlines()) == 1


def test_a_secret_of_ones_own_is_served_over_https(monkeypatch: pytest.MonkeyPatch) -> None:
    secure: Any = settings_with(monkeypatch, secure="sí", secret="x" * 50)
    assert secure.SESSION_COOKIE_SECURE


def test_a_postgresql_that_was_started_again_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch, database="postgresql://minga@127.0.0.1/minga")
    assert found.DATABASES["default"]["CONN_HEALTH_CHECKS"] is True
    if connection.vendor == "postgresql":
        assert django_settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] is True


@pytest.mark.django_db
def test_the_worker_forgets_sessions_that_ended() -> None:
    now = timezone.now()
    for key, minutes in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=key, expire_date=now + timedelta(minutes=minutes))
    assert work.forget() == 1
    assert [session.session_key for session in Session.objects.all()] == ["open"]


@pytest.mark.parametrize(("hour", "times"), [(work.HOUR, 1), (0, 3)])
@pytest.mark.django_db
def test_the_worker_forgets_once_an_hour(
    hour: int, times: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Also when it fails; and letters go out all the same."""
    rounds, forgotten, ended = iter(range(3)), [], SimpleNamespace(is_set=lambda: False)
    ended.wait = lambda pause: None

    def forget() -> int:
        forgotten.append("once")
        raise RuntimeError("rosa@example.org")

    def deliver() -> int:
        if next(rounds) == 2:
            ended.is_set = lambda: True
        return 0

    monkeypatch.setattr(work, "Event", lambda: ended)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    work.loop([work.Round("de limpieza", forget, hour, hour), work.Round("de entrega", deliver)])
    assert len(forgotten) == times
    assert "limpieza falló: RuntimeError" in caplog.text
    assert "rosa" not in caplog.text


@pytest.mark.parametrize(("waiting", "times"), [(1, 1), (0, 3)])
@pytest.mark.django_db
def test_the_worker_leaves_a_scanner_alone_that_could_do_nothing(
    waiting: int, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, asked, ended = iter(range(3)), [], SimpleNamespace(is_set=lambda: False)
    ended.wait = lambda pause: None

    def scan() -> int:
        asked.append("once")
        return 0

    def deliver() -> int:
        if next(rounds) == 2:
            ended.is_set = lambda: True
        return 0

    monkeypatch.setattr(work, "Event", lambda: ended)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(work, "scan", scan)
    monkeypatch.setattr(work, "waiting", lambda: waiting)
    work.loop([work.Round("de archivos", work.look, rest=60), work.Round("de entrega", deliver)])
    assert len(asked) == times


@pytest.mark.django_db
def test_a_proposal_is_received_also_when_its_address_had_letters_enough() -> None:
    for _ in range(MOST_A_DAY):
        mailbox.write(to="rosa@example.org", subject="Ayer", body="x", at=NOON)
    proposal = a_proposal(email="rosa@example.org")
    assert proposal.case.code
    assert Letter.objects.count() == MOST_A_DAY


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("hour", [time(0, 30), time(21, 30)], ids=str)
def test_the_invented_town_is_built_at_whatever_hour(hour: time) -> None:
    """Also when it is another day elsewhere; and again a day later, which changes nothing."""
    at = timezone.make_aware(datetime.combine(timezone.localdate(), hour))
    demo(lambda: at)
    there = Entry.objects.count()
    demo(lambda: at + timedelta(days=1))
    assert Entry.objects.count() == there
