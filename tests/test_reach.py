"""What programs are told is what everybody may see, and nothing else."""

import json
from xml.etree.ElementTree import Element, fromstring

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from minga.kernel.catalogue import actions
from minga.kernel.catalogue.models import Record
from minga.kernel.design.templatetags.design import structured

pytestmark = pytest.mark.usefixtures("demo_world")
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def address(settings: Settings) -> None:
    settings.MINGA_ADDRESS = "https://minga.example"


def read(path: str) -> Element:
    return fromstring(Client().get(path).getvalue())  # noqa: S314  # we have just written it


def places(path: str) -> list[str]:
    return [str(place.text) for place in read(path).iter(f"{MAP}loc")]


def mapped() -> list[str]:
    parts = places("/sitemap.xml")
    return [page for part in parts for page in places(part.removeprefix("https://minga.example"))]


def news(query: str = "") -> dict[str, str]:
    entries = read(f"/novedades.atom{query}").iter(f"{ATOM}entry")
    return {str(e.findtext(f"{ATOM}title")): str(e.findtext(f"{ATOM}id")) for e in entries}


def test_what_became_public_is_news_and_on_the_map_until_it_is_hidden() -> None:
    actions.publish(
        type="cocreation.proposal",
        reference="x9",
        title="Riego & <b>agua</b>",
        text="",
        address="/propuestas/x/9/",
        demo=True,
        at=timezone.now(),
    )
    before = news()
    assert next(iter(before)) == "Riego & <b>agua</b>", "the newest stands first"
    assert "https://minga.example/propuestas/x/9/" in mapped()
    assert "Riego & <b>agua</b>" in news("?tipo=cocreation.proposal")
    assert "Riego & <b>agua</b>" not in news("?tipo=action_plans.commitment")
    actions.hide(type="cocreation.proposal", reference="x9")
    assert "Riego & <b>agua</b>" not in news()
    assert "https://minga.example/propuestas/x/9/" not in mapped()


def test_an_entry_keeps_its_name_when_it_is_said_anew() -> None:
    first = Record.objects.order_by("-published_at", "-pk")[0]
    name = news()[first.title]
    actions.publish(
        type=first.type,
        reference=first.reference,
        title="Otro título",
        text="",
        address=first.address,
        demo=first.demo,
        at=timezone.now(),
    )
    assert news()["Otro título"] == name


def test_news_of_a_type_that_nobody_knows_is_not_there() -> None:
    assert Client().get("/novedades.atom?tipo=nada").status_code == 404


@pytest.mark.slow
def test_every_page_on_the_map_is_there_once_and_open_to_all() -> None:
    pages = mapped()
    assert len(pages) == len(set(pages)) > Record.objects.count()
    own = [page for page in pages if "/ficha" not in page][:40]
    for page in own:
        answer = Client().get(page.removeprefix("https://minga.example"))
        assert answer.status_code == 200, page
        assert not answer.cookies


def test_robots_are_kept_from_what_a_code_opens() -> None:
    told = Client().get("/robots.txt").content.decode()
    assert "Disallow: /propuestas/seguir/" in told
    assert "Disallow: /mesa/" in told
    assert "Sitemap: https://minga.example/sitemap.xml" in told
    assert "Disallow: /\n" not in told
    assert "Disallow: /propuestas/\n" not in told


def test_a_page_says_what_it_is_to_programs() -> None:
    page = BeautifulSoup(Client().get("/").content, "html.parser")
    told = json.loads(str(page.select_one("script[type='application/ld+json']").string))  # type: ignore[union-attr]
    assert told["@type"] == "WebSite"
    assert told["potentialAction"]["target"]["urlTemplate"].endswith("/buscar/?q={words}")
    card = {str(m.get("property")): str(m["content"]) for m in page.select("meta[property]")}
    assert card["og:url"] == "https://minga.example/"
    assert card["og:title"] == page.title.string  # type: ignore[union-attr]
    assert card["og:image"].startswith("https://minga.example/static/")


def test_words_cannot_end_what_is_said_to_programs() -> None:
    said = structured({"name": "</script><script>alert(1)</script>&"})
    assert said.count("<") == 2
    inner = said.partition(">")[2].removesuffix("</script>")
    assert json.loads(inner)["name"] == "</script><script>alert(1)</script>&"
