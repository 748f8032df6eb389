"""A spreadsheet of strangers: its rows as text, one at a time. Nothing in it is computed, and
what it would unpack to is asked first. Pure Python: no Django."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import TextIOWrapper
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from minga.kernel.base.text import unaccented

from . import parts

MERGED = b"<mergeCell "


class Unusable(StrEnum):
    """Why a whole file cannot be read."""

    LARGE = "large"
    NO_TABLE = "no_table"
    HEADINGS = "headings"
    MERGED = "merged"
    ROWS = "rows"
    NO_ROWS = "no_rows"


class Unreadable(Exception):
    """A file that is no table of ours."""

    def __init__(self, why: Unusable) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    size: int  # bytes, as it is sent
    unpacked: int  # bytes, as it is unpacked
    rows: int


def read(
    content: BinaryIO, size: int, headings: Sequence[str], limits: Limits
) -> Iterator[tuple[int, list[str]]]:
    """The rows under the headings that are not empty, with their numbers in the sheet."""
    if size > limits.size:
        raise Unreadable(Unusable.LARGE)
    content.seek(0)
    packed = content.read(2) == b"PK"
    found, wanted = 0, [_plain(heading) for heading in headings]
    with closing(_excel(content, limits) if packed else _commas(content)) as rows:
        if [cell for cell in map(_plain, next(rows, [])) if cell] != wanted:
            raise Unreadable(Unusable.HEADINGS)
        for number, row in enumerate(rows, start=2):
            if any(cell.strip() for cell in row):
                found += 1
                if found > limits.rows:
                    raise Unreadable(Unusable.ROWS)
                yield number, row[: len(wanted)] + [""] * (len(wanted) - len(row))
    if not found:
        raise Unreadable(Unusable.NO_ROWS)


def _plain(cell: str) -> str:
    return " ".join(unaccented(cell).split())


def _excel(content: BinaryIO, limits: Limits) -> Generator[list[str]]:
    """The first sheet, formulas as they are written."""
    try:
        with ZipFile(content) as package:
            if sum(part.file_size for part in package.infolist()) > limits.unpacked:
                raise Unreadable(Unusable.LARGE)
            sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
            if any(_merges(package, name) for name in sheets):
                raise Unreadable(Unusable.MERGED)
        content.seek(0)
        book = load_workbook(content, read_only=True, data_only=False, keep_links=False)
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_cell(value) for value in row]
    except Unreadable:
        raise
    except (BadZipFile, KeyError, ValueError, IndexError, TypeError, OSError) as problem:
        raise Unreadable(Unusable.NO_TABLE) from problem
    except Exception as problem:  # defusedxml's refusals and whatever a broken package causes
        raise Unreadable(Unusable.NO_TABLE) from problem


def _merges(package: ZipFile, name: str) -> bool:
    """Whether a sheet has merged cells; never more than a part of it is in memory."""
    with package.open(name) as sheet:
        last = b""
        while part := sheet.read(1 << 16):
            if MERGED in last + part:
                return True
            last = part[-len(MERGED) :]
    return False


def _cell(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, ArrayFormula | DataTableFormula):
        return "="
    return "" if value is None else str(value)


def _commas(content: BinaryIO) -> Generator[list[str]]:
    """By commas, by semicolons or by tabulators; in whichever letters it was saved."""
    encoding = _encoding(content)
    content.seek(0)
    text = TextIOWrapper(content, encoding, errors="replace", newline="")
    try:
        first = text.readline()
        text.seek(0)
        separator = max(",;\t", key=first.count)
        yield from csv.reader(text, delimiter=separator)
    except csv.Error as problem:
        raise Unreadable(Unusable.NO_TABLE) from problem
    finally:
        if not text.closed:
            text.detach()


def _encoding(content: BinaryIO) -> str:
    """UTF-16 when it says so, else UTF-8, or else as older spreadsheets write."""
    content.seek(0)
    if content.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE):
        return "utf-16"
    decoder, encoding = getincrementaldecoder("utf-8")(), "utf-8-sig"
    for part in parts(content):
        if b"\0" in part:
            raise Unreadable(Unusable.NO_TABLE)
        if encoding != "cp1252":
            try:
                decoder.decode(part)
            except UnicodeDecodeError:
                encoding = "cp1252"
    return encoding
