import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.base.text import refused
from minga.kernel.forms.forms import SaidField

MEGABYTE = 1024 * 1024


class Story(forms.Form):
    title = SaidField(max_length=10)
    story = SaidField(lines=True, required=False, min_length=5, max_length=3000)


def typed(title: str = "Título", story: str = "") -> Story:
    return Story({"title": title, "story": story})


def problem(form: Story) -> str:
    """The one sentence of the form, as it is read."""
    [[sentence]] = form.errors.values()
    return str(sentence)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a\x00b", "NUL"),
        ("a\x07b", "invisible"),
        ("a\x1bb", "invisible"),
        ("a\x85b", "invisible"),
        ("a\u202eb", "sentido de la lectura"),
        ("a\u2067b", "sentido de la lectura"),
    ],
)
def test_what_could_deceive_is_refused_by_name(text: str, word: str) -> None:
    assert word in problem(typed(text))
    assert word in problem(typed(story=text * 10))


@given(st.text("a\x00\x01\x08\x0b\x1f\x7f\x9f\u202d\u2068\ufffe", min_size=1, max_size=9))
def test_nothing_unfit_comes_through(text: str) -> None:
    form = typed(text)
    assert form.is_valid() == (set(text) == {"a"})
    assert not form.is_valid() or refused(form.cleaned_data["title"]) is None


def test_words_are_kept_as_they_are_stored() -> None:
    form = typed("  Pin\u0303a\u0301n ", "uno\r\ndos\rtres\n\ncuatro\t.  \r\n")
    assert form.is_valid()
    assert form.cleaned_data == {"title": "Piñán", "story": "uno\ndos\ntres\n\ncuatro\t."}


def test_a_title_of_one_letter_less_is_taken_and_one_more_is_told_in_numbers() -> None:
    assert typed("a" * 10).is_valid()
    sentence = problem(typed("a" * 11))
    assert "11 letras" in sentence
    assert "caben 10" in sentence


def test_letters_are_counted_as_people_see_them() -> None:
    """A letter with its accent is one, an emoji is one, an end of line is one."""
    assert typed("n\u0303" * 10).is_valid()
    assert typed("😀" * 10).is_valid()
    assert typed(story="a\r\n" * 1500 + "a").is_valid() is False
    assert typed(story="a\r\n" * 1499 + "aa").is_valid()


def test_too_little_is_told_in_numbers() -> None:
    assert "al menos 5 letras" in problem(typed(story="abcd"))
    assert typed(story="abcde").is_valid()
    assert typed(story="").is_valid()


@pytest.mark.parametrize("nothing", ["", "   ", "\n\r\n\t", "\u00a0"])
def test_nothing_is_told_once_and_in_words(nothing: str) -> None:
    assert problem(typed(nothing)) == "Escribe algo aquí para poder continuar."


def test_a_field_that_was_not_sent_is_empty() -> None:
    form = Story({})
    assert problem(form) == "Escribe algo aquí para poder continuar."
    assert form.cleaned_data == {"story": ""}


def test_a_megabyte_is_refused_with_its_length() -> None:
    assert f"{MEGABYTE} letras" in problem(typed(story="ñ" * MEGABYTE))


def test_the_worst_megabyte_is_still_answered() -> None:
    assert not typed(story="\x00" * MEGABYTE).is_valid()
    assert not typed(story="\u0344" * MEGABYTE).is_valid()  # each becomes two


def test_a_browser_cuts_nothing_off() -> None:
    html = str(typed()["title"]) + str(typed()["story"])
    assert "maxlength" not in html
    assert "minlength" not in html


def test_a_story_is_written_in_a_large_box_and_a_title_in_a_line() -> None:
    assert "<textarea" in str(typed()["story"])
    assert 'type="text"' in str(typed()["title"])
