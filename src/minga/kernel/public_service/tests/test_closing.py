from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.identity import actions as identity
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import Person
from minga.kernel.identity.tests.build import MONDAY, a_post
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.models import Letter, Notice
from minga.kernel.mailbox.rules import Topic
from minga.kernel.public_service import actions
from minga.kernel.public_service.models import SavedView
from minga.kernel.public_service.queries import known
from minga.kernel.trust import queries as trust

Together = Callable[[Callable[[], object]], list[object]]
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)


def rosa() -> Person:
    return accounts.enter_person(email="rosa@example.org", name="Rosa", password=None)


@given(st.text("0123456789", max_size=20))
def test_of_a_document_only_the_end_is_shown(number: str) -> None:
    shown = known.masked(number).replace("•", "")
    assert shown == "" or (number.endswith(shown) and len(shown) <= known.SEEN < len(number))


@pytest.mark.usefixtures("own_database")
def test_closing_many_times_at_once_is_closing_once(together: Together) -> None:
    person = rosa()
    mailbox.notify(person=person, topic=Topic.CASES, title="Hay noticias", at=NOON)
    SavedView.objects.create(person=person, name="Los míos", query="?ver=")
    results = together(lambda: actions.close_account(person=person, at=NOON))
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
    assert [letter.subject for letter in Letter.objects.all()] == ["Tu cuenta se cerró"]
    assert not Notice.objects.exists()
    assert not SavedView.objects.exists()
    assert [entry.kind for entry in trust.entries(person.stream)] == ["close"]


@pytest.mark.django_db
def test_a_closing_that_is_refused_forgets_nothing() -> None:
    person = rosa()
    identity.hold(post=a_post(), person=person, since=MONDAY)
    mailbox.notify(person=person, topic=Topic.CASES, title="Hay noticias", at=NOON)
    with pytest.raises(accounts.HoldsPosts):
        actions.close_account(person=person, at=NOON)
    person.refresh_from_db()
    assert (person.name, Notice.objects.count(), Letter.objects.count()) == ("Rosa", 1, 1)
