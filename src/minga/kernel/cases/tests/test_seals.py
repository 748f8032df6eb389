from hashlib import sha256

import pytest

from minga.kernel.cases import queries
from minga.kernel.cases.models import Case, Draft, Message
from minga.kernel.cases.tests.build import SAID, a_draft, an_errand, asked, replied, send, sql, step
from minga.kernel.trust import queries as trust

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    """One that was asked and replied, beside another that nobody touches."""
    case = replied(asked(an_errand(title="Un puente")))
    step(send(a_draft(title="Otro")), "finish")
    assert named() == []
    return case


def named() -> list[str]:
    return [fault.place for fault in queries.verify()]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'asked'",
        "state = 'no such state'",
        "phase = 'answered'",
        "phase = 'closed', closed_at = opened_at",
        "public = TRUE",
        "type = 'test.other'",
        "rev = 4",
        "rev = 2",
        "state = 'done', phase = 'closed', public = TRUE, closed_at = opened_at",
        "opened_at = '2020-01-01 00:00:00+00:00'",
        "moved_at = '2020-01-01 00:00:00+00:00'",
        "holder_id = (SELECT min(id) FROM identity_organisation)",
    ],
)
def test_a_case_moved_behind_our_back_is_named(case: Case, change: str) -> None:
    sql(f"UPDATE cases_case SET {change} WHERE id = %s", case.pk)  # noqa: S608
    assert named() == [case.stream]


def test_a_case_given_another_definition_is_named(case: Case) -> None:
    other = queries.definition("test.errand")
    assert other
    other.pk, other.number = None, 2
    other.save(force_insert=True)
    sql("UPDATE cases_case SET definition_id = %s WHERE id = %s", other.pk, case.pk)
    assert named() == ["test.errand 2", case.stream]


def test_a_definition_nobody_froze_is_named_before_any_case_stands_under_it(case: Case) -> None:
    forged = queries.definition("test.errand")
    assert forged
    forged.pk, forged.number, forged.snapshot = None, 2, "{}"
    forged.hash = sha256(b"{}").hexdigest()
    forged.save(force_insert=True)
    assert named() == ["test.errand 2"]


def test_words_rewritten_behind_our_back_are_named(case: Case) -> None:
    salt, words = SAID[case.pk]
    SAID[case.pk] = salt, {**words, "title": "Otro puente"}
    assert named() == [case.stream]
    SAID[case.pk] = salt, words
    assert named() == []


def test_words_with_another_salt_are_named(case: Case) -> None:
    SAID[case.pk] = "0" * 32, SAID[case.pk][1]
    assert named() == [case.stream]


def test_words_that_vanished_are_named(case: Case) -> None:
    del SAID[case.pk]
    assert named() == [case.stream]


@pytest.mark.parametrize("change", ["body = 'Otra cosa.'", "salt = 'x'", "rev = 9"])
def test_a_message_changed_behind_our_back_is_named(case: Case, change: str) -> None:
    sql(
        f"UPDATE cases_message SET {change} WHERE case_id = %s AND rev = 2",  # noqa: S608
        case.pk,
    )
    assert set(named()) <= {f"{case.stream} 2", f"{case.stream} 9"}
    assert named()


def test_a_deleted_message_is_named(case: Case) -> None:
    sql("DELETE FROM cases_message WHERE case_id = %s AND rev = 3", case.pk)
    assert named() == [f"{case.stream} 3"]


def test_a_message_nobody_sent_is_named(case: Case) -> None:
    Message.objects.create(case=case, rev=1, role="institution", body="¡Sí!", salt="x")
    assert named() == [f"{case.stream} 1"]


def test_messages_that_changed_places_are_both_named(case: Case) -> None:
    sql("UPDATE cases_message SET rev = 5 - rev + 10 WHERE case_id = %s", case.pk)
    sql("UPDATE cases_message SET rev = rev - 10 WHERE case_id = %s", case.pk)
    assert sorted({*named()}) == [f"{case.stream} 2", f"{case.stream} 3"]


def test_a_case_that_vanished_is_named(case: Case) -> None:
    pk = case.pk
    case.messages.all().delete()
    Draft.objects.filter(case=case).delete()
    case.delete()
    del SAID[pk]
    assert named()[0].startswith(f"case:{pk}")


def test_a_case_without_a_history_is_named(case: Case) -> None:
    case.pk, case.code = None, "another"
    case.save(force_insert=True)
    assert named() == [case.stream]


def test_the_chain_says_nothing_against_tables_that_were_changed(case: Case) -> None:
    """Which is why both are verified."""
    sql("UPDATE cases_case SET state = 'asked' WHERE id = %s", case.pk)
    assert list(trust.verify()) == []
