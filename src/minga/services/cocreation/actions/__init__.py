from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from minga.kernel.base.text import sort_key
from minga.kernel.cases import actions as cases
from minga.kernel.cases import rules as case_rules
from minga.kernel.cases.actions import attachments, desk
from minga.kernel.cases.declaration import Actor, Refused
from minga.kernel.cases.models import Case, Contact, Draft
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.conversation import actions as conversation
from minga.kernel.forms.rules import Received
from minga.kernel.identity.models import Person, Post
from minga.kernel.trust import actions as trust
from minga.services.cocreation import queries, rules
from minga.services.cocreation.actions import integration, screening
from minga.services.cocreation.models import Cycle, Proposal, Statistics
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import support as supporting

ANYBODY = Actor(reference="anybody", role=rules.Role.APPLICANT)
RECORD = "cocreation.proposal"


class Changed(Exception):
    """A draft says something else than what its writer looked at before sending it."""


class Unfinished(Exception):
    """A draft lacks something that is needed: the step where it is written."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


def keep(
    *, draft: UUID, words: Mapping[str, object], at: datetime, person: Person | None = None
) -> bool:
    """Keep what was written so far, to go on with it on any device; False: it was sent.
    The words of a draft name the call (`cycle`) that its writer was shown."""
    return cases.keep_draft(
        draft=draft, case_type=rules.PROPOSAL, words=words, at=at, person=person
    )


@transaction.atomic
def send(*, draft: UUID, at: datetime, shown: str = "", person: Person | None = None) -> Case:
    """Open a case for the draft, or find the one it became: however often it is sent,
    from two tabs or after a lost connection, it is one case. `shown` is the mark of what
    was looked at before sending, when it was. Sent by somebody with an account, it is theirs."""
    taken = cases.take(draft=draft, case_type=rules.PROPOSAL, person=person)
    if taken.case:
        return taken.case
    words = taken.words
    if step := rules.first_unfinished(words):
        raise Unfinished(step)
    if shown and shown != queries.mark(words):
        raise Changed
    open_now = queries.open_cycles(on=timezone.localdate(at))
    cycle = open_now.filter(key=words["cycle"]).first()
    if cycle is None:
        raise Refused("the call is over")
    case = _open(taken, cycle, words, at=at, applicant=person)
    _receive(case, words, person)
    return case


@transaction.atomic
def enter(
    *, draft: UUID, cycle: Cycle, words: Mapping[str, Any], at: datetime, code: str = ""
) -> Case:
    """A proposal that was written in a workshop: the same case as any other, with the code
    that its paper carries, if it has one. Entered again it is one."""
    cases.keep_draft(draft=draft, case_type=rules.PROPOSAL, words={}, at=at)
    taken = cases.take(draft=draft, case_type=rules.PROPOSAL)
    if taken.case:
        return taken.case
    return _open(taken, cycle, words, at=at, channel=rules.Channel.WORKSHOP, code=code)


def _open(  # noqa: PLR0913  # a proposal has this many facts
    draft: Draft,
    cycle: Cycle,
    words: Mapping[str, Any],
    *,
    at: datetime,
    applicant: Person | None = None,
    channel: rules.Channel = rules.Channel.WEB,
    code: str = "",
) -> Case:
    salt = case_rules.new_salt()
    case = cases.open_case(
        draft=draft,
        holder=cycle.convener,
        seal=case_rules.seal(salt, rules.said(words)),
        by=_applicant(applicant),
        at=at,
        applicant=applicant,
        code=code,
    )
    _write(case, cycle, words, salt, channel)
    return case


def _write(
    case: Case, cycle: Cycle, words: Mapping[str, Any], salt: str, channel: rules.Channel
) -> None:
    proposal = Proposal(
        case=case,
        cycle=cycle,
        title=words["title"],
        sort_title=sort_key(words["title"])[: rules.TITLE],
        problem=words["problem"],
        solution=words["solution"],
        goal=words.get("goal") or None,
        territory_id=words["territory"],
        sector=words["sector"],
        channel=channel,
        received_at=case.opened_at,
        salt=salt,
    )
    proposal.save(force_insert=True)
    told = {name: words.get(name) or "" for name in ("sex", "age_group", "ethnic_group")}
    if any(told.values()):
        Statistics(proposal=proposal, **told).save(force_insert=True)


def _receive(case: Case, words: Mapping[str, Any], person: Person | None) -> None:
    """Say that it arrived: in the mailbox of whoever has one, else at the address they left."""
    told = {"case": case, "kind": "open", "title": words["title"], "at": case.opened_at}
    if person:
        cases.notify_applicant(person=person, **told)
    elif words.get("email"):
        Contact(case=case, email=words["email"]).save(force_insert=True)
        cases.tell(email=words["email"], **told)


def _applicant(person: Person | None) -> Actor:
    return Actor(person.stream, rules.Role.APPLICANT) if person else ANYBODY


def reply(  # noqa: PLR0913  # an answer has this many facts
    *,
    proposal: Proposal,
    message: str,
    rev: int,
    at: datetime,
    person: Person | None = None,
    attached: Sequence[Received] = (),
) -> Case:
    """The person answers what they were asked, with files or without."""
    case, by = proposal.case, _applicant(person)
    with attachments.kept(attached) as files, transaction.atomic():
        case = cases.move(case=case, move="reply", by=by, rev=rev, at=at, message=message)
        attachments.attach(case=case, files=files, by=by, at=at)
    return case


def decide(  # noqa: PLR0913  # a step has this many facts
    *,
    proposal: Proposal,
    move: str,
    post: Post,
    rev: int,
    at: datetime,
    message: str = "",
    reason: str = "",
    attached: Sequence[Received] = (),
    version: int = 0,
) -> Case:
    """An official takes a step, with files or without. What becomes public is found from now
    on; what stops being public is found no more, in the same transaction. `version` is the one
    of its draft that they had read."""
    by = Actor(reference=f"post:{post.pk}", role=rules.Role.INSTITUTION)
    said = {"message": message, "reason": reason}
    was_public = proposal.case.public
    with attachments.kept(attached) as files, transaction.atomic():
        if message:
            desk.use_answer(case=proposal.case, move=move, version=version)
        case = cases.move(case=proposal.case, move=move, by=by, rev=rev, at=at, post=post, **said)
        attachments.attach(case=case, files=files, by=by, at=at, post=post)
        if case.public and not was_public:
            _publish(proposal, at)
        elif was_public and not case.public:
            screening.undo(proposal=proposal, by=by.reference, at=at)
            conversation.close_thread(type=RECORD, reference=str(case.pk))
    return case


def _publish(proposal: Proposal, at: datetime) -> None:
    if proposal.number is None:
        _give_number(proposal, at)
    about = {
        "type": RECORD,
        "reference": str(proposal.pk),
        "address": reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number]),
    }
    demo = proposal.cycle.convener.demo
    text = "\n".join([proposal.problem, proposal.solution, proposal.territory.name])
    catalogue.publish(**about, title=proposal.title, text=text, demo=demo, at=at)
    integration.link(proposals=[proposal.pk])  # before: a hidden one is kept with its links
    conversation.open_thread(
        **about,
        holder=proposal.case.holder,
        author=proposal.case.applicant,
        level=supporting.level(methods.method(proposal.cycle)),
        demo=demo,
    )


def _give_number(proposal: Proposal, at: datetime) -> None:
    """The next one of the cycle, once; the history says whose it is."""
    cycle = Cycle.objects.filter(pk=proposal.cycle_id)
    cycle.update(accepted=F("accepted") + 1)
    proposal.number = cycle.get().accepted
    proposal.save(update_fields=["number"])
    trust.record(
        stream=proposal.cycle.stream,
        kind="number",
        actor="house",
        at=at,
        facts={"case": proposal.pk, "number": proposal.number},
    )


def convene(*, key: str, title: str, convener: Post, opens: datetime, closes: datetime) -> Cycle:
    """Open a call for proposals; the same again changes nothing."""
    return Cycle.objects.get_or_create(
        key=key,
        defaults={
            "title": title,
            "convener": convener.organisation,
            "opens_on": timezone.localdate(opens),
            "closes_on": timezone.localdate(closes),
        },
    )[0]
