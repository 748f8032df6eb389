from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from minga.kernel.identity.models import Organisation, Person, Seat
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Facts, Fault

from . import rules
from .models import Attendance, Delegate, Item, Session, Vote
from .rules import Choice, Verdict


def in_force(*, on: date) -> QuerySet[Delegate]:
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return Delegate.objects.filter(still, starts_on__lte=on)


def seats_of(person: Person, *, on: date) -> QuerySet[Seat]:
    """The seats in which somebody speaks on a day, as principal or as alternate."""
    speaks = in_force(on=on).filter(person=person, seat=OuterRef("pk"))
    return Seat.objects.filter(Exists(speaks)).select_related("body", "member").order_by("pk")


def seat_in(body: Organisation | None, person: Person, *, on: date) -> Seat | None:
    """The seat in which somebody speaks in one body, if they do."""
    return seats_of(person, on=on).filter(body=body).first() if body else None


def speaker(body: Organisation, person: Person, *, on: date) -> Delegate | None:
    """As what somebody speaks in a body: for their own seat rather than as an alternate."""
    speaks = in_force(on=on).filter(person=person, seat__body=body)
    return speaks.select_related("seat__member").order_by("alternate", "pk").first()


def seats(body: Organisation) -> list[Seat]:
    """The seats of a body that last, in the order of its document."""
    rows = body.seats.filter(ends_on=None).select_related("member")
    return list(rows.order_by("position"))


def bodies() -> QuerySet[Organisation]:
    """The bodies of several sectors, which decide here."""
    sits = Seat.objects.filter(body=OuterRef("pk")).exclude(sector="")
    return Organisation.objects.filter(Exists(sits)).order_by("sort_name", "pk")


def sessions(body: Organisation) -> QuerySet[Session]:
    return body.sessions.order_by("-number")


def session(body: str, number: int) -> Session | None:
    """A session with who was there, what was put and what was voted: five statements."""
    there = Attendance.objects.select_related("seat__member").order_by("seat__position")
    votes = Vote.objects.select_related("seat__member").order_by("seat__position")
    items = Item.objects.order_by("number").prefetch_related(Prefetch("votes", votes))
    found = Session.objects.filter(body__key=body, number=number).select_related("body")
    return found.prefetch_related(Prefetch("attendances", there), Prefetch("items", items)).first()


def verdict(item: Item, *, closing: bool = False) -> Verdict:
    """What the votes of a point come to now: three statements."""
    lasting = item.session.body.seats.filter(ends_on=None).values_list("pk", "sector")
    present = item.session.attendances.values_list("seat", flat=True)
    votes = {seat: Choice(said) for seat, said in item.votes.values_list("seat", "choice")}
    return rules.verdict(dict(lasting), list(present), votes, item.terms, closing=closing)


def put_facts(item: Item) -> Facts:
    """What the history tells of a point; its words by their digest."""
    words = sha256(f"{item.title}\n{item.text}".encode()).hexdigest()
    return {
        "number": item.number,
        "subject": item.subject,
        "words": words,
        "quorum": item.quorum,
        "sectors_needed": item.sectors_needed,
    }


def verify() -> Iterator[Fault]:
    """Sessions, who was there, points, votes and decisions that are not as they were told."""
    told = _told()
    for place, kind, row in _rows():
        if told.pop((kind, row[0]), None) != row[1]:
            yield Fault(place, _("no es lo que dice la historia de este órgano"))
    for kind, key in told:
        yield Fault(f"{kind} {key}", _("falta, y la historia de su órgano lo cuenta"))


Row = tuple[Any, Any]


def _told() -> dict[tuple[str, Any], Any]:
    told: dict[tuple[str, Any], Any] = {}
    entries = Entry.objects.filter(stream__startswith="assembly:").order_by("stream", "seq")
    for entry in entries.iterator():
        said = entry.facts
        match entry.kind:
            case "session":
                told["session", said["session"]] = (
                    *(entry.stream, said["number"], said["held_on"], said["virtual"]),
                )
            case "attend":
                told["attend", (said["session"], said["seat"])] = said["alternate"]
            case "put":
                names = ("number", "subject", "words", "quorum", "sectors_needed")
                told["put", said["item"]] = {name: said[name] for name in names}
            case "vote":
                told["vote", (said["item"], said["seat"])] = said["choice"]
            case "decided":
                told["decided", said["item"]] = said["outcome"]
    return told


def _rows() -> Iterator[tuple[str, str, Row]]:
    for one in Session.objects.order_by("pk").iterator():
        said = (one.stream, one.number, one.held_on.isoformat(), one.virtual)
        yield f"{one.stream} {one.number}", "session", (one.pk, said)
    there = Attendance.objects.order_by("pk").values_list("session", "seat", "alternate")
    for session, seat, alternate in there.iterator():
        yield f"attend {session}", "attend", ((session, seat), alternate)
    for item in Item.objects.order_by("pk").iterator():
        yield f"item {item.pk}", "put", (item.pk, put_facts(item))
        if item.outcome:
            yield f"item {item.pk}", "decided", (item.pk, item.outcome)
    votes = Vote.objects.order_by("pk").values_list("item", "seat", "choice")
    for item_pk, seat, choice in votes.iterator():
        yield f"item {item_pk}", "vote", ((item_pk, seat), choice)
