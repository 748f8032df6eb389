"""The format of a plan's file, `data/plans/<key>.toml`, and what is refused in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from minga.kernel.base import files
from minga.kernel.base.calendar import first_day, last_day
from minga.kernel.base.files import Unreadable, once, one_of
from minga.kernel.base.goals import GOALS

ROLES = ("responsible", "counterpart", "government", "other")
NOTES = ("contradiction", "missing", "technical")


@dataclass(frozen=True, kw_only=True)
class NoteFile:
    kind: str
    text: str
    source: str

    def __post_init__(self) -> None:
        one_of("kind", self.kind, NOTES)


@dataclass(frozen=True, kw_only=True)
class InvolvedFile:
    role: str
    name: str
    acronym: str = ""
    kind: str = ""
    unit: str = ""
    post: str = ""

    def __post_init__(self) -> None:
        one_of("role", self.role, ROLES)


@dataclass(frozen=True, kw_only=True)
class MilestoneFile:
    number: int
    title: str
    starts: str
    ends: str
    source: str

    def __post_init__(self) -> None:
        _in_order(self.starts, self.ends)

    @property
    def starts_on(self) -> date:
        return first_day(self.starts)

    @property
    def ends_on(self) -> date:
        return last_day(self.ends)


@dataclass(frozen=True, kw_only=True)
class NodeFile:
    code: str
    kind: str
    title: str
    source: str
    parent: str = ""
    number: str = ""
    summary: str = ""
    starts: str = ""
    ends: str = ""
    goals: Sequence[int] = ()
    target: int | None = None
    unit: str = ""
    involved: Sequence[InvolvedFile] = ()
    milestone: Sequence[MilestoneFile] = ()
    note: Sequence[NoteFile] = ()

    def __post_init__(self) -> None:
        _in_order(self.starts, self.ends)
        for goal in self.goals:
            one_of("goals", goal, tuple(GOALS))
        once("goals", self.goals)
        once("milestone", [step.number for step in self.milestone])
        once("involved", [f"{body.role}, {body.name}" for body in self.involved])

    @property
    def starts_on(self) -> date | None:
        return first_day(self.starts) if self.starts else None

    @property
    def ends_on(self) -> date | None:
        return last_day(self.ends) if self.ends else None


@dataclass(frozen=True, kw_only=True)
class EditionFile:
    number: int
    title: str
    source: str
    published: str = ""
    replaces: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanFile:
    key: str
    kind: str
    title: str
    short_title: str
    period: str
    source: str
    edition: EditionFile
    summary: str = ""
    note: Sequence[NoteFile] = ()
    node: Sequence[NodeFile] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for node in self.node:
            if node.code in seen:
                raise Unreadable(f"{node.code}: dos partes se llaman así")
            if node.parent and node.parent not in seen:
                raise Unreadable(f"{node.code}: {node.parent} no está antes en el archivo")
            seen.add(node.code)


def read(file: Path) -> PlanFile:
    return files.read(file, PlanFile)


def _in_order(starts: str, ends: str) -> None:
    if starts and ends and last_day(ends) < first_day(starts):
        raise Unreadable(f"termina ({ends}) antes de empezar ({starts})")
