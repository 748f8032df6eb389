"""Time lines: from dates to hundredths of a width. Pure: no clock, no words, no Django.

Places are percentages, so one drawing serves a phone and a wide screen: bars stretch, text
never does. They are already text, with a point, so that no language can put a comma in them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from minga.kernel.base.text import Text

NARROW, WIDE = 5, 12  # how many labels fit
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 300, 600, 1200)  # months from one label to the next
ROOM = 88.0  # a label that starts further right would be cut
THIN = 1.5  # what lasts a day must still be seen


class Mark(NamedTuple):
    on: date
    label: Text = ""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    label: Text
    url: str
    starts: date
    ends: date
    tone: str = "plain"
    marks: Sequence[tuple[date, Text] | date] = ()

    @property
    def signs(self) -> list[Mark]:
        return [Mark(*mark) if isinstance(mark, tuple) else Mark(mark) for mark in self.marks]

    @property
    def days(self) -> list[date]:
        return [self.starts, self.ends, *(mark.on for mark in self.signs)]


class Tick(NamedTuple):
    x: str
    on: date
    wide: bool  # only where there is room


class Sign(NamedTuple):
    x: str
    mark: Mark


class Bar(NamedTuple):
    row: TimelineRow
    x: str
    width: str
    signs: list[Sign]


class Drawing(NamedTuple):
    months: list[Tick]
    years: list[Tick]
    bars: list[Bar]
    today: str
    first: date
    last: date

    @property
    def has_marks(self) -> bool:
        return any(bar.signs for bar in self.bars)


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def percent(share: float) -> str:
    return f"{share:.2f}%"


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months, from the first day of one to the last day of another."""

    first: int
    last: int

    @classmethod
    def around(cls, days: Sequence[date]) -> "Span":
        return cls(month_number(min(days)), month_number(max(days)))

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    def at(self, day: date) -> float:
        """Where a day begins; every month is as wide as any other."""
        share = (month_number(day) - self.first + (day.day - 1) / 31) / self.months * 100
        return min(max(share, 0.0), 100.0)

    def step(self, labels: int) -> int:
        return next((step for step in STEPS if self.months <= step * labels), STEPS[-1])

    def ticks(self) -> Iterator[Tick]:
        narrow = self.step(NARROW)
        wide = next(s for s in STEPS if s >= self.step(WIDE) and narrow % s == 0)
        for number in range(self.first + -self.first % wide, self.last + 1, wide):
            share = (number - self.first) / self.months * 100
            if share <= ROOM:
                yield Tick(percent(share), month_start(number), number % narrow != 0)


def bar(row: TimelineRow, span: Span) -> Bar:
    x = span.at(min(row.starts, row.ends))
    end = span.at(max(row.starts, row.ends)) + 100 / span.months / 31
    width = max(min(end, 100.0) - x, THIN)
    signs = [Sign(percent(span.at(mark.on)), mark) for mark in row.signs]
    return Bar(row, percent(min(x, 100 - width)), percent(width), signs)


def years(ticks: Sequence[Tick], span: Span) -> list[Tick]:
    """A year stands where it begins; the first also at the edge when there is room."""
    found = [tick for tick in ticks if tick.on.month == 1]
    room = not found or float(found[0].x[:-1]) > 100 - ROOM
    edge = [Tick(percent(0), month_start(span.first), False)] if room else []
    return edge + found


def draw(rows: Sequence[TimelineRow], today: date | None = None) -> Drawing:
    span = Span.around([day for row in rows for day in row.days])
    ticks = list(span.ticks())
    within = today and span.first <= month_number(today) <= span.last
    return Drawing(
        months=ticks if span.step(NARROW) < 12 else [],
        years=years(ticks, span),
        bars=[bar(row, span) for row in rows],
        today=percent(span.at(today)) if today and within else "",
        first=month_start(span.first),
        last=month_start(span.last),
    )
