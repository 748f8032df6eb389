"""What scores come to, whoever gave them and in whatever order they came."""

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.rubrics import rules
from minga.kernel.rubrics.rules import Criterion, Given, Indicator, Rubric

LEVELS = {str(score): "" for score in range(4)}
scores = st.integers(0, 3)
means = st.fractions(0, 3, max_denominator=12)


def indicator(key: str, computed: bool = False) -> Indicator:
    return Indicator(key=key, title=key, levels=LEVELS, computed=computed)


def a_rubric(counts: str = "median", disagreement: str = "1") -> Rubric:
    """Of four indicators and of three, as in the first cycle: 12 points and 9."""
    four = [indicator("time", True), indicator("complexity", True), *map(indicator, "rw")]
    three = [indicator("again", True), *map(indicator, "ia")]
    feasible, relevant = ["responsible", "counterpart"], ["group", "core"]
    return Rubric(
        criteria=[
            Criterion(key="f", title="", weight=50, raters=feasible, indicators=four),
            Criterion(key="r", title="", weight=50, raters=relevant, indicators=three, third=True),
        ],
        disagreement=disagreement,
        third_counts=counts,
    )


COMPUTED = {"time": 3, "complexity": 3, "again": 3}


def given_(criterion: str, rater: str, *values: int, third: bool = False) -> Given:
    keys = "rw" if criterion == "f" else "ia"
    scored = dict(zip(keys, values, strict=True))
    return Given(criterion=criterion, rater=rater, values=scored, third=third)


def all_of(*pairs: tuple[int, int], third: tuple[int, int] | None = None) -> list[Given]:
    who = [("f", "responsible"), ("f", "counterpart"), ("r", "group"), ("r", "core")]
    found = [given_(*one, *pair) for one, pair in zip(who, pairs, strict=True)]
    return [*found, given_("r", "group", *third, third=True)] if third else found


pair = st.tuples(scores, scores)
whole = st.builds(all_of, pair, pair, pair, pair, third=st.none() | pair)
rubrics = st.sampled_from([a_rubric("median"), a_rubric("replaces"), a_rubric("median", "0")])


@given(rubrics, whole, st.randoms())
def test_the_order_in_which_scores_come_changes_nothing(
    rubric: Rubric, came: list[Given], order: object
) -> None:
    mixed = list(came)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert rules.judged(rubric, COMPUTED, mixed) == rules.judged(rubric, COMPUTED, came)


@given(rubrics, whole)
def test_everything_stays_between_0_and_3(rubric: Rubric, came: list[Given]) -> None:
    found = rules.judged(rubric, COMPUTED, came)
    for score in (*found.criteria.values(), found.total):
        assert score is None or 0 <= score <= 3
    assert (found.total is None) is bool(found.disputed)


@given(rubrics, whole, st.integers(0, 4))
def test_what_is_missing_is_never_a_0(rubric: Rubric, came: list[Given], which: int) -> None:
    lost = came[which % 4]
    found = rules.judged(rubric, COMPUTED, [one for one in came if one is not lost])
    assert found.criteria[lost.criterion] is None
    assert found.total is None


@pytest.mark.slow
@given(st.lists(means, min_size=1, max_size=5), st.data())
def test_a_better_score_never_makes_it_worse(them: list[Fraction], data: st.DataObject) -> None:
    which = data.draw(st.integers(0, len(them) - 1))
    better = [*them]
    better[which] = data.draw(st.fractions(them[which], 3))
    assert (rules.combined(better) or 0) >= (rules.combined(them) or 0)
    for counts in ("median", "replaces"):
        third, more = sorted([data.draw(means), data.draw(means)])
        worse = rules.combined(them, third, counts)
        assert worse is not None
        assert (rules.combined(better, third, counts) or 0) >= worse
        assert (rules.combined(them, more, counts) or 0) >= worse


@given(scores)
def test_twelve_points_and_nine_are_one_scale(score: int) -> None:
    """Whoever scores everything alike gives that score, however many indicators there are."""
    alike = dict.fromkeys(COMPUTED, score)
    found = rules.judged(a_rubric(), alike, all_of(*[(score, score)] * 4))
    assert found.total == score
    assert set(found.criteria.values()) == {Fraction(score)}


@given(means, means, means)
def test_two_differ_from_the_threshold_on(one: Fraction, other: Fraction, least: Fraction) -> None:
    assert rules.differ([one, other], least) is (abs(one - other) >= least and one != other)
    assert rules.differ([one, other], least) is rules.differ([other, one], least)
    assert not rules.differ([one, None], least)


def test_a_third_one_decides_only_where_two_differ() -> None:
    far = all_of((2, 2), (2, 2), (3, 3), (0, 0))  # 3 and 1
    assert rules.judged(a_rubric(), COMPUTED, far).disputed == ["r"]
    came = [*far, given_("r", "core", 3, 1, third=True)]  # 7/3
    assert rules.judged(a_rubric(), COMPUTED, came).criteria["r"] == Fraction(7, 3)
    assert rules.judged(a_rubric("replaces"), COMPUTED, came).criteria["r"] == Fraction(7, 3)
    higher = [*far, given_("r", "core", 3, 3, third=True)]
    assert rules.judged(a_rubric(), COMPUTED, higher).criteria["r"] == 3
    near = all_of((2, 2), (2, 2), (3, 1), (2, 1), third=(0, 0))  # 7/3 and 2: no third counts
    assert rules.judged(a_rubric(), COMPUTED, near).criteria["r"] == Fraction(13, 6)


def test_the_two_who_would_do_it_count_alike() -> None:
    found = rules.judged(a_rubric(), COMPUTED, all_of((3, 3), (0, 1), (1, 1), (1, 1)))
    assert found.criteria == {"f": (Fraction(12, 4) + Fraction(7, 4)) / 2, "r": Fraction(5, 3)}
    assert found.total == (Fraction(19, 8) + Fraction(5, 3)) / 2
    assert found.indicators["w"] == {"counterpart": 1, "responsible": 3}
    assert found.indicators["time"] == {"fact": 3}


def test_what_the_scale_does_not_have_is_no_score() -> None:
    criterion = a_rubric().criterion("r")
    wrong = {"i": "4", "a": "-1", "again": "3", "other": "1"}
    assert rules.fitting(criterion, wrong) == {}
    assert rules.fitting(criterion, {"i": "2", "a": 3}) == {"i": 2, "a": 3}
    assert rules.missing(criterion, {"i": 2}) == ["a"]


def test_a_rubric_is_read_as_it_was_written() -> None:
    assert rules.read(rules.written(a_rubric())) == a_rubric()


def test_a_seal_tells_a_change_and_no_score() -> None:
    """Nobody finds four possible scores by trying them: each seal has a salt of 128 bits."""
    values = {"i": 2, "a": 3}
    assert rules.seal("s", values, "") != rules.seal("s", {**values, "i": 3}, "")
    assert rules.seal("s", values, "") != rules.seal("s", values, "x")
    salts = {rules.new_salt() for _ in range(50)}
    assert len(salts) == 50
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)
    assert len({rules.seal(salt, values, "") for salt in salts}) == 50


@pytest.mark.parametrize("order", list(permutations("ia")))
def test_a_seal_is_of_what_was_said(order: tuple[str, ...]) -> None:
    assert rules.seal("s", dict.fromkeys(order, 1), "") == rules.seal("s", {"i": 1, "a": 1}, "")
