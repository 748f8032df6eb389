from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate

from minga.kernel.identity.models import Organisation, Person, Seat
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts

from . import queries, rules
from .models import Attendance, Delegate, Item, Session, Vote
from .rules import Choice, Terms, Verdict

MINUTES = "minutes"  # the subject by which the minutes of a session are approved


class NotAMember(Exception):
    """Who acts in a body speaks for none of its seats."""


class Undecided(Exception):
    """A decision that a rule of the body does not allow: which one."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


@transaction.atomic
def delegate(  # noqa: PLR0913  # a delegation has this many facts
    *, seat: Seat, person: Person, since: date, by: str, at: datetime, alternate: bool = False
) -> Delegate:
    """Somebody speaks for an organisation from a day on; said again, nothing changes. Whoever
    did before does so no more."""
    now = Delegate.objects.filter(seat=seat, alternate=alternate, ends_on=None)
    if known := now.filter(person=person).first():
        return known
    now.update(ends_on=since)
    made = Delegate.objects.create(seat=seat, person=person, alternate=alternate, starts_on=since)
    trust.record(
        stream=f"organisation:{seat.body_id}",
        kind="delegate",
        actor=by,
        at=at,
        facts={"seat": seat.pk, "person": person.pk, "alternate": alternate},
    )
    return made


def _speaker(body: Organisation, person: Person, day: date) -> Delegate:
    delegate = queries.speaker(body, person, on=day)
    if delegate is None:
        raise NotAMember
    return delegate


@transaction.atomic
def call(  # noqa: PLR0913  # a session has this many facts
    *,
    body: Organisation,
    person: Person,
    held_on: date,
    virtual: bool,
    at: datetime,
    first: int = 1,
) -> Session:
    """A member calls a session of a body. It has the number after the last one; `first`, when
    there is none yet: a body may have met before it came here. The same day again is the same
    session, as long as nothing was decided in it."""
    _speaker(body, person, localdate(at))
    trust.head(f"assembly:{body.pk}")  # one number at a time
    open_one = Session.objects.filter(body=body, held_on=held_on, virtual=virtual)
    if known := open_one.exclude(items__decided_at__isnull=False).first():
        return known
    last = Session.objects.filter(body=body).aggregate(last=Max("number"))["last"]
    made = Session.objects.create(
        body=body,
        number=max(last + 1 if last else first, 1),
        held_on=held_on,
        virtual=virtual,
        called_at=at,
    )
    told: Facts = {"session": made.pk, "number": made.number, "held_on": held_on.isoformat()}
    trust.record(
        stream=made.stream,
        kind="session",
        actor=person.stream,
        at=at,
        facts={**told, "virtual": virtual},
    )
    return made


@transaction.atomic
def attend(*, session: Session, person: Person, at: datetime) -> Attendance:
    """Somebody is there for their seat. The alternate counts while the principal is not; when
    the principal comes they take the place, and what was voted stays voted."""
    speaker = _speaker(session.body, person, session.held_on)
    trust.head(session.stream)  # who comes at the same moment waits
    known = Attendance.objects.filter(session=session, seat=speaker.seat_id).first()
    if known and (known.alternate == speaker.alternate or speaker.alternate):
        return known
    there, _new = Attendance.objects.update_or_create(
        session=session, seat=speaker.seat, defaults={"alternate": speaker.alternate, "at": at}
    )
    trust.record(
        stream=session.stream,
        kind="attend",
        actor=person.stream,
        at=at,
        facts={"session": session.pk, "seat": speaker.seat_id, "alternate": speaker.alternate},
    )
    return there


@transaction.atomic
def put(  # noqa: PLR0913  # a point has this many facts
    *,
    session: Session,
    person: Person,
    title: str,
    terms: Terms,
    at: datetime,
    text: str = "",
    subject: str = "",
    seal: str = "",
) -> Item:
    """A member puts a point to the seats; what waits for their decision is put once.
    `seal` is a digest of what is decided, when that stands elsewhere."""
    _speaker(session.body, person, session.held_on)
    trust.head(session.stream)
    waiting = Item.objects.filter(session=session, subject=subject, outcome="")
    same = waiting if subject else waiting.filter(title=title, text=text)
    if known := same.first():
        return known
    last = session.items.aggregate(last=Max("number"))["last"] or 0
    made = Item.objects.create(
        session=session,
        number=last + 1,
        title=title,
        text=text,
        subject=subject,
        quorum=str(terms.quorum),
        sectors_needed=terms.sectors_needed,
        put_at=at,
    )
    facts: Facts = {"item": made.pk, "session": session.pk, "seal": seal}
    facts = {**facts, **queries.put_facts(made)}
    trust.record(stream=session.stream, kind="put", actor=person.stream, at=at, facts=facts)
    return made


@transaction.atomic
def vote(*, item: Item, person: Person, choice: Choice, at: datetime) -> Item:
    """A seat that is there votes, once; said again it stands as it was. When the last one has
    voted, the point is decided."""
    taken, speaker = _taken(item), _speaker(item.session.body, person, item.session.held_on)
    there = taken.session.attendances.filter(seat=speaker.seat_id).first()
    if there is None or there.alternate != speaker.alternate:
        raise Undecided(Verdict.ABSENT)
    if taken.outcome or taken.votes.filter(seat=speaker.seat_id).exists():
        return taken
    Vote.objects.create(item=taken, seat=speaker.seat, choice=choice, at=at)
    facts: Facts = {"item": taken.pk, "seat": speaker.seat_id, "choice": str(choice)}
    trust.record(stream=taken.session.stream, kind="vote", actor=person.stream, at=at, facts=facts)
    return _settle(taken, queries.verdict(taken), at)


@transaction.atomic
def conclude(*, item: Item, person: Person, at: datetime) -> Item:
    """A member wants no more votes waited for. Who voted must be a quorum, of several sectors:
    else it is refused, and stays open. Concluded before: it stands."""
    taken = _taken(item)
    _speaker(taken.session.body, person, taken.session.held_on)
    if taken.outcome:
        return taken
    verdict = queries.verdict(taken, closing=True)
    if verdict not in rules.DECIDED:
        raise Undecided(verdict)
    return _settle(taken, verdict, at)


def _taken(item: Item) -> Item:
    """The point as it is now, taken for writing: one vote at a time."""
    trust.head(item.session.stream)
    return Item.objects.select_related("session__body").get(pk=item.pk)


def _settle(item: Item, verdict: Verdict, at: datetime) -> Item:
    if verdict not in rules.DECIDED:
        return item
    item.outcome, item.decided_at = str(verdict), at
    item.save(update_fields=["outcome", "decided_at"])
    facts: Facts = {"item": item.pk, "outcome": item.outcome}
    trust.record(stream=item.session.stream, kind="decided", actor="house", at=at, facts=facts)
    kind, _colon, session = item.subject.partition(":")
    if kind == MINUTES and verdict == Verdict.CARRIED:
        Session.objects.filter(pk=int(session), body=item.session.body_id, approved_at=None).update(
            approved_at=at
        )
    return item
