from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.design.timeline import NARROW, ROOM, WIDE, Mark, TimelineRow, draw

days = st.dates(date(1950, 1, 1), date(2120, 12, 31))


@st.composite
def some_row(pick: st.DrawFn) -> TimelineRow:
    starts = pick(days)
    ends = starts + timedelta(days=pick(st.integers(0, 4000)))
    return TimelineRow("Fila", "", starts, ends, "plain", pick(st.lists(days, max_size=3)))


rows = st.lists(some_row(), min_size=1, max_size=6)


def place(text: str) -> float:
    return float(text.removesuffix("%"))


@given(rows, days)
def test_everything_is_inside_the_box(rows: list[TimelineRow], today: date) -> None:
    drawing = draw(rows, today)
    for bar in drawing.bars:
        assert place(bar.x) >= 0
        assert place(bar.width) > 0
        assert place(bar.x) + place(bar.width) <= 100.02
        assert all(0 <= place(sign.x) <= 100 for sign in bar.signs)
    if drawing.today:
        assert 0 <= place(drawing.today) <= 100


@given(rows)
def test_labels_go_forward_leave_room_and_are_few(rows: list[TimelineRow]) -> None:
    drawing = draw(rows)
    for ticks in (drawing.months, drawing.years):
        assert all(a.on < b.on and place(a.x) < place(b.x) for a, b in pairwise(ticks))
        assert all(0 <= place(tick.x) <= ROOM for tick in ticks)
        assert len([tick for tick in ticks if not tick.wide]) <= NARROW + 1
        assert len(ticks) <= WIDE + 1
    assert drawing.months or drawing.years


@given(some_row(), some_row())
def test_what_begins_later_stands_further_right(one: TimelineRow, other: TimelineRow) -> None:
    first, second = draw([one, other]).bars
    if one.starts <= other.starts and place(second.x) + place(second.width) < 99.9:
        assert place(first.x) <= place(second.x)


def test_a_year_on_a_phone() -> None:
    row = TimelineRow(
        "Agua", "/agua/", date(2026, 1, 1), date(2026, 12, 31), marks=[Mark(date(2026, 7, 1))]
    )
    drawing = draw([row], date(2026, 4, 1))
    assert [tick.on.month for tick in drawing.months if not tick.wide] == [1, 4, 7, 10]
    assert [tick.on.year for tick in drawing.years] == [2026]
    assert (drawing.bars[0].x, drawing.bars[0].width) == ("0.00%", "100.00%")
    assert drawing.bars[0].signs[0].x == "50.00%"
    assert drawing.today == "25.00%"


def test_decades_are_told_in_years() -> None:
    drawing = draw([TimelineRow("Siglo", "", date(2000, 6, 1), date(2040, 6, 1))])
    assert drawing.months == []
    assert {tick.on.month for tick in drawing.years} == {1}


def test_today_outside_is_not_drawn() -> None:
    row = TimelineRow("Agua", "", date(2026, 1, 1), date(2026, 3, 31))
    assert draw([row], date(2027, 1, 1)).today == ""
