"""Who somebody is, and what a register of institutions, posts and holders allows. Pure Python.

PNGE, l. 6835-6881 (after article 45 of the COA): which bodies form the central administration.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from math import ceil

DEVICE, BEGAN = "device", "began"  # what a session says of itself
DEVICES = 5  # accounts that one browser is known by
LONGEST = timedelta(minutes=15)  # a registration, from the first letter to the right code
PAUSE = timedelta(seconds=30)  # between two letters
LETTERS = TRIES = 3  # letters of a registration, and wrong codes of each
WRONG_CODES = 30  # that one place may try in this time: a person mistypes, a program guesses
GUESSING = timedelta(minutes=10)
BROWSERS = {  # the first that is named: most name others too
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrom": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}

DEMO = "@demo.minga"  # how the addresses of invented people end: nobody can be written there


class Form(StrEnum):
    """What kind of body it is for that rule. Empty: no document says."""

    PRESIDENCY = "presidency"
    MINISTRY = "ministry"
    ATTACHED = "attached"
    GOVERNED = "governed"  # by a body of delegates
    OTHER = "other"
    COLLECTIVE = "collective"  # no body but many: «the public entities»


class Problem(StrEnum):
    """Why something cannot be entered into the register; forms say it in words."""

    KNOWN = "known"  # there is already one of this name
    BACKWARDS = "backwards"  # it would end before it starts
    LOOP = "loop"  # a body would stand above itself
    CIRCLE = "circle"  # a body would come from what came from it
    HELD = "held"  # somebody holds the post on one of these days
    SAME = "same"  # whoever holds it would be replaced by themselves
    NO_HOLDER = "no_holder"  # nobody holds it
    OWN_DEPUTY = "own_deputy"  # the holder would stand in for themselves
    DEPUTY_OF_DEPUTY = "deputy_of_deputy"
    DEPUTIES = "deputies"  # two would stand in at once
    OFFICER = "officer"  # another post is the institution's e-government officer
    CLOSED = "closed"  # this person closed their account
    ENDED = "ended"  # it is over
    NOTHING = "nothing"  # there is nothing that can be undone
    LATER = "later"  # something that came later depends on it


class Level(IntEnum):
    """How sure the State is of who somebody is. The documents give no levels: these are ours,
    to be confirmed."""

    DECLARED = 0
    EMAIL = 1
    IN_PERSON = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """Somebody who wants an account and has not shown yet that the address is theirs. The
    password is kept as its hash."""

    name: str
    email: str
    password: str
    code: str
    began: float
    sent: float
    place: str = ""  # where they were going
    letters: int = 1
    tries: int = 0

    def is_late(self, now: float) -> bool:
        return now - self.began > LONGEST.total_seconds()

    def may_resend(self, now: float) -> bool:
        return self.letters_left > 0 and now - self.sent >= PAUSE.total_seconds()

    @property
    def is_spent(self) -> bool:
        """No code is taken any more: too many were wrong."""
        return self.tries >= TRIES

    @property
    def letters_left(self) -> int:
        return LETTERS - self.letters


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


def device(agent: str) -> str:
    """Of what a browser says of itself, what its owner would know it by: `phone:Firefox`."""
    if "iPad" in agent or "Tablet" in agent:
        kind = "tablet"
    else:
        kind = "phone" if "Mobi" in agent or "Android" in agent else "computer"
    browser = next((name for word, name in BROWSERS.items() if word in agent), "")
    return f"{kind}:{browser}"


def masked(number: str) -> str:
    """Enough of a document's number for its owner to know it, and for nobody to use it."""
    return f"•••••{number[-4:] if len(number) > 6 else number[-2:]}"


def minutes(seconds: float) -> int:
    """To wait, as it is said: never less than there is."""
    return max(1, ceil(seconds / 60))
