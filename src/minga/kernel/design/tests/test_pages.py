from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests.people import Person

ITEMS = [
    SimpleNamespace(label="Planes", url="/planes/", current=True),
    SimpleNamespace(label="Proponer", url="/proponer/", current=False),
]


def page(template: str, **context: Any) -> BeautifulSoup:
    return BeautifulSoup(render_to_string(template, context), "html.parser")


def title_of(shown: BeautifulSoup) -> str:
    assert shown.title
    return " ".join(shown.title.get_text().split())


def house(**changes: Any) -> SimpleNamespace:
    known = {"country": "Ecuador", "menu": ITEMS, "demo": True, "person": None, "version": "1"}
    desk = SimpleNamespace(label="Mesa de trabajo", url="/mesa/", current=False)
    known |= {"account": [desk], "unread": 0}
    return SimpleNamespace(**(known | changes))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_design_page_shows_each_component(client: Client) -> None:
    response = client.get(reverse("design:components"))
    shown = BeautifulSoup(response.content, "html.parser")
    assert len(shown.find_all("h1")) == 1
    ids = [part["id"] for part in shown.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for part in ("table", "timeline", "case-timeline", "facts", "filters", "list", "pages", "code"):
        assert shown.select(f".{part}"), part
    assert not shown.select("script, style, [style]")


@pytest.mark.slow
def test_the_design_page_opens(rosa: Person) -> None:
    rosa.opens(reverse("design:components"))
    rosa.sees("Las piezas con que se teje cada página")


def test_the_frame() -> None:
    shown = page("404.html", house=house())
    assert shown.select_one("html[lang=es]")
    assert shown.select("a")[0]["href"] == "#contenido"
    assert shown.select_one("main#contenido")
    assert [a["href"] for a in shown.select(".menu [aria-current=page]")] == ["/planes/"]
    assert title_of(shown) == "No encontramos esta página · Minga Ecuador"
    assert "Sitio de demostración" in shown.select("footer")[0].get_text()
    assert not shown.select(".crumbs, .aside, script")


@pytest.mark.parametrize(
    ("person", "words"),
    [(None, ["Entrar"]), (SimpleNamespace(name="Inés"), ["Inés", "Mesa de trabajo", "Salir"])],
)
def test_the_door(person: Any, words: list[str]) -> None:
    door = page("404.html", house=house(person=person)).select(".account li")
    assert [line.get_text(strip=True) for line in door] == words


def test_search_is_a_get_form_except_where_it_would_stand_twice() -> None:
    form = page("404.html", house=house()).select_one("form.search")
    assert form
    assert form["action"] == reverse("catalogue:search")
    assert form.get("method", "get") == "get"
    there = SimpleNamespace(path=reverse("catalogue:search"))
    assert not page("404.html", house=house(), request=there).select("form.search")


@pytest.mark.parametrize(
    "template", ["404.html", "403.html", "400.html", "500.html", "design/expired_form.html"]
)
def test_an_error_says_what_happened_without_any_context(template: str) -> None:
    shown = page(template)
    assert len(shown.select("h1")) == 1
    assert shown.select("main .lead")
    assert title_of(shown).endswith("· Minga")


def test_the_title_says_that_something_is_wrong() -> None:
    form = SimpleNamespace(is_bound=True, errors={"name": ["Falta."]})
    assert title_of(page("404.html", form=form)).startswith("Error: No encontramos")
