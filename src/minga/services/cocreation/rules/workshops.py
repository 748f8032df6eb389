"""Workshops: who fits, what is done there and in which order, which numbers may be shown.
Pure Python.

PAGA I, l. 419-436 (two events before, and eight steps on the day) and 653-687 (who took part,
where and when). Guía de Gobierno Abierto, l. 417-477 (tables by theme and by territory).
Capacity, registration and how long a name is kept are not in the documents: they are said here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

RECORD = "cocreation.workshop"
FORGET_NAMES = timedelta(days=30)  # after the day: long enough to mend the list of who came
MOST_AT_ONCE = 500  # people of one sex and sector that are counted in one go
MOST_SHEETS = 50_000  # codes of one workshop
SHEETS_AT_ONCE = 50  # on one page that is printed
# What a table writes: together they fit into a proposal, with their headings.
SOLUTION, MILESTONES, ACTORS = 1500, 900, 500


class Sort(StrEnum):
    """Which event it is."""

    TERRITORIAL = "territorial"
    THEMATIC = "thematic"
    ACADEMIC = "academic"  # before the tables, for a university: PAGA I, l. 423
    ORGANISATIONS = "organisations"  # before the tables, for civil society: l. 425
    AWARENESS = "awareness"  # before one workshop, with its own figures: l. 673-675


TABLES = (Sort.TERRITORIAL, Sort.THEMATIC)  # at which proposals are written


class Place(StrEnum):
    """Where somebody who registered stands."""

    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Phase(StrEnum):
    """The steps of a workshop, in the order of PAGA I, l. 429-436."""

    AWARENESS = "awareness"
    COMMITMENT = "commitment"
    METHOD = "method"
    GROUPING = "grouping"
    SOLUTIONS = "solutions"
    REVIEW = "review"
    PLENARY = "plenary"
    HANDOVER = "handover"


class Problem(StrEnum):
    """Why something cannot be done to a workshop; forms say it in words."""

    OUTDATED = "outdated"  # somebody changed it meanwhile
    CANCELLED = "cancelled"
    OVER = "over"  # its day is gone
    NOT_YET = "not_yet"  # its day has not come
    TOO_MANY = "too_many"  # more people registered than would fit
    OUT_OF_ORDER = "out_of_order"  # a step before the ones that come before it
    NO_PLACE = "no_place"  # no part of the country: proposals need one
    NOT_READ = "not_read"  # by another table
    GIVEN = "given"  # already in the repository
    OWN_TABLE = "own_table"


class NotPossible(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def place(capacity: int | None, taken: int, waiting: int) -> Place:
    """Where whoever comes now gets: nobody overtakes who waits already."""
    fits = capacity is None or (taken < capacity and not waiting)
    return Place.REGISTERED if fits else Place.WAITING


def room(capacity: int | None, taken: int, waiting: int) -> int:
    """How many of those who wait fit now."""
    return waiting if capacity is None else max(min(capacity - taken, waiting), 0)


def next_phase(done: Iterable[str]) -> Phase | None:
    """The step that comes now; None when all were done."""
    there = set(done)
    return next((phase for phase in Phase if phase not in there), None)


def readers(tables: Sequence[int]) -> Mapping[int, int]:
    """Of each table, which one reads what it wrote: the next, and the first reads the last.
    A table alone has no other."""
    if len(tables) < 2:
        return {}
    return dict(zip(tables, [*tables[1:], tables[0]], strict=True))


def whole(solution: str, milestones: str, actors: str) -> str:
    """A solution with its key milestones and the actors (PAGA I, l. 433), as a proposal says it."""
    parts = {"": solution, "Hitos clave: ": milestones, "Actores relacionados: ": actors}
    return "\n\n".join(f"{name}{said}" for name, said in parts.items() if said)


Cell = tuple[str, str]  # of which workshop ("" all of them), and of which kind ("" all of them)


def counted(people: Mapping[Cell, int]) -> dict[Cell, int]:
    """The same with what each workshop, each kind and all of them come to."""
    found = dict(people)
    for (row, kind), many in people.items():
        for cell in ((row, ""), ("", kind), ("", "")):
            found[cell] = found.get(cell, 0) + many
    return found


def hidden(people: Mapping[Cell, int], small: int) -> set[Cell]:
    """Which numbers are not shown, of those that `counted` gives: those of fewer people than
    `small`, and as many others as it takes that nobody finds them by subtracting. Always the same
    ones: two answers that hide others would tell both."""
    gone = {cell for cell, many in people.items() if 0 < many < small}
    rows, kinds = (sorted({cell[side] for cell in people}) for side in (0, 1))
    sums = [[cell for cell in people if cell[0] == row] for row in rows]
    sums += [[cell for cell in people if cell[1] == kind] for kind in kinds]
    while lone := [cells for cells in sums if len(gone.intersection(cells)) == 1]:
        others = [cell for cell in lone[0] if cell not in gone and people[cell]]
        if not others:
            break
        gone.add(min(others, key=lambda cell: ("" in cell, people[cell], cell)))
    return gone
