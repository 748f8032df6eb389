"""How proposals are written as one: who may, which may be joined, when it may be evaluated.
Pure Python.

PAGA I, l. 465: grouped by how alike they are, and integrated into one new proposal; l. 719: its
structure, after the standards of OGP; l. 385: no decision by one authority or one member alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from . import State

INTEGRATED = "cocreation.integrated"
JOINABLE = frozenset({State.RELATED})  # where a proposal stands that may be joined

TITLE, STORY, REASON = 200, 6000, 1000
STEP = 500
MOST_STEPS = 30


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


def in_order(starts: date | None, ends: date | None) -> bool:
    """Nothing ends before it starts; what has no date yet is in order."""
    return starts is None or ends is None or starts <= ends


def has_room(groups: int, allowed: int) -> bool:
    """Whether a proposal that is in some groups may be joined to one more."""
    return groups < allowed
