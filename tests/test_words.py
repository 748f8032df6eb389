"""The catalogues: whole, like the pages, and nothing put into them twice."""

import pytest
from babel.messages.catalog import Message
from django.conf import settings

from minga.project.commands import _words as words
from minga.project.commands._compiled import compile_words


def test_no_catalogue_would_break_a_page() -> None:
    assert not list(words.faults())


@pytest.mark.parametrize(
    ("spanish", "said", "right"),
    [
        ("Hasta %(n)s", "Until %(n)s", True),
        ("Hasta %(n)s", "Until", False),
        ("{a} y {b}", "{b} and {a}", True),
        ("<b>No</b> se pudo", "It failed", False),
        (" de", "of", False),
    ],
)
def test_a_translation_has_the_gaps_and_tags_of_the_spanish(
    spanish: str, said: str, right: bool
) -> None:
    assert (not list(words.unlike(Message(spanish, said)))) is right


def test_a_country_says_a_word_its_own_way_and_a_page_is_never_without_one() -> None:
    home = words.MINGA / "jurisdictions" / "bolivia"
    own = words.said_by(home, words.SOURCE)
    assert own["Cantón", None].string == "Municipio"
    assert own.keys() <= words.everything(words.rooms()).keys()


def test_compiling_again_writes_nothing() -> None:
    made = [page.stat().st_mtime_ns for page in settings.LOCALE_PATHS[0].rglob("*.*")]
    compile_words()
    assert made
    assert made == [page.stat().st_mtime_ns for page in settings.LOCALE_PATHS[0].rglob("*.*")]
