"""The bodies of a cycle meet and decide; what they decide is carried out at once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from minga.kernel.assemblies import actions as assemblies
from minga.kernel.assemblies import queries as seats
from minga.kernel.assemblies.models import Attendance, Item, Session
from minga.kernel.assemblies.rules import Choice, Verdict
from minga.kernel.base.language import prevailing
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity.models import Organisation, Person
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.services.cocreation.actions import confirmation, selection
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import sessions as queries
from minga.services.cocreation.rules import confirmation as confirming
from minga.services.cocreation.rules import selection as selecting
from minga.services.cocreation.rules.breaches import Breach, Rule

# What a decision does, by what its point is about.
SETTLES: Mapping[str, Callable[[Item, datetime], None]] = {
    selecting.SUBJECT: selection.settle,
    confirming.TEXT: confirmation.settle_text,
    confirming.RESERVE: confirmation.settle_reserve,
}
BREACHES = {Verdict.QUORUM: Rule.QUORUM, Verdict.ALONE: Rule.ALONE, Verdict.ABSENT: Rule.ABSENT}


@contextmanager
def _refused(body: Organisation) -> Iterator[None]:
    """What a body does not allow, by the name of the rule."""
    try:
        yield
    except assemblies.NotAMember:
        raise Breach(Rule.NOT_A_MEMBER, body.key) from None
    except assemblies.Undecided as refused:
        raise Breach(BREACHES[refused.verdict], body.key) from None


def call(  # noqa: PLR0913  # a session has this many facts
    *,
    body: Organisation,
    person: Person,
    held_on: date,
    virtual: bool,
    at: datetime,
    first: int = 1,
) -> Session:
    with _refused(body), transaction.atomic():
        told = {"held_on": held_on, "virtual": virtual, "first": first, "at": at}
        session = assemblies.call(body=body, person=person, **told)  # type: ignore[arg-type]
        if session.called_at == at:
            _tell_members(session, person, at)
            catalogue.touch()
        return session


def _tell_members(session: Session, caller: Person, at: datetime) -> None:
    """Whoever speaks in a body, or stands in for who does, is told that it meets."""
    cycle, body = queries.cycles_of(session.body)[:1], session.body
    with prevailing():
        title = _("Sesión %(number)s de %(body)s: %(day)s") % {
            "number": session.number,
            "body": body.name,
            "day": date_format(session.held_on, r"j \d\e F \d\e Y"),
        }
    address = "".join(
        reverse("cocreation:room_session", args=[one.key, body.key, session.number])
        for one in cycle
    )
    told: dict[str, Any] = {"title": title[:300], "address": address, "at": at}
    today = localdate(at)
    for delegate in seats.in_force(on=today).filter(seat__body=body).exclude(person=caller):
        mailbox.notify(person=delegate.person, topic=Topic.DESK, **told)


def attend(*, session: Session, person: Person, at: datetime) -> Attendance:
    with _refused(session.body), transaction.atomic():
        there = assemblies.attend(session=session, person=person, at=at)
        catalogue.touch()
        return there


def put(  # noqa: PLR0913  # a point has this many facts
    *,
    cycle: Cycle,
    session: Session,
    person: Person,
    title: str,
    at: datetime,
    text: str = "",
    subject: str = "",
) -> Item:
    """A member puts a point of their own to the seats, or the minutes of a session."""
    terms = queries.terms(methods.needed(cycle))
    with _refused(session.body), transaction.atomic():
        told = {"title": title, "text": text, "subject": subject, "terms": terms, "at": at}
        item = assemblies.put(session=session, person=person, **told)  # type: ignore[arg-type]
        catalogue.touch()
        return item


def put_minutes(
    *, cycle: Cycle, session: Session, of: Session, person: Person, at: datetime
) -> Item:
    """The minutes of a session, the same or one before, are put to the seats."""
    with prevailing():
        title = _("Aprobar el acta Nº %(number)s") % {"number": of.number}
    subject = f"{assemblies.MINUTES}:{of.pk}"
    told = {"cycle": cycle, "session": session, "title": title, "subject": subject}
    return put(**told, person=person, at=at)  # type: ignore[arg-type]  # as named


def vote(*, item: Item, person: Person, choice: Choice, at: datetime) -> Item:
    """A seat votes; with the last vote what was decided is carried out."""
    with _refused(item.session.body), transaction.atomic():
        before = Item.objects.get(pk=item.pk).outcome
        after = assemblies.vote(item=item, person=person, choice=choice, at=at)
        return _settled(after, before, at)


def conclude(*, item: Item, person: Person, at: datetime) -> Item:
    with _refused(item.session.body), transaction.atomic():
        before = Item.objects.get(pk=item.pk).outcome
        return _settled(assemblies.conclude(item=item, person=person, at=at), before, at)


def _settled(item: Item, before: str, at: datetime) -> Item:
    settle = SETTLES.get(item.subject.partition(":")[0])
    if item.outcome and not before:
        if settle:
            settle(item, at)
        catalogue.touch()
    return item
