"""What a register of institutions, posts and their holders allows. Pure Python.

PNGE, l. 6835-6881 (after article 45 of the COA): which bodies form the central administration.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

DEMO = "@demo.minga"  # how the addresses of invented people end: nobody can be written there


class Form(StrEnum):
    """What kind of body it is for that rule. Empty: no document says."""

    PRESIDENCY = "presidency"
    MINISTRY = "ministry"
    ATTACHED = "attached"
    GOVERNED = "governed"  # by a body of delegates
    OTHER = "other"


class Level(IntEnum):
    """How sure the State is of who somebody is. The documents give no levels: these are ours,
    to be confirmed."""

    DECLARED = 0
    EMAIL = 1
    IN_PERSON = 2


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both included; None: not known, or not over."""

    starts_on: date | None
    ends_on: date | None

    def overlaps(self, other: "Span") -> bool:
        return self.reaches(other) and other.reaches(self)

    def reaches(self, other: "Span") -> bool:
        """Whether it is not over when the other begins."""
        return self.ends_on is None or other.starts_on is None or self.ends_on >= other.starts_on


def is_central(form: str, delegates: Sequence[bool | None]) -> bool | None:
    """Whether a body belongs to the central administration; None when no document says enough.
    `delegates`: of each seat of its governing body, whether a central body fills it."""
    if form in (Form.PRESIDENCY, Form.MINISTRY, Form.ATTACHED):
        return True
    if form == Form.OTHER:
        return False
    if form != Form.GOVERNED or not delegates:
        return None
    sure, unsure = delegates.count(True), delegates.count(None)
    if 2 * sure >= len(delegates):
        return True
    return None if 2 * (sure + unsure) >= len(delegates) else False


def loop(child: int, parent: int, parents: Mapping[int, int]) -> Collection[int]:
    """The bodies of the ring that would close if `parent` stood above `child`; none: it may."""
    way, seen = parent, [child]
    while way != child:
        if way in seen:
            return ()  # a ring further up, which is not this one's making
        seen.append(way)
        if way not in parents:
            return ()
        way = parents[way]
    return seen
