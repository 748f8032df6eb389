from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.mailbox import rules

tries = st.integers(1, rules.ATTEMPTS - 1)


@given(tries, tries)
def test_the_pause_grows_and_never_passes_six_hours(one: int, other: int) -> None:
    first, second = rules.wait(min(one, other)), rules.wait(max(one, other))
    assert first
    assert second
    assert timedelta(minutes=1) <= first <= second <= timedelta(hours=6)


@given(st.integers(rules.ATTEMPTS, 1000))
def test_one_day_a_letter_is_given_up(attempts: int) -> None:
    assert rules.wait(attempts) is None


def test_a_server_may_be_away_for_a_weekend_and_nothing_is_lost() -> None:
    pauses = [rules.wait(attempts) for attempts in range(1, rules.ATTEMPTS)]
    assert pauses[:3] == [timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    assert sum((pause for pause in pauses if pause), timedelta()) > timedelta(hours=64)


def test_a_claim_outlasts_the_time_that_a_server_may_take() -> None:
    assert timedelta(minutes=1) < rules.CLAIM < timedelta(hours=1)
