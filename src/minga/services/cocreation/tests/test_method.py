"""What a method says: any fact has one score, and a file that says less or more is refused."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import minga
from minga.kernel.base.files import Unreadable, read
from minga.services.cocreation.rules.breaches import Breach
from minga.services.cocreation.rules.method import TOP, Indicator, Method, Open, score
from minga.services.cocreation.rules.screening import (
    Member,
    Verdict,
    check_agreement,
    check_proposer,
    is_related,
    wrong,
)

FILES = sorted(Path(minga.__file__).parent.glob("jurisdictions/*/data/cocreation/*.toml"))
METHODS = {file.stem: read(file, Method) for file in FILES}
FACTS = [
    pytest.param(indicator, id=f"{key} {indicator.key}")
    for key, method in METHODS.items()
    for criterion in method.criterion
    for indicator in criterion.indicator
    if indicator.fact
]


@pytest.mark.parametrize("indicator", FACTS)
@given(value=st.integers(0, 10**6), more=st.integers(0, 10**6))
def test_any_fact_has_one_score_and_more_of_it_never_goes_the_other_way(
    indicator: Indicator, value: int, more: int
) -> None:
    """More months and more entities never score more; more reiterations never less."""
    first, after = score(indicator, value), score(indicator, value + more)
    assert 0 <= min(first, after) <= max(first, after) <= TOP
    assert after >= first if indicator.fact == "reiterations" else after <= first
    assert first in {level.score for level in indicator.level}


PRINTED = {  # PAGA I, l. 491-492 and 517-520: every bound, on both sides
    "time": {0: 3, 6: 3, 7: 2, 12: 2, 13: 1, 23: 1, 24: 0, 60: 0},
    "complexity": {2: 3, 3: 2, 4: 1, 5: 1, 6: 0, 40: 0},
    "reiterations": {1: 0, 2: 1, 5: 1, 6: 2, 9: 2, 10: 3, 99: 3},
}


@pytest.mark.parametrize("key", PRINTED)
def test_the_first_cycle_scores_as_its_document_prints(key: str) -> None:
    parts = [part for criterion in METHODS["paga-1"].criterion for part in criterion.indicator]
    indicator = next(part for part in parts if part.key == key)
    assert {value: score(indicator, value) for value in PRINTED[key]} == PRINTED[key]


def test_both_methods_are_there_whole() -> None:
    first, second = METHODS["paga-1"], METHODS["paga-2"]
    assert (len(first.stage), len(second.stage)) == (7, 5)
    assert sum(len(part.indicator) for part in first.criterion) == 7
    assert [part.weight for part in first.criterion] == [50, 50]
    assert (len(second.axis), len(second.criterion)) == (5, 5)
    assert sum(bool(part.on) for part in second.meeting) == 11
    assert len(first.meeting) == 8
    for method in METHODS.values():
        assert all(part.reason for part in method.parameter)
        assert {part.key for part in method.parameter} == {*Open}


TEXT = next(file for file in FILES if file.stem == "paga-1").read_text("utf-8")
BROKEN = [
    ('kinds = ["evaluation"]', 'kinds = ["evaluacion"]'),
    ('fact = "months"', 'fact = "years"'),
    (
        '  { score = 2, words = "Más de 6 meses y hasta 1 año", at_most = 12 },',
        '  { score = 4, words = "Más de 6 meses y hasta 1 año", at_most = 12 },',
    ),
    ('raters = ["responsible", "counterpart"]', 'raters = ["minister"]'),
    ('on = "2018-12-19"', 'on = "2018-13-19"'),
    ('key = "quorum"', 'key = "cuorum"'),
    ('key = "clarity"', 'key = "claridad"'),
]


@pytest.mark.parametrize(("before", "after"), BROKEN)
def test_a_broken_method_is_refused_by_its_line(tmp_path: Path, before: str, after: str) -> None:
    assert TEXT.count(before) == 1
    file = tmp_path / "roto.toml"
    file.write_text(TEXT.replace(before, after), "utf-8")
    line = TEXT[: TEXT.index(before)].count("\n") + 1
    with pytest.raises(Unreadable, match=rf"^roto\.toml: .*\(línea {line}\)$"):
        read(file, Method)


def test_weights_that_are_not_the_whole_and_a_missing_parameter_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "roto.toml"
    file.write_text(TEXT.replace("weight = 50", "weight = 40", 1), "utf-8")
    with pytest.raises(Unreadable, match="no suman 100"):
        read(file, Method)
    start = TEXT.index('[[parameter]]\nkey = "quorum"')
    end = TEXT.index("[[parameter]]", start + 1)
    file.write_text(TEXT[:start] + TEXT[end:], "utf-8")
    with pytest.raises(Unreadable, match="falta parameter quorum"):
        read(file, Method)


GATES = [part.key for part in METHODS["paga-1"].screening]
PILLARS = [part.key for part in METHODS["paga-1"].pillar]


@given(
    met=st.fixed_dictionaries({gate: st.booleans() for gate in GATES}),
    pillars=st.sets(st.sampled_from([*PILLARS, "otro"])),
    reason=st.sampled_from(["", *GATES]),
)
def test_a_verdict_holds_only_with_what_its_criteria_say(
    met: dict[str, bool], pillars: set[str], reason: str
) -> None:
    method = METHODS["paga-1"]
    holds = wrong(Verdict(met, sorted(pillars), reason), method) is None
    has_pillars = met["pillars"] == bool(pillars) and "otro" not in pillars
    has_reason = reason == "" if all(met.values()) else bool(reason) and not met.get(reason, True)
    assert holds == (has_pillars and has_reason)
    assert is_related(met, method) == all(met.values())


@st.composite
def a_group(draw: st.DrawFn) -> list[Member]:
    sectors = draw(st.lists(st.sampled_from("abc"), min_size=2, max_size=6))
    return [Member(seat, sector) for seat, sector in enumerate(sectors)]


def allowed(by: Member, proposer: Member, first: list[Member], group: list[Member]) -> bool:
    try:
        check_proposer(proposer, first, group)
        check_agreement(by, proposer, first, group)
    except Breach:
        return False
    return True


@given(group=a_group())
def test_nobody_decides_alone_and_who_could_decide_can_look_again(group: list[Member]) -> None:
    """Two sectors each time; whoever looks again are others, as far as there are."""
    pairs = [(one, other) for one in group for other in group]
    at_first = [pair for pair in pairs if allowed(*pair, [], group)]
    assert all(one.sector != other.sector for one, other in at_first)
    assert bool(at_first) == (len({member.sector for member in group}) > 1)
    for first in at_first:
        again = [pair for pair in pairs if allowed(*pair, list(first), group)]
        assert again
        rest = {member.sector for member in group if member not in first}
        for pair in again:
            assert pair[0].sector != pair[1].sector
            others = sum(member not in first for member in pair)
            assert others >= min(2, len(rest))


def test_numbers_of_parameters_are_within_their_bounds() -> None:
    for method in METHODS.values():
        assert method.number(Open.MEDIUM) <= method.number(Open.HIGH) <= Fraction(TOP)
