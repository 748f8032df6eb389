from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.assemblies.rules import Choice, Terms, Verdict, balance, balanced, verdict

SEATS = {1: "civil_society", 2: "civil_society", 3: "academia", 4: "public"}
TERMS = Terms(quorum=Fraction(1, 2), sectors_needed=2)
FOR, AGAINST, ABSTAIN = Choice

sectors = st.sampled_from(["civil_society", "academia", "public", "private"])
bodies = st.dictionaries(st.integers(1, 12), sectors, max_size=12)
choices = st.sampled_from(list(Choice))
terms = st.builds(
    Terms, quorum=st.fractions(0, 1, max_denominator=12), sectors_needed=st.integers(1, 4)
)
seats_of = st.sets(st.integers(1, 14))
votes_of = st.dictionaries(st.integers(1, 14), choices)


@pytest.mark.slow
@given(bodies, seats_of, votes_of, terms, st.booleans())
def test_nobody_decides_alone(
    seats: dict[int, str], there: set[int], votes: dict[int, Choice], asked: Terms, closing: bool
) -> None:
    """What is carried has two seats in favour at least, of the sectors that are asked for, and
    they are more than half of those who are there, who are a quorum."""
    if verdict(seats, there, votes, asked, closing=closing) == Verdict.CARRIED:
        favour = {s for s in there & seats.keys() if votes.get(s) == FOR}
        assert len(favour) >= 2
        assert len({seats[seat] for seat in favour}) >= asked.sectors_needed
        assert 2 * len(favour) > len(there & seats.keys())
        assert len(there & seats.keys()) >= asked.quorum * len(seats)


@given(bodies, seats_of, choices, terms, st.booleans())
def test_one_member_neither_carries_nor_rejects(
    seats: dict[int, str], there: set[int], choice: Choice, asked: Terms, closing: bool
) -> None:
    for seat in seats:
        said = verdict(seats, there, {seat: choice}, asked, closing=closing)
        assert said not in (Verdict.CARRIED, Verdict.REJECTED)


@pytest.mark.slow
@given(bodies, seats_of, votes_of, terms, st.randoms())
def test_the_order_of_votes_changes_nothing_and_one_in_favour_takes_nothing_away(
    seats: dict[int, str], there: set[int], votes: dict[int, Choice], asked: Terms, luck: object
) -> None:
    said = verdict(seats, there, votes, asked, closing=True)
    turned = dict(reversed(votes.items()))
    assert verdict(seats, sorted(there, reverse=True), turned, asked, closing=True) == said
    if said == Verdict.CARRIED:
        for seat in there & seats.keys():
            more = {**votes, seat: FOR}
            assert verdict(seats, there, more, asked, closing=True) == Verdict.CARRIED


@pytest.mark.slow
@given(bodies, seats_of, votes_of, votes_of, terms)
def test_whoever_is_not_there_or_has_no_seat_counts_for_nothing(
    seats: dict[int, str],
    there: set[int],
    votes: dict[int, Choice],
    others: dict[int, Choice],
    asked: Terms,
) -> None:
    outside = {seat: c for seat, c in others.items() if seat not in there & seats.keys()}
    said = verdict(seats, there, votes, asked)
    assert verdict(seats, there, {**votes, **outside}, asked) == said


def test_two_of_one_sector_are_alone_and_a_third_of_another_carries_it() -> None:
    both = {1: FOR, 2: FOR}
    assert verdict(SEATS, {1, 2}, both, TERMS) == Verdict.ALONE
    assert verdict(SEATS, {1, 2, 4}, both | {4: FOR}, TERMS) == Verdict.CARRIED


def test_who_is_there_is_waited_for_unless_a_quorum_closes() -> None:
    some = {1: FOR, 3: FOR}
    assert verdict(SEATS, {1, 2, 3}, some, TERMS) == Verdict.OPEN
    assert verdict(SEATS, {1, 2, 3}, some, TERMS, closing=True) == Verdict.CARRIED
    asked = Terms(quorum=Fraction(3, 4), sectors_needed=2)
    assert verdict(SEATS, {1, 2, 3}, some, asked, closing=True) == Verdict.QUORUM


def test_half_is_not_a_majority() -> None:
    votes = {1: FOR, 3: FOR, 2: AGAINST, 4: ABSTAIN}
    assert verdict(SEATS, set(SEATS), votes, TERMS) == Verdict.REJECTED


def test_the_balance_of_a_group_is_said_and_warned_of() -> None:
    assert balance(SEATS.values()) == {"civil_society": 2, "academia": 1, "public": 1}
    assert balanced(SEATS.values())
    assert not balanced(["public", "public", "academia"])
