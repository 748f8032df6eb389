"""What is issued, once; what is annulled; and what the history says of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from minga.kernel.documents import actions, queries
from minga.kernel.documents.models import Document
from minga.kernel.documents.rules import CLAIM, TRIES, Answer, Reason, State
from minga.kernel.trust.models import Entry

from .build import LATER, NOON, issued, made


def stated(document: Document) -> State:
    document.refresh_from_db()
    return document.state


@pytest.mark.django_db
def test_the_same_paper_is_issued_once_and_another_is_another() -> None:
    first = issued()
    assert issued(at=LATER) == first
    assert issued("Otra cosa.") != first
    assert issued(reference="case:2") != first
    assert Entry.objects.filter(kind="document.issued").count() == 3
    assert list(queries.verify()) == []


@pytest.mark.usefixtures("own_database")
@pytest.mark.slow
def test_asked_for_four_times_at_the_same_moment_it_is_one(
    together: Callable[[Callable[[], object]], list[object]],
) -> None:
    found = together(issued)
    assert len({getattr(one, "code", one) for one in found}) == 1
    assert Entry.objects.filter(kind="document.issued").count() == 1


@pytest.mark.django_db
def test_a_worker_that_died_gives_a_paper_back_and_three_give_it_up() -> None:
    document = issued()
    row = Document.objects.filter(pk=document.pk)
    row.update(due_at=NOON + CLAIM, attempts=TRIES)  # as the third left it
    assert actions.make(now=lambda: NOON) == 0
    assert stated(document) == State.WAITING, "another may have it still"
    assert actions.make(now=lambda: LATER) == 0
    assert stated(document) == State.FAILED


@pytest.mark.django_db
@pytest.mark.slow
def test_annulled_it_stays_so_and_a_new_one_can_be_issued() -> None:
    document = made()
    assert queries.by_code(document.code).answer == Answer.AUTHENTIC
    told = {"code": document.code, "actor": "operator", "at": LATER}
    assert actions.annul(reason=Reason.MISTAKE, **told)  # type: ignore[arg-type]
    assert not actions.annul(reason=Reason.EXPOSED, **told)  # type: ignore[arg-type]
    assert stated(document) == State.ANNULLED
    assert document.reason == Reason.MISTAKE
    assert queries.by_code(document.code).answer == Answer.ANNULLED
    assert issued(at=LATER).code != document.code
    assert list(queries.verify()) == []


@pytest.mark.django_db
def test_annulled_while_it_waits_it_is_never_made() -> None:
    document = issued()
    assert actions.annul(code=document.code, reason=Reason.MISTAKE, actor="operator", at=NOON)
    assert actions.make(now=lambda: LATER) == 0
    assert stated(document) == State.ANNULLED


@pytest.mark.django_db
@pytest.mark.slow
def test_a_newer_one_is_told_of_and_the_older_stays_authentic() -> None:
    older = made()
    assert queries.by_code(older.code).newer is None
    newer = issued("Dice más.", at=LATER)
    assert queries.by_code(older.code).newer is None, "it is not there to be read"
    actions.make(now=lambda: LATER + timedelta(hours=1))
    found = queries.by_code(older.code)
    assert (found.answer, found.newer) == (Answer.AUTHENTIC, newer)


@pytest.mark.django_db
@pytest.mark.slow
def test_what_is_changed_by_hand_is_named() -> None:
    document = made()
    row = Document.objects.filter(pk=document.pk)
    faults: list[dict[str, Any]] = [
        {"data": {**document.data, "title": "Otra"}},
        {"seal": "0" * 64},
        {"sha256": "0" * 64},
        {"annulled_at": NOON, "reason": "mistake"},
    ]
    for changed in faults:
        with transaction.atomic():
            row.update(**changed)
            assert [fault.place for fault in queries.verify()] == [document.stream], changed
            transaction.set_rollback(True)
    with transaction.atomic():
        row.delete()
        assert [fault.place for fault in queries.verify()] == [document.stream]
        transaction.set_rollback(True)
    assert list(queries.verify_stored()) == []
    default_storage.delete(document.place)
    default_storage.save(document.place, ContentFile(b"%PDF-otro"))
    assert [fault.place for fault in queries.verify_stored()] == [document.stream]


@pytest.mark.django_db
def test_who_may_read_a_paper() -> None:
    own, public = issued(), issued(reference="plan/c1", public=True)
    assert set(queries.visible_to()) == {public}
    assert set(queries.visible_to(reference="case:2")) == {public}
    assert set(queries.visible_to(reference="case:1")) == {own, public}


@pytest.mark.django_db
def test_a_file_without_its_digest_is_no_paper() -> None:
    document = issued()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(made_at=NOON, due_at=None)
