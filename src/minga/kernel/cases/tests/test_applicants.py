"""Whose case it is: sent with an account, or added by its code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from minga.kernel.cases import actions, queries, rules
from minga.kernel.cases.declaration import Actor, DraftUnknown
from minga.kernel.cases.models import Case, Contact, Draft
from minga.kernel.cases.tests.build import (
    NOON,
    SAID,
    a_draft,
    an_errand,
    asked,
    errand,
    frozen,
    sql,
    step,
)
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import Person
from minga.kernel.identity.tests.build import an_organisation
from minga.kernel.mailbox.models import Letter, Notice
from minga.kernel.trust import queries as trust

Together = Callable[[Callable[[], object]], list[object]]


@pytest.fixture(autouse=True)
def letters(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "test" / "letters"
    folder.mkdir(parents=True)
    words = (
        "Te preguntan\n\n{% if to_account %}Mira tu espacio.{% else %}{{ case.code }}{% endif %}"
    )
    (folder / "ask.txt").write_text(words, "utf-8")
    engine: dict[str, Any] = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    settings.MINGA_ADDRESS = "https://minga.example"


def somebody(name: str = "rosa") -> Person:
    return accounts.enter_person(email=f"{name}@example.org", name=name, password=None)


@transaction.atomic
def sent_by(person: Person) -> Case:
    """With an account, as a service's action does it."""
    frozen()
    taken = actions.take(draft=a_draft(), case_type=errand.key, person=person)
    words, salt = taken.words, rules.new_salt()
    case = actions.open_case(
        draft=taken,
        holder=an_organisation(),
        seal=rules.seal(salt, words),
        by=Actor(person.stream, queries.APPLICANT),
        at=NOON,
        applicant=person,
    )
    SAID[case.pk] = salt, words
    return case


def faults() -> list[object]:
    return [*trust.verify(), *queries.verify()]


@pytest.mark.django_db
def test_who_sends_with_an_account_has_the_case_and_nobody_else() -> None:
    rosa, case = somebody(), sent_by(somebody())
    an_errand()
    assert list(queries.asked_by(rosa)) == [case]
    assert not queries.asked_by(somebody("eusebio")).exists()
    assert faults() == []


@pytest.mark.django_db
def test_the_applicant_is_told_in_the_mailbox_and_once() -> None:
    case = sent_by(somebody())
    Contact.objects.create(case=case, email="Rosa@example.org")
    asked(case)
    notice, letter = Notice.objects.get(), Letter.objects.get()
    address = reverse(errand.applicant_page, args=[case.pk])
    assert (notice.person, notice.title, notice.body) == (
        somebody(),
        "Te preguntan",
        "Mira tu espacio.",
    )
    assert notice.letter == letter
    assert letter.to == "rosa@example.org"
    assert letter.body == f"Mira tu espacio.\n\nhttps://minga.example{address}"


@pytest.mark.django_db
def test_another_address_that_was_left_is_still_told() -> None:
    case = an_errand()
    Contact.objects.create(case=case, email="otra@example.org")
    assert actions.add_case(code=case.code, person=somebody(), at=NOON)
    asked(case)
    told = [(letter.to, letter.subject) for letter in Letter.objects.order_by("pk")]
    assert told == [
        ("otra@example.org", "Un caso tuyo se añadió a una cuenta"),
        ("rosa@example.org", "Te preguntan"),
        ("otra@example.org", "Te preguntan"),
    ]


@pytest.mark.django_db
def test_a_case_of_nobody_is_added_by_its_code_once() -> None:
    case, rosa = an_errand(), somebody()
    for _ in range(2):
        assert actions.add_case(code=case.code, person=rosa, at=NOON)
    case.refresh_from_db()
    assert (case.applicant, case.rev) == (rosa, 1)
    [entry] = trust.entries(rosa.stream)
    assert (entry.kind, entry.facts["case"]) == ("add_case", case.pk)
    assert faults() == []


