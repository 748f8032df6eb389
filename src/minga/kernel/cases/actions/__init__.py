import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone

from minga.kernel.base.language import prevailing
from minga.kernel.cases import queries, rules
from minga.kernel.cases.actions import desk
from minga.kernel.cases.declaration import Actor, CaseType, Conflict, DraftUnknown, Phase, Refused
from minga.kernel.cases.models import Case, Contact, Definition, Draft, Message
from minga.kernel.cases.queries.desk import law_day
from minga.kernel.conversation import actions as conversation
from minga.kernel.identity.models import Organisation, Person, Post
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts


@transaction.atomic
def freeze(*, case_type: CaseType, terms: Mapping[str, object] | None, at: datetime) -> Definition:
    """Write the declaration down as the next version, if it is not the last one."""
    snapshot = case_type.snapshot(terms)
    digest = sha256(snapshot.encode()).hexdigest()
    last = queries.definition(case_type.key)
    if last and last.hash == digest:
        return last
    definition, new = Definition.objects.get_or_create(
        key=case_type.key,
        number=last.number + 1 if last else 1,
        hash=digest,
        defaults={"snapshot": snapshot},
    )
    if new:
        trust.record(
            stream=f"definition:{case_type.key}",
            kind="freeze",
            actor="house",
            at=at,
            facts={"number": definition.number, "hash": digest},
        )
    return definition


@transaction.atomic
def keep_draft(
    *,
    draft: UUID,
    case_type: str,
    words: Mapping[str, object],
    at: datetime,
    person: Person | None = None,
) -> bool:
    """Add to what was written so far; False when the draft was sent meanwhile. Two tabs
    that fill in different steps lose nothing of each other. Who begins one signed in has it
    to themselves."""
    begun = Draft(pk=draft, type=case_type, kept_at=at, person=person)
    Draft.objects.bulk_create([begun], ignore_conflicts=True)
    row = Draft.objects.select_for_update().get(pk=draft)
    if not rules.opens(row.person_id, person.pk if person else None):
        raise DraftUnknown
    if row.case_id or row.type != case_type:
        return False
    row.words, row.kept_at = {**row.words, **words}, at
    row.save(update_fields=["words", "kept_at"])
    return True


def forget_drafts(*, at: datetime) -> int:
    """Throw away what was never sent and nobody touched for a while: how many drafts."""
    old = Draft.objects.filter(case=None, kept_at__lt=at - rules.DRAFT_KEPT)
    return old.delete()[0]


@transaction.atomic(savepoint=False)
def open_case(  # noqa: PLR0913  # a case begins with this many facts
    *,
    draft: Draft,
    holder: Organisation,
    seal: str,
    by: Actor,
    at: datetime,
    applicant: Person | None = None,
    code: str = "",
) -> Case:
    """The case of a draft that `take` gave: its words are forgotten, its id stays. `code` is
    one that somebody has on paper already."""
    definition = queries.definition(draft.type)
    if definition is None:
        raise Refused(f"{draft.type} was never frozen: migrate first")
    frozen = json.loads(definition.snapshot)
    if "not_offered" in (frozen["terms"] or {}):
        raise Refused(frozen["terms"]["not_offered"])
    law = law_day(draft.type, frozen["terms"], opened=timezone.localdate(at))
    case = Case.objects.create(
        code=code or rules.new_code(),
        type=draft.type,
        definition=definition,
        state=frozen["first"],
        phase=frozen["phases"][frozen["first"]],
        public=frozen["first"] in frozen["public"],
        holder=holder,
        due_on=law,
        due_by_law=law is not None,
        applicant=applicant,
        opened_at=at,
        moved_at=at,
    )
    Draft.objects.filter(pk=draft.pk).update(case=case, words={}, kept_at=at)
    due: Facts = {"due": law.isoformat()} if law else {}
    facts = _facts(case, {"seal": seal, "holder": holder.pk, **due})
    trust.begin(stream=case.stream, kind="open", actor=by.reference, at=at, facts=facts)
    return case


def take(*, draft: UUID, case_type: str, person: Person | None = None) -> Draft:
    """A draft to be sent: whoever sends the same one at this moment waits for us, and
    then finds its case. Inside the transaction of the service's action only."""
    # The draft alone: a row joined to it would be the one of before the wait.
    row = Draft.objects.select_for_update().filter(pk=draft, type=case_type).first()
    if row is None or not rules.opens(row.person_id, person.pk if person else None):
        raise DraftUnknown
    return row


