from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.cases import rules
from minga.kernel.cases.declaration import TURNS, Phase
from minga.kernel.cases.queries.desk import DUE, ORDERS, TABS, Filters
from minga.kernel.cases.queries.desk import TURNS as SHOWN
from minga.kernel.cases.rules import Outcome, Seat

seats = st.builds(
    Seat, post=st.integers(1, 4), unit=st.sampled_from([None, 1, 2]), supervises=st.booleans()
)
somewhere = st.none() | seats
days = st.none() | st.dates(date(2026, 3, 1), date(2026, 3, 4))
asked = {"de": TABS, "ver": tuple(SHOWN), "plazo": DUE, "orden": tuple(ORDERS), "tipo": ("",)}
filters = st.builds(
    lambda chosen, words: Filters.of({**chosen, "palabras": words}),
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in asked.items()}),
    st.text(max_size=120),
)


@given(seats, somewhere, somewhere)
def test_what_is_so_already_is_never_done_again(
    by: Seat, to: Seat | None, now: Seat | None
) -> None:
    here = now.post if now else None
    outcome = rules.assignment(by=by, to=to, now=now, shown=here)
    assert (outcome is Outcome.ALREADY) == (here == (to.post if to else None))


@given(seats, somewhere, somewhere, st.none() | st.integers(1, 4))
def test_nothing_is_done_to_a_case_that_is_not_where_it_was_shown(
    by: Seat, to: Seat | None, now: Seat | None, shown: int | None
) -> None:
    if rules.assignment(by=by, to=to, now=now, shown=shown) is Outcome.DONE:
        assert shown == (now.post if now else None)


@given(seats, somewhere, somewhere)
def test_only_who_supervises_reaches_another_unit(
    by: Seat, to: Seat | None, now: Seat | None
) -> None:
    here = now.post if now else None
    outcome = rules.assignment(by=by, to=to, now=now, shown=here)
    abroad = any(seat and seat.unit != by.unit for seat in (to, now))
    assert (outcome is Outcome.BEYOND) <= (abroad and not by.supervises)
    assert (abroad and not by.supervises) <= (outcome in (Outcome.BEYOND, Outcome.ALREADY))


@given(days, days, days, days)
def test_an_internal_day_is_never_after_the_laws(
    on: date | None, law: date | None, now: date | None, shown: date | None
) -> None:
    outcome = rules.due_change(on=on, law=law, now=now, shown=shown)
    if outcome is Outcome.DONE:
        assert now == shown
        assert not (on and law and on > law)
    assert (outcome is Outcome.ALREADY) == (now == (on or law))


@given(filters)
def test_an_address_of_the_desk_says_its_filters_whole(chosen: Filters) -> None:
    assert Filters.of(QueryDict(chosen.query)) == chosen
    assert len(chosen.query) <= 1_500, "what a saved view has room for"


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_is_somebodys_turn(phase: Phase) -> None:
    assert sum(phase in phases for phases in TURNS.values()) == 1
