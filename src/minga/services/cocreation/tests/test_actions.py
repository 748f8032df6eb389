from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.urls import reverse

from minga.kernel.cases import queries as cases
from minga.kernel.cases.declaration import Conflict, DraftUnknown, Refused
from minga.kernel.cases.models import Case, Contact, Draft
from minga.kernel.catalogue import queries as catalogue
from minga.kernel.mailbox.models import Letter
from minga.kernel.trust import queries as trust
from minga.services.cocreation import actions, queries
from minga.services.cocreation.models import Proposal, Statistics
from minga.services.cocreation.queries import history
from minga.services.cocreation.rules import Reason

from .build import NOON, a_cycle, a_post, a_proposal, accepted, decided, words

pytestmark = pytest.mark.django_db


def test_what_was_written_is_the_proposal_and_its_case() -> None:
    proposal = a_proposal()
    assert proposal.title == "Presupuesto del barrio"
    assert (proposal.case.state, proposal.case.public, proposal.number) == ("received", False, None)
    assert [*trust.verify(), *cases.verify()] == []


def test_the_same_draft_again_is_the_same_case() -> None:
    a_cycle()
    draft = uuid4()
    actions.keep(draft=draft, words=words(), at=NOON)
    first = actions.send(draft=draft, at=NOON)
    assert actions.keep(draft=draft, words={"title": "Otro"}, at=NOON) is False
    assert actions.send(draft=draft, at=NOON) == first
    assert Proposal.objects.get().title == "Presupuesto del barrio"
    assert actions.send(draft=a_draft(), at=NOON) != first


def page(proposal: Proposal) -> str:
    return reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number])


def a_draft(**changed: object) -> UUID:
    draft = uuid4()
    actions.keep(draft=draft, words=words(**changed), at=NOON)
    return draft


def test_a_draft_that_was_sent_says_nothing_any_more() -> None:
    a_proposal(email="rosa@prueba.minga", sex="woman")
    assert Draft.objects.get().words == {}


def test_what_people_say_of_themselves_is_kept_apart_and_only_if_they_do() -> None:
    a_proposal()
    assert not Statistics.objects.exists()
    assert not Contact.objects.exists()
    proposal = a_proposal(sex="woman", email="rosa@prueba.minga")
    assert Statistics.objects.get().sex == "woman"
    assert Contact.objects.get().case == proposal.case


def test_an_unfinished_draft_and_an_unknown_one_are_refused() -> None:
    a_cycle()
    draft = uuid4()
    actions.keep(draft=draft, words={"title": "Solo el nombre"}, at=NOON)
    with pytest.raises(actions.Unfinished, match="problema"):
        actions.send(draft=draft, at=NOON)
    with pytest.raises(DraftUnknown):
        actions.send(draft=uuid4(), at=NOON)
    assert not Case.objects.exists()


def test_nothing_is_received_when_the_call_is_over() -> None:
    a_cycle()
    draft = uuid4()
    actions.keep(draft=draft, words=words(), at=NOON)
    with pytest.raises(Refused):
        actions.send(draft=draft, at=NOON + timedelta(days=31))
    assert Draft.objects.get().words["title"] == "Presupuesto del barrio"


def test_accepted_it_is_public_found_and_numbered_once() -> None:
    first, second = accepted(), accepted(title="Mapa del agua")
    assert [first.number, second.number] == [1, 2]
    assert {p.title for p in queries.public()} == {first.title, second.title}
    assert [
        hit.record.address for hit in catalogue.search("mapas", types=[actions.RECORD]).hits
    ] == [page(second)]
    again = decided(first, "reopen", message="Falta decir quién lo publicaría.")
    assert not queries.public().filter(pk=first.pk).exists()
    assert not catalogue.search("presupuesto", types=[actions.RECORD]).hits
    assert decided(again, "accept").number == 1


def test_set_aside_needs_a_reason_of_the_list_and_stays_unseen() -> None:
    proposal = a_proposal()
    for reason in ("", "porque no"):
        with pytest.raises(Refused):
            decided(proposal, "set_aside", reason=reason)
    aside = decided(proposal, "set_aside", reason=Reason.PERSONAL_CASE)
    assert (aside.case.phase, aside.case.public) == ("closed", False)
    assert not queries.public().exists()


def test_asked_and_answered_the_history_says_both() -> None:
    asked = decided(a_proposal(), "ask", message="¿De qué barrio se trata, por favor?")
    actions.reply(proposal=asked, message="Del barrio San Luis.", rev=2, at=NOON)
    found = queries.by_code(asked.case.code)
    assert found
    steps = cases.timeline(found.case, {"applicant": "Rosa", "institution": "Inés"})
    assert [(step.by, step.note) for step in steps] == [
        ("Rosa", ""),
        ("Inés", "¿De qué barrio se trata, por favor?"),
        ("Rosa", "Del barrio San Luis."),
    ]
    assert [*trust.verify(), *cases.verify()] == []


def test_of_two_officials_the_second_is_told_what_changed() -> None:
    proposal = a_proposal()
    decided(proposal, "accept")
    with pytest.raises(Conflict) as conflict:
        decided(proposal, "set_aside", reason=Reason.DUPLICATE)
    assert conflict.value.state == "Aceptada"


def test_who_left_an_address_is_told_each_step_and_nobody_else() -> None:
    decided(a_proposal(), "accept")
    assert not Letter.objects.exists()
    decided(a_proposal(email="rosa@prueba.minga"), "accept")
    subjects = Letter.objects.order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == ["Recibimos tu propuesta", "Tu propuesta fue aceptada"]


@pytest.mark.parametrize("column", ["title", "problem", "solution", "sector"])
def test_a_word_changed_behind_our_back_is_named(column: str) -> None:
    proposal = a_proposal()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE cocreation_proposal SET {column} = 'otra cosa'")  # noqa: S608
    assert [fault.place for fault in cases.verify()] == [proposal.case.stream]


def test_a_name_of_many_letters_that_sort_long_is_received() -> None:
    assert a_proposal(title="ñ" * 120).title == "ñ" * 120


def test_a_proposal_goes_to_the_call_it_was_written_for() -> None:
    a_cycle()
    draft = a_draft()
    other = actions.convene(
        key="otra",
        title="Otra",
        convener=a_post("Otra secretaría", "otra@prueba.minga"),
        opens=NOON,
        closes=NOON,
    )
    assert queries.open_cycles(on=NOON.date()).first() == other
    assert actions.send(draft=draft, at=NOON).holder.name == "Secretaría inventada"


def test_a_public_number_changed_behind_our_back_is_named() -> None:
    proposal = accepted()
    assert list(history.verify()) == []
    Proposal.objects.update(number=7)
    assert [fault.place for fault in history.verify()] == [f"case:{proposal.pk}"]
