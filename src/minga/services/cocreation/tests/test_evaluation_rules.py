"""What is computed of an integrated proposal, and who may be asked to score it."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from minga.kernel.rubrics import rules as rubrics
from minga.services.cocreation.queries.method import parsed
from minga.services.cocreation.rules import evaluation as rule
from minga.services.cocreation.rules import method as methods
from minga.services.cocreation.rules.evaluation import Candidate, Table

from .build import PAGA_1

METHOD = parsed(PAGA_1.read_text("utf-8"))
INDICATORS = {part.key: part for one in METHOD.criterion for part in one.indicator}
DAY = timedelta(days=1)
days = st.dates(date(2018, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "score"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), 3),  # six months
        (date(2026, 1, 1), date(2026, 7, 1), 2),  # and a day
        (date(2026, 1, 1), date(2026, 12, 31), 2),  # a year
        (date(2026, 1, 1), date(2027, 1, 1), 1),
        (date(2026, 1, 1), date(2027, 12, 30), 1),  # a day less than two years
        (date(2026, 1, 1), date(2027, 12, 31), 0),  # exactly 24 months: PAGA I, l. 491
        (date(2026, 8, 31), date(2027, 2, 27), 3),  # to the end of a shorter month
        (date(2024, 2, 29), date(2026, 2, 26), 1),
    ],
)
def test_time_is_scored_as_the_table_says(starts_on: date, ends_on: date, score: int) -> None:
    months = rule.months(starts_on, ends_on)
    assert methods.score(INDICATORS["time"], months) == score


def test_24_months_are_on_the_edge_and_are_said_to_be() -> None:
    time = INDICATORS["time"]
    assert rule.on_the_edge(time, rule.months(date(2026, 1, 1), date(2027, 12, 31)))
    assert not rule.on_the_edge(time, rule.months(date(2026, 1, 1), date(2027, 12, 30)))
    assert not rule.on_the_edge(time, rule.months(date(2026, 1, 1), date(2028, 1, 1)))


@pytest.mark.slow
@given(days, st.integers(0, 1500))
def test_a_day_more_is_never_fewer_months(starts_on: date, many: int) -> None:
    ends_on = starts_on + many * DAY
    assert 0 < rule.months(starts_on, ends_on) < rule.months(starts_on, ends_on + DAY)


@given(days, st.integers(1, 60))
def test_whole_months_are_whole(starts_on: date, many: int) -> None:
    assume(starts_on.day <= 28)
    year, month = divmod(starts_on.year * 12 + starts_on.month - 1 + many, 12)
    last = starts_on.replace(year=year, month=month + 1) - DAY
    assert rule.months(starts_on, last) == many


def test_the_other_tables_are_the_printed_ones() -> None:
    entities = [methods.score(INDICATORS["complexity"], n) for n in (2, 3, 4, 5, 6, 20)]
    assert entities == [3, 2, 1, 1, 0, 0]
    joined = [methods.score(INDICATORS["reiterations"], n) for n in (1, 2, 5, 6, 9, 10, 80)]
    assert joined == [0, 1, 1, 2, 2, 3, 3]


def test_a_round_keeps_of_the_method_all_that_scores_need() -> None:
    found = rubrics.read(rubrics.written(rule.rubric_of(METHOD)))
    assert [(part.key, part.weight, part.third) for part in found.criteria] == [
        ("feasibility", 50, False),
        ("relevance", 50, True),
    ]
    assert [one.key for one in found.criterion("relevance").rated] == ["impact", "alignment"]
    assert (found.disagreement, found.third_counts) == ("1", "median")


def test_what_nobody_can_score_yet_says_what_it_lacks() -> None:
    facts = dict.fromkeys(methods.Fact, Fraction(2))
    assert rule.lacking(facts, ["responsible", "counterpart"]) == []
    assert rule.lacking({**facts, methods.Fact.MONTHS: None}, ["responsible"]) == [
        "months",
        "counterpart",
    ]


PARTIES = {"responsible": frozenset({1}), "counterpart": frozenset({2}), "other": frozenset({3})}
people = st.builds(
    Candidate, st.integers(1, 6), st.integers(1, 8), st.frozensets(st.integers(1, 8)), st.booleans()
).map(lambda one: Candidate(one.person, one.organisation, one.belongs | {one.organisation}))


@given(st.lists(people), st.frozensets(st.integers(1, 6)))
def test_nobody_scores_what_is_theirs_or_twice(
    among: list[Candidate], authors: frozenset[int]
) -> None:
    table, asked = Table(PARTIES, authors), []
    for part in METHOD.criterion:
        for rater in part.raters:
            one = rule.chosen(among, table, part.key, rater, Counter())
            if one:
                table.seat(one, part.key)
                asked.append((rater, one))
    who = [one.person for _rater, one in asked]
    assert len(who) == len(set(who))
    assert not authors & set(who)
    by = dict(asked)
    for rater in ("working_group", "core_group"):
        assert rater not in by or not by[rater].belongs & {1, 2, 3}
    for rater, body in (("responsible", 1), ("counterpart", 2)):
        assert rater not in by or by[rater].organisation == body
    if {"working_group", "core_group"} <= set(by):
        assert by["working_group"].organisation not in by["core_group"].belongs


def test_whoever_has_less_to_do_is_asked_and_who_runs_it_last() -> None:
    table = Table(PARTIES, frozenset())
    one, other = (Candidate(n, n + 10, frozenset({n + 10})) for n in (4, 5))
    runs = Candidate(6, 16, frozenset({16}), True)
    load = Counter({4: 2, 5: 1})
    assert rule.chosen([one, other, runs], table, "relevance", "core_group", load) == other
    assert rule.chosen([runs], table, "relevance", "core_group", load) == runs
