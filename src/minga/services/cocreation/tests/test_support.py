from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.identity.actions.accounts import enter_person, give_document
from minga.kernel.identity.models import Person
from minga.kernel.public_service.actions import close_account
from minga.services.cocreation import datasets
from minga.services.cocreation.actions import stages
from minga.services.cocreation.actions import support as actions
from minga.services.cocreation.models import Proposal, Support
from minga.services.cocreation.queries import history
from minga.services.cocreation.rules import support as rule
from minga.services.cocreation.rules.breaches import Breach, Rule

from .build import NOON, a_whole_cycle, accepted
from .test_screening import YES, now, screened

pytestmark = pytest.mark.django_db
NUMBER = "1710034065"


def somebody(name: str) -> Person:
    return enter_person(email=f"{name}@prueba.minga", name=name, password="x" * 12)


def has_document(person: Person) -> None:
    give_document(person=person, kind="cedula", number=NUMBER, at=NOON)


def supported(proposal: Proposal, person: Person) -> bool:
    return actions.support(proposal=proposal, person=person, at=NOON)


def count(proposal: Proposal) -> int:
    assert not list(history.verify())
    return Proposal.objects.get(pk=proposal.pk).supports


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 50), st.integers(-60, 60))
def test_without_a_method_it_is_open_while_the_call_is(first: date, days: int, at: int) -> None:
    last, on = first + timedelta(days=days), first + timedelta(days=at)
    assert rule.is_open(None, "", opens=first, closes=last, on=on) == (0 <= at <= days)


def test_each_person_counts_once_from_two_devices_and_after_changing_their_address() -> None:
    proposal, rosa = accepted(), somebody("rosa")
    assert supported(proposal, rosa)
    assert not supported(proposal, rosa)
    rosa.email = "otra@prueba.minga"
    rosa.save()
    assert not supported(proposal, rosa)
    assert supported(proposal, somebody("ana"))
    assert count(proposal) == 2


def test_with_a_document_given_later_and_an_account_opened_again_it_is_still_one() -> None:
    proposal, other = accepted(), accepted(title="Otra idea")
    rosa = somebody("rosa")
    supported(proposal, rosa)  # before anybody knows her document
    has_document(rosa)
    supported(other, rosa)  # after
    close_account(person=rosa, at=NOON)
    again = somebody("rosa-otra-vez")
    has_document(again)
    assert not supported(proposal, again)
    assert not supported(other, again)
    assert (count(proposal), count(other)) == (1, 1)


def test_two_accounts_that_turn_out_to_be_one_person_are_counted_once() -> None:
    proposal, rosa, again = accepted(), somebody("rosa"), somebody("rosa2")
    assert supported(proposal, rosa)
    assert supported(proposal, again)
    has_document(rosa)
    close_account(person=rosa, at=NOON)
    has_document(again)
    assert not supported(proposal, again)
    assert count(proposal) == 1
    assert actions.withdraw(proposal=proposal, person=again, at=NOON)
    assert count(proposal) == 0


def test_it_ends_when_the_evaluation_begins() -> None:
    cycle = a_whole_cycle("recepcion")
    proposal = accepted()
    assert supported(proposal, somebody("rosa"))
    stages.advance(cycle=cycle, to="integracion", by="house", at=NOON)
    screened(now(proposal), YES)
    stages.advance(cycle=cycle, to="evaluacion", by="house", at=NOON)
    proposal = Proposal.objects.select_related("cycle__method").get(pk=proposal.pk)
    with pytest.raises(Breach) as refused:
        supported(proposal, somebody("ana"))
    assert refused.value.rule == Rule.STAGE


def test_who_did_not_show_that_their_address_is_theirs_does_not_count() -> None:
    nobody = enter_person(email="x@prueba.minga", name="X", password=None)
    with pytest.raises(Breach) as refused:
        supported(accepted(), nobody)
    assert refused.value.rule == Rule.LEVEL


def test_the_number_is_public_and_nobody_who_supports_is() -> None:
    proposal = accepted()
    cycle = proposal.cycle
    cycle.closes_on = cycle.closes_on.replace(year=2126)
    cycle.save()
    client = Client()
    client.force_login(somebody("rosalinda"))
    place = reverse("cocreation:support", args=[cycle.key, proposal.number])
    for _ in range(2):
        assert client.post(place).status_code == 302
    assert "Apoyas esta propuesta" in client.get(place).content.decode()
    page = Client().get(reverse("cocreation:proposal", args=[cycle.key, proposal.number]))
    assert "1 persona apoya esta propuesta" in page.content.decode()
    assert "rosalinda" not in page.content.decode()
    [row] = datasets.rows()
    assert row["supports"] == 1
    order = reverse("cocreation:proposals") + "?orden=apoyo"
    assert "1 apoyo" in Client().get(order).content.decode()
    client.post(place, {"withdraw": "1"})
    assert count(proposal) == 0
    assert not Support.objects.exists()
