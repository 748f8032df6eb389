from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast, TruncMonth
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from minga.kernel.base.calendar import last_day
from minga.kernel.base.text import Text, plain
from minga.kernel.trust.rules import Fault

from . import rules
from .declaration import Shortcut, record_types, shortcuts
from .models import Link, Publication, Record, Visit
from .search import matching

MOST = 1_000  # matches that are counted and ranked: the newest ones
LONGEST = 200  # characters of what is asked that are read
PART = 10_000  # records of one part of the map of the site
STAMP_HOLDS = 1.0  # seconds a process goes by the stamp it last read


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, with the words that were asked for marked."""

    record: Record
    label: Text
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives: this page of it, and how many there are up to MOST."""

    hits: Sequence[Hit] = ()
    count: int = 0
    is_more: bool = False  # than are counted


def record(*, type: str, reference: str) -> Record | None:
    return Record.objects.filter(type=type, reference=reference).first()


def newest(*, type: str = "") -> QuerySet[Record]:
    """What became public last, of all types or of one."""
    found = Record.objects.defer("text", "roots", "title_roots").order_by("-published_at", "-pk")
    return found.filter(type=type) if type else found


def parts_of_all() -> int:
    """Into how many parts all that is public falls, PART rows or fewer in each."""
    last = Record.objects.aggregate(last=Max("pk"))["last"]
    return 0 if last is None else last // PART + 1


def part_of_all(part: int) -> QuerySet[Record]:
    return Record.objects.filter(pk__gte=part * PART, pk__lt=(part + 1) * PART).order_by("pk")


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a record comes from and what it gave rise to, as links say."""

    origins: Sequence[Link]
    outcomes: Sequence[Link]


def trace(*, type: str, reference: str) -> Trace:
    """One statement."""
    came = Q(to_record__type=type, to_record__reference=reference)
    led = Q(from_record__type=type, from_record__reference=reference)
    found = Link.objects.filter(came | led).select_related("from_record", "to_record")
    origins: list[Link] = []
    outcomes: list[Link] = []
    for link in found.order_by("at", "pk"):
        here = (link.to_record.type, link.to_record.reference) == (type, reference)
        (origins if here else outcomes).append(link)
    return Trace(origins, outcomes)


def shortcut(words: str) -> tuple[Text, str] | None:
    """The one thing that these words name, when they are a code."""
    ways: list[Shortcut] = list(shortcuts)
    return next((found for way in ways if (found := way.find(words))), None)


def search(
    words: str, *, types: Collection[str] | None = None, limit: int = 20, offset: int = 0
) -> Found:
    """Records with all the words, those first whose title says more of them, then the newest."""
    wanted = rules.asked(plain(words)[:LONGEST])
    if not wanted:
        return Found()
    kinds = [rules.type_root(kind) for kind in types or ()]
    newest = matching(roots=wanted, one_of=kinds, most=MOST + 1)
    records = Record.objects.filter(pk__in=newest).order_by("-published_at", "-pk")
    rows = list(records.values_list("pk", "title_roots"))
    ranked = [(rules.score(title, wanted), pk) for pk, title in rows[:MOST]]
    ranked.sort(key=itemgetter(0), reverse=True)
    page = [pk for _, pk in ranked[offset : offset + limit]]
    there = Record.objects.defer("roots", "title_roots").in_bulk(page)
    hits = [hit(there[pk], wanted) for pk in page if pk in there]
    return Found(hits, len(ranked), len(rows) > MOST)


def having(words: str, *, type: str) -> QuerySet[Any, Any]:
    """The numbers of the rows that records of one type are about and that have all the words,
    for a list to narrow itself with: the newest MOST of them."""
    wanted = rules.asked(plain(words)[:LONGEST])
    if not wanted:
        return Record.objects.none().values_list("pk")
    newest = matching(roots=wanted, one_of=[rules.type_root(type)], most=MOST)
    number = Cast("reference", BigIntegerField())
    return Record.objects.filter(pk__in=newest).annotate(number=number).values_list("number")


def hit(record: Record, wanted: Sequence[str]) -> Hit:
    label = record_types[record.type].label if record.type in record_types else ""
    part = rules.snippet(record.text, wanted)
    return Hit(record, label, marked(record.title, wanted), marked(part, wanted))


def marked(text: str, wanted: Sequence[str]) -> SafeString:
    pieces = rules.marked(text, wanted)
    shown = ((format_html("<mark>{}</mark>", t) if meant else t,) for t, meant in pieces)
    return format_html_join("", "{}", shown)


@dataclass(frozen=True, slots=True)
class Use:
    """How often public pages were opened in a month."""

    month: date
    total: int


def use_by_month() -> list[Use]:
    """The newest month first, for as long as there are figures. One statement."""
    months = Visit.objects.values(month=TruncMonth("day")).annotate(total=Sum("count"))
    return [Use(row["month"], row["total"]) for row in months.order_by("-month")]


def pages_opened(month: date) -> list[tuple[str, int]]:
    """Each page with how often it was opened in a month, the most opened first. One
    statement."""
    found = Visit.objects.filter(day__gte=month, day__lte=last_day(f"{month:%Y-%m}"))
    counted = found.values("page").annotate(total=Sum("count")).order_by("-total", "page")
    return [(row["page"], row["total"]) for row in counted]


def visits() -> Iterator[Mapping[str, object]]:
    """Each page on each day."""
    rows = Visit.objects.order_by("-day", "page").values("day", "page", "count")
    yield from rows.iterator(chunk_size=2_000)


def verify() -> Iterator[Fault]:
    """What is found and is not public."""
    for kind in record_types:
        found = set(Record.objects.filter(type=kind.key).values_list("reference", flat=True))
        for reference in sorted(found.difference(kind.public())):
            yield Fault(f"{kind.key} {reference}", _("se encuentra, y no es público"))


@dataclass(slots=True)
class Seen:
    """The stamp this process last read, and until when it goes by it."""

    stamp: str = ""
    until: float = 0.0


seen = Seen()


def stamp(now: float) -> str:
    """The version of everything public, read at most once a second (`now` is monotonic).
    Inside a transaction it is always read: what is not committed may not be remembered."""
    if now < seen.until and not connection.in_atomic_block:
        return seen.stamp
    row = Publication.objects.values_list("number", "mark").first()
    read = "{}-{}".format(*row or (0, ""))
    if not connection.in_atomic_block:
        seen.stamp, seen.until = read, now + STAMP_HOLDS
    return read


def forget_stamp() -> None:
    """This process changed it: read it at the next page."""
    seen.until = 0.0
