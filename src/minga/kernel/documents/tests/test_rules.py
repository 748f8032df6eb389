import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.base.codes import ALPHABET
from minga.kernel.documents import rules

bodies = st.text(ALPHABET, min_size=rules.BODY, max_size=rules.BODY)
gaps = st.lists(st.sampled_from(["", "", " ", "-", "\u2014"]), min_size=14, max_size=14)


@given(bodies, gaps, st.booleans(), st.booleans())
def test_a_code_is_understood_however_it_is_typed(
    body: str, gap: list[str], small: bool, whole: bool
) -> None:
    code = rules.code(body)
    letters = code.replace("-", "")[0 if whole else 1 :]
    typed = "".join(a + b for a, b in zip(gap, [*letters, ""], strict=False))
    assert rules.read_code(typed.lower() if small else typed) == code


@given(bodies, st.integers(2, 15), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_caught(body: str, at: int, wrong: str) -> None:
    code = rules.code(body)
    typed = code[:at] + wrong + code[at + 1 :]
    assert typed == code or code[at] == "-" or rules.read_code(typed) is None


@pytest.mark.parametrize("text", ["", "D", "ABC-DEF-GHJK", "D-0000-0000-0000", "ñ" * 13, "\x00"])
def test_what_is_no_code_is_none(text: str) -> None:
    assert rules.letters(text) is None
    assert rules.read_code(text) is None


@given(bodies, st.binary(max_size=40), st.integers(1, 60))
def test_a_code_in_a_file_is_found_wherever_the_file_is_cut(
    body: str, before: bytes, size: int
) -> None:
    code = rules.code(body)
    file = before + b" /Keywords(" + code.encode() + b")/Creator"
    parts = [file[at : at + size] for at in range(0, len(file), size)]
    assert rules.printed_code(parts) == code


def test_a_code_with_a_wrong_check_digit_is_nobodys() -> None:
    wrong = "D-2222-2222-2222"
    assert rules.read_code(wrong) is None
    assert rules.printed_code([wrong.encode()]) is None


def test_what_is_printed_has_letters_for_it() -> None:
    text = "".join(map(chr, range(0x20000)))
    assert not rules.UNPRINTABLE.search(rules.printable(text))


def test_our_languages_are_printed_as_they_are_written() -> None:
    text = "Ñandú, K\u02bcichwa, p\u02bcunchay, ch\u2019ask\u2019a, Aymarä, «¿qué?» — 3 000 €…"
    assert rules.printable(text) == text
    assert rules.printable("a😀👍🏽b ابجد") == "a▯b ▯"
