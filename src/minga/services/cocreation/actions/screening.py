"""The working group sorts the proposals: one member proposes, another one agrees."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from minga.kernel.cases import actions as cases
from minga.kernel.cases import rules as case_rules
from minga.kernel.cases.declaration import Actor, Conflict, Refused
from minga.kernel.cases.models import Case
from minga.kernel.cases.queries import label, moves_for
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity.models import Person
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.trust import actions as trust
from minga.services.cocreation.models import Proposal, Screening
from minga.services.cocreation.queries import screening as queries
from minga.services.cocreation.queries.method import require
from minga.services.cocreation.rules import SCREENABLE, Role, State
from minga.services.cocreation.rules import screening as rules
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.method import Kind, Open
from minga.services.cocreation.rules.screening import Standing, Verdict


@transaction.atomic
def propose(
    *, proposal: Proposal, person: Person, verdict: Verdict, rev: int, at: datetime
) -> Screening:
    """A member says what they think; the same again, by the same, changes nothing."""
    method, case = require(proposal.cycle, Kind.SCREENING), _taken(proposal)
    seat = queries.member(proposal.cycle, person, on=timezone.localdate(at))
    if case.applicant_id == person.pk:
        raise Breach(Rule.OWN_PROPOSAL, proposal.pk)
    if case.rev != rev or case.state not in SCREENABLE:
        raise Conflict(case.code, label(case))
    again = case.state == State.OBJECTED
    made = Screening(
        proposal=proposal,
        again=again,
        met=dict(verdict.met),
        pillars=list(verdict.pillars),
        related=rules.is_related(verdict.met, method),
        reason=verdict.reason,
        explanation=verdict.explanation,
        seat=seat,
        person=person,
        proposed_at=at,
        salt=case_rules.new_salt(),
        standing=Standing.PROPOSED,
    )
    if waits := queries.proposed(proposal):
        if waits.person_id == person.pk and queries.said(waits) == queries.said(made):
            return waits
        raise Conflict(case.code, label(case))
    group = queries.group(proposal.cycle, on=timezone.localdate(at))
    rules.check_proposer(queries.as_member(seat), _first(proposal, again), group)
    if fault := rules.wrong(verdict, method):
        raise Refused(f"the verdict does not hold together: {fault}")
    made.save(force_insert=True)
    _record(made, "propose", person, at)
    return made


@transaction.atomic
def agree(*, proposal: Proposal, person: Person, shown: int, at: datetime) -> Screening:
    """A member of another sector agrees: it is decided, and whoever sent it is told. Again,
    by the same, changes nothing."""
    method, case = require(proposal.cycle, Kind.SCREENING), _taken(proposal)
    today = timezone.localdate(at)
    seat = queries.member(proposal.cycle, person, on=today)
    found = _shown(proposal, shown, case)
    if found.standing == Standing.CONFIRMED and found.second_id == person.pk:
        return found
    if found.standing != Standing.PROPOSED or case.state not in SCREENABLE:
        raise Conflict(case.code, label(case))
    group = queries.group(proposal.cycle, on=today)
    first = _first(proposal, found.again)
    rules.check_agreement(queries.as_member(seat), queries.as_member(found.seat), first, group)
    if case.applicant_id == person.pk:
        raise Breach(Rule.OWN_PROPOSAL, proposal.pk)
    found.second_seat, found.second, found.ended_at = seat, person, at
    found.standing = Standing.CONFIRMED
    if not (found.related or found.again):
        days = method.whole(Open.DAYS_TO_OBJECT)
        found.answer_until = jurisdiction.calendar(known_on=today).add_working_days(today, days)
    found.save(update_fields=["second_seat", "second", "ended_at", "standing", "answer_until"])
    _record(found, "agree", person, at)
    _move(case, found, person, at)
    catalogue.touch()
    return found


@transaction.atomic
def give_back(
    *, proposal: Proposal, person: Person, shown: int, note: str, at: datetime
) -> Screening:
    """A member does not agree, or takes back what they proposed: it is screened anew."""
    require(proposal.cycle, Kind.SCREENING)
    case = _taken(proposal)
    seat = queries.member(proposal.cycle, person, on=timezone.localdate(at))
    found = _shown(proposal, shown, case)
    if found.standing == Standing.RETURNED and found.second_id == person.pk:
        return found
    if found.standing != Standing.PROPOSED:
        raise Conflict(case.code, label(case))
    found.second_seat, found.second, found.ended_at = seat, person, at
    found.standing, found.note = Standing.RETURNED, note
    found.save(update_fields=["second_seat", "second", "ended_at", "standing", "note"])
    _record(found, "give_back", person, at)
    return found


@transaction.atomic
def answer(
    *, proposal: Proposal, message: str, rev: int, at: datetime, person: Person | None = None
) -> Case:
    """Whoever sent it says why it is related after all, within the days that there are."""
    require(proposal.cycle, Kind.SCREENING)
    decision, _after = queries.decisions(proposal)
    until = decision.answer_until if decision else None
    if until is not None and timezone.localdate(at) > until:
        raise Breach(Rule.TERM_OVER, proposal.pk)
    by = Actor(person.stream if person else "anybody", Role.APPLICANT)
    case = cases.move(case=proposal.case, move="answer", by=by, rev=rev, at=at, message=message)
    catalogue.touch()
    return case


def undo(*, proposal: Proposal, by: str, at: datetime) -> None:
    """A proposal that goes back to review is screened anew, should it be accepted again."""
    for found in queries.of(proposal):
        if found.standing in (Standing.PROPOSED, Standing.CONFIRMED):
            found.standing = Standing.UNDONE
            found.save(update_fields=["standing"])
            facts = queries.facts(found)
            trust.record(stream=found.stream, kind="undo", actor=by, at=at, facts=facts)


def _taken(proposal: Proposal) -> Case:
    """The case as it is now: whoever does something with it at this moment waits for us."""
    Case.objects.select_for_update().get(pk=proposal.pk)
    return Case.objects.select_related("definition", "holder").get(pk=proposal.pk)


def _first(proposal: Proposal, again: bool) -> list[rules.Member]:
    return queries.first_two(queries.decisions(proposal)[0]) if again else []


def _shown(proposal: Proposal, shown: int, case: Case) -> Screening:
    found = {one.pk: one for one in queries.of(proposal)}.get(shown)
    if found is None:
        raise Conflict(case.code, label(case))
    return found


def _move(case: Case, found: Screening, person: Person, at: datetime) -> None:
    """The step of the case that a decision is. A case that was opened before there was such a
    step goes on under the rules of now, and its history says so."""
    by = Actor(person.stream, Role.FORUM)
    move = "relate" if found.related else "uphold" if found.again else "exclude"
    if move not in moves_for(case, Role.FORUM):
        case = cases.renew(case=case, by=Actor("house", Role.FORUM), rev=case.rev, at=at)
    cases.move(case=case, move=move, by=by, rev=case.rev, at=at, reason=found.reason)


def _record(found: Screening, kind: str, person: Person, at: datetime) -> None:
    facts = queries.facts(found)
    trust.record(stream=found.stream, kind=kind, actor=person.stream, at=at, facts=facts)
