"""The code of a paper, where a paper stands, and what of a text can be printed. Pure Python."""

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from minga.kernel.base.codes import ALPHABET, check_digit, drawn, fits, typed

MARK = "D"  # of a document: the code of a case begins with anything
BODY = 11  # letters drawn for a code; the check digit is the twelfth
ISSUED, MADE, ANNULLED = ENTRIES = ("document.issued", "document.made", "document.annulled")
TRIES = 3  # times a paper is put into the press before it is given up
CLAIM = timedelta(minutes=2)  # longer than the press may take
PRINTED = re.compile(  # written by the press into what programs read of a file
    rb"\bD-[1-9A-HJ-KM-NP-TV-Z]{4}-[1-9A-HJ-KM-NP-TV-Z]{4}-[1-9A-HJ-KM-NP-TV-Z]{4}\b"
)
WINDOW = 17  # bytes of a code, and the one before it
# What the letters of a paper can draw: Latin with all its marks, and what stands between words.
UNPRINTABLE = re.compile(
    "[^\n -~\u00a0-\u036f\u1e00-\u1eff\u2010-\u2027\u2030-\u2037\u2039-\u203f\u20ac\u2190-\u2193"
    "\u2212\u2248\u2260\u2264\u2265\u25af]+"
)
GAP = "\u25af"  # an empty frame, in its place


class State(StrEnum):
    """Where a paper stands."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
    ANNULLED = "annulled"


class Answer(StrEnum):
    """What whoever verifies a paper is told."""

    AUTHENTIC = "authentic"
    ANNULLED = "annulled"
    ALTERED = "altered"  # its code exists, its bytes are not those that were issued
    PREPARING = "preparing"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a paper is worth nothing any more: a closed list, for it is told to everybody."""

    MISTAKE = "mistake"
    WITHDRAWN = "withdrawn"
    EXPOSED = "exposed"


def new_code() -> str:
    return code(drawn(BODY))


def code(body: str) -> str:
    whole = body + check_digit(body)
    return "-".join([MARK, whole[:4], whole[4:8], whole[8:]])


def letters(text: str) -> str | None:
    """The twelve characters of something that has the shape of a code; its first may be
    left out, and a small letter, a space or another dash changes nothing."""
    said = typed(text)
    if len(said) == BODY + 2 and said.startswith(MARK):
        said = said[1:]
    return said if len(said) == BODY + 1 and not set(said) - set(ALPHABET) else None


def read_code(text: str) -> str | None:
    """The code somebody meant, or None when it cannot be one."""
    said = letters(text)
    return code(said[:-1]) if said and fits(said) else None


def has_round_letters(text: str) -> bool:
    """Whether it would be a code but for an O, a U or a zero, which no code has."""
    said = typed(text)
    return len(said) in (BODY + 1, BODY + 2) and bool({"O", "U", "0"} & set(said))


def printed_code(parts: Iterable[bytes]) -> str | None:
    """The first code that stands readable in a file, which is read part by part."""
    before = b""
    for part in parts:
        seen = before + part
        for found in PRINTED.finditer(seen):
            if known := read_code(found[0].decode()):
                return known
        before = seen[-WINDOW:]
    return None


def seal(said: Mapping[str, object]) -> str:
    """A digest that fits these data only."""
    return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def printable(text: str) -> str:
    """The same text, with a frame where something stands that no letter of ours draws."""
    return UNPRINTABLE.sub(GAP, text.replace("\t", " "))


def new_place() -> str:
    """Where the file of a paper will lie in the store; nobody can guess it."""
    name = secrets.token_hex(20)
    return f"documents/{name[:2]}/{name}"