@transaction.atomic(savepoint=False)
def move(  # noqa: PLR0913  # a step has this many facts
    *,
    case: Case,
    move: str,
    by: Actor,
    rev: int,
    at: datetime,
    message: str = "",
    reason: str = "",
    post: Post | None = None,
) -> Case:
    """Take one step the case's own definition allows. `rev` is what `by` was shown."""
    case = _as_shown(case, rev)
    _change(case, _allowed(case, move, by, message, reason), at)
    facts: dict[str, str | int | bool | None] = {"reason": reason} if reason else {}
    if message:
        facts["message"] = _say(case, by.role, message, post)
    told = _facts(case, facts)
    trust.record(stream=case.stream, kind=move, actor=by.reference, at=at, facts=told)
    if by.role != queries.APPLICANT:
        _tell_applicant(case, move, at)
    return case


@transaction.atomic(savepoint=False)
def hand_over(*, case: Case, to: Organisation, by: Actor, rev: int, at: datetime) -> Case:
    """An open case passes to another institution, where nobody has it yet. Its state and its
    day stay: the clock of whoever asked goes on."""
    case = _as_shown(case, rev)
    if case.phase == Phase.CLOSED or case.holder_id == to.pk:
        raise Refused(f"{case.state}: not handed over")
    desk.release(case=case, by=by, at=at)
    said = {"holder": to, "rev": rev + 1, "moved_at": at}
    if not Case.objects.filter(pk=case.pk, rev=rev).update(**said):
        now = Case.objects.get(pk=case.pk)
        raise Conflict(now.code, queries.label(now))
    case = Case.objects.select_related("definition", "holder").get(pk=case.pk)
    told = _facts(case, {"holder": to.pk})
    kind = queries.HAND_OVER
    trust.record(stream=case.stream, kind=kind, actor=by.reference, at=at, facts=told)
    return case


@transaction.atomic(savepoint=False)
def renew(*, case: Case, by: Actor, rev: int, at: datetime) -> Case:
    """A case goes on under the rules that new ones are opened under, where they know its state
    as its own do: it stays where it is, and its history says from when. Already so: nothing."""
    newest = queries.definition(case.type)
    if newest is None or newest.pk == case.definition_id:
        return case
    case = _as_shown(case, rev)
    frozen = json.loads(newest.snapshot)
    same = (frozen["phases"].get(case.state), case.state in frozen["public"])
    if same != (case.phase, case.public):
        raise Refused(f"{case.state}: not the same in {newest}")
    said = {"definition": newest, "rev": rev + 1, "moved_at": at}
    if not Case.objects.filter(pk=case.pk, rev=rev).update(**said):
        now = Case.objects.get(pk=case.pk)
        raise Conflict(now.code, queries.label(now))
    case = Case.objects.select_related("definition", "holder").get(pk=case.pk)
    kind = queries.RENEW
    trust.record(stream=case.stream, kind=kind, actor=by.reference, at=at, facts=_facts(case, {}))
    return case


def _allowed(case: Case, move: str, by: Actor, message: str, reason: str) -> rules.Step:
    step = rules.steps(case.definition.snapshot, case.state).get(move)
    if problem := rules.refusal(step, role=by.role, message=message, reason=reason):
        raise Refused(f"{move} from {case.state}: {problem}")
    assert step
    return step


def _tell_applicant(case: Case, kind: str, at: datetime) -> None:
    """Write to whoever opened the case: into their mailbox, and to the address they left if
    that is another one."""
    contact = Contact.objects.filter(case=case).first()
    person = queries.applicant(case)
    if not (contact or person):
        return
    title = queries.type_of(case).titles([case.pk]).get(case.pk, "")
    if person:
        notify_applicant(case=case, person=person, kind=kind, title=title, at=at)
    if contact and not (person and person.email == contact.email.lower()):
        tell(case=case, kind=kind, email=contact.email, title=title, at=at)


def _as_shown(case: Case, rev: int) -> Case:
    """The case as it is now, if that is still what the reader was shown."""
    now = Case.objects.select_related("definition").get(pk=case.pk)
    if now.rev != rev:
        raise Conflict(now.code, queries.label(now))
    return now


