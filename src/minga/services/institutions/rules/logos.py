"""The emblem of an institution: what it is by its content, drawn anew. Pure Python."""

import io
import re
from dataclasses import dataclass
from enum import StrEnum
from zipfile import is_zipfile

import puremagic

from .themes import digest

LARGEST = 2 << 20  # bytes, as it is sent
MOST_POINTS = 9_000_000  # as it is unpacked
WIDTH, HEIGHT = 480, 160  # as it is kept; twice what a page shows
SMALLEST = 16  # points of a side
DARKEST = 200  # of 255: what has no darker point cannot be seen on white
KINDS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
PAGE = re.compile(rb"<\s*(?:!doctype|html|head|body|script|iframe|\?php)[\s>/]", re.I)
DRAWING = re.compile(rb"<\s*svg[\s>]", re.I)
PROGRAM = re.compile(rb"<\s*script|\son[a-z]+\s*=|javascript:|<\s*foreignobject", re.I)
DOCUMENT = re.compile(rb"%PDF-\d")


class Unfit(StrEnum):
    """Why a picture is not taken."""

    EMPTY = "empty"
    LARGE = "large"
    DRAWING = "drawing"  # SVG
    PROGRAM = "program"  # SVG with a program in it
    PAGE = "page"  # a page that is called a picture
    TWO_THINGS = "two_things"  # a picture that is something else as well
    KIND = "kind"
    POINTS = "points"
    SMALL = "small"
    BLANK = "blank"  # nothing of it is seen on white
    DAMAGED = "damaged"


class NoLogo(ValueError):
    def __init__(self, why: Unfit) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture of our own drawing: nothing but its points is left of what was sent."""

    png: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return digest(self.png)


def redrawn(sent: bytes) -> Logo:
    """A small PNG of what was sent, or NoLogo."""
    if not sent:
        raise NoLogo(Unfit.EMPTY)
    if len(sent) > LARGEST:
        raise NoLogo(Unfit.LARGE)
    kinds = _kinds(sent)
    if not kinds:
        raise NoLogo(_not_a_picture(sent))
    if PAGE.search(sent) or DRAWING.search(sent) or DOCUMENT.search(sent) or _is_package(sent):
        raise NoLogo(Unfit.TWO_THINGS)
    return _drawn(sent, kinds)


def _kinds(sent: bytes) -> list[str]:
    try:
        found = {match.mime_type for match in puremagic.magic_string(sent)}
    except (puremagic.PureError, ValueError):  # nothing that it knows
        return []
    return [name for kind, name in KINDS.items() if kind in found and _begins(sent, name)]


def _begins(sent: bytes, name: str) -> bool:
    """At its first byte: what a browser looks at, too."""
    if name == "WEBP":
        return sent[:4] == b"RIFF" and sent[8:12] == b"WEBP"
    return sent.startswith(b"\x89PNG\r\n\x1a\n" if name == "PNG" else b"\xff\xd8\xff")


def _not_a_picture(sent: bytes) -> Unfit:
    if DRAWING.search(sent):
        return Unfit.PROGRAM if PROGRAM.search(sent) else Unfit.DRAWING
    return Unfit.PAGE if PAGE.search(sent) else Unfit.KIND


def _is_package(sent: bytes) -> bool:
    return is_zipfile(io.BytesIO(sent))


def _drawn(sent: bytes, kinds: list[str]) -> Logo:
    from PIL import Image, ImageOps  # heavy: only whoever sends a logo pays for it

    try:
        with Image.open(io.BytesIO(sent), formats=kinds) as picture:
            _fits(*picture.size)  # before a point of it is unpacked
            turned = ImageOps.exif_transpose(picture).convert("RGBA")
    except NoLogo:
        raise
    except Exception as problem:  # whatever a broken picture causes in whoever reads it
        raise NoLogo(Unfit.DAMAGED) from problem
    turned.thumbnail((WIDTH, HEIGHT))
    clean = Image.new("RGB", turned.size, "white")  # by night it stays as it was designed
    clean.paste(turned, mask=turned.getchannel("A"))
    if min(clean.convert("L").tobytes()) > DARKEST:
        raise NoLogo(Unfit.BLANK)
    file = io.BytesIO()
    clean.save(file, "PNG", optimize=True)
    return Logo(file.getvalue(), *clean.size)


def _fits(width: int, height: int) -> None:
    if width * height > MOST_POINTS:
        raise NoLogo(Unfit.POINTS)
    if min(width, height) < SMALLEST:
        raise NoLogo(Unfit.SMALL)
