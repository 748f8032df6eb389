"""Which proposals follow: decided by two members, told, answered, looked at again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minga.kernel.cases import actions as cases
from minga.kernel.cases import queries as case_queries
from minga.kernel.cases.declaration import Conflict, Refused, case_types
from minga.kernel.cases.models import Case
from minga.kernel.mailbox.models import Letter
from minga.kernel.trust import queries as trust
from minga.kernel.trust.models import Entry
from minga.services.cocreation import queries, rules
from minga.services.cocreation.actions import screening, stages
from minga.services.cocreation.models import Cycle, Proposal, Screening
from minga.services.cocreation.queries import history
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.screening import Verdict

from .build import NOON, a_proposal, a_whole_cycle, accepted, decided, speaks

pytestmark = pytest.mark.django_db

YES = Verdict(dict.fromkeys(("clarity", "collaboration", "pillars", "policy"), True), ["integrity"])
NO = Verdict({**YES.met, "clarity": False}, ["integrity"], "clarity", "No dice quién lo haría.")


def proposed(
    proposal: Proposal, verdict: Verdict = NO, who: str = "elena", **more: Any
) -> Screening:
    told = {"proposal": proposal, "person": speaks(who), "verdict": verdict, "at": NOON}
    return screening.propose(**{**told, "rev": now(proposal).case.rev, **more})


def screened(
    proposal: Proposal, verdict: Verdict = NO, first: str = "elena", second: str = "felix"
) -> Proposal:
    """Decided by two members."""
    made = proposed(proposal, verdict, first)
    screening.agree(proposal=proposal, person=speaks(second), shown=made.pk, at=NOON)
    return now(proposal)


def now(proposal: Proposal) -> Proposal:
    found = queries.by_code(proposal.case.code)
    assert found
    return found


def a_screenable(**changed: object) -> Proposal:
    a_whole_cycle("integracion")
    return accepted(**changed)


def nothing_wrong() -> bool:
    return [*trust.verify(), *case_queries.verify(), *history.verify()] == []


def test_one_member_proposes_and_another_of_another_sector_decides() -> None:
    proposal = a_screenable(email="rosa@prueba.minga")
    made = proposed(proposal)
    assert now(proposal).case.state == "accepted"  # nothing is decided by one
    with pytest.raises(Breach) as alone:
        screening.agree(proposal=proposal, person=speaks("elena"), shown=made.pk, at=NOON)
    assert alone.value.rule == Rule.ALONE
    for _twice in range(2):
        screening.agree(proposal=proposal, person=speaks("felix"), shown=made.pk, at=NOON)
    found = now(proposal)
    assert (found.case.state, found.case.phase, found.case.public) == (
        "not_related",
        "answered",
        True,
    )
    assert Letter.objects.latest("pk").subject == "Tu propuesta no sigue en el proceso"
    assert nothing_wrong()


def test_who_has_no_seat_or_sent_it_decides_nothing() -> None:
    proposal = a_screenable()
    with pytest.raises(Breach) as outsider:
        proposed(proposal, who="carla")  # of the forum, not of the group
    assert outsider.value.rule == Rule.NOT_A_MEMBER
    Case.objects.filter(pk=proposal.pk).update(applicant=speaks("elena"))
    with pytest.raises(Breach) as own:
        proposed(proposal)
    assert own.value.rule == Rule.OWN_PROPOSAL


def test_out_of_its_stage_nothing_is_screened() -> None:
    a_whole_cycle("recepcion")
    with pytest.raises(Breach) as breach:
        proposed(accepted())
    assert breach.value.rule == Rule.STAGE


def test_a_second_proposal_meets_the_first_and_the_same_again_is_the_same() -> None:
    proposal = a_screenable()
    assert proposed(proposal) == proposed(proposal)
    with pytest.raises(Conflict):
        proposed(proposal, who="felix")


def test_returned_with_a_note_it_is_screened_anew() -> None:
    proposal = a_screenable()
    made = proposed(proposal)
    told: dict[str, Any] = {"proposal": proposal, "person": speaks("felix"), "at": NOON}
    told["shown"] = made.pk
    screening.give_back(**told, note="Sí dice quién: en el segundo párrafo.")
    with pytest.raises(Conflict):
        screening.agree(**told)
    assert screened(proposal, YES, "felix", "nadia").case.state == "related"
    assert nothing_wrong()


def answered(proposal: Proposal, days: int = 1) -> Case:
    told = {
        "message": "Lo haría cada junta parroquial, con su secretaría.",
        "rev": proposal.case.rev,
    }
    return screening.answer(proposal=proposal, at=NOON + timedelta(days=days), **told)  # type: ignore[arg-type]


def test_whoever_sent_it_answers_and_others_look_at_it_again() -> None:
    proposal = screened(a_screenable())
    answered(proposal)
    assert now(proposal).case.phase == "appealed"
    with pytest.raises(Breach) as same:  # three members: one of the two must be another one
        screened(proposal, YES, "elena", "felix")
    assert same.value.rule == Rule.SAME_REVIEWERS
    waits = Screening.objects.get(standing="proposed")
    screening.agree(proposal=proposal, person=speaks("nadia"), shown=waits.pk, at=NOON)
    assert now(proposal).case.state == "related"
    assert nothing_wrong()


def test_looked_at_again_it_may_stay_as_it_was() -> None:
    proposal = screened(a_screenable())
    answered(proposal)
    found = screened(proposal, NO, "nadia", "elena")
    assert (found.case.state, found.case.phase) == ("upheld", "closed")
    with pytest.raises(Refused):
        answered(found)


def test_after_the_days_there_are_nobody_answers_any_more() -> None:
    proposal = screened(a_screenable())
    decision = Screening.objects.get()
    assert decision.answer_until
    days = (decision.answer_until - timezone.localdate(NOON)).days
    assert days >= 14  # ten working days
    with pytest.raises(Breach) as over:
        answered(proposal, days + 1)
    assert over.value.rule == Rule.TERM_OVER
    assert answered(proposal, days).state == "objected"


def test_reopened_it_is_screened_anew() -> None:
    proposal = screened(a_screenable())
    again = decided(proposal, "reopen", message="Publica datos de otra persona.")
    assert not queries.public().exists()
    assert decided(again, "accept").case.state == "accepted"
    assert screened(proposal, YES).case.state == "related"
    assert nothing_wrong()


def test_a_case_of_before_goes_on_by_the_rules_of_now_and_its_history_says_so() -> None:
    """As it was declared before anybody screened anything."""
    a_whole_cycle("integracion")
    today = case_types[rules.PROPOSAL]
    known = ("received", "asked", "under_review", "accepted", "set_aside")
    moves = {state: dict(today.moves[state]) for state in known}
    moves["accepted"] = {"reopen": moves["accepted"]["reopen"]}
    before = replace(today, states={k: today.states[k] for k in known}, moves=moves)
    terms = {
        "days_to_answer": {"value": None, "source": "x", "on": "2026-01-01", "confirmed_by": None}
    }
    terms["ethnic_groups"] = terms["days_to_answer"]
    cases.freeze(case_type=before, terms=terms, at=NOON)
    proposal = accepted()
    cases.freeze(case_type=today, terms=terms, at=NOON)
    made = proposed(proposal)
    screening.agree(proposal=proposal, person=speaks("felix"), shown=made.pk, at=NOON)
    found = now(proposal)
    assert found.case.state == "not_related"
    steps = case_queries.timeline(found.case, {})
    assert [str(step.label) for step in steps][-2] == "Sigue con las reglas de ahora"
    assert nothing_wrong()


def test_what_was_decided_changed_behind_our_back_is_named() -> None:
    proposal = screened(a_screenable())
    Screening.objects.update(explanation="Otra cosa")
    assert [fault.place for fault in history.verify()] == [f"screening:{proposal.pk}"]


def test_a_stage_is_neither_skipped_nor_left_undone_and_the_try_is_kept(client: Client) -> None:
    proposal = a_screenable()
    cycle = proposal.cycle
    told = {"by": "house", "at": NOON}
    for to in ("seleccion", "recepcion"):
        with pytest.raises(Breach) as order:
            stages.advance(cycle=cycle, to=to, **told)  # type: ignore[arg-type]
        assert order.value.rule == Rule.STAGE
    client.force_login(speaks("ines"))
    url = reverse("cocreation:stage", args=[cycle.key])
    assert client.get(url).status_code == 403  # she holds no post
    with pytest.raises(Breach) as undone:
        stages.advance(cycle=cycle, to="evaluacion", **told)  # type: ignore[arg-type]
    assert undone.value.rule == Rule.UNFINISHED
    screened(proposal, YES)
    stages.advance(cycle=cycle, to="evaluacion", **told)  # type: ignore[arg-type]
    assert nothing_wrong()
    Cycle.objects.update(stage="seleccion")
    assert [fault.place for fault in history.verify()] == [cycle.stream]


def test_the_one_who_convened_begins_the_next_stage_and_closes_the_call(client: Client) -> None:
    cycle = a_whole_cycle("recepcion")
    a_proposal()
    client.force_login(cycle.convener.posts.get().memberships.get().person)
    url = reverse("cocreation:stage", args=[cycle.key])
    page = client.get(url).content.decode()
    assert "Agrupación e integración" in page
    assert client.post(url, {"to": "integracion"}).status_code == 200  # not confirmed
    skipped = client.post(url, {"to": "seleccion", "sure": "on"})
    assert skipped.status_code == 403
    assert Entry.objects.filter(stream=cycle.stream, kind="refused").exists()
    assert client.post(url, {"to": "integracion", "sure": "on"}).status_code == 302
    cycle.refresh_from_db()
    assert cycle.stage == "integracion"
    assert cycle.closes_on <= timezone.localdate()


@pytest.mark.slow
def test_a_member_screens_by_the_pages_and_everybody_reads_why(client: Client) -> None:
    proposal = a_screenable()
    cycle = proposal.cycle
    url = reverse("cocreation:screen", args=[cycle.key, proposal.number])
    client.force_login(speaks("elena"))
    gates = {f"gate-{key}": "yes" if yes else "no" for key, yes in NO.met.items()}
    told = {**gates, "rev": proposal.case.rev, "explanation": "No dice quién."}
    wrong = client.post(url, {**told, "reason": "policy", "pillars": ["integrity"]})
    assert "Elige el motivo entre los criterios" in wrong.content.decode()
    assert "No dice quién." in wrong.content.decode()
    wrong = client.post(url, told)
    assert "Marca al menos un pilar" in wrong.content.decode()
    assert client.post(url, {**told, "pillars": ["integrity"]}).status_code == 302
    waits = Screening.objects.get()
    assert "decide alguien de otro sector" in client.get(url).content.decode()
    alone = client.post(url, {"shown": waits.pk, "agree": "1"})
    assert alone.status_code == 403
    client.force_login(speaks("felix"))
    listed = client.get(reverse("cocreation:to_screen", args=[cycle.key]), {"que": "conformidad"})
    assert proposal.title in listed.content.decode()
    assert client.post(url, {"shown": waits.pk, "agree": "1"}).status_code == 302
    read = Client().get(reverse("cocreation:proposal", args=[cycle.key, proposal.number]))
    assert "No es lo bastante precisa o clara" in read.content.decode()
    assert "No dice quién." in read.content.decode()
    everywhere = Client().get(reverse("cocreation:proposals"), {"resultado": "not_related"})
    assert proposal.title in everywhere.content.decode()
    other = Client().get(reverse("cocreation:proposals"), {"resultado": "related"})
    assert proposal.title not in other.content.decode()


@pytest.mark.slow
def test_the_answer_is_written_with_the_code_and_read_by_members_only(client: Client) -> None:
    proposal = screened(a_screenable())
    Screening.objects.update(answer_until=timezone.localdate() + timedelta(days=3))
    url = reverse("cocreation:followed", args=[proposal.case.code])
    page = client.get(url).content.decode()
    assert "Si no estás de acuerdo" in page
    assert "por confirmar" in page
    said = {"rev": proposal.case.rev, "answer": "1", "message": "Lo haría cada junta parroquial."}
    assert client.post(url, said).status_code == 302
    public = reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number])
    assert "junta parroquial" not in client.get(public).content.decode()
    assert "Se revisa" in client.get(url).content.decode()
    inside = reverse("cocreation:screen", args=[proposal.cycle.key, proposal.number])
    client.force_login(speaks("nadia"))
    assert "junta parroquial" in client.get(inside).content.decode()


def test_an_answer_after_its_days_is_refused_and_that_is_kept(client: Client) -> None:
    proposal = screened(a_screenable())  # years ago
    url = reverse("cocreation:followed", args=[proposal.case.code])
    assert "ya terminó" in client.get(url).content.decode()
    said = {"rev": proposal.case.rev, "answer": "1", "message": "Lo haría cada junta parroquial."}
    assert client.post(url, said).status_code == 403
    kept = Entry.objects.get(stream=proposal.cycle.stream, kind="refused")
    assert proposal.case.code not in kept.body


def test_what_was_typed_when_another_was_first_is_not_lost() -> None:
    proposal = a_screenable()
    proposed(proposal, YES, "felix")
    elena = Client()
    elena.force_login(speaks("elena"))
    said = {f"gate-{key}": "yes" for key in YES.met} | {"gate-clarity": "no", "reason": "clarity"}
    said |= {"pillars": "integrity", "explanation": "Lo que yo escribí."}
    where = reverse("cocreation:screen", args=[proposal.cycle.key, proposal.number])
    late = elena.post(where, said | {"rev": str(now(proposal).case.rev)})
    assert late.status_code == 409
    assert "Lo que yo escribí." in late.content.decode()
    returned = elena.post(where, {"shown": "9" * 30, "note": "Mi nota.", "return": "1"})
    assert returned.status_code == 409
    assert "Mi nota." in returned.content.decode()