def tell(*, case: Case, kind: str, email: str, title: str, at: datetime) -> None:
    """Write to the person what happened, if the service has words for it: the first line
    of `<service>/letters/<kind>.txt` is the subject."""
    if words := _letter(case, kind, title, to_account=False):
        mailbox.write(to=email, subject=words[0], body=words[1], at=at)


def notify_applicant(*, case: Case, person: Person, kind: str, title: str, at: datetime) -> None:
    """The same, to somebody with an account: there the case opens without its code."""
    if words := _letter(case, kind, title, to_account=True):
        mailbox.notify(
            person=person,
            topic=Topic.CASES,
            title=words[0],
            body=words[1],
            address=reverse(queries.type_of(case).applicant_page, args=[case.pk]),
            at=at,
        )


@prevailing()
def _letter(case: Case, kind: str, title: str, *, to_account: bool) -> tuple[str, str] | None:
    service = case.type.split(".")[0]
    try:
        letter = get_template(f"{service}/letters/{kind}.txt")
    except TemplateDoesNotExist:
        return None
    shown = {"case": case, "title": title, "site": settings.MINGA_ADDRESS, "to_account": to_account}
    subject, _, body = letter.render(shown).strip().partition("\n")
    return subject, body.strip()


def _change(case: Case, step: rules.Step, at: datetime) -> None:
    rev = case.rev
    case.state, case.phase, case.public, case.rev = step.to, step.phase, step.public, rev + 1
    case.moved_at, case.closed_at = at, at if step.phase == Phase.CLOSED else None
    changed = Case.objects.filter(pk=case.pk, rev=rev).update(
        state=case.state,
        phase=case.phase,
        public=case.public,
        rev=case.rev,
        moved_at=case.moved_at,
        closed_at=case.closed_at,
    )
    if not changed:  # somebody else's step was committed since we looked
        now = Case.objects.get(pk=case.pk)
        raise Conflict(now.code, queries.label(now))


def _say(case: Case, role: str, body: str, post: Post | None) -> str:
    salt = rules.new_salt()
    Message.objects.create(case=case, rev=case.rev, role=role, post=post, body=body, salt=salt)
    return rules.seal(salt, {"body": body})


def _facts(case: Case, more: Facts) -> Facts:
    number = case.definition.number
    return {"state": case.state, "rev": case.rev, "definition": number, **more}


@prevailing()
@transaction.atomic
def add_case(*, code: str, person: Person, at: datetime) -> bool:
    """A case that was sent without an account, or with one that was closed, becomes somebody's
    who shows its code; False when no case has it, or somebody else has the case: nobody
    learns which."""
    case = Case.objects.select_related("applicant").filter(code=code).first()
    if case is None:
        return False
    if case.applicant_id == person.pk:
        return True
    if case.applicant and not case.applicant.closed_at:
        return False
    as_seen = Case.objects.filter(pk=case.pk, applicant=case.applicant)
    if not as_seen.update(applicant=person):
        return False  # somebody else did at this moment
    conversation.know_author(type=case.type, reference=str(case.pk), author=person)
    said = {"case": case.pk}
    trust.record(stream=person.stream, kind=rules.ADDED, actor=person.stream, at=at, facts=said)
    contact = Contact.objects.filter(case=case).first()
    if contact and contact.email.lower() != person.email:  # their code may be in other hands
        subject, _, body = render_to_string("cases/letters/added.txt").strip().partition("\n")
        mailbox.write(to=contact.email, subject=subject, body=body.strip(), at=at)
    return True


def take_along(*, draft: UUID, person: Person) -> bool:
    """A draft that was begun without an account becomes somebody's, who has its address."""
    mine = Draft.objects.filter(pk=draft, person=person, case=None)
    nobodys = Draft.objects.filter(pk=draft, person=None, case=None)
    return bool(nobodys.update(person=person)) or mine.exists()


def drop_draft(*, draft: UUID, person: Person) -> None:
    """Somebody throws away what they have not sent; again, nothing happens."""
    Draft.objects.filter(pk=draft, person=person, case=None).delete()


@transaction.atomic
def forget_person(*, person: Person) -> None:
    """Drafts and the addresses for letters go. What was sent stays, and its history."""
    Draft.objects.filter(person=person, case=None).delete()
    Draft.objects.filter(person=person).update(person=None)
    Contact.objects.filter(case__applicant=person).delete()
