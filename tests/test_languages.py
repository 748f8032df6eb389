"""Pages in other languages: where they are, what they keep, and what they are said to be in."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from minga.kernel.cases.models import Case
from minga.kernel.design.reading import MARKS, WHOLE
from minga.kernel.identity import queries as identity
from minga.kernel.identity.actions import DEMO_PASSWORD
from minga.kernel.identity.models import Person
from minga.kernel.mailbox.models import Letter, Notice
from minga.kernel.public_service.queries.languages import languages
from tests.crawl import Visited, ines, signed_in, sure_of

SPANISH = re.compile(
    r"\b(el|la|los|las|del|que|para|una|con|por|desde|hasta|tu|y)\b", re.IGNORECASE
)
ENGLISH = re.compile(r"\b(the|of|your|and|with|for|from|until|this|what|you)\b", re.IGNORECASE)
PARTIAL = [code for code, _name in settings.LANGUAGES if code not in {*WHOLE, "es"}]


def language_of(text: NavigableString) -> str:
    said = text.find_parent(attrs={"lang": True})
    assert said
    return str(said["lang"])


def shown(page: BeautifulSoup) -> Iterator[NavigableString]:
    for text in page.find_all(string=True):
        hidden = {"script", "style", "title", "textarea"} & {tag.name for tag in text.parents}
        if type(text) is NavigableString and text.strip() and not hidden:
            yield text


def sample(visited: list[Visited]) -> dict[tuple[str, str], str]:
    """One page of each kind, as each reader has it."""
    return {(v.reader, v.name): v.path for v in visited if v.is_html and v.status == 200}


def in_language(code: str, visited: list[Visited]) -> Iterator[tuple[str, BeautifulSoup]]:
    clients = {"nadie": Client(), **signed_in()}
    for (reader, _name), path in sample(visited).items():
        if reader in clients:
            answer = clients[reader].get(f"/{code}{path}")
            if answer.status_code == 200:
                yield path, BeautifulSoup(answer.content, "html.parser")


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
def test_a_page_in_english_is_english_but_for_what_says_that_it_is_not(
    visited: list[Visited],
) -> None:
    faults: list[str] = []
    pages = 0
    for path, page in in_language("en", visited):
        pages += 1
        root = page.find("html")
        assert isinstance(root, Tag)
        assert root["lang"] == "en"
        assert not MARKS.search(str(page))
        for text in shown(page):
            if text.parent and text.parent.name == "code":
                continue  # what is typed is of no language
            wrong = {"en": SPANISH, "es": ENGLISH}.get(language_of(text))
            if wrong and wrong.search(text):
                faults.append(f"{path}: {language_of(text)}: {text.strip()[:80]}")
        for tag, name in [*((a, "href") for a in page.find_all("a")), *forms(page)]:
            place = urlsplit(str(tag.get(name, "")))
            local = place.path.startswith("/") and not place.netloc
            is_file = "." in place.path or tag.get("hreflang")
            if local and not is_file and not place.path.startswith("/en/"):
                faults.append(f"{path}: leads to {place.path}")
    assert pages > 40
    assert not faults, "\n".join(dict.fromkeys(faults))


def forms(page: BeautifulSoup) -> Iterator[tuple[Tag, str]]:
    yield from ((form, "action") for form in page.find_all("form", action=True))


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
@pytest.mark.parametrize("code", PARTIAL)
def test_what_was_translated_says_its_language_and_the_rest_stays_spanish(
    code: str, visited: list[Visited]
) -> None:
    [language] = [one for one in languages() if one.code == code]
    said = {word.strip(".:") for _spanish, word, _reviewed in language.words}
    client = Client()
    heard: set[str] = set()
    for name in ("home", "about"):
        page = page_of(client, f"/{code}{reverse(f'public_service:{name}')}")
        assert page.select_one("html[lang=es]")
        assert page.select_one(".tongue-notice a")
        for text in shown(page):
            words = " ".join(text.split()).strip(".:")
            assert (words in said) <= (language_of(text) == code), words
            if language_of(text) == code and not text.find_parent(attrs={"hreflang": True}):
                heard.add(words)
    assert heard
    assert heard <= said


def page_of(client: Client, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).content, "html.parser")


@pytest.mark.django_db
def test_only_the_address_decides_the_language() -> None:
    client = Client(headers={"accept-language": "en"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    spanish = client.get("/")
    assert b'<html lang="es">' in spanish.content
    english = Client().get("/en/")
    assert b'<html lang="en">' in english.content
    assert {spanish.get("Vary"), english["Vary"]} <= {None, "Accept-Encoding", "Cookie"}
    assert Client().get("/")["ETag"] != english["ETag"]
    for unknown in ("/fr/", "/es/", "/en/en/", "/en/nada/"):
        assert Client().get(unknown).status_code == 404
    assert Client().get("/en")["Location"] == "/en/"
    assert Client().get("/en/acerca")["Location"] == "/en/acerca/"


@pytest.mark.usefixtures("demo_world")
def test_a_page_leads_to_itself_in_each_language_and_asks_nothing_again() -> None:
    page = page_of(Client(), "/en/propuestas/?palabras=secreto")
    ways = {str(a["hreflang"]): str(a["href"]) for a in page.select(".tongues a")}
    assert ways["es"] == "/propuestas/"
    assert ways["en"] == "/en/propuestas/"
    assert {str(link["hreflang"]) for link in page.select("link[rel=alternate][hreflang]")} == {
        code for code, _name in settings.LANGUAGES
    }


@pytest.mark.usefixtures("demo_world")
def test_what_machines_read_is_the_same_in_every_language(visited: list[Visited]) -> None:
    files = {v.path for v in visited if v.reader == "nadie" and v.path.endswith((".csv", ".json"))}
    answers = {path: Client().get(path) for path in sorted(files)[:12]}
    there = {
        path: answer for path, answer in answers.items() if "html" not in answer["Content-Type"]
    }
    assert len(there) > 3
    for path, answer in there.items():
        assert answer.getvalue() == Client().get(f"/en{path}").getvalue()


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
def test_what_is_kept_is_of_no_language_and_letters_are_in_spanish() -> None:
    """Somebody signs in, sees a wrong form, and an official acts: all on English pages."""
    login = f"/en{reverse('account_login')}"
    client, who = Client(), {"login": "ines@demo.minga", "password": DEMO_PASSWORD}
    wrong = client.post(login, {**who, "password": "otra"})
    assert b'<html lang="en">' in wrong.content
    assert "Error:" in wrong.content.decode()
    letters = Letter.objects.count()
    answer = client.post(f"{login}?next=/mesa/tareas/", who)
    assert answer["Location"] == "/en/mesa/tareas/"
    assert Letter.objects.count() == letters + 1  # of a browser that nobody knew
    told = Letter.objects.order_by("-pk")[0]
    assert "otro equipo" in told.subject
    case = Case.objects.filter(assigned=ines().post, phase="in_progress")[0]
    tomas = identity.demo_members().get(person__email="tomas@demo.minga").post
    marta = sure_of(Person.objects.get(email="marta@demo.minga"))
    place = f"/en{reverse('public_service:assign', args=[case.pk])}"
    form = page_of(marta, place).select_one("main form[method=post]")
    assert isinstance(form, Tag)
    sent = {str(one["name"]): str(one.get("value", "")) for one in form.select("[type=hidden]")}
    sent["to"] = str(tomas.pk)
    notices = Notice.objects.count()
    assert marta.post(place, sent).status_code == 302
    assert Notice.objects.count() == notices + 1
    assert "caso nuevo" in Notice.objects.order_by("-pk")[0].title
    assert not list(kept_in_a_language())


def kept_in_a_language() -> Iterator[str]:
    """Rows with a mark of a translation, or with an address that has a language."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("minga.")]
    for model in ours:
        kinds = (models.CharField, models.TextField, models.JSONField)
        fields = [field.name for field in model._meta.fields if isinstance(field, kinds)]
        for row in model._base_manager.values_list(*fields) if fields else ():
            for value in map(str, row):
                if MARKS.search(value) or value.startswith(("/en/", "/qu/", "/ay/")):
                    yield f"{model.__name__}: {value[:80]}"
