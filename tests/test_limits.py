"""Official limits become the outlines of the map, or nothing changes."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.design.pictures.limits import WIDE, outlined
from minga.kernel.jurisdiction import queries
from minga.project.commands import limits

SQUARE = [(-79.0, -1.0), (-78.0, -1.0), (-78.0, 0.0), (-79.0, 0.0), (-79.0, -1.0)]


@given(st.lists(st.tuples(st.floats(-80, -75), st.floats(-5, 2)), min_size=3, max_size=30))
def test_every_outline_is_of_whole_units_inside_its_box(ring: list[tuple[float, float]]) -> None:
    box, paths = outlined({"A": [SQUARE], "B": [[*ring, ring[0]]]})
    high = int(box.split()[-1])
    for path in paths.values():
        assert re.fullmatch(r"M\d+,\d+l(-?\d+,-?\d+ ?)+z", path)
        x = y = 0
        for right, down in re.findall(r"(-?\d+),(-?\d+)", path):
            x, y = x + int(right), y + int(down)
            assert 0 <= x <= WIDE
            assert 0 <= y <= high


def test_a_point_that_changes_nothing_is_left_out() -> None:
    along = [(-79.0 + n / 100, -1.0) for n in range(100)]
    _box, paths = outlined({"A": [[*along, *SQUARE[1:]]]})
    assert paths["A"].count(" ") == 2


def a_file(folder: Path, codes: list[str], **changed: object) -> Path:
    features = [
        {"properties": {"iso": code}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}
        for code in codes
    ]
    file = folder / "limites.geojson"
    file.write_text(json.dumps({"features": features} | changed), "utf-8")
    return file


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "jurisdiction"
    folder.mkdir()
    (folder / "territories.csv").touch()
    monkeypatch.setattr(queries, "files", lambda reader: sorted(folder.glob("*.*")))
    monkeypatch.setattr(limits, "stand_up", lambda: None)
    return folder


@pytest.mark.django_db
def test_limits_of_every_part_become_the_map(home: Path, tmp_path: Path) -> None:
    codes = list(queries.territories().values_list("iso", flat=True))
    file = a_file(tmp_path, codes)
    assert limits.main([str(file), "--code", "iso", "--source", "Instituto geográfico"]) == 0
    shape = queries.shape()
    assert shape.outlines
    assert set(shape.outlines.paths) == set(codes)
    assert shape.outlines.source == "Instituto geográfico"
    assert {file.name for file in home.iterdir()} == {"outlines.json", "territories.csv"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "faltan o sobran partes del país"),
        ({"features": None}, "no es una colección"),
        ({"features": [{"properties": None, "geometry": None}]}, "no tiene «iso»"),
        (
            {"features": [{"properties": {"iso": "X"}, "geometry": {"type": "Point"}}]},
            "X: Point no es un polígono",
        ),
        (
            {
                "features": [
                    {
                        "properties": {"iso": "X"},
                        "geometry": {"type": "Polygon", "coordinates": [[[715000, 9990000]]]},
                    }
                ]
            },
            "no son grados",
        ),
    ],
)
def test_what_cannot_be_drawn_says_why_and_changes_nothing(
    home: Path, tmp_path: Path, changed: dict[str, object], words: str
) -> None:
    file = a_file(tmp_path, ["EC-A"], **changed)
    with pytest.raises(SystemExit, match=words):
        limits.main([str(file), "--code", "iso", "--source", "x"])
    assert not (home / "outlines.json").exists()
