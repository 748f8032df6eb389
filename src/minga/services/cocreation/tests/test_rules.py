from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.base.calendar import Calendar
from minga.kernel.jurisdiction.declaration import Legal
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


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(1, 40), st.booleans())
def test_an_answer_is_due_on_a_working_day_and_never_when_no_law_says(
    opened_on: date, days: int, known: bool
) -> None:
    legal = Legal(days if known else None, source="prueba", on=opened_on)
    nothing: Legal[tuple[str, ...]] = Legal(None, source="prueba", on=opened_on)
    terms = rules.Terms(days_to_answer=legal, ethnic_groups=nothing)
    due = rules.answer_due(opened_on, terms, Calendar())
    assert (due is None) is not known
    if due:
        assert due > opened_on
        assert Calendar().is_working_day(due)
