"""The menu of whoever is signed in: what their posts open, and nothing else."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from minga.kernel.design.menu import Audience, MenuItem
from minga.kernel.identity.models import Organisation, Person, Post
from minga.kernel.public_service import queries
from minga.kernel.public_service.declaration import PublicService, services

SPACE, DESK = "Mi espacio", "Mesa de trabajo"
FEW = (Audience.PERSON, Audience.OFFICIAL, Audience.ADMINISTRATOR, Audience.STEWARD)


@pytest.fixture(autouse=True)
def offers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that brings something for each audience stands in the house."""
    items = [
        MenuItem(label=audience.value, url_name="public_service:about", audience=audience)
        for audience in FEW
    ]
    brings = PublicService(key="offers", name="", summary="", path="", menu=items)
    monkeypatch.setitem(services._items, "offers", brings)


def a_post(**duties: bool) -> Post:
    return Post(organisation=Organisation(name="X"), title="Analista", **duties)


def words(*posts: Post) -> list[str]:
    return [str(place.label) for place in queries.account("/", posts)]


def test_each_sees_what_is_theirs() -> None:
    assert words() == [SPACE, "person"]
    assert words(a_post()) == [SPACE, "person", DESK, "official"]
    administers = words(a_post(administers=True))
    assert administers == [*words(a_post()), "Administrar el registro", "administrator"]
    assert words(a_post(stewards=True)) == [*words(a_post(administers=True)), "steward"]
    assert words(a_post(), a_post(administers=True)) == words(a_post(administers=True))


def test_nobody_else_is_shown_any_of_it() -> None:
    shown = {str(place.label) for place in queries.menu("/")}
    assert shown.isdisjoint({*FEW, SPACE, DESK})


def test_the_reader_is_where_the_address_says() -> None:
    here = [place.label for place in queries.account("/mi-espacio/avisos/", []) if place.current]
    assert here == [SPACE]


@pytest.mark.django_db
def test_nobody_signed_in_costs_nothing_and_somebody_two_statements() -> None:
    path, reader = "/acerca/", Client()
    reader.force_login(Person.objects.create_user("rosa@example.org", name="Rosa"))
    asked = []
    for client in (Client(), reader):
        with CaptureQueriesContext(connection) as told:
            assert client.get(path).status_code == 200
        asked.append([q["sql"] for q in told.captured_queries if "publication" not in q["sql"]])
    assert asked[0] == []
    assert len(asked[1]) == 4  # session, person, posts, unread notices
