from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone

from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import posts
from minga.kernel.identity.models import Membership, Person
from minga.kernel.identity.tests.build import INES, PASSWORD, a_post, an_official


def silent(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nadie dijo para quién")


@open_to(Audience.EVERYONE)
def square(request: HttpRequest) -> HttpResponse:
    return HttpResponse("plaza")


@open_to(Audience.APPLICANT)
def errand(request: HttpRequest) -> HttpResponse:
    return HttpResponse("encargo")


@open_to(Audience.OFFICIAL)
def counter(request: HttpRequest) -> HttpResponse:
    return HttpResponse(", ".join(map(str, posts(request))))


urlpatterns = [
    path("silencio/", silent),
    path("plaza/", square),
    path("encargo/", errand),
    path("ventanilla/", counter),
    path("", include("minga.project.urls")),
]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tiny_house")]


@pytest.fixture
def tiny_house() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_view_that_says_nothing_of_its_audience_is_closed_to_all() -> None:
    official = an_official(since=timezone.localdate())
    assert Client().get("/silencio/").status_code == 403
    assert signed_in(official).get("/silencio/").status_code == 403


def test_what_is_open_to_all_opens_to_nobody_in_particular() -> None:
    assert Client().get("/plaza/").status_code == 200
    assert Client().get("/encargo/").status_code == 200


def test_who_is_not_signed_in_is_sent_to_the_door_and_back() -> None:
    response = Client().get("/ventanilla/?ver=todo")
    assert response.status_code == 302
    assert response["Location"] == "/cuenta/entrar/?next=/ventanilla/%3Fver%3Dtodo"


def test_whose_session_ended_while_writing_gets_the_words_back() -> None:
    response = Client().post("/ventanilla/", {"message": "Una respuesta ya escrita."})
    assert response.status_code == 403
    page = response.content.decode()
    assert "Tu sesión terminó" in page
    assert "Una respuesta ya escrita." in page
    assert "/cuenta/entrar/?next=/ventanilla/" in page


def test_who_holds_no_post_today_is_refused() -> None:
    today = timezone.localdate()
    ines = an_official(since=today + timedelta(days=1))
    assert signed_in(ines).get("/ventanilla/").status_code == 403
    yesterday = today - timedelta(days=1)
    Membership.objects.update(starts_on=yesterday, ends_on=yesterday)
    assert signed_in(ines).get("/ventanilla/").status_code == 403


def test_an_official_acts_in_the_posts_held_today() -> None:
    today = timezone.localdate()
    ines = an_official(since=today)
    an_official(post=a_post("Alcaldesa"), since=today + timedelta(days=1))
    assert signed_in(ines).get("/ventanilla/").content.decode() == "Analista"
    Membership.objects.update(starts_on=today)
    assert signed_in(ines).get("/ventanilla/").content.decode() == "Analista, Alcaldesa"


def test_who_was_put_out_is_not_signed_in_any_more() -> None:
    ines = an_official(since=timezone.localdate())
    client = signed_in(ines)
    assert client.get("/ventanilla/").status_code == 200
    Person.objects.update(is_active=False)
    assert client.get("/ventanilla/").status_code == 302


@pytest.mark.parametrize("typed", [INES, INES.upper()])
@pytest.mark.parametrize("entered", [INES, INES.title()])
def test_an_official_comes_in_however_the_address_is_typed(entered: str, typed: str) -> None:
    an_official(email=entered, since=timezone.localdate())
    client = Client()
    wrong = client.post("/cuenta/entrar/", {"login": typed, "password": "otra"})
    assert wrong.status_code == 200
    there = client.post("/cuenta/entrar/", {"login": typed, "password": PASSWORD})
    assert there.status_code == 302
    assert client.get("/ventanilla/").content.decode() == "Analista"


def test_nobody_enters_themselves() -> None:
    typed = {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/cuenta/registro/", typed)
    assert not Person.objects.exists()


def test_signing_in_and_reading_writes_nothing_about_the_person() -> None:
    ines = an_official(since=timezone.localdate())
    before = Person.objects.values().get()
    client = signed_in(ines)
    client.get("/ventanilla/")
    assert Person.objects.values().get() == before
