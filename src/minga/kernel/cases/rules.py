"""Codes that survive being read aloud; what a frozen definition allows. Pure Python."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from minga.kernel.base.codes import ALPHABET, check_digit, drawn, fits, typed

BODY = 9
CODE = BODY + 1  # letters and numbers of a whole code
MESSAGE = 3000  # letters of what one side says to the other, and of a note
SHORTEST = 20  # letters of a message that says something
ADDED = "add_case"  # in the stream of whoever showed its code
DRAFT_KEPT = timedelta(days=30)  # a draft that is not sent is forgotten; every page says so


def new_code() -> str:
    return code(drawn(BODY))


def code(body: str) -> str:
    whole = body + check_digit(body)
    return f"{whole[:3]}-{whole[3:6]}-{whole[6:]}"


def letters(text: str) -> str | None:
    """The ten characters of something that has the shape of a code."""
    said = typed(text)
    return said if len(said) == CODE and not set(said) - set(ALPHABET) else None


def find_code(text: str) -> str:
    """The code in the middle of other words, such as an address; else the text as it is."""
    found = re.search(r"\b\w{3}-\w{3}-\w{4}\b", text)
    return found[0] if found else text


def read_code(text: str) -> str | None:
    """The code somebody meant, or None when it cannot be one."""
    said = letters(text)
    return code(said[:-1]) if said and fits(said) else None


def opens(owner: int | None, reader: int | None) -> bool:
    """Whether a draft is there for somebody: their own, or one that has only its address."""
    return owner is None or owner == reader


def new_salt() -> str:
    return secrets.token_hex(16)


def seal(salt: str, said: Mapping[str, object]) -> str:
    """A digest that fits these words only, and from which nobody can guess them: without
    the salt, which goes when the words are erased, it says nothing."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return sha256(f"{salt}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    to: str
    by: str
    phase: str
    public: bool
    message: bool
    reasons: tuple[str, ...]


def steps(snapshot: str, state: str) -> dict[str, Step]:
    """The moves that a definition, as it was frozen, allows from a state."""
    frozen: dict[str, Any] = json.loads(snapshot)
    return {
        key: Step(
            to=move["to"],
            by=move["by"],
            phase=frozen["phases"][move["to"]],
            public=move["to"] in frozen["public"],
            message=move["message"],
            reasons=tuple(move["reasons"]),
        )
        for key, move in frozen["moves"].get(state, {}).items()
    }


def refusal(step: Step | None, *, role: str, message: str, reason: str) -> str | None:
    """Why a step may not be taken so; None when it may."""
    if step is None or step.by != role:
        return "no such step from here for this role"
    if step.message != bool(message):
        return "a message is needed" if step.message else "no message belongs to this step"
    if bool(step.reasons) != bool(reason) or (reason and reason not in step.reasons):
        return "a reason of the list is needed" if step.reasons else "no reason belongs here"
    return None


class Scan(StrEnum):
    """Where a file stands before anybody may open it."""

    WAITING = "waiting"
    CLEAN = "clean"
    REFUSED = "refused"  # its bytes were thrown away


RECEIVED, SCANNED = OF_FILES = ("file.received", "file.scanned")  # entries; no step is called so
FILE_KEPT = timedelta(days=1)  # how long a file may lie in the store without its row


def new_place() -> str:
    """A name of ours for a file, which nobody can guess."""
    return secrets.token_hex(20)


def path(place: str) -> str:
    """Where it lies in the store: in one of 256 folders, so that each stays short."""
    return f"{place[:2]}/{place}"


FOLDERS = [f"{number:02x}" for number in range(256)]


class Outcome(StrEnum):
    """What becomes of a change at the desk, before it is made and after."""

    DONE = "done"
    ALREADY = "already"  # it is so: asked for twice, it happens once
    CHANGED = "changed"  # it is not what was shown any more
    BEYOND = "beyond"  # of another unit, and whoever asks does not supervise
    LATE = "late"  # after the day the law gives
    ELSEWHERE = "elsewhere"  # of another institution than the others


@dataclass(frozen=True, slots=True)
class Seat:
    """A post as the desk sees it: where it is, and whether it gives out work."""

    post: int
    unit: int | None
    supervises: bool = False

    def reaches(self, other: "Seat | None") -> bool:
        return self.supervises or other is None or self.unit == other.unit


def assignment(*, by: Seat, to: Seat | None, now: Seat | None, shown: int | None) -> Outcome:
    """What becomes of giving a case to a post, or back (None). Who supervises gives anybody's
    case to anybody of the institution; the others, within their own unit."""
    here = now.post if now else None
    if here == (to.post if to else None):
        return Outcome.ALREADY
    if here != shown:
        return Outcome.CHANGED
    return Outcome.DONE if by.reaches(to) and by.reaches(now) else Outcome.BEYOND


def due_change(
    *, on: date | None, law: date | None, now: date | None, shown: date | None
) -> Outcome:
    """What becomes of setting an internal day, or of going back to the law's (None)."""
    if now == (on or law):
        return Outcome.ALREADY
    if now != shown:
        return Outcome.CHANGED
    return Outcome.LATE if on and law and on > law else Outcome.DONE
