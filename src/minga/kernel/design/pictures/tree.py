"""A tree of cords: what hangs from what, with a knot for each thing that is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from minga.kernel.base.text import Text

INDENT = 1.5  # ems from one cord to the next
TURN = 0.85  # ems from the top of a row to where its cord turns
KNOT = 1.1  # ems a knot takes
ACROSS = 12  # knots beside one another


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
    knots: list[tuple[str, str]]
    knots_width: str
    knots_height: str


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
    held = min(row.knots or 0, 120)
    return Branch(
        row=row,
        level=depth + 1,
        width=ems((depth + 1) * INDENT),
        rails=[ems(_x(at)) for at, goes_on in enumerate(passing[1:]) if goes_on],
        cord=ems(_x(depth - 1)) if depth else "",
        is_last=is_last,
        stem=ems(_x(depth)),
        knots=[(ems(n % ACROSS * KNOT), ems(n // ACROSS * KNOT)) for n in range(held)],
        knots_width=ems(min(held, ACROSS) * KNOT),
        knots_height=ems(-(-held // ACROSS) * KNOT),
    )


def _x(depth: int) -> float:
    return (depth + 0.5) * INDENT
