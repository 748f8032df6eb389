"""What a country says of its institutions, and what becomes of the rows of a spreadsheet.
Pure Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from minga.kernel.forms.rules.tables import Limits
from minga.kernel.jurisdiction.declaration import Legal

Names = tuple[tuple[str, str], ...]  # key and label, in order
RECORD = "institutions.institution"
VACANT = "institutions.vacant"  # the task of whoever has to fill a post
LIMITS = Limits(size=2 << 20, unpacked=24 << 20, rows=2_000)
LONGEST_CELL = 300
COLUMNS = (  # of a spreadsheet, in order: the field, and its heading
    ("key", "clave"),
    ("name", "nombre"),
    ("acronym", "sigla"),
    ("kind", "tipo"),
    ("form", "forma"),
    ("level", "nivel"),
    ("function", "función"),
    ("sector", "sector"),
    ("parent", "depende de"),
    ("starts_on", "desde"),
    ("ends_on", "hasta"),
    ("source", "fuente"),
)
NEEDED = ("name", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The closed lists of a country, and two rules of its law."""

    levels: Legal[Names]
    functions: Legal[Names]
    sectors: Legal[Names]
    central: Legal[str]  # what it calls its central administration; None: no document says
    officer: Legal[str]  # what it calls whoever answers for e-government in each institution


class Fate(StrEnum):
    """What a row of a spreadsheet would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class Fault(StrEnum):
    """Why a row is refused."""

    EMPTY = "empty"
    TWICE = "twice"
    LONG = "long"
    UNFIT = "unfit"
    FORMULA = "formula"
    NOT_LISTED = "not_listed"
    NO_DAY = "no_day"
    BACKWARDS = "backwards"
    NO_PARENT = "no_parent"
    LOOP = "loop"
    NO_KEY = "no_key"
    HOLDS_CASES = "holds_cases"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong in a row: where, what, and what was there."""

    column: str
    fault: Fault
    said: str = ""


@dataclass(slots=True)
class Line:
    """A row of a spreadsheet and what it would do."""

    number: int
    key: str
    said: Mapping[str, str]
    fate: Fate
    wrong: list[Wrong] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # field, before, after


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a body is of the central administration, and of how many seats that is said."""

    central: bool | None
    seats: int = 0
    sure: int = 0
    unsure: int = 0


def rings(parents: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """Of each body that stands above itself, all the bodies of its ring."""
    found: dict[str, Sequence[str]] = {}
    done: set[str] = set()
    for start in parents:
        way: list[str] = []
        here: str | None = start
        while here is not None and here not in done and here not in way:
            way.append(here)
            here = parents.get(here)
        if here in way:
            ring = way[way.index(here) :]
            found |= dict.fromkeys(ring, ring)
        done.update(way)
    return found
