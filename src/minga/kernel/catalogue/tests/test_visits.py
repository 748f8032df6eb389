"""Pages are counted, not people; on every page that is answered, out of the cache too."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import DjangoAssertNumQueries, Settings

from minga.kernel.catalogue import actions, queries
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.catalogue.models import Visit
from minga.kernel.design.menu import Audience, open_to

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
NOON = 1_795_622_400.0  # 2026-11-25, 12:00 in Ecuador is still to come: 16:00 in London
LATER = NOON + 180


@open_to(Audience.EVERYONE)
@public_page
def kept(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse("<p>hola</p>")


@open_to(Audience.EVERYONE)
def made(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>hola</p>")


@open_to(Audience.APPLICANT)
def own(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>hola</p>")


urlpatterns = [path("a/<slug:code>/", kept), path("b/", made), path("c/", own), path("d.png", made)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.MINGA_VISITS = tmp_path / "visits"
    actions.close_book()
    yield settings.MINGA_VISITS
    actions.close_book()


def counted() -> dict[str, int]:
    actions.count_visits(at=2**40)
    return dict(Visit.objects.values_list("page", "count"))


def test_a_page_is_counted_without_what_fills_its_address(
    client: Client, folder: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/a/secreto/")
    with django_assert_num_queries(1):  # the stamp; nothing is asked for the count
        client.get("/a/secreto/")
    client.get("/a/otra/", HTTP_USER_AGENT="un navegador", HTTP_REFERER="http://de.aqui/")
    client.get("/b/")
    said = "".join(file.read_text() for file in folder.iterdir())
    assert not [word for word in ("secreto", "otra", "navegador", "aqui", "127.0") if word in said]
    assert counted() == {"/a/…/": 3, "/b/": 1}


def test_what_is_not_for_everybody_or_no_page_is_not_counted(client: Client) -> None:
    client.get("/c/")
    client.get("/d.png")
    client.head("/b/")
    assert counted() == {}


def test_a_minute_that_still_goes_on_waits_and_nothing_counts_twice() -> None:
    actions.note_visit(page="/b/", at=NOON)
    assert actions.count_visits(at=NOON + 59) == 0
    assert actions.count_visits(at=LATER) == 1
    assert actions.count_visits(at=LATER) == 0
    actions.note_visit(page="/b/", at=LATER)
    actions.count_visits(at=LATER + 180)
    assert list(Visit.objects.values_list("page", "count")) == [("/b/", 2)]


def test_the_day_is_the_one_of_the_legal_zone() -> None:
    late = NOON + 12 * 3600  # four in the morning in London
    actions.note_visit(page="/b/", at=late)
    actions.count_visits(at=late + 180)
    assert Visit.objects.get().day == date(2026, 11, 25)


def test_a_disk_that_takes_nothing_keeps_nobody_from_their_page(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MINGA_VISITS = tmp_path / "a file"
    settings.MINGA_VISITS.write_text("no folder")
    assert client.get("/b/").status_code == 200


def test_months_and_pages_are_added_up() -> None:
    days = {(date(2026, 10, 31), "/b/"): 2, (date(2026, 11, 1), "/b/"): 3}
    actions.add_visits(counted={**days, (date(2026, 11, 30), "/a/…/"): 4})
    assert queries.use_by_month() == [
        queries.Use(date(2026, 11, 1), 7),
        queries.Use(date(2026, 10, 1), 2),
    ]
    assert queries.pages_opened(date(2026, 11, 1)) == [("/a/…/", 4), ("/b/", 3)]
