"""How proposals are written as one: who may, which may be joined, when it may be evaluated.
Pure Python.

PAGA I, l. 465: grouped by how alike they are, and integrated into one new proposal; l. 719: its
structure, after the standards of OGP; l. 385: no decision by one authority or one member alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from . import State

INTEGRATED = "cocreation.integrated"
JOINABLE = frozenset({State.RELATED})  # where a proposal stands that may be joined

TITLE, STORY, REASON = 200, 6000, 1000
STEP = 500
MOST_STEPS = 30
MOST_TYPED = 40_000  # letters of a part while it is written: more than all its fields take
ROW = ("step", "from", "to")  # of each milestone, before its number


class Role(StrEnum):
    """How an organisation takes part in an integrated proposal: PAGA I, l. 719."""

    RESPONSIBLE = "responsible"
    COUNTERPART = "counterpart"
    GOVERNMENT = "government"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A milestone with its dates."""

    title: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """All that an integrated proposal says."""

    title: str
    problem: str = ""
    solution: str = ""
    pillars: Sequence[str] = ()
    goals: Sequence[int] = ()
    cooperation: str = ""
    budget: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    steps: Sequence[Planned] = ()
    parties: Sequence[tuple[Role, int]] = field(default=())  # and the number of an organisation


Typed: TypeAlias = Mapping[str, str | Sequence[str]]  # as it was typed, by the name of its field


def letters(words: Typed) -> int:
    return sum(len(one) for said in words.values() for one in said)


class Part(StrEnum):
    """What is written, and kept, apart from the rest."""

    PROBLEM = "problem"
    COMMITMENT = "commitment"
    OPENNESS = "openness"
    STEPS = "steps"
    WHO = "who"


class Need(StrEnum):
    """What nobody agrees to an integrated proposal without. Of its structure (PAGA I, l. 719)
    not what may turn out to be nobody or unknown: who might cooperate, a reference budget,
    others. Its term is what its time is scored by (l. 491)."""

    PROBLEM = "problem"
    SOLUTION = "solution"
    TERM = "term"
    GOALS = "goals"
    STEPS = "steps"
    RESPONSIBLE = "responsible"
    COUNTERPART = "counterpart"


WHERE: Mapping[Need, Part] = {
    Need.PROBLEM: Part.PROBLEM,
    Need.SOLUTION: Part.COMMITMENT,
    Need.TERM: Part.COMMITMENT,
    Need.GOALS: Part.OPENNESS,
    Need.STEPS: Part.STEPS,
    Need.RESPONSIBLE: Part.WHO,
    Need.COUNTERPART: Part.WHO,
}


def missing(said: Structure) -> list[Need]:
    """What it does not say yet and has to."""
    roles = {role for role, _organisation in said.parties}
    there = {
        Need.PROBLEM: said.problem.strip(),
        Need.SOLUTION: said.solution.strip(),
        Need.TERM: said.starts_on and said.ends_on,
        Need.GOALS: said.goals,
        Need.STEPS: said.steps,
        Need.RESPONSIBLE: Role.RESPONSIBLE in roles,
        Need.COUNTERPART: Role.COUNTERPART in roles,
    }
    return [need for need in Need if not there[need]]


def in_order(starts: date | None, ends: date | None) -> bool:
    """Nothing ends before it starts; what has no date yet is in order."""
    return starts is None or ends is None or starts <= ends


def has_room(groups: int, allowed: int) -> bool:
    """Whether a proposal that is in some groups may be joined to one more."""
    return groups < allowed
