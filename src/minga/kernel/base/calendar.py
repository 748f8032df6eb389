"""Working days, and months as documents give them. Pure Python: no Django, no clock."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    holidays: Collection[date] = field(default_factory=frozenset)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def add_working_days(self, start: date, days: int) -> date:
        day = start
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working_day(day)
        return day


def first_day(month: str) -> date:
    """The first day of 2020-02, or of 2020."""
    year, _, number = month.partition("-")
    return date(int(year), int(number or 1), 1)


def last_day(month: str) -> date:
    """The last day of 2020-02, or of 2020."""
    year, _, number = month.partition("-")
    return date(int(year), int(number or 12), monthrange(int(year), int(number or 12))[1])


def months_over(days: Iterable[date]) -> list[date]:
    """The first day of every month from the first of these days to the last."""
    numbers = [day.year * 12 + day.month - 1 for day in days]
    whole = range(min(numbers), max(numbers) + 1) if numbers else ()
    return [date(number // 12, number % 12 + 1, 1) for number in whole]
