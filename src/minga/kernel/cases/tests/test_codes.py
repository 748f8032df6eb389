import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.base import codes
from minga.kernel.cases import rules

bodies = st.text(codes.ALPHABET, min_size=rules.BODY, max_size=rules.BODY)
places = st.integers(0, rules.BODY)
gaps = st.lists(st.sampled_from(["", "", " ", "-", "\u2014", ".", "\t"]), min_size=11, max_size=11)


@given(bodies, gaps, st.booleans())
def test_a_code_is_understood_however_it_is_typed(body: str, gap: list[str], small: bool) -> None:
    code = rules.code(body)
    letters = code.replace("-", "").lower() if small else code.replace("-", "")
    typed = "".join(a + b for a, b in zip(gap, [*letters, ""], strict=True))
    assert rules.read_code(typed) == code
    assert rules.letters(typed) == code.replace("-", "")


@given(bodies, st.sampled_from("iIlL"))
def test_a_one_that_was_read_as_a_letter_is_understood(body: str, wrong: str) -> None:
    code = rules.code("1" + body[1:])
    assert rules.read_code(code.replace("1", wrong)) == code


@given(bodies, places, st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_caught(body: str, at: int, wrong: str) -> None:
    code = rules.code(body).replace("-", "")
    typed = code[:at] + wrong + code[at + 1 :]
    assert typed == code or rules.read_code(typed) is None


@given(bodies, st.integers(0, rules.BODY - 1))
def test_two_neighbours_swapped_are_caught(body: str, at: int) -> None:
    code = rules.code(body).replace("-", "")
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or rules.read_code(swapped) is None


@given(bodies, places)
def test_a_character_too_few_or_too_many_is_no_code(body: str, at: int) -> None:
    code = rules.code(body).replace("-", "")
    assert rules.letters(code[:at] + code[at + 1 :]) is None
    assert rules.letters(code[:at] + "7" + code[at:]) is None


@pytest.mark.parametrize(
    "text", ["", "---", "hola, ¿qué tal?", "000-000-0000", "ÑÑÑÑÑÑÑÑÑÑ", "\x00"]
)
def test_what_has_not_the_shape_of_a_code_is_none(text: str) -> None:
    assert rules.letters(text) is None
    assert rules.read_code(text) is None


def test_what_looks_like_a_code_but_was_mistyped_can_be_told_from_what_does_not() -> None:
    code = rules.code("123456789")
    mistyped = ("B" if code[0] == "A" else "A") + code[1:]
    assert rules.letters(mistyped)
    assert rules.read_code(mistyped) is None


def test_letters_that_look_alike_are_not_in_the_alphabet() -> None:
    assert len(codes.ALPHABET) == len(set(codes.ALPHABET)) == 31
    assert not set("0OILU") & set(codes.ALPHABET)


def test_new_codes_are_codes_and_not_the_same() -> None:
    codes = {rules.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(rules.read_code(code) == code for code in codes)


@given(bodies)
def test_a_code_said_aloud_is_written_down_again(body: str) -> None:
    code = rules.code(body)
    said = codes.spoken(code)
    assert "".join(part[0] for part in said) == code.replace("-", "")
    assert all(part == part[0] or part.split(" de ")[1][0] == part[0] for part in said)


def test_every_letter_has_one_word_of_its_own() -> None:
    letters = sorted(c for c in codes.ALPHABET if not c.isdigit())
    assert sorted(word[0] for word in codes.SPOKEN.split()) == letters
    assert codes.spoken("1A2") == ["1", "A de Ana", "2"]


@given(st.dictionaries(st.sampled_from("abc"), st.text("aáñ ")), st.text("01", min_size=4))
def test_a_seal_fits_its_own_words_and_salt_only(said: dict[str, str], salt: str) -> None:
    seal = rules.seal(salt, said)
    assert rules.seal(salt, dict(reversed(said.items()))) == seal
    assert rules.seal(salt + "0", said) != seal
    assert rules.seal(salt, said | {"d": ""}) != seal
    assert rules.seal(salt, {**said, "a": said.get("a", "") + "!"}) != seal


def test_a_salt_cannot_be_guessed() -> None:
    salts = {rules.new_salt() for _ in range(100)}
    assert len(salts) == 100
    assert {len(salt) for salt in salts} == {32}
