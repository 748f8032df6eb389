"""Proposals that were written on paper: what a row of a spreadsheet says, and what is wrong
with it. Pure Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from minga.kernel.base.text import plain, refused, unaccented
from minga.kernel.cases.rules import read_code
from minga.kernel.forms.rules.tables import Limits
from minga.services.cocreation import rules
from minga.services.cocreation.rules import workshops

LIMITS = Limits(size=10 << 20, unpacked=64 << 20, rows=50_000)
GOALS = range(1, 18)  # of the Agenda 2030
AT_ONCE = 100  # rows that are brought in by one transaction
COLUMNS = (  # of a spreadsheet, in order: the field, and its heading
    ("code", "código"),
    ("title", "nombre corto"),
    ("problem", "problema"),
    ("solution", "solución"),
    ("milestones", "hitos clave"),
    ("actors", "actores"),
    ("goal", "objetivo"),
    ("sector", "sector"),
    ("written_on", "fecha"),
)
LONGEST = {
    "title": rules.TITLE,
    "problem": rules.STORY,
    "solution": workshops.SOLUTION,
    "milestones": workshops.MILESTONES,
    "actors": workshops.ACTORS,
}
SHORTEST = {"title": 5, "problem": rules.SHORTEST, "solution": rules.SHORTEST}
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
TOLD = 40  # letters of what was there, to be shown
OLDEST = 366 * 10  # days: what was written before is a slip of the pen


class Fault(StrEnum):
    """Why a row is not taken."""

    EMPTY = "empty"
    LONG = "long"
    SHORT = "short"
    UNFIT = "unfit"
    FORMULA = "formula"
    NO_CODE = "no_code"
    UNKNOWN = "unknown"
    USED = "used"
    BUSY = "busy"
    TWICE = "twice"
    NO_GOAL = "no_goal"
    NOT_LISTED = "not_listed"
    NO_DAY = "no_day"
    FUTURE = "future"


OF_BASE = (Fault.UNKNOWN, Fault.USED, Fault.BUSY)  # may change after a file was read


class Wrong(NamedTuple):
    """One thing that is wrong in a row: where, what, and what was there or how much fits."""

    column: str
    fault: Fault
    said: str = ""


@dataclass(slots=True)
class Line:
    """A row as it was read."""

    number: int
    code: str
    words: dict[str, object]
    wrong: list[Wrong] = field(default_factory=list)


def line(number: int, cells: Sequence[str], *, sectors: Mapping[str, str], today: date) -> Line:
    """What a row says. `sectors`: what people call each, without accents, to its key."""
    said = {name: plain(cell).strip() for (name, _), cell in zip(COLUMNS, cells, strict=True)}
    wrong = [w for (name, _), cell in zip(COLUMNS, cells, strict=True) if (w := _unfit(name, cell))]
    wrong += [
        Wrong(name, Fault.LONG, str(most))
        for name, most in LONGEST.items()
        if (len(said[name]) > most)
    ]
    wrong += [
        Wrong(name, Fault.SHORT if said[name] else Fault.EMPTY, str(least))
        for name, least in SHORTEST.items()
        if len(said[name]) < least
    ]
    code, goal = read_code(said["code"]), said["goal"].removesuffix(".0")
    sector, day = sectors.get(_folded(said["sector"])), _day(said["written_on"])
    if not code:
        fault = Fault.NO_CODE if said["code"] else Fault.EMPTY
        wrong.append(Wrong("code", fault, said["code"][:TOLD]))
    if goal and not (goal.isascii() and goal.isdecimal() and int(goal[:3]) in GOALS):
        wrong.append(Wrong("goal", Fault.NO_GOAL, goal[:TOLD]))
    if not sector:
        fault = Fault.NOT_LISTED if said["sector"] else Fault.EMPTY
        wrong.append(Wrong("sector", fault, said["sector"][:TOLD]))
    if said["written_on"] and (not day or (today - day).days > OLDEST):
        wrong.append(Wrong("written_on", Fault.NO_DAY, said["written_on"][:TOLD]))
    elif day and day > today:
        wrong.append(Wrong("written_on", Fault.FUTURE, said["written_on"][:TOLD]))
    words: dict[str, object] = {name: said[name] for name in LONGEST}
    words |= {"goal": goal, "sector": sector or "", "written_on": day.isoformat() if day else ""}
    words |= {"code": said["code"][:TOLD]}
    return Line(number, code or "", words, _first_of_each(wrong))


def _unfit(name: str, cell: str) -> Wrong | None:
    if cell.lstrip().startswith("="):
        return Wrong(name, Fault.FORMULA, cell.strip()[:TOLD])
    return Wrong(name, Fault.UNFIT) if refused(cell) else None


def _first_of_each(wrong: Sequence[Wrong]) -> list[Wrong]:
    """One thing at a time of each column, in the order of the columns."""
    first = {one.column: one for one in reversed(wrong)}
    return [first[name] for name, _ in COLUMNS if name in first]


def _folded(words: str) -> str:
    return " ".join(unaccented(words).split())


def _day(said: str) -> date | None:
    for form in DAYS:
        try:
            return datetime.strptime(said, form).date()  # a day has no zone
        except ValueError:
            continue
    return None


def proposal(words: Mapping[str, str], *, cycle: str, territory: str) -> dict[str, object]:
    """The words of a proposal, as any other has them."""
    parts = (str(words.get(name) or "") for name in ("solution", "milestones", "actors"))
    return {
        "cycle": cycle,
        "title": words["title"],
        "problem": words["problem"],
        "solution": workshops.whole(*parts),
        "goal": int(words["goal"]) if words.get("goal") else None,
        "territory": territory,
        "sector": words["sector"],
    }
