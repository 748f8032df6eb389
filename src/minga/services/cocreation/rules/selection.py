"""In which of four categories an integrated proposal goes. Pure Python.

PAGA I, l. 541-563: (1) include as a commitment: high feasibility and relevance, or viable in the
forum's judgement; (2) possible, medium: the reserve; (3) outside the plan: low in one of them;
(4) the next plan. L. 757: five to fifteen commitments are advised. L. 769-771: where each of
category 2 goes when it is not needed, marked beforehand. L. 786: some of the fifteen best scored
went to category 3 for a reason that is written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

SUBJECT = "selection"  # of the point by which a forum decides it
REASON, ENTITY = 2000, 300  # letters
INCLUDE, RESERVE, OUTSIDE, LATER = 1, 2, 3, 4


class Lack(StrEnum):
    """What is missing before the forum can decide."""

    REASON = "reason"
    RESERVE = "reserve"
    ANCHOR = "anchor"
    ENTITY = "entity"
    DEFERRAL = "deferral"
    AXIS = "axis"


class Advice(StrEnum):
    FEW = "few"
    MANY = "many"


def by_score(criteria: Iterable[Fraction], *, high: Fraction, medium: Fraction) -> int:
    """The category that the scores alone give: by the lowest of the criteria."""
    lowest = min(criteria, default=Fraction(0))
    if lowest >= high:
        return INCLUDE
    return RESERVE if lowest >= medium else OUTSIDE


def ranked(totals: Mapping[int, Decimal]) -> dict[int, int]:
    """The place of each by its total, the best first; of two alike, the lower number."""
    order = sorted(totals, key=lambda number: (-totals[number], number))
    return {number: place for place, number in enumerate(order, start=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one is put, and what is said of it there."""

    category: int
    by_score: int
    reserve_for: int | None = None
    reason: str = ""
    anchor: str = ""
    entity: str = ""
    deferral: str = ""
    axis: str = ""

    def why(self) -> str:
        """Why it is not where the scores alone put it; of category 4, its own reason says so."""
        moved = self.category != self.by_score
        return self.reason or (self.deferral if moved and self.category == LATER else "")


def lacks(place: Place, axes: Iterable[str]) -> list[Lack]:
    """What is missing of a placement, by its category."""
    known = list(axes)
    asked = {
        Lack.REASON: place.category == place.by_score or place.why(),
        Lack.AXIS: place.category != INCLUDE or not known or place.axis in known,
        Lack.RESERVE: place.category != RESERVE or place.reserve_for in (OUTSIDE, LATER),
        Lack.ANCHOR: place.category != OUTSIDE or place.anchor,
        Lack.ENTITY: place.category != OUTSIDE or place.entity,
        Lack.DEFERRAL: place.category != LATER or place.deferral,
    }
    return [lack for lack, said in asked.items() if not said]


def advice(commitments: int, *, least: int, most: int) -> Advice | None:
    """Whether there are fewer or more commitments than is advised; 0: nobody advises."""
    if least and commitments < least:
        return Advice.FEW
    return Advice.MANY if most and commitments > most else None
