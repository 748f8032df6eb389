from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.base.calendar import Calendar, first_day, last_day, months_over

near = st.dates(date(2018, 1, 1), date(2030, 12, 31))
offsets = st.frozensets(st.integers(0, 30), max_size=15)
waits = st.integers(0, 30)
FRIDAY = date(2026, 3, 6)


def calendar(start: date, off: frozenset[int]) -> Calendar:
    return Calendar(frozenset(start + timedelta(days=day) for day in off))


@given(near, offsets, waits)
def test_as_many_working_days_pass_as_were_asked(
    start: date, off: frozenset[int], days: int
) -> None:
    known = calendar(start, off)
    due = known.add_working_days(start, days)
    between = [start + timedelta(days=day) for day in range(1, (due - start).days + 1)]
    assert sum(known.is_working_day(day) for day in between) == days
    assert days == 0 or known.is_working_day(due)


@given(near, offsets, waits, st.integers(0, 30))
def test_one_more_day_off_never_brings_a_day_nearer(
    start: date, off: frozenset[int], days: int, more: int
) -> None:
    due = calendar(start, off).add_working_days(start, days)
    assert calendar(start, off | {more}).add_working_days(start, days) >= due


@given(near, offsets, waits, waits)
def test_waiting_twice_is_waiting_for_the_sum(
    start: date, off: frozenset[int], first: int, second: int
) -> None:
    known = calendar(start, off)
    halfway = known.add_working_days(start, first)
    assert known.add_working_days(halfway, second) == known.add_working_days(start, first + second)


def test_the_day_itself_does_not_count() -> None:
    assert Calendar().add_working_days(FRIDAY, 0) == FRIDAY
    assert Calendar().add_working_days(FRIDAY, 1) == FRIDAY + timedelta(days=3)
    assert not Calendar().is_working_day(FRIDAY + timedelta(days=1))


def test_days_off_are_jumped_over() -> None:
    """30 October, two days off and a weekend: the next working day is 4 November."""
    known = Calendar({date(2026, 11, 2), date(2026, 11, 3)})
    assert known.add_working_days(date(2026, 10, 30), 1) == date(2026, 11, 4)


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021-02", date(2021, 2, 1), date(2021, 2, 28)),
        ("2022-12", date(2022, 12, 1), date(2022, 12, 31)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
    ],
)
def test_a_month_or_a_year_has_a_first_and_a_last_day(month: str, first: date, last: date) -> None:
    assert (first_day(month), last_day(month)) == (first, last)


@given(near)
def test_the_day_after_the_last_is_the_first_of_the_next(day: date) -> None:
    month = f"{day:%Y-%m}"
    assert first_day(month) <= day <= last_day(month)
    after = last_day(month) + timedelta(days=1)
    assert first_day(f"{after:%Y-%m}") == after


@pytest.mark.parametrize("month", ["", "2020-13", "2020-00", "2020/02", "febrero", "2020-02-01"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        first_day(month)
    with pytest.raises(ValueError, match=r"."):
        last_day(month)


@given(st.lists(near))
def test_months_go_one_by_one_from_the_first_day_to_the_last(days: list[date]) -> None:
    months = months_over(days)
    assert bool(months) == bool(days)
    assert {day.replace(day=1) for day in days} <= set(months)
    assert all(
        (one + timedelta(days=31)).replace(day=1) == after for one, after in pairwise(months)
    )
    assert all(min(days).replace(day=1) <= month <= max(days) for month in months)
