"""What a file is, by its content, and why one is not taken. Pure Python: no Django."""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

import puremagic

from minga.kernel.base.text import plain

MEGABYTE = 1024**2
LARGEST = 10 * MEGABYTE  # bytes of a file
MOST = 10  # files of one side of a case
NAME = 120  # letters of a name
PART = 64 * 1024  # bytes read at a time
EDGE = 1024  # bytes at both ends, where browsers and readers look for what something is
UNPACKED = 64 * MEGABYTE  # of what an office's file holds
PARTS, DIRECTORY = 3_000, MEGABYTE  # entries of one, and the bytes that list them


class Unfit(StrEnum):
    """Why a file is not taken; forms say it in words."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"  # none of the kinds on the list
    MISNAMED = "misnamed"  # its name says one thing and its content another
    TWO_NAMES = "two_names"  # informe.exe.pdf
    TWO_THINGS = "two_things"  # a picture that is a program or a page as well
    PACKED = "packed"  # small, and enormous once it is opened
    LOCKED = "locked"
    MACROS = "macros"
    DAMAGED = "damaged"


class NotTaken(Exception):
    def __init__(self, reason: Unfit) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A file that may be kept: what it is was read from its content."""

    name: str
    media_type: str
    size: int
    sha256: str
    content: BinaryIO


OFFICE = "application/vnd.openxmlformats-officedocument."
ODT = "application/vnd.oasis.opendocument.text"
# The closed list: what a file may be, and how its name may end.
KINDS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "text/plain": ("txt",),
    "text/csv": ("csv",),
    ODT: ("odt",),
    f"{OFFICE}wordprocessingml.document": ("docx",),
    f"{OFFICE}spreadsheetml.sheet": ("xlsx",),
}
TEXTS = ("text/plain", "text/csv")  # which of the two only the name says
PLAIN_ONES = ("application/pdf", "image/jpeg", "image/png")
INSIDE = {  # an office's file is what it has inside
    re.compile(r"word/document\d*\.xml"): f"{OFFICE}wordprocessingml.document",
    re.compile(r"xl/workbook\.xml"): f"{OFFICE}spreadsheetml.sheet",
    re.compile(r"content\.xml"): ODT,
}
# Endings that have no place inside a name: of programs, pages, packages, and of our own list.
INNER = (
    "apk app bat bin cmd com cpl dll dmg doc docm exe gz hta htm html iso jar js jse lnk mht mjs"
    " msi php pif pl ps1 py rar reg scr sh svg swf tar url vb vbe vbs wsf xhtml xls xlsm xml zip"
)
DOUBLED = {*INNER.split(), *(suffix for suffixes in KINDS.values() for suffix in suffixes)}
UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
RESERVED = re.compile(r'[<>:"|?*]')
MARKUP = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|\?php)", re.I)
BEGINS_AS_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?a-z]", re.I)
NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
ZIP = b"PK\x03\x04"
END = struct.Struct("<4s4xHHLLH")  # the last bytes of a zip, when nothing comes after it


def named(name: str) -> str:
    """The name somebody gave to a file, without folders and without what nobody sees."""
    last = re.split(r"[/\\]", plain(name))[-1]
    words = " ".join(RESERVED.sub(" ", UNSEEN.sub("", last)).split()).rstrip(" .")
    stem, suffix = _split(words)
    end = f".{suffix}" if suffix else ""
    return f"{stem[: NAME - len(end)].strip(' .') or 'archivo'}{end}"


def _split(name: str) -> tuple[str, str]:
    """What stands before the ending, and the ending; «Acta 12.03.2026» has none."""
    found = re.fullmatch(r"(.*)\.([A-Za-z][A-Za-z0-9]{0,4})", name)
    return (found[1], found[2].lower()) if found else (name, "")


def receive(name: str, content: BinaryIO) -> Received:
    """A file as it may be kept, or NotTaken. Never more than a part of it is in memory."""
    name = named(name)
    size, digest = _measured(content)
    if not size:
        raise NotTaken(Unfit.EMPTY)
    if size > LARGEST:
        raise NotTaken(Unfit.TOO_LARGE)
    name, media_type = _agreed(name, _kinds(content, size))
    content.seek(0)
    return Received(name=name, media_type=media_type, size=size, sha256=digest, content=content)


