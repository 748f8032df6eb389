"""Pages in other languages: where they are, what they keep, and what they are said to be in."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.urls import reverse

from minga.kernel.catalogue.middleware import PublicPageCache
from minga.kernel.design.rules import CLOSE, MARKS, OPEN, WHOLE
from minga.kernel.public_service.queries.languages import languages
from tests.crawl import Visited, signed_in

SPANISH = re.compile(r"\b(el|la|los|las|del|que|para|una|con|por|desde|hasta|tu|y)\b", re.IGNORECASE)
ENGLISH = re.compile(r"\b(the|of|your|and|with|for|from|until|this|what|you)\b", re.IGNORECASE)
PARTIAL = [code for code, _name in settings.LANGUAGES if code not in {*WHOLE, "es"}]
pytestmark = pytest.mark.django_db


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
    faults, pages = [], 0
    for path, page in in_language("en", visited):
        pages += 1
        root = page.find("html")
        assert isinstance(root, Tag)
        assert root["lang"] == "en"
        assert not MARKS.search(str(page))
        for text in shown(page):
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
