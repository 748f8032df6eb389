"""The forum selects: prepared by its members, decided at once, by several sectors."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minga
from minga.kernel.assemblies.models import Delegate
from minga.kernel.assemblies.rules import Choice
from minga.kernel.base.files import read
from minga.kernel.trust import queries as trust
from minga.services.cocreation.actions import selection, sessions
from minga.services.cocreation.actions.selection import Outdated, Unready
from minga.services.cocreation.models import Pick, Placement
from minga.services.cocreation.queries import selection as queries
from minga.services.cocreation.rules.backlog import Backlog
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.selection import (
    Advice,
    Lack,
    Place,
    advice,
    by_score,
    lacks,
    ranked,
)

from .build import NOON, speaks
from .build_selection import a_scored_cycle, a_session, prepared, voted

LATER = NOON + timedelta(days=2)
thirds = st.fractions(0, 3, max_denominator=6)


@pytest.mark.slow
@given(st.lists(thirds, min_size=1, max_size=4), thirds, thirds, thirds)
def test_a_better_score_never_gives_a_worse_category(
    criteria: list[Fraction], one: Fraction, other: Fraction, more: Fraction
) -> None:
    told = {"high": max(one, other), "medium": min(one, other)}
    better = [min(said + more, Fraction(3)) for said in criteria]
    assert by_score(better, **told) <= by_score(criteria, **told)
    assert by_score(criteria, **told) in (1, 2, 3)


@given(st.dictionaries(st.integers(1, 60), st.decimals(0, 3, places=5), max_size=30))
def test_the_order_is_stable_and_each_has_its_place(totals: dict[int, Decimal]) -> None:
    ranks = ranked(totals)
    assert sorted(ranks.values()) == list(range(1, len(totals) + 1))
    assert ranks == ranked(dict(reversed(totals.items())))
    order = sorted(totals, key=ranks.__getitem__)
    for before, after in pairwise(order):
        assert (totals[before], -before) >= (totals[after], -after)


def test_each_category_asks_for_what_the_document_prints_of_it() -> None:
    axes = ["open-data"]
    assert lacks(Place(category=1, by_score=1), axes) == [Lack.AXIS]
    assert lacks(Place(category=2, by_score=2), axes) == [Lack.RESERVE]
    assert lacks(Place(category=3, by_score=3), axes) == [Lack.ANCHOR, Lack.ENTITY]
    assert lacks(Place(category=4, by_score=1), axes) == [Lack.REASON, Lack.DEFERRAL]
    assert lacks(Place(category=4, by_score=1, deferral="Censo."), axes) == []
    top = Place(category=3, by_score=1, anchor="Un plan", entity="Una entidad")
    assert lacks(top, axes) == [Lack.REASON]


def test_five_to_fifteen_are_advised_and_no_more_than_that() -> None:
    told = {"least": 5, "most": 15}
    assert [advice(n, **told) for n in (4, 5, 15, 16)] == [Advice.FEW, None, None, Advice.MANY]
    assert advice(99, least=0, most=0) is None


def test_the_printed_lists_are_whole() -> None:
    """PAGA I, l. 775-812: 8 and 19 rows; of some no reason is given."""
    folder = Path(minga.__file__).parent / "jurisdictions/ecuador/data/cocreation_backlog"
    said = read(folder / "paga-1.toml", Backlog)
    assert (len(said.outside), len(said.later)) == (8, 19)
    assert [row.number for row in said.later if not row.reason] == [2, 4, 9, 10, 12, 13, 16]
    assert [row.number for row in said.outside if row.starred] == [2, 3, 5]
    assert "2030-2017" in said.outside[5].anchor
    assert said.later[18].reason == "Sin contraparte de sociedad civil."


@pytest.mark.django_db
def test_the_forum_decides_the_whole_selection_at_once() -> None:
    cycle = a_scored_cycle("2.5", "1.5", "0.5", "2.1")
    prepared(cycle)
    session = a_session(cycle)
    item = selection.put(cycle=cycle, session=session, person=speaks("bruno"), at=NOON)
    item = voted(item, "carla", "bruno", "diego")
    assert not queries.decided(cycle)
    voted(item, "ines")
    found = list(queries.placements(cycle).order_by("rank"))
    said = [(row.integrated.number, row.category, row.rank) for row in found]
    assert said == [(1, 1, 1), (4, 1, 2), (2, 2, 3), (3, 3, 4)]
    assert found[0].integrated.axis == "open-data"
    assert found[0].decision == f"item:{item.pk}"
    assert not Pick.objects.exists()
    assert [*trust.verify(), *queries.verify()] == []
    Placement.objects.filter(pk=found[0].pk).update(category=4, reason="Otra")
    assert len(list(queries.verify())) == 1


@pytest.mark.django_db
def test_a_lone_member_or_one_sector_decides_nothing() -> None:
    cycle = a_scored_cycle()
    prepared(cycle)
    told = {"cycle": cycle, "session": a_session(cycle), "person": speaks("carla"), "at": NOON}
    item = selection.put(**told)  # type: ignore[arg-type]
    voted(item, "carla")
    with pytest.raises(Breach) as alone:
        sessions.conclude(item=item, person=speaks("carla"), at=NOON)
    voted(item, "bruno")
    sessions.vote(item=item, person=speaks("diego"), choice=Choice.ABSTAIN, at=NOON)
    with pytest.raises(Breach) as stranger:
        sessions.conclude(item=item, person=speaks("elena"), at=NOON)
    assert (alone.value.rule, stranger.value.rule) == (Rule.ALONE, Rule.NOT_A_MEMBER)
    assert not queries.decided(cycle)


@pytest.mark.django_db
def test_what_waits_for_the_forum_is_not_changed_and_what_it_rejects_is_prepared_again() -> None:
    cycle = a_scored_cycle("2.5")
    prepared(cycle)
    told = {"cycle": cycle, "person": speaks("carla"), "at": NOON}
    session = a_session(cycle)
    item = selection.put(session=session, **told)  # type: ignore[arg-type]
    moved = {"number": 1, "rev": 2, "place": Place(category=1, by_score=1, axis="innovation")}
    with pytest.raises(Breach) as locked:
        selection.place(**moved, **told)  # type: ignore[arg-type]
    assert locked.value.rule == Rule.SETTLED
    for name in ("carla", "bruno", "diego", "ines"):
        sessions.vote(item=item, person=speaks(name), choice=Choice.AGAINST, at=NOON)
    assert selection.place(**moved, **told).axis == "innovation"  # type: ignore[arg-type]
    with pytest.raises(Outdated):
        selection.place(**moved, **told)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_lacks_something_is_not_put_and_a_stage_out_of_order_is_refused() -> None:
    cycle = a_scored_cycle("2.5", "0.5")
    selection.propose(cycle=cycle, person=speaks("carla"), at=NOON)
    told = {"cycle": cycle, "session": a_session(cycle), "person": speaks("carla"), "at": NOON}
    with pytest.raises(Unready) as lacking:
        selection.put(**told)  # type: ignore[arg-type]
    assert lacking.value.numbers == [1, 2]
    cycle.stage = "evaluacion"
    with pytest.raises(Breach) as early:
        selection.propose(cycle=cycle, person=speaks("carla"), at=NOON)
    assert early.value.rule == Rule.STAGE


@pytest.mark.django_db
def test_whoever_spoke_for_no_seat_on_the_day_of_a_session_puts_nothing_in_it() -> None:
    cycle = a_scored_cycle("2.5")
    prepared(cycle)
    session = a_session(cycle)
    Delegate.objects.filter(person=speaks("bruno")).update(starts_on=LATER.date())
    with pytest.raises(Breach) as refused:
        selection.put(cycle=cycle, session=session, person=speaks("bruno"), at=LATER)
    assert refused.value.rule == Rule.NOT_A_MEMBER
