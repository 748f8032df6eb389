"""The format of a plan's file, `data/plans/<key>.toml`, and what is refused in one."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from minga.kernel.base.calendar import first_day, last_day
from minga.kernel.base.goals import GOALS

ROLES = ("responsible", "counterpart", "government", "other")
NOTES = ("contradiction", "missing", "technical")


class Unreadable(Exception):
    """A file of a plan that says something it may not: which file, where, and what."""


@dataclass(frozen=True, kw_only=True)
class NoteFile:
    kind: str
    text: str
    source: str

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, NOTES)


@dataclass(frozen=True, kw_only=True)
class InvolvedFile:
    role: str
    name: str
    acronym: str = ""
    kind: str = ""
    unit: str = ""
    post: str = ""

    def __post_init__(self) -> None:
        _one_of("role", self.role, ROLES)


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
            _one_of("goals", goal, tuple(GOALS))
        _once("goals", self.goals)
        _once("milestone", [step.number for step in self.milestone])
        _once("involved", [f"{body.role}, {body.name}" for body in self.involved])

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


NESTED: Mapping[str, type] = {
    "edition": EditionFile,
    "node": NodeFile,
    "note": NoteFile,
    "involved": InvolvedFile,
    "milestone": MilestoneFile,
}


def read(file: Path) -> PlanFile:
    try:
        return _made(PlanFile, tomllib.loads(file.read_text("utf-8")))
    except (ValueError, Unreadable) as problem:  # no TOML, or no UTF-8
        raise Unreadable(f"{file.name}: {problem}") from problem


PartT = TypeVar("PartT")


def _made(kind: type[PartT], said: Mapping[str, Any]) -> PartT:
    """A part of the file as its dataclass, with the parts it holds; says where it fails."""
    known = {part.name for part in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    names = (said.get(name) for name in ("key", "code", "number", "name"))
    place = next(filter(None, names), kind.__name__)
    try:
        if strange := set(said) - known:
            raise Unreadable(f"no se conoce {', '.join(sorted(strange))}")
        parts = dict(said)
        for name in known & NESTED.keys() & said.keys():
            value = said[name]
            if isinstance(value, list):
                parts[name] = [_made(NESTED[name], item) for item in value]
            else:
                parts[name] = _made(NESTED[name], value)
        return kind(**parts)
    except (AttributeError, TypeError, ValueError, Unreadable) as problem:  # of another type
        raise Unreadable(f"{place}: {problem}") from problem


def _one_of(what: str, value: object, known: Sequence[object]) -> None:
    if value not in known:
        raise Unreadable(f"{what} = {value!r} no es ninguno de {', '.join(map(str, known))}")


def _once(what: str, said: Sequence[object]) -> None:
    if twice := {str(value) for value in said if said.count(value) > 1}:
        raise Unreadable(f"{what} = {', '.join(sorted(twice))} se dice dos veces")


def _in_order(starts: str, ends: str) -> None:
    if starts and ends and last_day(ends) < first_day(starts):
        raise Unreadable(f"termina ({ends}) antes de empezar ({starts})")
