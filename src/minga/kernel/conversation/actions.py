from datetime import datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from minga.kernel.base.language import prevailing
from minga.kernel.base.text import plain
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Organisation, Person, Post
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.kernel.trust import actions as trust

from . import queries, rules
from .models import Comment, Decision, Matter, Report, Thread
from .rules import Objected, Objection, State

TASK = "conversation.matter"
MOST_TOLD = 20  # posts of an institution that owe a decision


def open_thread(  # noqa: PLR0913  # a thread has this many facts
    *,
    type: str,
    reference: str,
    address: str,
    holder: Organisation,
    author: Person | None,
    level: int,
    demo: bool,
) -> Thread:
    """People may talk from now on about what was published; said again, what changed is kept.
    What was hidden stays hidden. Two statements, or what hiding takes."""
    about = {"type": type, "reference": reference}
    said = {"address": address, "holder": holder, "author": author, "level": level, "demo": demo}
    thread = Thread(**about, **said)
    Thread.objects.bulk_create(
        [thread], update_conflicts=True, unique_fields=[*about], update_fields=[*said]
    )
    hidden = Matter.objects.filter(thread__type=type, thread__reference=reference, hidden=True)
    if matter := hidden.filter(comment=None).first():
        Matter.objects.filter(pk=matter.pk).update(withheld=catalogue.withhold(**about))
    return thread


def know_author(*, type: str, reference: str, author: Person) -> None:
    """Who wrote it is known by now: they are told what is decided about it."""
    Thread.objects.filter(type=type, reference=reference).update(author=author)


def unlink(*, origin: tuple[str, str], outcome: tuple[str, str], kind: str) -> None:
    """What is out of sight did not give rise to something after all: given back, it says so no
    more. The same as `catalogue.unlink` of what is found."""
    type, reference = origin
    about = {"thread__type": type, "thread__reference": reference, "comment": None}
    for matter in Matter.objects.select_for_update(of=("self",)).filter(**about, hidden=True):
        links = [row for row in matter.withheld.get("links", []) if not _is(row, outcome, kind)]
        if matter.withheld:
            matter.withheld["links"] = links
            matter.save(update_fields=["withheld"])


def _is(row: dict[str, Any], outcome: tuple[str, str], kind: str) -> bool:
    return (row["type"], row["reference"], row["kind"], row["from"]) == (*outcome, kind, False)


def close_thread(*, type: str, reference: str) -> None:
    """What people talked about is public no more: it is found nowhere, and not given back."""
    about = {"thread__type": type, "thread__reference": reference, "comment": None}
    Matter.objects.filter(**about).update(withheld={})
    catalogue.hide(type=type, reference=reference)


@transaction.atomic
def say(  # noqa: PLR0913  # a comment has this many facts
    *, thread: Thread, person: Person, body: str, key: UUID, at: datetime, to: int | None = None
) -> Comment:
    """Say something, or answer (`to`: a number). Sent twice, it is said once."""
    thread = Thread.objects.select_for_update().get(pk=thread.pk)
    if known := Comment.objects.filter(key=key, person=person, thread=thread).first():
        return known
    if identity.level_of(person) < thread.level:
        raise Objected(Objection.LEVEL)
    wrote = queries.written(Comment.objects.filter(person=person), at)
    if objection := rules.to_saying(body, before=wrote.all, last_hour=wrote.lately):
        raise Objected(objection)
    number = thread.said + 1
    root = _root(thread, to) if to else number
    new = Comment(thread=thread, number=number, root=root, key=key, person=person, at=at)
    new.body, new.salt = plain(body), token_hex(16)
    new.save(force_insert=True)
    Thread.objects.filter(pk=thread.pk).update(said=number)
    _record(thread, "comment", person.stream, at, comment=new.pk, seal=queries.seal(new))
    catalogue.touch()
    return new


def _root(thread: Thread, to: int) -> int:
    """Of what is answered: an answer to an answer stands below the same comment."""
    found = queries.comment(thread, to)
    if found is None:
        raise Objected(Objection.GONE)
    return found.root


@transaction.atomic
def withdraw(*, comment: Comment, at: datetime) -> None:
    """Whoever wrote it takes it back: the words go for good, answers stay. Again: nothing."""
    theirs = Comment.objects.filter(pk=comment.pk, person=comment.person).exclude(body="")
    if theirs.update(body="", salt="", person=None):
        by = comment.person.stream if comment.person else "anybody"
        _record(comment.thread, "withdraw", by, at, comment=comment.pk)
        catalogue.touch()


@prevailing()
@transaction.atomic
def report(
    *, thread: Thread, comment: Comment | None, person: Person, reason: str, at: datetime
) -> Matter:
    """Somebody says that a text harms. Said again by them, nothing changes; a text that was
    left is looked at once more when somebody else says so."""
    Thread.objects.select_for_update().get(pk=thread.pk)
    matter, new = Matter.objects.get_or_create(
        thread=thread, comment=comment, defaults={"state": State.OPEN, "opened_at": at}
    )
    if not new and matter.reports.filter(person=person).exists():
        return matter
    if queries.written(Report.objects.filter(person=person), at).lately >= rules.MOST_AN_HOUR:
        raise Objected(Objection.TOO_MANY)
    Report.objects.create(matter=matter, person=person, reason=reason, at=at)
    _record(thread, "report", person.stream, at, matter=matter.pk, reason=reason)
    if not new and matter.state == State.LEFT:
        Matter.objects.filter(pk=matter.pk).update(state=State.OPEN, rev=matter.rev + 1)
    _owe(matter, at)
    return matter


