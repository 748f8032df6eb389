"""Entering people, correcting them, and closing their account."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from minga.kernel.identity import queries
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import Assurance, Deputy, IdentityDocument, Membership, Person
from minga.kernel.identity.tests.build import MONDAY, a_post, an_official, an_organisation
from minga.kernel.trust import queries as trust

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
DAY = timedelta(days=1)


def rosa() -> Person:
    return accounts.enter_person(email="Rosa@example.org", name="Rosa", password="x" * 12)


def test_the_same_address_again_is_the_same_person() -> None:
    first = rosa()
    again = accounts.enter_person(email="rosa@EXAMPLE.org", name="Otra", password=None)
    assert first == again
    assert (again.name, again.check_password("x" * 12)) == ("Rosa", True)


def test_a_corrected_name_is_told_and_not_repeated_in_the_history() -> None:
    person = rosa()
    for _ in range(2):
        accounts.correct_name(person=person, name="Rosa Lema", at=NOON)
    person.refresh_from_db()
    [entry] = trust.entries(person.stream)
    assert (person.name, entry.kind, "Lema" in entry.body) == ("Rosa Lema", "name", False)


def test_a_closed_account_holds_nothing_personal() -> None:
    person = rosa()
    IdentityDocument.objects.create(person=person, kind="ci", number="1710034065")
    Assurance.objects.create(
        person=person, level=2, method="counter", given_at=NOON, given_by="post:1"
    )
    assert accounts.close_account(person=person, at=NOON)
    assert not accounts.close_account(person=person, at=NOON + DAY)
    row = Person.objects.values().get()
    assert not {"Rosa", "rosa@example.org"} & set(map(str, row.values()))
    assert (row["is_active"], row["closed_at"]) == (False, NOON)
    for table in (IdentityDocument, Assurance, EmailAddress):
        assert not table.objects.exists()
    assert [entry.kind for entry in trust.entries(person.stream)] == ["close"]
    assert list(trust.verify()) == []


def test_the_same_address_opens_another_account() -> None:
    accounts.close_account(person=rosa(), at=NOON)
    accounts.close_account(person=rosa(), at=NOON)
    assert rosa().closed_at is None
    assert Person.objects.count() == 3


def test_who_holds_a_post_or_will_or_stands_in_cannot_close() -> None:
    ines, alvaro = an_official(), rosa()
    later = MONDAY + 30 * DAY
    Deputy.objects.create(post=a_post(), person=alvaro, starts_on=later, ends_on=later)
    for person in (ines, alvaro):
        with pytest.raises(accounts.HoldsPosts):
            accounts.close_account(person=person, at=NOON)
    Membership.objects.update(ends_on=MONDAY)
    with pytest.raises(accounts.HoldsPosts):
        accounts.close_account(person=ines, at=NOON)  # of that day too
    assert accounts.close_account(person=ines, at=NOON + DAY)
    Deputy.objects.update(starts_on=MONDAY, ends_on=MONDAY)
    assert accounts.close_account(person=alvaro, at=NOON + DAY)
    assert Membership.objects.get().person == ines  # what was done in a post stays


def test_who_can_end_a_post_runs_its_institution_or_else_the_register() -> None:
    post, other = a_post(), an_organisation("registro", "Registro")
    assert queries.runners(post, on=MONDAY) == []
    steward, runs = a_post("Registro", organisation=other), a_post("Talento humano")
    for one, duty in ((steward, "stewards"), (runs, "administers")):
        setattr(one, duty, True)
        one.save()
    an_official(post=steward, email="alvaro@example.org")
    assert queries.runners(post, on=MONDAY) == [steward]  # nobody is in the other post
    an_official(post=runs, email="marta@example.org")
    assert queries.runners(post, on=MONDAY) == [runs]


def test_invented_citizens_are_those_of_the_demo_without_a_post() -> None:
    rosa()
    an_official(email="ines@demo.minga")
    eusebio = accounts.enter_person(email="eusebio@demo.minga", name="Eusebio", password=None)
    assert list(queries.demo_citizens()) == [eusebio]
    assert queries.is_invented(eusebio)
    assert not queries.is_invented(rosa())
