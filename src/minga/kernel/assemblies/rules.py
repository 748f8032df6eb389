"""When a body of several organisations has decided. Pure Python.

PAGA I, l. 385: no decision on the plan can be taken by one authority of government alone, nor by
one member of the forum. Which quorum, which majority: the documents do not say (Terms).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

LEAST = 2  # seats in favour of whatever is decided: never one alone
BALANCED = ("civil_society", "academia", "public")  # PAGA I, l. 454
TITLE, TEXT = 200, 5000  # letters of a point of the agenda


class Choice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Verdict(StrEnum):
    """What the votes come to. Only the first two decide, and they do it once."""

    CARRIED = "carried"
    REJECTED = "rejected"
    OPEN = "open"  # somebody who is there has not voted
    QUORUM = "quorum"  # too few seats
    ALONE = "alone"  # one seat, or one sector, wants it and nobody else
    ABSENT = "absent"  # who votes is not there


DECIDED = (Verdict.CARRIED, Verdict.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a body asks of a decision: the part of its seats, and from how many sectors somebody
    is in favour."""

    quorum: Fraction
    sectors_needed: int

    def enough(self, seats: int, of: int) -> bool:
        return seats > 0 and seats >= self.quorum * of


def verdict(
    seats: Mapping[int, str],
    present: Collection[int],
    votes: Mapping[int, Choice],
    terms: Terms,
    *,
    closing: bool = False,
) -> Verdict:
    """What was decided, from the sector of each seat of a body, the seats that are there and
    what each of them voted. It is carried when more than half of those who are there want it,
    of several sectors. `closing`: whoever has not voted yet is not waited for; those who did
    must be a quorum by themselves."""
    there = set(present) & set(seats)
    voted = {seat: choice for seat, choice in votes.items() if seat in there}
    if not closing and voted.keys() != there:
        return Verdict.OPEN
    if len(voted) < LEAST:
        return Verdict.ALONE if voted else Verdict.QUORUM
    if not terms.enough(len(voted), len(seats)):
        return Verdict.QUORUM
    favour = [seat for seat, choice in voted.items() if choice == Choice.FOR]
    if 2 * len(favour) <= len(there):
        return Verdict.REJECTED
    alone = len(favour) < LEAST or len({seats[seat] for seat in favour}) < terms.sectors_needed
    return Verdict.ALONE if alone else Verdict.CARRIED


def balance(sectors: Iterable[str]) -> dict[str, int]:
    """How many seats each sector has; the three that must be balanced are always said."""
    return dict.fromkeys(BALANCED, 0) | Counter(sectors)


def balanced(sectors: Iterable[str]) -> bool:
    """Whether no sector of the three has two seats more than another. The document asks for a
    balance in numbers and does not say how close (PAGA I, l. 454): it warns, and stops nothing."""
    counts = balance(sectors)
    of_three = [counts[sector] for sector in BALANCED]
    return max(of_three) - min(of_three) < LEAST
