"""Maps of a country: a tile for each of its parts, or their outlines, shaded by a figure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import NamedTuple

from minga.kernel.base.text import Text
from minga.kernel.design.timeline import percent

from .figures import Figure, Number, known

SHADES = 4  # above nothing
GAP = 1.2  # hundredths between two tiles
TALL, PITCH = 2.9, 3.1  # ems of a tile, and from one to the next below


class Tile(NamedTuple):
    """Where a part of a country stands in its grid, and its name in a few letters."""

    code: str
    short: Text
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Outlines:
    """The parts of a country as they are drawn; who says so."""

    source: Text
    box: str
    paths: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """A country as tiles, and for wide screens as outlines."""

    tiles: Sequence[Tile] = ()
    outlines: Outlines | None = None


class Step(NamedTuple):
    shade: int
    low: Number
    high: Number


def steps(values: Sequence[Number]) -> list[Step]:
    """Nothing is a step of its own; the rest is cut into at most four alike, by whole numbers
    when all of them are."""
    if not values:
        return []
    low, high = min(values), max(values)
    if low < 0 or not all(isinstance(value, int) for value in values):
        return _cut(low, high)
    nothing = [Step(0, 0, 0)] if low == 0 else []
    wide = ceil(high / SHADES)
    starts = range(1, int(high) + 1, wide) if high else ()
    return nothing + [
        Step(_shade(n, len(starts)), start, min(start + wide - 1, int(high)))
        for n, start in enumerate(starts)
    ]


def _cut(low: Number, high: Number) -> list[Step]:
    if low == high:
        return [Step(SHADES, low, high)]
    edges = [low + (high - low) * n / SHADES for n in range(SHADES)] + [high]
    return [Step(n + 1, edges[n], edges[n + 1]) for n in range(SHADES)]


def _shade(position: int, many: int) -> int:
    """The last one is the darkest, however many there are."""
    return round((position + 1) * SHADES / many)


def shade(value: Number | None, among: Sequence[Step]) -> str:
    """The step a value falls into; "none" for no data."""
    found = [step.shade for step in among if value is not None and value <= step.high]
    return "none" if value is None else str(found[0])


class Square(NamedTuple):
    figure: Figure
    short: Text
    shade: str
    x: str
    y: str
    width: str
    height: str
    centre: str
    name_y: str
    number_y: str


class Area(NamedTuple):
    figure: Figure
    shade: str
    path: str
    x: int
    y: int


class Drawing(NamedTuple):
    steps: list[Step]
    squares: list[Square]
    height: str
    areas: list[Area]
    has_missing: bool


def draw(figures: Mapping[str, Figure], shape: Shape) -> Drawing:
    """Only what has both a place and a figure."""
    among = steps(known(list(figures.values())))
    paths = shape.outlines.paths if shape.outlines else {}
    return Drawing(
        steps=among,
        squares=list(_squares(figures, shape.tiles, among)),
        height=f"{(max((tile.row for tile in shape.tiles), default=0) + 1) * PITCH:.2f}em",
        areas=[
            Area(figures[code], shade(figures[code].value, among), path, *middle(path))
            for code, path in paths.items()
            if code in figures
        ],
        has_missing=any(figure.value is None for figure in figures.values()),
    )


def _squares(
    figures: Mapping[str, Figure], tiles: Sequence[Tile], among: Sequence[Step]
) -> Iterator[Square]:
    pitch = 100 / (max((tile.column for tile in tiles), default=0) + 1)
    for tile in tiles:
        if figure := figures.get(tile.code):
            x, y = tile.column * pitch, tile.row * PITCH
            yield Square(
                figure=figure,
                short=tile.short,
                shade=shade(figure.value, among),
                x=percent(x + GAP / 2),
                y=f"{y:.2f}em",
                width=percent(pitch - GAP),
                height=f"{TALL:.2f}em",
                centre=percent(x + pitch / 2),
                name_y=f"{y + 1.2:.2f}em",
                number_y=f"{y + 2.4:.2f}em",
            )


@cache
def middle(path: str) -> tuple[int, int]:
    """The centre of the largest piece of an outline («M» absolute, then relative steps)."""
    return max(map(_centre, re.findall(r"M[^Mz]+", path)))[1:]


def _centre(piece: str) -> tuple[float, int, int]:
    """The area of a polygon, and its centre of gravity."""
    x = y = 0
    points = []
    for right, down in re.findall(r"(-?\d+),(-?\d+)", piece):
        x, y = x + int(right), y + int(down)
        points.append((x, y))
    area = across = along = 0.0
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        turn = x0 * y1 - x1 * y0
        area, across, along = area + turn, across + (x0 + x1) * turn, along + (y0 + y1) * turn
    if not area:
        return 0.0, points[0][0], points[0][1]
    return abs(area), round(across / area / 3), round(along / area / 3)