@pytest.mark.django_db
def test_a_case_of_somebody_and_one_that_is_not_there_are_refused_alike(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case, eusebio = sent_by(somebody()), somebody("eusebio")
    for code in (case.code, rules.code("123456789")):
        with django_assert_num_queries(3):  # the same statements: one look in a savepoint
            assert not actions.add_case(code=code, person=eusebio, at=NOON)
    case.refresh_from_db()
    assert case.applicant == somebody()


@pytest.mark.usefixtures("own_database")
def test_of_four_who_show_a_code_at_once_one_has_the_case(together: Together) -> None:
    case = an_errand()
    people = [somebody(name) for name in ("rosa", "eusebio", "ines", "alvaro")]
    waiting = iter(people)
    results = together(lambda: actions.add_case(code=case.code, person=next(waiting), at=NOON))
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
    case.refresh_from_db()
    assert case.applicant in people
    assert faults() == []


@pytest.mark.django_db
def test_an_applicant_changed_behind_our_back_is_named() -> None:
    case, other = sent_by(somebody()), somebody("eusebio")
    sql("UPDATE cases_case SET applicant_id = %s WHERE id = %s", other.pk, case.pk)
    assert [fault.place for fault in queries.verify()] == [case.stream]
    an_errand()
    sql("UPDATE cases_case SET applicant_id = %s", somebody().pk)
    assert len(list(queries.verify())) == 1


@pytest.mark.django_db
def test_what_waits_for_the_applicant_stands_first_and_says_its_last_step(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    rosa = somebody()
    first, second, third = (sent_by(rosa) for _ in range(3))
    asked(second)
    step(third, "finish")
    found = list(queries.asked_by(rosa).order_by(F("waits"), F("pk")))
    assert found == [second, first, third]
    with django_assert_num_queries(1):
        steps = queries.last_steps(found)
    assert steps == {first.pk: "Llegó el encargo", second.pk: "Preguntaron", third.pk: "Se hizo"}
    assert queries.last_steps([]) == {}


@pytest.mark.django_db
def test_a_draft_begun_with_an_account_is_there_for_nobody_else() -> None:
    rosa, draft = somebody(), uuid4()
    kept: dict[str, Any] = {"draft": draft, "case_type": errand.key, "at": NOON}
    actions.keep_draft(**kept, words={"title": "Uno"}, person=rosa)
    for other in (None, somebody("eusebio")):
        with pytest.raises(DraftUnknown):
            actions.keep_draft(**kept, words={"title": "Dos"}, person=other)
        with pytest.raises(DraftUnknown):
            queries.unsent(draft, case_type=errand.key, person=other)
        with pytest.raises(DraftUnknown), transaction.atomic():
            actions.take(draft=draft, case_type=errand.key, person=other)
    assert not actions.take_along(draft=draft, person=somebody("eusebio"))
    actions.drop_draft(draft=draft, person=somebody("eusebio"))
    assert queries.drafts_of(rosa).get().words == {"title": "Uno"}


@pytest.mark.django_db
def test_a_draft_of_nobody_is_taken_along_by_its_address_and_no_sent_one() -> None:
    rosa, case = somebody(), an_errand()
    draft = a_draft()
    assert actions.take_along(draft=draft, person=rosa)
    assert actions.take_along(draft=draft, person=rosa)
    assert not actions.take_along(draft=Draft.objects.get(case=case).pk, person=rosa)
    assert not actions.take_along(draft=uuid4(), person=rosa)
    assert [kept.pk for kept in queries.drafts_of(rosa)] == [draft]


@pytest.mark.django_db
def test_who_closed_their_account_is_told_no_more_and_the_case_stays() -> None:
    rosa, case = somebody(), sent_by(somebody())
    a_draft()
    Contact.objects.create(case=case, email="otra@example.org")
    accounts.close_account(person=rosa, at=NOON)
    actions.forget_person(person=rosa)
    asked(case)
    case.refresh_from_db()
    assert (case.applicant, case.state) == (rosa, "asked")
    assert not Contact.objects.exists()
    assert not Notice.objects.exists()
    assert not Letter.objects.exists()
    assert faults() == []


@pytest.mark.django_db
def test_a_case_of_a_closed_account_is_added_by_whoever_has_its_code() -> None:
    case = sent_by(somebody())
    accounts.close_account(person=somebody(), at=NOON)
    again = somebody()
    assert actions.add_case(code=case.code, person=again, at=NOON)
    case.refresh_from_db()
    assert (case.applicant, faults()) == (again, [])
