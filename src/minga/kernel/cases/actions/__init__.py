import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone

from minga.kernel.cases import queries, rules
from minga.kernel.cases.actions import desk
from minga.kernel.cases.declaration import Actor, CaseType, Conflict, DraftUnknown, Phase, Refused
from minga.kernel.cases.models import Case, Contact, Definition, Draft, Message
from minga.kernel.cases.queries.desk import law_day
from minga.kernel.identity.models import Organisation, Post
from minga.kernel.mailbox import actions as mailbox
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
def keep_draft(*, draft: UUID, case_type: str, words: Mapping[str, object], at: datetime) -> bool:
    """Add to what was written so far; False when the draft was sent meanwhile. Two tabs
    that fill in different steps lose nothing of each other."""
    Draft.objects.bulk_create([Draft(pk=draft, type=case_type, kept_at=at)], ignore_conflicts=True)
    row = Draft.objects.select_for_update().get(pk=draft)
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
def open_case(*, draft: Draft, holder: Organisation, seal: str, by: Actor, at: datetime) -> Case:
    """The case of a draft that `take` gave: its words are forgotten, its id stays."""
    definition = queries.definition(draft.type)
    if definition is None:
        raise Refused(f"{draft.type} was never frozen: migrate first")
    frozen = json.loads(definition.snapshot)
    if "not_offered" in (frozen["terms"] or {}):
        raise Refused(frozen["terms"]["not_offered"])
    law = law_day(draft.type, frozen["terms"], opened=timezone.localdate(at))
    case = Case.objects.create(
        code=rules.new_code(),
        type=draft.type,
        definition=definition,
        state=frozen["first"],
        phase=frozen["phases"][frozen["first"]],
        public=frozen["first"] in frozen["public"],
        holder=holder,
        due_on=law,
        due_by_law=law is not None,
        opened_at=at,
        moved_at=at,
    )
    Draft.objects.filter(pk=draft.pk).update(case=case, words={}, kept_at=at)
    due: Facts = {"due": law.isoformat()} if law else {}
    facts = _facts(case, {"seal": seal, "holder": holder.pk, **due})
    trust.begin(stream=case.stream, kind="open", actor=by.reference, at=at, facts=facts)
    return case


def take(*, draft: UUID, case_type: str) -> Draft:
    """A draft to be sent: whoever sends the same one at this moment waits for us, and
    then finds its case. Inside the transaction of the service's action only."""
    # The draft alone: a row joined to it would be the one of before the wait.
    row = Draft.objects.select_for_update().filter(pk=draft, type=case_type).first()
    if row is None:
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


def _allowed(case: Case, move: str, by: Actor, message: str, reason: str) -> rules.Step:
    step = rules.steps(case.definition.snapshot, case.state).get(move)
    if problem := rules.refusal(step, role=by.role, message=message, reason=reason):
        raise Refused(f"{move} from {case.state}: {problem}")
    assert step
    return step


def _tell_applicant(case: Case, kind: str, at: datetime) -> None:
    """Write to whoever opened the case, if they left an address."""
    if contact := Contact.objects.filter(case=case).first():
        title = queries.type_of(case).titles([case.pk]).get(case.pk, "")
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
    service = case.type.split(".")[0]
    try:
        letter = get_template(f"{service}/letters/{kind}.txt")
    except TemplateDoesNotExist:
        return
    words = letter.render({"case": case, "title": title, "site": settings.MINGA_ADDRESS}).strip()
    subject, _, body = words.partition("\n")
    mailbox.write(to=email, subject=subject, body=body.strip(), at=at)


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
