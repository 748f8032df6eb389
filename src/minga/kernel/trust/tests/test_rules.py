import json
from datetime import UTC, datetime, timedelta, timezone
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.trust import rules

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
facts = st.dictionaries(words, st.one_of(words, st.integers(), st.booleans(), st.none()))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(facts, st.permutations(range(4)))
def test_the_order_of_facts_changes_nothing(said: dict[str, str], order: list[int]) -> None:
    more = {f"k{number}": number for number in order}
    assert rules.written(NOON, {**said, **more}) == rules.written(NOON, {**more, **said})


@given(facts, st.integers(-14, 14))
def test_the_same_moment_is_written_the_same_from_any_zone(
    said: dict[str, str], hours: int
) -> None:
    there = NOON.astimezone(timezone(timedelta(hours=hours)))
    assert rules.written(there, said) == rules.written(NOON, said)


@given(st.dictionaries(st.sampled_from("abc"), words))
def test_what_was_written_is_read_back(said: dict[str, str]) -> None:
    text = rules.written(NOON, said)
    assert text == normalize("NFC", text)
    read = {name: normalize("NFC", value) for name, value in said.items()}
    assert json.loads(text) == {**read, "at": "2026-03-02T12:00:00.000000+00:00"}


def test_two_ways_to_type_an_accent_are_one_text() -> None:
    assert rules.written(NOON, {"what": "sí"}) == rules.written(NOON, {"what": "si\u0301"})


@given(st.lists(words, min_size=2, max_size=4))
def test_words_cannot_wander_from_one_part_to_the_next(parts: list[str]) -> None:
    joined = [parts[0] + parts[1], "", *parts[2:]]
    assert joined == parts or rules.digest(*joined) != rules.digest(*parts)


def test_the_form_that_is_hashed_never_changes() -> None:
    """A log written years ago must verify: another number here breaks every history."""
    body = rules.written(NOON, {"what": "sí", "rev": 1, "reason": None})
    assert body == (
        '{"at": "2026-03-02T12:00:00.000000+00:00", "reason": null, "rev": 1, "what": "sí"}'
    )
    digest = "9b8a03931feea471779e5733c962e8a0c3174571a2bc34c489b1ff6d732c5ae8"
    assert rules.digest("", "test:1", 1, "said", "person:1", body) == digest
