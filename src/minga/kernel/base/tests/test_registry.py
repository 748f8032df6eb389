from dataclasses import dataclass

import pytest

from minga.kernel.base.goals import GOALS
from minga.kernel.base.registry import Registry


@dataclass(frozen=True, slots=True)
class Thing:
    key: str
    said: str = ""


def test_what_is_added_is_found_by_its_key_in_the_order_it_came() -> None:
    things: Registry[Thing] = Registry("things")
    b, a = Thing("b"), Thing("a")
    things.add(b)
    things.add(a)
    assert list(things) == [b, a]
    assert things["a"] is a
    assert "a" in things
    assert "c" not in things
    with pytest.raises(KeyError):
        things["c"]


def test_two_of_one_key_are_refused_and_the_first_stays() -> None:
    things: Registry[Thing] = Registry("things")
    things.add(Thing("a", "first"))
    with pytest.raises(ValueError, match="Two things are called 'a'"):
        things.add(Thing("a", "second"))
    assert [thing.said for thing in things] == ["first"]


def test_registries_share_nothing() -> None:
    one: Registry[Thing] = Registry("things")
    other: Registry[Thing] = Registry("things")
    one.add(Thing("a"))
    assert list(other) == []


def test_the_goals_are_seventeen() -> None:
    assert list(GOALS) == list(range(1, 18))
    assert len(set(GOALS.values())) == 17