def _owe(matter: Matter, at: datetime) -> None:
    """The institution's posts find it among what they owe. The title tells nothing of it."""
    title = render_to_string("conversation/letters/task.txt").strip()
    address = reverse("conversation:matter", args=[matter.pk])
    for post in Post.objects.filter(organisation=matter.thread.holder, ends_on=None)[:MOST_TOLD]:
        reference = str(matter.pk)
        mailbox.owe(post=post, kind=TASK, reference=reference, title=title, address=address, at=at)


@prevailing()
@transaction.atomic
def decide(  # noqa: PLR0913  # a decision has this many facts
    *, matter: Matter, reason: str, post: Post, person: Person, rev: int, at: datetime
) -> Matter:
    """Take a reported text out of sight for a reason, or leave it (no reason), or give it back.
    Whoever wrote it and whoever reported it are told; everybody can read that it was decided."""
    now = queries.whole().select_for_update(of=("self",)).get(pk=matter.pk)
    review = now.state == State.CONTESTED
    judged = now.decisions.filter(person=person).exists()
    own = person.pk in (getattr(queries.author(now), "pk", None), now.thread.author_id)
    objection = rules.to_deciding(now.state, own=own, same_judge=judged)
    if now.rev != rev and not objection:
        objection = Objection.DECIDED
    if objection:
        raise Objected(objection)
    _stand(now, reason)
    Decision.objects.create(
        matter=now, hides=now.hidden, reason=reason, review=review, post=post, person=person, at=at
    )
    said = {"matter": now.pk, "reason": reason}
    _record(now.thread, "decide", post.stream, at, hides=now.hidden, review=review, **said)
    mailbox.done(kind=TASK, reference=str(now.pk), at=at)
    _tell(now, at)
    _show(now)
    return now


def _stand(matter: Matter, reason: str) -> None:
    matter.hidden, matter.reason = bool(reason), reason
    matter.state = State.HIDDEN if reason else State.LEFT
    matter.rev += 1
    matter.save(update_fields=["hidden", "reason", "state", "rev"])


def _show(matter: Matter) -> None:
    """What is found changes with it: last, because the stamp is taken until the end."""
    about = {"type": matter.thread.type, "reference": matter.thread.reference}
    if matter.comment:
        catalogue.touch()
    elif matter.hidden and not matter.withheld:
        Matter.objects.filter(pk=matter.pk).update(withheld=catalogue.withhold(**about))
    elif not matter.hidden and matter.withheld:
        Matter.objects.filter(pk=matter.pk).update(withheld={})
        catalogue.give_back(**about, kept=matter.withheld)


def _tell(matter: Matter, at: datetime) -> None:
    address = reverse("conversation:review", args=[matter.pk])
    wrote = queries.author(matter)
    told = [(wrote, "author")] if wrote else []
    for row in matter.reports.exclude(person=None).select_related("person"):
        if row.person and row.person != wrote:
            told.append((row.person, "reporter"))
    for person, role in told:
        shown = {"hidden": matter.hidden, "role": role, "may_ask": not matter.reviewed}
        words = render_to_string("conversation/letters/decided.txt", shown).strip()
        title, _, body = words.partition("\n")
        mailbox.notify(
            person=person, topic=Topic.TALK, title=title, body=body.strip(), address=address, at=at
        )


@prevailing()
@transaction.atomic
def ask_review(*, matter: Matter, person: Person, at: datetime) -> None:
    """Whoever wrote a hidden text, or reported one that was left, asks that somebody else look
    at it. Until then it stays as it is."""
    now = queries.whole().select_for_update(of=("self",)).get(pk=matter.pk)
    if objection := queries.objection_to_review(now, person):
        raise Objected(objection)
    now.state, now.reviewed, now.rev = State.CONTESTED, True, now.rev + 1
    now.save(update_fields=["state", "reviewed", "rev"])
    _record(now.thread, "review", person.stream, at, matter=now.pk)
    _owe(now, at)


@prevailing()
@transaction.atomic
def hand_over(*, holder: Organisation, to: Organisation, by: str, at: datetime) -> None:
    """An institution ends: another one answers from now on for what is said there, and owes
    what waits for a decision."""
    waits = queries.whole().filter(thread__holder=holder, state__in=queries.TO_DECIDE)
    for matter in list(waits):
        mailbox.done(kind=TASK, reference=str(matter.pk), at=at)
        matter.thread.holder = to
        _owe(matter, at)
        _record(matter.thread, "hand_over", by, at, holder=to.pk)
    Thread.objects.filter(holder=holder).update(holder=to)


@transaction.atomic
def forget_person(*, person: Person, at: datetime) -> None:
    """What somebody said goes with their account; answers to it, and what was decided, stay."""
    theirs = list(Comment.objects.filter(person=person).select_related("thread"))
    for comment in theirs:
        withdraw(comment=comment, at=at)
    Report.objects.filter(person=person).update(person=None)
    Thread.objects.filter(author=person).update(author=None)


def _record(thread: Thread, kind: str, by: str, at: datetime, **facts: Any) -> None:
    """In the history of the thread, without a word of any text."""
    trust.record(stream=thread.stream, kind=kind, actor=by, at=at, facts=facts)
