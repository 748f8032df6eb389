from hypothesis import given
from hypothesis import strategies as st

from minga.services.cocreation import rules

names = [name for needed in rules.NEEDED.values() for name in needed]
written = st.fixed_dictionaries({}, optional={name: st.text(max_size=3) for name in names})


@given(written)
def test_a_draft_can_be_sent_only_when_nothing_needed_is_missing(words: dict[str, str]) -> None:
    missing = [name for name in names if not words.get(name)]
    step = rules.first_unfinished(words)
    assert (step is None) == (missing == [])
    assert step is None or missing[0] in rules.NEEDED[step]


def test_the_problem_comes_before_the_solution_and_the_end_is_to_look_at_it_again() -> None:
    assert rules.STEPS.index("problema") < rules.STEPS.index("solucion")
    walked = [rules.STEPS[0]]
    while walked[-1] != rules.STEPS[-1]:
        walked.append(rules.next_step(walked[-1], {}))
    assert tuple(walked) == rules.STEPS


def test_who_mends_something_after_the_review_comes_back_to_it() -> None:
    whole = dict.fromkeys(names, "x") | {"email": ""}
    assert {rules.next_step(step, whole) for step in rules.STEPS[:-1]} == {rules.STEPS[-1]}
    assert rules.step_before(rules.STEPS[0]) == rules.STEPS[0]


@given(st.dictionaries(st.sampled_from(["sex", "age_group", "ethnic_group", "email"]), st.text()))
def test_what_people_say_of_themselves_is_no_part_of_the_proposal(personal: dict[str, str]) -> None:
    words = {"title": "x", "goal": 0, **personal}
    assert rules.said(words) == rules.said({"title": "x"})
