from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from minga.kernel.identity.models import Organisation, Person, Post
from minga.kernel.mailbox.models import Letter, Notice, Task
from minga.services.institutions import actions, rules
from minga.services.institutions.tests.build import BY, DAY, a_body, a_post, in_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> Organisation:
    return a_body()


@pytest.fixture
def marta(body: Organisation) -> Person:
    return in_post(a_post(body, "Jefatura", administers=True), "marta")


def now(post: Post) -> int:
    return Post.objects.get(pk=post.pk).rev


def appointed(post: Post, name: str, since: date = DAY, instead: bool = False) -> Person:
    told: dict[str, Any] = {
        "email": f"{name}@prueba.minga",
        "name": name,
        "since": since,
        "act": "Acción 1",
    }
    return actions.appoint(post=post, rev=now(post), instead=instead, **told, **BY)


def told_to() -> list[str]:
    return sorted(Notice.objects.values_list("person__name", flat=True))


def owed() -> list[str]:
    open_tasks = Task.objects.filter(kind=rules.VACANT, done_at=None)
    return list(open_tasks.values_list("post__title", flat=True))


def test_whoever_comes_leaves_and_administers_is_told_once(
    body: Organisation, marta: Person
) -> None:
    post = a_post(body)
    appointed(post, "luz")
    assert told_to() == ["luz", "marta"]
    welcome = Letter.objects.get(to="luz@prueba.minga")
    assert reverse("account_reset_password") in welcome.body
    Notice.objects.all().delete()
    appointed(post, "tomas", DAY + timedelta(days=9), instead=True)
    assert told_to() == ["luz", "marta", "tomas"]
    assert "luz lo ocupa hasta el día anterior" in Notice.objects.filter(person=marta)[0].body


def test_a_post_without_a_holder_is_a_task_of_whoever_administers(
    body: Organisation, marta: Person
) -> None:
    post = a_post(body)
    assert owed() == ["Jefatura"]
    appointed(post, "luz")
    assert owed() == []
    actions.leave(post=post, last_day=DAY, rev=now(post), **BY)
    assert owed() == ["Jefatura"]
    actions.undo(thing=post, rev=now(post), **BY)
    assert owed() == []


def test_an_institution_is_found_by_what_it_is_called_now(body: Organisation) -> None:
    told: dict[str, Any] = {"said": {"name": "Alcaldía inventada"}, "parent": None}
    actions.change(organisation=body, rev=body.rev, **told, **BY)
    page = Client().get(reverse("catalogue:search"), {"q": "alcaldía inventada"})
    assert reverse("institutions:institution", args=[body.key]) in page.content.decode()


def test_a_lost_race_is_told_and_gives_back_what_was_typed(
    body: Organisation, marta: Person
) -> None:
    reader = Client()
    reader.force_login(marta)
    place = reverse("institutions:change", args=[body.key])
    said: dict[str, Any] = {"name": "Lo que yo escribí", "source": "Ordenanza 9", "rev": body.rev}
    other: dict[str, Any] = {"said": {"name": "Lo de otra persona"}, "parent": None}
    actions.change(organisation=body, rev=body.rev, **other, **BY)
    answer = reader.post(place, said)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mientras escribías, otra persona cambió esto." in page
    assert "Lo de otra persona" in page
    assert "Lo que yo escribí" in page
    again = Organisation.objects.get(pk=body.pk).rev
    assert f'name="rev" value="{again}"' in page
    assert reader.post(place, {**said, "rev": again}).status_code == 302


def test_an_administrator_makes_no_steward(body: Organisation, marta: Person) -> None:
    reader, post = Client(), a_post(body)
    reader.force_login(marta)
    place = reverse("institutions:change_post", args=[body.key, post.pk])
    said: dict[str, Any] = {
        "title": "Analista",
        "stewards": "on",
        "administers": "on",
        "rev": post.rev,
    }
    assert reader.post(place, said).status_code == 302
    changed = Post.objects.get(pk=post.pk)
    assert (changed.administers, changed.stewards) == (True, False)
    steward = a_post(body, "Registro", stewards=True)
    for page in ("post", "appoint", "leave", "change_post", "post_history"):
        here = reverse(f"institutions:{page}", args=[body.key, steward.pk])
        assert reader.get(here).status_code == 404


def test_a_list_of_three_asks_what_a_list_of_one_asks(body: Organisation, marta: Person) -> None:
    reader, asked = Client(), []
    reader.force_login(marta)
    for name in ("uno", "dos", "tres"):
        appointed(a_post(body, name), name)
        with CaptureQueriesContext(connection) as told:
            reader.get(reverse("institutions:run", args=[body.key]))
        asked.append(len(told))
    assert len(set(asked)) == 1


@pytest.mark.parametrize(
    "query", [{"nivel": "nada"}, {"sector": "x" * 300}, {"buscar": "%_\x00"}, {"pagina": "x.y"}]
)
def test_a_strange_question_is_an_ordinary_page(query: dict[str, str]) -> None:
    answer = Client().get(f"{reverse('institutions:institutions')}?{urlencode(query)}")
    assert answer.status_code == 200
