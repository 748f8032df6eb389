"""Institutions, posts and spreadsheets for tests."""

import io
from datetime import UTC, date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Organisation, Person, Post
from minga.services.institutions import actions, rules

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAY = date(2026, 3, 2)
BY: dict[str, Any] = {"by": "house", "at": AT}
HEADINGS = [heading for _field, heading in rules.COLUMNS]


def a_body(name: str = "Municipio inventado", parent: Organisation | None = None) -> Organisation:
    said = {"name": name, "kind": "public", "source": "prueba", "demo": True}
    return actions.enter(said=said, parent=parent, **BY)


def a_post(body: Organisation, title: str = "Analista", **duties: bool) -> Post:
    said = {"title": title, **duties}
    return actions.enter_post(organisation=body, said=said, instead_of=None, **BY)


def in_post(post: Post, name: str) -> Person:
    return identity.appoint(
        email=f"{name}@prueba.minga", name=name, password="x" * 12, post=post, since=DAY
    )


def a_row(name: str, **said: str) -> list[str]:
    cells = {"name": name, "source": "Ordenanza 1", **said}
    return [cells.get(field, "") for field, _heading in rules.COLUMNS]


def commas(*rows: list[str], encoding: str = "utf-8", separator: str = ",") -> SimpleUploadedFile:
    lines = [separator.join(row) for row in (HEADINGS, *rows)]
    return SimpleUploadedFile("hoja.csv", "\r\n".join(lines).encode(encoding))


def a_book(*rows: list[Any], merge: str = "") -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (HEADINGS, *rows):
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("hoja.xlsx", file.getvalue())
