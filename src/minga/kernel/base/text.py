"""Text: shown to people, typed by people, sorted for people. Pure Python."""

import re
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias
from unicodedata import normalize

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# A piece of text shown to people: plain, or translated when it is shown.
Text: TypeAlias = "StrOrPromise"


class Refusal(StrEnum):
    """Why a text cannot be taken; forms say it in words."""

    NUL = "nul"
    CONTROL = "control"
    DIRECTION = "direction"  # overrides that make a line read otherwise than it is stored


UNFIT = {
    Refusal.NUL: re.compile("\x00"),
    # C0 but tab and newlines, C1, halves of surrogates, and what is no character
    Refusal.CONTROL: re.compile(
        "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
    ),
    Refusal.DIRECTION: re.compile("[\u202a-\u202e\u2066-\u2069]"),
}


def refused(text: str) -> Refusal | None:
    """The first reason not to take this text, or None."""
    return next((reason for reason, unfit in UNFIT.items() if unfit.search(text)), None)


def plain(text: str) -> str:
    """The same text as it is stored: composed (NFC), one kind of newline, nothing unfit."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for unfit in UNFIT.values():
        text = unfit.sub("", text)
    return normalize("NFC", text)


def unaccented(text: str) -> str:
    """Small letters and digits without their marks; everything else is a space."""
    text = normalize("NFKD", text.casefold())
    return "".join(c if c.isalnum() else " " for c in text if not "\u0300" <= c <= "\u036f")


def sort_key(text: str) -> str:
    """What a Spanish index sorts by, byte by byte: ñ is a letter of its own, after n."""
    text = normalize("NFC", text.casefold()).replace("ñ", "nzz")
    return " ".join(unaccented(text).split())
