"""Datasets as files to download: streamed, whatever their size."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from .declaration import Dataset


class _Line:
    """Where csv.writer writes: what it wrote last is handed on."""

    def write(self, line: str) -> str:
        return line


def cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value


def _lines(dataset: Dataset, rows: Iterable[Any]) -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    yield "\ufeff"  # spreadsheets then know that it is UTF-8
    yield write([str(heading) for heading in dataset.columns.values()])
    for row in rows:
        yield write([cell(row[column]) for column in dataset.columns])


def as_csv(dataset: Dataset) -> StreamingHttpResponse:
    """A dataset as CSV with its headings in Spanish; its rows are read while it is sent."""
    name = dataset.key.replace(".", "-")
    return StreamingHttpResponse(
        _lines(dataset, dataset.rows()),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Link": f'<https://spdx.org/licenses/{dataset.licence}>; rel="license"',
        },
    )
