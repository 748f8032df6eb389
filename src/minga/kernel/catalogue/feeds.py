"""What is public as files: datasets, streamed whatever their size, and dates for calendars."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Something that is on a day: `key` names it for ever within this site."""

    key: str
    on: date
    title: str
    text: str
    address: str


def as_calendar(name: str, file: str, days: Iterable[Day]) -> HttpResponse:
    """Days as a calendar that telephones and mail programs take in (iCalendar, RFC 5545)."""
    import icalendar  # 40 ms that only this costs

    calendar, host = icalendar.Calendar(), urlsplit(settings.MINGA_ADDRESS).hostname
    calendar.add("prodid", "-//Minga//ES")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for day in days:
        event = icalendar.Event()
        event.add("uid", f"{day.key}@{host}")
        event.add("dtstamp", datetime.combine(day.on, datetime.min.time(), UTC))  # no clock in it
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.title)
        event.add("description", day.text)
        event.add("url", f"{settings.MINGA_ADDRESS}{day.address}")
        event.add("transp", "TRANSPARENT")  # nobody is busy because of it
        calendar.add_component(event)
    return HttpResponse(
        calendar.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}.ics"'},
    )
