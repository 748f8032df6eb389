"""What is seen of a house from outside: whether it answers, its figures, its log."""

import json
import logging
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from minga.kernel.cases.rules import new_code
from minga.project import health, logs, metrics, middleware, views

NUMBER = "abc-123"


@pytest.fixture
def log() -> Iterator[StringIO]:
    """What the installation writes with MINGA_LOGS=json."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Json())
    handler.addFilter(logs.Routes())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def counting(settings: Settings, tmp_path: Path) -> None:
    settings.MINGA_METRICS, settings.MINGA_METRICS_FOLDER = True, tmp_path


def lines(log: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.mark.django_db
def test_a_process_that_lives_says_so_without_a_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        answer = Client().get("/salud/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


@pytest.mark.django_db
def test_who_is_ready_says_what_it_stands_on_and_when_a_worker_was_here() -> None:
    health.told_at = 0.0
    health.note_round()
    told = Client().get("/salud/listo/").json()
    assert {told.pop("base"), told.pop("cache"), told.pop("archivos")} == {"bien"}
    assert told == {"segundos_desde_la_ronda": 0}


@pytest.mark.django_db
def test_who_stands_on_nothing_is_not_ready_and_says_no_words_of_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    health.wanted.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases'")
    answer = Client().get("/salud/listo/")
    assert (answer.status_code, answer.json()["base"]) == (503, "faltan migraciones")

    def fail(key: str) -> None:
        raise ConnectionError("redis://:secreto@cache.example")

    monkeypatch.setattr(cache, "get", fail)
    answer = Client().get("/salud/listo/")
    assert answer.json()["cache"] == "no contesta"
    assert "secreto" not in answer.content.decode()


@pytest.mark.django_db
def test_figures_are_for_this_machine_or_for_who_has_the_key(
    counting: None, settings: Settings
) -> None:
    code = new_code()
    Client().get(f"/propuestas/seguir/{code}/")
    told = views.figures(asked()).content.decode()
    assert 'minga_requests_total{route="/propuestas/seguir/<str:code>/",status="404"}' in told
    assert "minga_letters_due 0.0" in told
    assert code not in told
    through = {"x-forwarded-for": "203.0.113.5"}
    assert not answered(asked(headers=through))
    assert not answered(asked(REMOTE_ADDR="203.0.113.5"))
    settings.MINGA_METRICS_TOKEN = "a key of ours"  # noqa: S105  # of nothing
    for key, knows in (("a key of ours", True), ("another", False), ("", False)):
        given = {**through, "authorization": f"Bearer {key}"}
        assert answered(asked(headers=given)) == knows


def asked(**how: Any) -> HttpRequest:
    return RequestFactory().get("/metricas/", **how)


def answered(request: HttpRequest) -> bool:
    try:
        return views.figures(request).status_code == 200
    except Http404:
        return False


@pytest.mark.django_db
def test_a_house_that_gives_no_figures_counts_nothing(settings: Settings, tmp_path: Path) -> None:
    settings.MINGA_METRICS_FOLDER = tmp_path / "none"
    assert Client().get("/metricas/").status_code == 404
    assert not (tmp_path / "none").exists()


@pytest.mark.django_db
def test_a_line_of_the_log_stays_one_and_names_no_address(log: StringIO) -> None:
    code = new_code()
    for path in (f"ñ\n{code}", f'{code}"}}\r\n{{"level": "INFO', f"\u2028{code}"):
        answer = Client().get(f"/nada/{quote(path)}/", headers={"x-request-id": NUMBER})
        assert answer["X-Request-ID"] == NUMBER
    found = [line for line in lines(log) if line["logger"] == "django.request"]
    assert [line["message"] for line in found] == ["Not Found: (sin ruta)"] * 3
    assert {line["request"] for line in found} == {NUMBER}
    assert code not in log.getvalue()


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\nb", 'a"b', "ñ"])
def test_a_number_of_a_request_that_is_something_else_is_not_passed_on(given: str) -> None:
    assert middleware.numbered(given) != given
    assert middleware.NUMBER.fullmatch(middleware.numbered(given))


@pytest.mark.django_db
def test_what_was_slow_is_told_with_its_route_and_its_statements(
    log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "SLOW", 0.0)
    Client().get(f"/propuestas/seguir/{new_code()}/")
    [line] = [line for line in lines(log) if line["logger"] == "minga.requests"]
    assert (line["route"], line["status"]) == ("/propuestas/seguir/<str:code>/", 404)
    assert isinstance(line["statements"], int)
    assert line["statements"] > 0


def test_what_broke_is_told_by_its_kind_in_one_line(log: StringIO) -> None:
    words = "Rosa dijo:\nesto"
    try:
        raise ValueError(words)
    except ValueError:
        logging.getLogger("minga.test").exception("broke")
    [line] = lines(log)
    assert "builtins.ValueError" in str(line["problem"])
    assert "Rosa" not in log.getvalue()


def test_figures_of_processes_that_are_gone_begin_anew(settings: Settings, tmp_path: Path) -> None:
    settings.MINGA_METRICS_FOLDER = tmp_path / "metrics"
    settings.MINGA_METRICS_FOLDER.mkdir()
    metrics.forget()
    assert not settings.MINGA_METRICS_FOLDER.exists()
