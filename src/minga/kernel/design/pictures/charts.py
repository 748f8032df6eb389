"""Bars, stacked bars and lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import NamedTuple

from minga.kernel.base.text import Text
from minga.kernel.design.timeline import percent

from .figures import Extent, Figure, Number, extent, known, round_step

THREADS = 5  # patterns told apart without colour
GRID = 3  # parts between the lines across a chart
LABELS = 6  # that fit below a wide line; a narrow one has its two ends
DOTS = 31  # more would be a smear


class Bar(NamedTuple):
    figure: Figure
    x: str
    width: str
    end: str  # where its number begins


class Bars(NamedTuple):
    zero: str
    bars: list[Bar]


def bars(figures: Sequence[Figure]) -> Bars:
    scale = extent(known(figures))
    return Bars(percent(scale.at(0)), [_bar(figure, scale) for figure in figures])


def _bar(figure: Figure, scale: Extent) -> Bar:
    value = figure.value or 0
    left, right = scale.at(min(value, 0)), scale.at(max(value, 0))
    return Bar(figure, percent(left), percent(right - left), percent(right))


@dataclass(frozen=True, slots=True)
class StackRow:
    """A whole and its parts, which are counted and never less than nothing."""

    label: Text
    parts: Sequence[Figure]
    url: str = ""

    def __post_init__(self) -> None:
        if any(value < 0 for value in known(self.parts)):
            raise ValueError("a part of a whole is never negative")


class Part(NamedTuple):
    figure: Figure
    thread: int
    x: str
    width: str


class Stack(NamedTuple):
    row: StackRow
    total: Number | None  # None when nothing of it is known
    parts: list[Part]


def stacks(rows: Sequence[StackRow]) -> list[Stack]:
    """Every row to the same scale; a part is of the same thread in all of them."""
    names = list(dict.fromkeys(str(part.label) for row in rows for part in row.parts))
    threads = {name: position % THREADS + 1 for position, name in enumerate(names)}
    scale = extent([sum(known(row.parts)) for row in rows])
    return [Stack(row, _total(row), list(_parts(row, scale, threads))) for row in rows]


def _total(row: StackRow) -> Number | None:
    values = known(row.parts)
    return sum(values) if values else None


def _parts(row: StackRow, scale: Extent, threads: dict[str, int]) -> Iterator[Part]:
    before: Number = 0
    for figure in row.parts:
        after = before + (figure.value or 0)
        x, end = scale.at(before), scale.at(after)
        yield Part(figure, threads[str(figure.label)], percent(x), percent(end - x))
        before = after


class Dot(NamedTuple):
    figure: Figure
    x: str
    y: str
    anchor: str
    is_wide: bool  # its name only where there is room
    is_named: bool
    is_told: bool  # its number stands beside it


class Rule(NamedTuple):
    y: str
    value: Number


class Line(NamedTuple):
    rules: list[Rule]
    pieces: list[str]  # points in a square of a thousand: a gap is where there is no data
    dots: list[Dot]
    has_dots: bool


def line(figures: Sequence[Figure]) -> Line:
    """Over names in order; what has no data is a gap."""
    scale, step = _whole_steps(known(figures))
    rules = [scale.low + step * n for n in range(round(scale.span / step) + 1)]
    told = _told(figures)
    dots = [_dot(figures, place, scale, place in told) for place in range(len(figures))]
    return Line(
        rules=[Rule(percent(100 - scale.at(value)), value) for value in rules],
        pieces=list(_pieces(figures, scale)),
        dots=dots,
        has_dots=len(dots) <= DOTS,
    )


def _whole_steps(values: Sequence[Number]) -> tuple[Extent, Number]:
    """A scale that begins and ends on a line across."""
    scale = extent(values)
    step = round_step(scale.span, GRID, all(isinstance(value, int) for value in values))
    return Extent(floor(scale.low / step) * step, ceil(scale.high / step) * step), step


def _across(position: int, many: int) -> float:
    return position / (many - 1) * 100 if many > 1 else 50.0


def _dot(figures: Sequence[Figure], position: int, scale: Extent, is_told: bool) -> Dot:
    figure, last = figures[position], len(figures) - 1
    step = ceil(last / LABELS) or 1
    is_end = position in (0, last)
    named_between = position % step == 0 and last - position >= step
    anchor = "middle" if not is_end or last == 0 else "end" if position else "start"
    return Dot(
        figure=figure,
        x=percent(_across(position, len(figures))),
        y=percent(100 - scale.at(figure.value or 0)),
        anchor=anchor,
        is_wide=not is_end,
        is_named=is_end or named_between,
        is_told=is_told,
    )


def _told(figures: Sequence[Figure]) -> set[int]:
    """The places of the highest and of the last, unless they would touch."""
    values = [(value, place) for place, f in enumerate(figures) if (value := f.value) is not None]
    if not values:
        return set()
    highest, last = max(values, key=lambda known: known[0])[1], values[-1][1]
    far = last - highest >= len(figures) / 5
    return {highest, last} if far else {highest}


def _pieces(figures: Sequence[Figure], scale: Extent) -> Iterator[str]:
    points: list[str] = []
    for position, figure in enumerate(figures):
        if figure.value is None:
            if points:
                yield " ".join(points)
            points = []
        else:
            x = _across(position, len(figures)) * 10
            points.append(f"{x:.0f},{1000 - scale.at(figure.value) * 10:.0f}")
    if points:
        yield " ".join(points)
