from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.conversation import rules
from minga.kernel.conversation.rules import Objection, State

states = st.sampled_from(list(State))


@given(states, st.booleans())
def test_nobody_ever_judges_their_own_text(state: State, same: bool) -> None:
    assert rules.to_deciding(state, own=True, same_judge=same) == Objection.OWN


@given(states, st.booleans())
def test_another_look_is_never_of_whoever_decided(state: State, own: bool) -> None:
    objection = rules.to_deciding(state, own=own, same_judge=True)
    assert (objection is None) == (not own and state in (State.OPEN, State.HIDDEN))


@given(states, st.booleans(), st.booleans())
def test_another_look_is_asked_for_once(state: State, is_author: bool, has_reported: bool) -> None:
    told = {"is_author": is_author, "has_reported": has_reported}
    assert rules.to_review(state, reviewed=True, **told) == Objection.NO_REVIEW
    may = rules.to_review(state, reviewed=False, **told) is None
    hidden, left = state == State.HIDDEN, state == State.LEFT
    assert may == ((hidden and is_author) or (left and has_reported))


@given(st.sampled_from(["https://x.y", "www.algo.org", "mira compra.com ya", "HTTP://A.B"]))
def test_the_first_comments_carry_no_links_and_later_ones_may(link: str) -> None:
    body = f"Lean esto {link}"
    for before in range(10):
        objection = rules.to_saying(body, before=before, last_hour=0)
        assert objection == (Objection.LINKS if before < rules.NEW else None)


def test_a_sentence_without_a_space_after_its_point_is_no_link() -> None:
    assert rules.to_saying("Estoy de acuerdo.Hace falta", before=0, last_hour=0) is None


def test_there_is_a_most_in_an_hour() -> None:
    told = {"before": 99, "last_hour": rules.MOST_AN_HOUR}
    assert rules.to_saying("Una más", **told) == Objection.TOO_MANY