def parts(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while part := content.read(PART):
        yield part


def _measured(content: BinaryIO) -> tuple[int, str]:
    """Its size and its digest; what is too large is not read to its end."""
    size, digest = 0, sha256()
    for part in parts(content):
        size += len(part)
        digest.update(part)
        if size > LARGEST:
            break
    return size, digest.hexdigest()


def _agreed(name: str, kinds: tuple[str, ...]) -> tuple[str, str]:
    """The name and the kind, if the one says what the other is; a missing ending is added."""
    stem, suffix = _split(name)
    if not DOUBLED.isdisjoint(part.strip().lower() for part in stem.split(".")[1:]):
        raise NotTaken(Unfit.TWO_NAMES)
    if not suffix:
        return f"{name}.{KINDS[kinds[0]][0]}", kinds[0]
    for kind in kinds:
        if suffix in KINDS[kind]:
            return name, kind
    raise NotTaken(Unfit.MISNAMED)


def _kinds(content: BinaryIO, size: int) -> tuple[str, ...]:
    """What a file can be, by its content alone."""
    content.seek(0)
    first = content.read(EDGE)
    if first.startswith(ZIP):
        return (_office(content, size),)
    for kind in PLAIN_ONES:
        if kind in _seen(first):
            _one_thing(content, size, first)
            return (kind,)
    if BEGINS_AS_MARKUP.match(first) or any(NO_TEXT.search(part) for part in parts(content)):
        raise NotTaken(Unfit.UNKNOWN)
    return TEXTS


def _seen(first: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(first)}
    except puremagic.PureError:  # nothing that it knows
        return set()


def _one_thing(content: BinaryIO, size: int, first: bytes) -> None:
    """A document or a picture, and not a page or a package as well."""
    content.seek(max(size - EDGE, 0))
    if MARKUP.search(first) or MARKUP.search(content.read()) or is_zipfile(content):
        raise NotTaken(Unfit.TWO_THINGS)
    if b"%PDF-" in first[1:]:
        raise NotTaken(Unfit.TWO_THINGS)


def _office(content: BinaryIO, size: int) -> str:
    """Which office's file a zip is. It is opened to its end: what it says of its own size
    may be a lie, and what nobody can open is not taken."""
    _closed(content, size)
    try:
        with ZipFile(content) as packed:
            entries = packed.infolist()
            kind = _inside(entries)
            if kind == ODT and packed.read("mimetype") != ODT.encode():  # a sheet, a drawing
                raise NotTaken(Unfit.UNKNOWN)
            for entry in entries:
                with packed.open(entry) as part:
                    while part.read(PART):
                        pass
    except (BadZipFile, RuntimeError, EOFError, LookupError, OSError, ValueError) as broken:
        raise NotTaken(Unfit.DAMAGED) from broken
    except (zlib.error, struct.error) as broken:
        raise NotTaken(Unfit.DAMAGED) from broken
    return kind


def _closed(content: BinaryIO, size: int) -> None:
    """Nothing comes after a zip, and its list is short enough to be read at once."""
    content.seek(max(size - END.size, 0))
    end = content.read()
    if len(end) < END.size or not end.startswith(b"PK\x05\x06"):
        raise NotTaken(Unfit.DAMAGED)
    _, _, entries, directory, _, _ = END.unpack(end)
    if entries > PARTS or directory > DIRECTORY:
        raise NotTaken(Unfit.PACKED)


def _inside(entries: list[ZipInfo]) -> str:
    names = [entry.filename for entry in entries]
    if sum(entry.file_size for entry in entries) > UNPACKED:
        raise NotTaken(Unfit.PACKED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotTaken(Unfit.LOCKED)
    if any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names):
        raise NotTaken(Unfit.MACROS)
    found = [kind for part, kind in INSIDE.items() if any(map(part.fullmatch, names))]
    if not found:
        raise NotTaken(Unfit.UNKNOWN)
    if len(found) > 1 or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise NotTaken(Unfit.TWO_THINGS)
    return found[0]
