from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from minga.kernel.base.text import plain
from minga.kernel.catalogue import actions, queries, rules
from minga.kernel.catalogue.models import Record

from .build import NOON, a_record

pytestmark = pytest.mark.usefixtures("nothing_public")

ALIKE = [
    "información informacion INFORMACIONES",
    "ciudad ciudades Ciudad",
    "gobierno gobiernos",
    "luz luces",
    "raíz raices",
    "interés interes intereses",
    "joven jóvenes jovenes",
    "país paises",
    "trámite tramites",
    "año AÑOS anos",
    "dólar dólares",
    "vía vías via",
    "avance avances",
    "rendición rendiciones",
    "ley leyes",
]
HOSTILE = [
    *(
        '"',
        "'",
        '"agua',
        "agua*",
        "*",
        "agua AND",
        "NEAR(agua luz)",
        "NOT agua",
        "agua OR",
        "^agua",
    ),
    *("agua:*", "roots:agua", "{roots}:agua", "'agua' & !", "\\", "%", "_", "--", ";", "$1", "%s"),
    *("\x00", "a\x00b", "agua\x00", "\u202eagua\u2066", "\u200f", "🌽", "🌽 agua", "\ud800"),
    *("de la los", "a" * 10_000, "agua " * 2_000, "=test.thing", "½ ² ㎡ ﷺ", "c" * 41 + "es"),
]


def found(words: str) -> list[str]:
    return [hit.record.title for hit in queries.search(words).hits]


@pytest.mark.parametrize("alike", ALIKE)
def test_accents_capitals_and_plurals_do_not_matter(alike: str) -> None:
    words = alike.split()
    for word in words:
        a_record(word)
    for word in words:
        assert queries.search(word).count == len(words), word


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_is_typed_has_an_answer(words: str) -> None:
    a_record(words, words)
    queries.search(words)
    queries.search(words, types=[words, "test.thing"])


typed = st.text(max_size=30).map(plain)


@settings(max_examples=20)
@given(typed, typed)
def test_both_engines_find_what_the_rules_say(text: str, words: str) -> None:
    Record.objects.all().delete()
    record = a_record(text, words)
    for asked in (text, words, text[:3]):
        wanted = rules.asked(asked)
        stored = record.roots.split()
        meant = [
            any(root == r or (rules.is_beginning(r) and root.startswith(r)) for root in stored)
            for r in wanted
        ]
        assert queries.search(asked).count == (bool(wanted) and all(meant))


def test_kichwa_and_aymara_words_are_found_by_their_beginning() -> None:
    for title in ("Llaktakunapa kawsay", "Ch'amani utanaka", "Ch\u2019amani"):
        a_record(title)
    assert found("llakta") == ["Llaktakunapa kawsay"]
    assert found("uta") == ["Ch'amani utanaka"]
    assert found("chamani") == found("ch'ama") == ["Ch\u2019amani", "Ch'amani utanaka"]


def test_all_words_must_be_there_and_short_ones_are_whole() -> None:
    a_record("Agua y luz", "para el barrio 12")
    a_record("Agua", "barrio 123")
    assert found("luz del agua") == ["Agua y luz"]
    assert found("barrio 12") == ["Agua y luz"]
    assert found("barrio 123") == ["Agua"]


def test_titles_come_first_and_then_the_newest() -> None:
    for title, text in [("Plan", "agua"), ("Aguas", ""), ("Luz", "agua"), ("Aguacate", "")]:
        a_record(title, text)
    assert found("agua") == ["Aguas", "Aguacate", "Luz", "Plan"]


def test_a_type_narrows_and_an_unknown_one_finds_nothing() -> None:
    a_record("Agua", type="test.thing")
    a_record("Agua", type="test.other_thing")
    a_record("Agua", type="test.thing2")
    assert queries.search("agua").count == 3
    assert queries.search("agua", types=["test.thing"]).count == 1
    assert queries.search("agua", types=["test.thing", "test.other_thing"]).count == 2
    assert queries.search("agua", types=["test"]).count == 0
    assert queries.search("thing").count == 0


def test_words_are_marked_where_they_stand_and_the_rest_is_escaped() -> None:
    text = "<b>Uno</b> " + "y otra cosa más " * 40 + "sobre LA CIUDAD & sus «ciudadanías» <i>"
    a_record("Ciudades <script>", text)
    (hit,) = queries.search("ciudades").hits
    assert hit.title == "<mark>Ciudades</mark> &lt;script&gt;"
    assert "<mark>CIUDAD</mark> &amp; sus «<mark>ciudadanías</mark>» &lt;i&gt;" in hit.snippet
    assert hit.snippet.startswith("… ")
    assert len(hit.snippet) < 2 * rules.SNIPPET


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_marking_changes_no_letter(text: str, wanted: list[str]) -> None:
    assert "".join(part for part, _ in rules.marked(text, wanted)) == text


def test_counting_stops_at_a_thousand_and_takes_two_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    last = Record(type="test.thing", title="Agua", address="/", demo=False, published_at=NOON)
    last.roots = rules.all_roots(last.type, last.title, "")
    Record.objects.bulk_create(
        Record(
            **{f.name: getattr(last, f.name) for f in Record._meta.fields if f.name != "id"}
            | {"reference": str(n), "published_at": NOON + timedelta(days=n)}
        )
        for n in range(queries.MOST + 5)
    )
    with django_assert_num_queries(2):
        many = queries.search("agua", limit=5, offset=5)
    assert (many.count, many.is_more, len(many.hits)) == (queries.MOST, True, 5)
    assert many.hits[0].record.published_at > many.hits[4].record.published_at
    assert queries.search("agua", offset=queries.MOST).hits == []
    with django_assert_num_queries(0):
        queries.search("de la")


def test_the_search_is_made_anew_after_its_table_was_rebuilt() -> None:
    a_record("Agua")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER catalogue_search_update")
            cursor.execute("UPDATE catalogue_record SET roots = 'luz'")
    actions.prepare_search()
    actions.prepare_search()
    assert queries.search("luz" if connection.vendor == "sqlite" else "agua").count == 1
