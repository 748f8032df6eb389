"""A tree of cords: what hangs from what, with a knot for each thing that is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from minga.kernel.base.text import Text

INDENT = 1.5  # ems from one cord to the next
KNOT = 1.1  # ems a knot takes, and
SIZE = 18  # as many units of its drawing
ACROSS, MOST = 12, 120  # knots beside one another, and in all: the number says the rest


@dataclass(frozen=True, slots=True)
class TreeRow:
    label: Text
    url: str = ""
    knots: int | None = None
    below: Sequence["TreeRow"] = ()


class Branch(NamedTuple):
    row: TreeRow
    level: int  # from 1
    width: str
    rails: list[str]  # cords that go on below this row
    cord: str  # the cord it hangs from; "" at the top
    is_last: bool
    stem: str  # the cord of what hangs from it
    knots: "Knots | None"


class Knots(NamedTuple):
    path: str
    box: str
    width: str
    height: str


def ems(length: float) -> str:
    return f"{length:.2f}em"


def grow(rows: Sequence[TreeRow]) -> list[Branch]:
    """All rows from the top down, each with the cords that pass it."""
    return list(_grown(rows, ()))


def _grown(rows: Sequence[TreeRow], passing: tuple[bool, ...]) -> Iterator[Branch]:
    for position, row in enumerate(rows):
        is_last = position == len(rows) - 1
        yield _branch(row, passing, is_last)
        yield from _grown(row.below, (*passing, not is_last))


def _branch(row: TreeRow, passing: tuple[bool, ...], is_last: bool) -> Branch:
    depth = len(passing)
    return Branch(
        row=row,
        level=depth + 1,
        width=ems((depth + 1) * INDENT),
        rails=[ems(_x(at)) for at, goes_on in enumerate(passing[1:]) if goes_on],
        cord=ems(_x(depth - 1)) if depth else "",
        is_last=is_last,
        stem=ems(_x(depth)),
        knots=_knots(min(row.knots, MOST)) if row.knots else None,
    )


def _knots(many: int) -> Knots:
    wide, high = min(many, ACROSS), ceil(many / ACROSS)
    places = ((n % ACROSS * SIZE + SIZE // 2, n // ACROSS * SIZE + 1) for n in range(many))
    return Knots(
        path="".join(f"M{x} {y}l7 7-7 7-7-7z" for x, y in places),
        box=f"0 0 {wide * SIZE} {high * SIZE}",
        width=ems(wide * KNOT),
        height=ems(high * KNOT),
    )


def _x(depth: int) -> float:
    return (depth + 0.5) * INDENT
