import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from minga.kernel.catalogue import queries
from minga.kernel.catalogue.declaration import RecordType, Shortcut, record_types, shortcuts

from .build import a_record

pytestmark = pytest.mark.usefixtures("nothing_public")


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_types, "_items", dict(record_types._items))
    monkeypatch.setattr(shortcuts, "_items", dict(shortcuts._items))
    record_types.add(
        RecordType(
            key="test.thing", label="Cosa de prueba", page="catalogue:search", public=lambda: ()
        )
    )


def search(**asked: str) -> BeautifulSoup:
    answer = Client().get(reverse("catalogue:search"), asked)
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"].startswith("public")
    return BeautifulSoup(answer.content, "html.parser")


def main(page: BeautifulSoup) -> str:
    return " ".join(page.select_one("main").get_text(" ").split())  # type: ignore[union-attr]


def test_the_empty_page_asks() -> None:
    page = search()
    assert len(page.find_all("h1")) == 1
    assert page.select("main input[name=q]")
    assert "Cosa de prueba" in [option.text for option in page.select("select option")]


def test_what_is_found_leads_to_its_page_with_its_words_marked() -> None:
    record = a_record("Presupuesto abierto", "Para todas las <b>ciudades</b>.")
    a_record("Otra ciudad", type="test.unknown")
    page = search(q="CIUDÁD", tipo="test.thing")
    assert [link["href"] for link in page.select(".list a")] == [record.address]
    assert [mark.text for mark in page.select(".list mark")] == ["ciudades"]
    assert "1 resultado" in main(page)
    assert "Cosa de prueba" in main(page)
    assert page.select("option[selected][value='test.thing']")


@pytest.mark.parametrize(
    "words", ["zzz", "de la", "\x00", "\u202e'\"<script>*", "NEAR(", "a" * 9_000, "🌽"]
)
def test_nothing_found_says_so(words: str) -> None:
    page = search(q=words, tipo="unknown", pagina="\u202e")
    assert "No encontramos nada" in main(page) or "\x00" in words
    assert not page.select("main script")


def test_a_code_leads_straight_to_what_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    shortcuts.add(
        Shortcut(key="test", find=lambda words: ("Caso", "/x/") if words == "s3cr3t" else None)
    )
    a_record("s3cr3t0")
    assert "¿Buscas" not in main(search(q="s3cr3"))
    monkeypatch.setattr(queries, "search", None)
    client = Client()
    for asked in ({"q": "s3cr3t"}, {"q": " s3cr3t\n", "tipo": "test.thing", "pagina": "2"}):
        answer = client.get(reverse("catalogue:search"), asked)
        read = BeautifulSoup(answer.content, "html.parser")
        assert "¿Buscas este código? Caso" in main(read)
        assert "No encontramos nada" not in main(read)
        assert b"s3cr3t" not in answer.content
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "strict-origin"
        assert "ETag" not in answer


def test_a_page_that_is_missing_sends_codes_to_the_menu_and_not_to_the_search_box() -> None:
    answer = Client().get("/no-hay/")
    assert answer.status_code == 404
    read = BeautifulSoup(answer.content, "html.parser")
    [said] = [item.text for item in read.select("main li") if "código" in item.text]
    assert "no lo escribas en el buscador" in said
    way = said.partition("«")[2].partition("»")[0]
    assert way in [link.get_text(strip=True) for link in read.select("header a")]


def test_pages_are_walked_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 45)
    for _ in range(47):
        a_record("Agua")
    seen: set[str] = set()
    page = search(q="agua")
    assert "Más de 1.000 resultados" in main(page)
    for length in (20, 20, 5):
        links = {str(link["href"]) for link in page.select(".list a")}
        assert len(links - seen) == length
        seen |= links
        if following := page.select_one("a[rel=next]"):
            page = BeautifulSoup(
                Client().get(f"/buscar/{following['href']}").content, "html.parser"
            )
    assert not page.select("a[rel=next]")
    beyond = search(q="agua", pagina="900")
    assert beyond.select("a[rel=prev]")[0]["href"] == "?q=agua&pagina=3"
    assert search(q="agua", pagina="0").select(".list li")
