import pytest
from bs4 import BeautifulSoup
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from minga.kernel.cases.declaration import Conflict, DraftUnknown, Refused
from minga.kernel.design.menu import Audience, open_to

PROBLEMS = {
    "tarde": Conflict("123-456-789A", "En espera"),
    "negado": Refused("finish from done: secret reason"),
    "sin-borrador": DraftUnknown(),
}


@open_to(Audience.EVERYONE)
def act(request: HttpRequest, what: str) -> HttpResponse:
    raise PROBLEMS[what] if what in PROBLEMS else ValueError(what)


urlpatterns = [path("paso/<what>/", act), path("", include("minga.project.urls"))]


@pytest.fixture(autouse=True)
def tiny_house(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


def answer(what: str, typed: str = "") -> tuple[int, BeautifulSoup]:
    response = Client().post(f"/paso/{what}/", {"message": typed})
    return response.status_code, BeautifulSoup(response.content, "html.parser")


@pytest.mark.django_db
def test_who_comes_late_is_shown_what_stands_now_and_what_they_typed() -> None:
    status, page = answer("tarde", "Mi <b>respuesta</b>\nlarga")
    assert status == 409
    assert len(page.find_all("h1")) == 1
    assert "En espera" in page.get_text()
    quoted = page.find("blockquote")
    assert quoted
    assert "Mi <b>respuesta</b>" in quoted.get_text()
    assert page.find("a", href="/paso/tarde/")


@pytest.mark.django_db
def test_a_refusal_is_a_page_that_gives_nothing_away() -> None:
    status, page = answer("negado", "Lo que escribí")
    assert status == 409
    assert "Lo que escribí" in page.get_text()
    assert "secret" not in page.get_text()
    assert page.find("a", href="/paso/negado/")


@pytest.mark.django_db
def test_who_typed_nothing_is_quoted_nothing() -> None:
    assert answer("negado")[1].find("blockquote") is None


@pytest.mark.django_db
def test_a_draft_that_is_gone_is_not_found_and_says_so() -> None:
    status, page = answer("sin-borrador")
    assert status == 404
    assert "borrador" in page.get_text()


@pytest.mark.django_db
def test_any_other_mistake_is_nobodys_conflict() -> None:
    with pytest.raises(ValueError, match="otro"):
        answer("otro")
