from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import floats, integers, text

from minga.kernel.identity import rules
from minga.kernel.identity.rules import LETTERS, LONGEST, PAUSE, TRIES, Registration

AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "computer:Firefox",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0": "computer:Edge",
    "Mozilla/5.0 (Linux; Android 14; K) Chrome/140.0 Mobile Safari/537.36": "phone:Chrome",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Safari/604.1": "phone:Safari",
    "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) CriOS/140 Mobile": "tablet:Chrome",
    "": "computer:",
}


def a_registration(**more: float) -> Registration:
    said = {"name": "Rosa", "email": "rosa@prueba.minga", "password": "hash", "code": "123456"}
    return Registration(**said, began=0, sent=0, **more)  # type: ignore[arg-type]  # counts


def test_a_device_is_told_by_what_its_owner_knows_of_it() -> None:
    for agent, device in AGENTS.items():
        assert rules.device(agent) == device


@pytest.mark.slow
@given(text())
def test_whatever_a_browser_says_little_is_kept(agent: str) -> None:
    kind, _, browser = rules.device(agent).partition(":")
    assert kind in ("phone", "tablet", "computer")
    assert browser in ("", *rules.BROWSERS.values())


@given(text(alphabet="0123456789", min_size=4, max_size=13))
def test_a_masked_number_never_says_most_of_it(number: str) -> None:
    shown = rules.masked(number).replace("•", "")
    assert number.endswith(shown)
    assert 2 <= len(shown) <= 4
    assert 2 * len(shown) <= len(number) + 1


@pytest.mark.slow
@given(floats(min_value=-10, max_value=10_000))
def test_nobody_is_told_to_wait_less_than_there_is(seconds: float) -> None:
    assert rules.minutes(seconds) >= 1
    assert rules.minutes(seconds) * 60 >= seconds
    assert (rules.minutes(seconds) - 1) * 60 < max(seconds, 1)


@pytest.mark.slow
@given(integers(0, 10), integers(1, 10), floats(0, 2_000))
def test_a_registration_ends_and_so_do_its_letters(tries: int, letters: int, now: float) -> None:
    pending = a_registration(tries=tries, letters=letters)
    assert pending.is_late(now) == (timedelta(seconds=now) > LONGEST)
    assert pending.is_spent == (tries >= TRIES)
    assert pending.may_resend(now) == (letters < LETTERS and timedelta(seconds=now) >= PAUSE)
