import os
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from minga.kernel.base.text import plain, sort_key

from . import queries, rules, search
from .models import Link, Publication, Record, Visit

# Joins the transaction of the action that calls: what it publishes stands or falls with it,
# and no savepoint is needed.
together = transaction.atomic(savepoint=False)


@together
def publish(  # noqa: PLR0913  # a record has this many parts
    *, type: str, reference: str, title: str, text: str, address: str, demo: bool, at: datetime
) -> Record:
    """Make something findable, or say it anew; it keeps the day it was first public.
    Two statements. The stamp is taken until commit: publish last in an action."""
    title, text = rules.stored(title, text)
    record = Record(
        type=type,
        reference=reference,
        title=title,
        text=text,
        address=address,
        published_at=at,
        demo=demo,
        sort_title=sort_key(title)[: rules.LONGEST_TITLE],
        title_roots=rules.written(title),
        roots=rules.all_roots(type, title, text),
    )
    renewed = ["title", "text", "address", "demo", "sort_title", "title_roots", "roots"]
    Record.objects.bulk_create(
        [record], update_conflicts=True, unique_fields=["type", "reference"], update_fields=renewed
    )
    touch()
    return record


@together
def hide(*, type: str, reference: str) -> bool:
    """Take a record out of sight, with the links that lead to it and from it."""
    record = queries.record(type=type, reference=reference)
    if record is None:
        return False
    Link.objects.filter(Q(from_record=record) | Q(to_record=record)).delete()
    record.delete()  # its search row goes with it
    touch()
    return True


@together
def withhold(*, type: str, reference: str) -> Mapping[str, Any]:
    """Hide a record, and hand over what it takes to give it back as it was; nothing, when there
    is none."""
    record = queries.record(type=type, reference=reference)
    if record is None:
        return {}
    trace = queries.trace(type=type, reference=reference)
    kept = {name: getattr(record, name) for name in ("title", "text", "address", "demo")}
    kept["published_at"] = record.published_at.isoformat()
    kept["links"] = [_kept(link, link.from_record) for link in trace.origins]
    kept["links"] += [_kept(link, link.to_record) for link in trace.outcomes]
    hide(type=type, reference=reference)
    return kept


def _kept(link: Link, other: Record) -> Mapping[str, Any]:
    said = {name: getattr(link, name) for name in ("kind", "reason", "by")}
    ends = {"type": other.type, "reference": other.reference, "from": other == link.from_record}
    return {**said, **ends, "at": link.at.isoformat()}


@together
def give_back(*, type: str, reference: str, kept: Mapping[str, Any]) -> Record:
    """Publish what was withheld as it was, with the links whose other end is still there."""
    said = {name: kept[name] for name in ("title", "text", "address", "demo")}
    at = datetime.fromisoformat(kept["published_at"])
    publish(type=type, reference=reference, **said, at=at)
    record = Record.objects.get(type=type, reference=reference)
    for row in kept["links"]:
        other = queries.record(type=row["type"], reference=row["reference"])
        if other:
            ends = (other, record) if row["from"] else (record, other)
            told = {name: row[name] for name in ("kind", "reason", "by")}
            when = datetime.fromisoformat(row["at"])
            link(from_record=ends[0], to_record=ends[1], **told, at=when)
    return record


@together
def link(  # noqa: PLR0913  # a link has this many parts
    *, from_record: Record, to_record: Record, kind: str, reason: str, by: str, at: datetime
) -> None:
    """Say that one record gave rise to another; said again, the first saying stands."""
    new = Link(
        from_record=from_record, to_record=to_record, kind=kind, reason=plain(reason), by=by, at=at
    )
    Link.objects.bulk_create([new], ignore_conflicts=True)
    touch()


@together
def unlink(*, origin: tuple[str, str], outcome: tuple[str, str], kind: str) -> None:
    """Say it no more: one thing (its type, its reference) did not give rise to the other."""
    came = Q(from_record__type=origin[0], from_record__reference=origin[1])
    led = Q(to_record__type=outcome[0], to_record__reference=outcome[1])
    if Link.objects.filter(came, led, kind=kind).delete()[0]:
        touch()


@together
def touch() -> None:
    """Something public changed: pages kept until now are old once this is committed."""
    Publication.objects.filter(pk=1).update(number=F("number") + 1, mark=token_hex(8))
    transaction.on_commit(queries.forget_stamp)


class _Book:
    """Where this process writes down the pages it answers: one file for each minute."""

    minute, file = -1, -1
    lock = Lock()  # a thread may not write into what another one closes


def note_visit(*, page: str, at: float) -> None:
    """Write down that a page was opened (`at` in seconds of the epoch): a line in a file, so that
    reading asks nothing of the database. A full disk keeps nobody from their page."""
    with _Book.lock, suppress(OSError):
        if (minute := int(at // 60)) != _Book.minute:
            _open_book(minute)
        os.write(_Book.file, f"{page}\n".encode())


def close_book() -> None:
    if _Book.file >= 0:
        os.close(_Book.file)
    _Book.minute, _Book.file = -1, -1


def _open_book(minute: int) -> None:
    close_book()
    settings.MINGA_VISITS.mkdir(parents=True, exist_ok=True)
    path = settings.MINGA_VISITS / f"{minute}.{os.getpid()}"
    _Book.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    _Book.minute = minute


def count_visits(*, at: float) -> int:
    """Add up what processes wrote down up to the minute before last: how many pages. A file is
    taken away before it is counted: a worker that is killed loses it, and none counts twice."""
    counted: Counter[tuple[date, str]] = Counter()
    for path in _written_before(int(at // 60) - 1):
        day = datetime.fromtimestamp(int(path.stem) * 60, tz=timezone.get_current_timezone()).date()
        lines = path.read_text("utf-8", errors="replace").splitlines()
        path.unlink()
        counted.update((day, line) for line in lines)
    return add_visits(counted=counted)


def _written_before(minute: int) -> list[Path]:
    books = settings.MINGA_VISITS.glob("[0-9]*.[0-9]*")
    return sorted(path for path in books if path.stem.isdecimal() and int(path.stem) < minute)


@transaction.atomic
def add_visits(*, counted: Mapping[tuple[date, str], int]) -> int:
    """Two statements for each page and day."""
    for (day, page), count in sorted(counted.items()):
        Visit.objects.get_or_create(day=day, page=page, defaults={"count": 0})
        Visit.objects.filter(day=day, page=page).update(count=F("count") + count)
    return sum(counted.values())


@transaction.atomic
def prepare_search() -> None:
    """Make the stamp and the search index, write roots anew that older rules made.
    Runs after each migrate, idempotent."""
    there = connection.introspection.table_names()
    if not {Record._meta.db_table, Publication._meta.db_table} <= set(there):
        return  # when only some apps were migrated
    search.prepare()
    publication, _ = Publication.objects.get_or_create(pk=1)
    if publication.roots_version == rules.VERSION:
        return
    for record in Record.objects.only("type", "title", "text").iterator():
        Record.objects.filter(pk=record.pk).update(
            title_roots=rules.written(record.title),
            roots=rules.all_roots(record.type, record.title, record.text),
        )
    Publication.objects.filter(pk=1).update(roots_version=rules.VERSION)
    touch()
