from collections.abc import Callable
from datetime import timedelta
from itertools import count
from uuid import uuid4

import pytest
from django.db import transaction

from minga.kernel.cases import actions, queries, rules
from minga.kernel.cases.declaration import DraftUnknown
from minga.kernel.cases.models import Case, Draft
from minga.kernel.cases.tests.build import (
    NOON,
    a_draft,
    an_errand,
    draft_of,
    errand,
    frozen,
    send,
    step,
)
from minga.kernel.identity.tests.build import an_organisation
from minga.kernel.trust import queries as trust

Together = Callable[[Callable[[], object]], list[object]]
LATER = NOON + timedelta(days=1)


def errands() -> int:
    return Case.objects.filter(type=errand.key).count()


@pytest.mark.django_db
def test_two_tabs_that_fill_in_different_steps_lose_nothing() -> None:
    draft = a_draft(title="Uno", problem="El río")
    assert actions.keep_draft(
        draft=draft, case_type=errand.key, words={"solution": "Un puente"}, at=LATER
    )
    kept = queries.unsent(draft, case_type=errand.key)
    assert kept
    assert kept.words == {"title": "Uno", "problem": "El río", "solution": "Un puente"}
    assert kept.kept_at == LATER


@pytest.mark.django_db
def test_what_is_said_again_replaces_what_was_said() -> None:
    draft = a_draft(title="Uno")
    assert actions.keep_draft(draft=draft, case_type=errand.key, words={"title": ""}, at=LATER)
    assert Draft.objects.get(pk=draft).words == {"title": ""}


@pytest.mark.django_db
def test_a_draft_belongs_to_one_kind_of_case() -> None:
    draft = a_draft(title="Uno")
    assert not actions.keep_draft(draft=draft, case_type="test.x", words={"title": "X"}, at=LATER)
    assert Draft.objects.get(pk=draft).words == {"title": "Uno"}
    assert queries.unsent(draft, case_type="test.x") is None
    assert queries.unsent(uuid4(), case_type=errand.key) is None


@pytest.mark.django_db
def test_a_draft_is_sent_once_and_equal_words_of_another_are_another_case() -> None:
    frozen()
    draft, other = a_draft(title="Uno"), a_draft(title="Uno")
    case = send(draft)
    assert send(draft) == case != send(other)
    assert trust.entries(case.stream).count() == 1


@pytest.mark.django_db
def test_a_draft_sent_long_ago_still_finds_its_case_wherever_it_stands() -> None:
    case = an_errand()
    draft = draft_of(case).pk
    step(case, "finish")
    again = send(draft)
    assert (again.pk, again.state, again.rev) == (case.pk, "done", 2)
    kept = queries.unsent(draft, case_type=errand.key)
    assert kept
    assert kept.case == case


@pytest.mark.django_db
def test_what_was_sent_is_forgotten_as_a_draft_and_kept_no_more() -> None:
    case = an_errand(title="Uno")
    draft = draft_of(case)
    assert draft.words == {}
    words = {"title": "Dos"}
    assert not actions.keep_draft(draft=draft.pk, case_type=errand.key, words=words, at=LATER)
    draft.refresh_from_db()
    assert (draft.words, draft.kept_at) == ({}, NOON)


@pytest.mark.django_db
def test_a_sending_that_failed_leaves_the_draft_as_it_was() -> None:
    frozen()
    draft = a_draft(title="Uno")
    with transaction.atomic():
        send(draft)
        transaction.set_rollback(True)
    assert Draft.objects.get(pk=draft).words == {"title": "Uno"}
    assert errands() == 0
    assert send(draft).state == "received"


@pytest.mark.django_db
def test_a_draft_that_nobody_kept_is_unknown() -> None:
    frozen()
    with pytest.raises(DraftUnknown):
        send(uuid4())


@pytest.mark.django_db
def test_drafts_that_were_never_sent_are_thrown_away() -> None:
    case = an_errand()
    old, new = a_draft(), a_draft()
    Draft.objects.filter(pk=new).update(kept_at=LATER)
    assert actions.forget_drafts(at=NOON + rules.DRAFT_KEPT) == 0
    assert actions.forget_drafts(at=LATER + rules.DRAFT_KEPT) == 1
    assert not Draft.objects.filter(pk=old).exists()
    assert Draft.objects.filter(pk=new).exists()
    assert send(draft_of(case).pk) == case  # the id of a sent one is kept for this
    with pytest.raises(DraftUnknown):
        send(old)


@pytest.mark.usefixtures("own_database")
def test_pressing_many_times_at_once_opens_one_case(together: Together) -> None:
    frozen()
    an_organisation()
    draft = a_draft()
    results = together(lambda: send(draft))
    assert len({case.pk for case in results if isinstance(case, Case)}) == 1, results
    assert {type(result) for result in results} == {Case}
    assert errands() == 1
    assert [*trust.verify(), *queries.verify()] == []


@pytest.mark.usefixtures("own_database")
def test_tabs_that_are_kept_at_the_same_moment_lose_nothing(together: Together) -> None:
    draft, number = uuid4(), count()

    def keep() -> bool:
        words = {f"step {next(number)}": "dicho"}
        return actions.keep_draft(draft=draft, case_type=errand.key, words=words, at=NOON)

    assert together(keep) == 4 * [True]
    assert len(Draft.objects.get(pk=draft).words) == 4
