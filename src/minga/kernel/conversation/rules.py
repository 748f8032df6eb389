"""What may be said about something public, and how what harms is taken out of sight. Pure Python.

The documents ask for conversation and do not say how it is kept civil: the reasons, the numbers
and the right to a review by somebody else are ours, to be confirmed."""

import re
from datetime import timedelta
from enum import StrEnum

SHORTEST, LONGEST = 2, 2_000  # letters of a comment
NEW = 3  # comments of somebody who is new here: without links, which is how spam begins
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 30  # comments, or reports, of one person
LINK = re.compile(r"https?:|www\.|\b[a-z0-9-]+\.(?:com|net|org|info|io|ec|bo|co|shop|site)\b", re.I)


class Reason(StrEnum):
    """Why a text is reported, and why it is taken out of sight."""

    PERSONAL_DATA = "personal_data"
    OFFENCE = "offence"
    DISCRIMINATION = "discrimination"
    THREAT = "threat"
    ADVERTISING = "advertising"
    ILLEGAL = "illegal"


class State(StrEnum):
    """Where a reported text stands."""

    OPEN = "open"  # reported, and nobody decided
    LEFT = "left"  # it stays, or it is back
    HIDDEN = "hidden"
    CONTESTED = "contested"  # somebody asked for another look; it stays as it was decided


class Objection(StrEnum):
    """Why something about a text cannot be done; pages say it in words."""

    LEVEL = "level"  # the State is not sure enough of who they are
    LINKS = "links"  # in the first comments
    TOO_MANY = "too_many"  # in an hour
    GONE = "gone"  # what it is about is not there any more
    OWN = "own"  # nobody judges what they wrote
    SAME_JUDGE = "same_judge"  # whoever decided does not look again
    DECIDED = "decided"  # somebody decided it meanwhile
    NO_REVIEW = "no_review"  # it was looked at again already, or it is not theirs to ask


class Objected(Exception):
    """What somebody wanted to do is not done: `args[0]` says why."""

    @property
    def objection(self) -> Objection:
        objection: Objection = self.args[0]
        return objection


def to_saying(body: str, *, before: int, last_hour: int) -> Objection | None:
    """What speaks against a comment of somebody who wrote this many before."""
    if last_hour >= MOST_AN_HOUR:
        return Objection.TOO_MANY
    return Objection.LINKS if before < NEW and LINK.search(body) else None


def to_deciding(state: str, *, own: bool, same_judge: bool) -> Objection | None:
    """What speaks against an official's decision. A text that is hidden can always be given
    back; one that was left waits for another report."""
    if own:
        return Objection.OWN
    if state == State.LEFT:
        return Objection.DECIDED
    return Objection.SAME_JUDGE if state == State.CONTESTED and same_judge else None


def to_review(
    state: str, *, reviewed: bool, is_author: bool, has_reported: bool
) -> Objection | None:
    """What speaks against asking for another look: once for each text, by whoever wrote it if
    it was hidden, by whoever reported it if it was left."""
    theirs = is_author if state == State.HIDDEN else has_reported and state == State.LEFT
    return None if theirs and not reviewed else Objection.NO_REVIEW
