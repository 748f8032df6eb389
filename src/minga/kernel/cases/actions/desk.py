"""What officials do with a case among themselves: its applicant reads nothing of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minga.kernel.base.language import prevailing
from minga.kernel.cases import queries, rules
from minga.kernel.cases.declaration import Actor, Conflict, Overwritten, Refused
from minga.kernel.cases.models import Answer, Case, Note
from minga.kernel.cases.queries import desk
from minga.kernel.cases.rules import Outcome
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person, Post
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts


class Official(NamedTuple):
    """Somebody, and the post of theirs in which they act."""

    post: Post
    person: Person


@transaction.atomic
def assign(
    *, cases: Mapping[int, int | None], to: Post | None, by: Official, at: datetime
) -> dict[int, Outcome]:
    """Give cases to a post, or back to nobody: what became of each. `cases` says with which
    post each was shown. Those of other institutions are in no answer."""
    done: dict[int, Outcome] = {}
    moved: list[Case] = []
    rows = _locked(cases, by.post)
    with_whom = Post.objects.in_bulk(case.assigned_id for case in rows if case.assigned_id)
    for case in rows:
        now = with_whom.get(case.assigned_id)
        shown = cases[case.pk]
        done[case.pk] = desk.assignment(now=now, to=to, by=by.post, shown=shown)
        if done[case.pk] is Outcome.DONE:
            _give(case, to, by, at)
            moved.append(case)
    if to and moved:
        _tell_holder(to, moved, by.person, at)
    return done


def _locked(cases: Iterable[int], by: Post) -> list[Case]:
    """In the order of their keys, so that two who take the same ones never wait for each other."""
    held = Case.objects.select_for_update(of=("self",)).select_related("definition")
    return list(held.filter(pk__in=cases, holder=by.organisation_id).order_by("pk"))


def _give(case: Case, to: Post | None, by: Official, at: datetime) -> None:
    unit = to.unit_id if to else case.unit_id
    shown = Case.objects.filter(pk=case.pk, assigned=case.assigned_id)
    shown.update(assigned=to, unit=unit)
    facts = {"post": to.pk if to else None, "unit": unit, "from": case.assigned_id}
    _record(case, "assign", by, at, facts)


def _record(case: Case, kind: str, by: Official, at: datetime, facts: Facts) -> None:
    _note_down(case, kind, f"post:{by.post.pk}", at, {**facts, "person": by.person.pk})


def _note_down(case: Case, kind: str, actor: str, at: datetime, facts: Facts) -> None:
    trust.record(stream=case.desk_stream, kind=kind, actor=actor, at=at, facts=facts)


@prevailing()
def _tell_holder(to: Post, cases: list[Case], by: Person, at: datetime) -> None:
    """One notice, however many cases; nobody is told of what they do themselves."""
    holder = identity.holder(to, on=timezone.localdate(at))
    if holder is None or holder == by:
        return
    many = ngettext(
        "Tienes un caso nuevo a tu cargo", "Tienes %(n)s casos nuevos a tu cargo", len(cases)
    )
    mine = f"{reverse('public_service:desk')}?de=mios"
    mailbox.notify(
        person=holder,
        topic=Topic.DESK,
        title=many % {"n": len(cases)},
        address=mine if len(cases) > 1 else desk.address(cases[0]),
        at=at,
    )


@transaction.atomic(savepoint=False)
def release(*, case: Case, by: Actor, at: datetime) -> None:
    """The institution lets go of a case: nobody has it, its own day and its half-written
    answers go. Its notes stay, and only that institution reads them. For whoever hands the
    case over, before its holder changes."""
    now = Case.objects.select_for_update(of=("self",)).select_related("definition").get(pk=case.pk)
    law = desk.law_day_of(now)
    if now.due_on != law:
        _note_down(now, "due", by.reference, at, {"due_on": None})
    if now.assigned_id or now.unit_id:
        told = {"post": None, "unit": None, "from": now.assigned_id}
        _note_down(now, "assign", by.reference, at, told)
    free = {"assigned": None, "unit": None, "due_on": law, "due_by_law": law is not None}
    Case.objects.filter(pk=case.pk).update(**free)
    Answer.objects.filter(case=case).delete()


@transaction.atomic
def set_due(
    *, cases: Mapping[int, date | None], on: date | None, by: Official, at: datetime
) -> dict[int, Outcome]:
    """Set an internal day to cases, or go back to the law's (None): what became of each.
    `cases` says which day each was shown with."""
    done: dict[int, Outcome] = {}
    for case in _locked(cases, by.post):
        law = desk.law_day_of(case)
        done[case.pk] = rules.due_change(on=on, law=law, now=case.due_on, shown=cases[case.pk])
        if done[case.pk] is Outcome.DONE:
            day, by_law = on or law, on is None and law is not None
            Case.objects.filter(pk=case.pk).update(due_on=day, due_by_law=by_law)
            _record(case, "due", by, at, {"due_on": on.isoformat() if on else None})
    return done


@transaction.atomic
def note(*, case: Case, body: str, by: Official, at: datetime, to: Person | None = None) -> Note:
    """Write to one's colleagues about a case, and tell one of them. The same said twice in a
    row is one note: a button was pressed twice."""
    if not _locked([case.pk], by.post):
        raise Refused("the case is held by another institution")
    if to and to not in desk.colleagues(case, on=timezone.localdate(at)):
        raise Refused("who does not see the case is not told of it")
    body = f"@{to.name}: {body}" if to else body
    last = Note.objects.filter(case=case).order_by("-pk").first()
    if last and (last.person_id, last.body) == (by.person.pk, body):
        return last
    salt = rules.new_salt()
    written = Note.objects.create(case=case, **by._asdict(), body=body, salt=salt, at=at)
    facts: Facts = {"note": written.pk, "seal": rules.seal(salt, {"body": body})}
    _record(case, "note", by, at, facts)
    if to and to != by.person:
        _tell_mentioned(case, to, at)
    return written


@prevailing()
def _tell_mentioned(case: Case, to: Person, at: datetime) -> None:
    """That there is a note; what it says stays on the page of the case."""
    title = _("Te mencionaron en una nota de un caso")
    place = f"{desk.address(case)}#notas"
    mailbox.notify(person=to, topic=Topic.DESK, title=title, address=place, at=at)


@transaction.atomic
def keep_answer(  # noqa: PLR0913  # an answer has this many parts
    *, case: Case, move: str, message: str, version: int, person: Person, at: datetime
) -> Answer:
    """Keep what somebody writes for a step, for everybody of the institution. `version` is
    what they had read, 0 when there was nothing: over anything else nothing is kept."""
    now = Case.objects.select_related("definition").get(pk=case.pk)
    step = rules.steps(now.definition.snapshot, now.state).get(move)
    if step is None or not step.message:
        raise Conflict(now.code, queries.label(now))
    row = Answer(case=case, move=move, message=message, person=person, kept_at=at)
    if version == 0:
        Answer.objects.bulk_create([row], ignore_conflicts=True)
    else:
        kept = Answer.objects.filter(case=case, move=move, version=version)
        kept.update(message=message, version=version + 1, person=person, kept_at=at)
    there = desk.answer(case, move)
    if there is None:
        raise Conflict(now.code, queries.label(now))
    if (there.message, there.person_id) != (message, person.pk):
        raise Overwritten(there)
    return there


def use_answer(*, case: Case, move: str, version: int) -> None:
    """The step is taken: what was half written of it goes, if it was read. Inside the
    transaction of the service's action only."""
    Answer.objects.filter(case=case, move=move, version=version).delete()
    if there := desk.answer(case, move):
        raise Overwritten(there)
