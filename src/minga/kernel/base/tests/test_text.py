from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.base.text import Refusal, plain, refused, sort_key, unaccented

UNFIT = "\x00\x01\x07\x0b\x1f\x7f\x85\x9f\ud800\udfff\ufdd0\ufffe\uffff\u202a\u202e\u2066\u2069"
texts = st.text(f"aÁñn\u0303e\u0301 \t\r\n.0😀{UNFIT}", max_size=30)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\x00b", Refusal.NUL),
        ("a\x07b", Refusal.CONTROL),
        ("a\x85b", Refusal.CONTROL),
        ("a\x7fb", Refusal.CONTROL),
        ("a\ud800b", Refusal.CONTROL),
        ("a\uffffb", Refusal.CONTROL),
        ("a\u202eb", Refusal.DIRECTION),
        ("a\u2066b", Refusal.DIRECTION),
        ("\u202e\x00", Refusal.NUL),
    ],
)
def test_a_text_is_refused_by_name(text: str, reason: Refusal) -> None:
    assert refused(text) is reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ñandú, ¿qué tal?\n\tbien",
        "👩‍🌾",
        "Kichwa: ñawpa",
        "Aymara: q\u02bcipi",
        "שלום",
        "e\u0301",
    ],
)
def test_what_people_write_is_taken_as_it_is(text: str) -> None:
    assert refused(text) is None
    assert plain(text) == normalize("NFC", text)


@given(texts)
def test_a_plain_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    stored = plain(text)
    assert refused(stored) is None
    assert "\r" not in stored
    assert plain(stored) == stored == normalize("NFC", stored)
    stored.encode()


@given(texts)
def test_only_what_is_unfit_is_taken_away(text: str) -> None:
    kept = "".join(c for c in text.replace("\r", "\n") if c not in UNFIT)
    assert normalize("NFC", kept).replace("\n", "") == plain(text).replace("\n", "")


def test_every_end_of_line_is_one() -> None:
    assert plain("a\r\nb\rc\nd\n\re") == "a\nb\nc\nd\n\ne"


def test_an_index_is_sorted_as_in_a_spanish_dictionary() -> None:
    words = ["oso", "Ñandú", "nube", "Ñuñoa", "Águila", "nzeta", "agua", "nandú", "ágora"]
    assert sorted(words, key=sort_key) == [
        "ágora",
        "agua",
        "Águila",
        "nandú",
        "nube",
        "nzeta",
        "Ñandú",
        "Ñuñoa",
        "oso",
    ]


@given(texts)
def test_a_key_does_not_hang_on_how_the_accents_were_typed(text: str) -> None:
    clean = plain(text)
    assert sort_key(normalize("NFD", clean)) == sort_key(clean) == sort_key(clean.upper())


def test_marks_fall_off_and_signs_become_spaces() -> None:
    assert unaccented("¡Ñandú-2!") == " nandu 2 "
    assert sort_key("  «La   Paz»  ") == "la paz"
