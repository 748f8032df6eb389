import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.base.text import Refusal, plain, refused, sort_key


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Rosa Quispe\n\tOtavalo", None),
        ("ch'amani 🌽 \u200f", None),
        ("a\x00b", Refusal.NUL),
        ("a\x1bb", Refusal.CONTROL),
        ("a\ud800b", Refusal.CONTROL),
        ("pago\u202eoirartnoc", Refusal.DIRECTION),
        ("\u2066a", Refusal.DIRECTION),
    ],
)
def test_a_text_is_refused_for_a_reason(text: str, reason: Refusal | None) -> None:
    assert refused(text) is reason


@given(st.text(st.characters()))
def test_a_plain_text_can_be_stored_and_stays_as_it_is(text: str) -> None:
    assert refused(plain(text)) is None
    assert plain(plain(text)) == plain(text)
    plain(text).encode()


def test_what_is_composed_and_what_is_not_become_one() -> None:
    assert plain("comunicacio\u0301n\r\n") == "comunicación\n"


def test_names_stand_as_in_a_spanish_index() -> None:
    names = ["¿Agua?", "ambato", "Ámbito", "Año", "Apoyo", "Nuevo", "Ñandú", "Ocaña", "oca y luz"]
    assert sorted(names, key=sort_key) == [
        *("¿Agua?", "ambato", "Ámbito", "Año", "Apoyo"),
        *("Nuevo", "Ñandú", "oca y luz", "Ocaña"),
    ]


@given(st.text())
def test_a_sort_key_has_small_letters_and_digits_and_single_spaces(text: str) -> None:
    key = sort_key(text)
    assert key == key.strip()
    assert "  " not in key
    assert all(letter.isalnum() or letter == " " for letter in key)
