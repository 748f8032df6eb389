from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from minga.kernel.base.files import Unreadable, once, one_of, read


@dataclass(frozen=True, kw_only=True)
class Step:
    number: int
    at: str = ""

    def __post_init__(self) -> None:
        one_of("number", self.number, (1, 2))


@dataclass(frozen=True, kw_only=True)
class Way:
    title: str
    last: Step = field(default_factory=lambda: Step(number=2))
    step: Sequence[Step] = ()
    places: Sequence[str] = ()
    length: int | None = None

    def __post_init__(self) -> None:
        once("places", self.places)


def way(folder: Path, text: str) -> Way:
    file = folder / "way.toml"
    file.write_text(text, "utf-8")
    return read(file, Way)


def test_a_file_becomes_what_its_dataclass_says(tmp_path: Path) -> None:
    assert way(tmp_path, 'title = "a"') == Way(title="a")
    text = 'title = "a"\nlength = 3\nplaces = ["b"]\n[last]\nnumber = 1\n[[step]]\nnumber = 2'
    found = way(tmp_path, text)
    assert found == Way(
        title="a", length=3, places=["b"], last=Step(number=1), step=[Step(number=2)]
    )


REFUSED = [
    ("length = 1", "al comienzo: falta title"),
    ('title = "a"\ncolour = 1\nbig = 2', "al comienzo: no se conoce big, colour"),
    ("title = 1", "al comienzo: title = 1 no se escribe así"),
    ('title = "a"\nlength = true', "length = True no se escribe así"),
    ('title = "a"\nlength = "1"', "length = '1' no se escribe así"),
    ('title = "a"\nplaces = "b"', "places = 'b' no se escribe así"),
    ('title = "a"\nplaces = [1]', "places = 1 no se escribe así"),
    ('title = "a"\nplaces = ["b", "b"]', "places = b se dice dos veces"),
    ('title = "a"\nlast = 1', "last = 1 no se escribe así"),
    ('title = "a"\n[[last]]\nnumber = 1', "last = [{'number': 1}] no se escribe así"),
    ('title = "a"\n[step]\nnumber = 1', "step = {'number': 1} no se escribe así"),
    ('title = "a"\n[last]', "last: falta number"),
    ('title = "a"\n[[step]]\nnumber = 3', "3: number = 3 no es ninguno de 1, 2"),
    ('title = "a"\n[[step]]\nnumber = 1\nat = 2', "1: at = 2 no se escribe así"),
    ("title = ", "Invalid value"),
]


@pytest.mark.parametrize(("text", "told"), REFUSED)
def test_anything_else_is_refused_by_file_and_place(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refusal:
        way(tmp_path, text)
    assert str(refusal.value).startswith("way.toml: ")
    assert told in str(refusal.value)
