"""The calendar of workshops, who comes to them, and who came."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from minga.kernel.base.language import prevailing
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts
from minga.services.cocreation.models import Cycle, Guest, Registration, Workshop
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import workshops as queries
from minga.services.cocreation.rules import workshops as rules
from minga.services.cocreation.rules.workshops import NotPossible, Place, Problem, Sort

WHERE = ("on", "hours", "city", "host", "venue", "online")  # changed: whoever comes is told
SAID = ("sort", "title", "theme", "territory_id", "capacity", *WHERE)


@transaction.atomic
def create(*, cycle: Cycle, key: str, said: Mapping[str, Any], by: str, at: datetime) -> Workshop:
    """Put a workshop into the calendar; the same form or meeting again is the same one."""
    words = {name: said[name] for name in (*SAID, "source") if name in said}
    made, new = Workshop.objects.get_or_create(cycle=cycle, key=key, defaults=words)
    if new:
        facts: Facts = {"cycle": cycle.pk, "sort": made.sort, "on": str(made.on or "")}
        trust.record(stream=made.stream, kind="make", actor=by, at=at, facts=facts)
        _publish(made, at)
    return made


def announce(*, cycle: Cycle, by: str, at: datetime) -> list[Workshop]:
    """The workshops that the method's documents announce, as they say it: what they leave out
    stays empty. They are facts, and no invented cycle gets them."""
    if cycle.convener.demo:
        return []
    return [
        create(
            cycle=cycle,
            key=meeting.key,
            said={
                "sort": Sort.THEMATIC if meeting.summary else Sort.TERRITORIAL,
                "title": meeting.title,
                "theme": meeting.summary,
                "city": meeting.city,
                "host": meeting.host,
                "on": meeting.on or None,
                "hours": meeting.hours,
                "source": meeting.source,
            },
            by=by,
            at=at,
        )
        for meeting in methods.needed(cycle).meeting
    ]


@transaction.atomic
def change(  # noqa: PLR0913  # a change has this many facts
    *, workshop: Workshop, said: Mapping[str, Any], reason: str, rev: int, by: str, at: datetime
) -> Workshop:
    """Another day, another place, more room: with the reason, which whoever comes is told."""
    row = _as_shown(workshop, rev)
    changed = [name for name in SAID if name in said and getattr(row, name) != said[name]]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, said[name])
    if row.capacity is not None and row.capacity < row.taken:
        raise NotPossible(Problem.TOO_MANY)
    row.reason, row.rev = reason, rev + 1
    row.save(update_fields=[*changed, "reason", "rev"])
    facts: Facts = {"rev": row.rev, "changed": ", ".join(changed)}
    trust.record(stream=row.stream, kind="change", actor=by, at=at, facts=facts)
    _admit(row, at)
    if set(changed) & set(WHERE):
        _tell(queries.line(row), "change", at)
    _publish(row, at)
    return row


@transaction.atomic
def cancel(*, workshop: Workshop, reason: str, rev: int, by: str, at: datetime) -> Workshop:
    """It does not take place, and whoever registered is told why. What is over is not undone."""
    row = locked(workshop)
    if row.cancelled_at:
        return row
    if row.rev != rev:
        raise NotPossible(Problem.OUTDATED)
    if row.on and row.on < timezone.localdate(at):
        raise NotPossible(Problem.OVER)
    row.cancelled_at, row.reason, row.rev = at, reason, rev + 1
    row.save(update_fields=["cancelled_at", "reason", "rev"])
    trust.record(stream=row.stream, kind="cancel", actor=by, at=at, facts={"rev": row.rev})
    _tell(queries.line(row), "cancel", at)
    _publish(row, at)
    return row


@transaction.atomic
def register(  # noqa: PLR0913  # who comes says this much
    *,
    workshop: Workshop,
    key: UUID,
    name: str,
    sex: str,
    sector: str,
    at: datetime,
    email: str = "",
) -> Registration:
    """A place, or one in the line. The same form again is the same registration."""
    row = locked(workshop)
    if known := Registration.objects.filter(key=key).first():
        return known
    _is_open(row, at)
    waiting = row.registrations.filter(place=Place.WAITING).exists()
    place = rules.place(row.capacity, row.taken, waiting)
    told = {"sex": sex, "sector": sector, "at": at}
    made = Registration.objects.create(workshop=row, key=key, place=place, **told)
    Guest.objects.create(registration=made, name=name, email=email)
    if place == Place.REGISTERED:
        _take(row, 1)
    _tell([made], "register", at)
    return made


@transaction.atomic
def leave(*, registration: Registration, at: datetime) -> Registration:
    """Somebody does not come after all: who they are is forgotten now, and whoever waits
    longest gets the place."""
    row = locked(registration.workshop)
    mine = Registration.objects.get(pk=registration.pk)
    if mine.place == Place.CANCELLED:
        return mine
    _is_open(row, at)
    if mine.place == Place.REGISTERED:
        _take(row, -1)
    mine.place = Place.CANCELLED
    mine.save(update_fields=["place"])
    Guest.objects.filter(registration=mine).delete()
    _admit(row, at)
    return mine


@transaction.atomic
def attend(*, registration: Registration, attended: bool, by: str, at: datetime) -> None:
    """Somebody who registered came, or did not; said again, nothing changes."""
    row = locked(registration.workshop)
    has_begun(row, at)
    mine = row.registrations.exclude(place=Place.CANCELLED).filter(walked_in=False)
    if not mine.filter(pk=registration.pk, attended=not attended).update(attended=attended):
        return
    facts: Facts = {"registration": registration.pk, "people": int(attended)}
    trust.record(stream=row.stream, kind="attend", actor=by, at=at, facts=facts)
    catalogue.touch()


@transaction.atomic
def walk_in(  # noqa: PLR0913  # who came says this much
    *, workshop: Workshop, key: UUID, sex: str, sector: str, by: str, at: datetime, people: int = 1
) -> Registration:
    """People who came without having registered, counted at the door without their names."""
    row = locked(workshop)
    has_begun(row, at)
    said = {"sex": sex, "sector": sector, "people": people, "at": at}
    there = {"place": Place.REGISTERED, "attended": True, "walked_in": True}
    made, new = Registration.objects.get_or_create(
        key=key, defaults={"workshop": row, **said, **there}
    )
    if new:
        facts: Facts = {"registration": made.pk, "people": people}
        trust.record(stream=row.stream, kind="count", actor=by, at=at, facts=facts)
        catalogue.touch()
    return made


@transaction.atomic
def miscounted(*, registration: Registration, by: str, at: datetime) -> None:
    """People who were counted at the door by mistake are not counted any more."""
    row = locked(registration.workshop)
    there = row.registrations.filter(walked_in=True, attended=True, pk=registration.pk)
    if there.update(attended=False, place=Place.CANCELLED):
        facts: Facts = {"registration": registration.pk, "people": 0}
        trust.record(stream=row.stream, kind="count", actor=by, at=at, facts=facts)
        catalogue.touch()


def _publish(row: Workshop, at: datetime) -> None:
    """Found from now on; one that was cancelled too, for whoever looks for it."""
    words = [row.theme, row.city, row.host, row.venue, row.cycle.title]
    catalogue.publish(
        type=rules.RECORD,
        reference=str(row.pk),
        title=row.title,
        text="\n".join(part for part in words if part),
        address=reverse("cocreation:workshop", args=[row.pk]),
        demo=row.cycle.convener.demo,
        at=at,
    )


def remind(*, at: datetime, most: int = 100) -> int:
    """Write to whoever comes tomorrow and left an address, once: how many."""
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    return sum(_remind(guest, at) for guest in queries.to_remind(on=tomorrow)[:most])


@transaction.atomic
def _remind(guest: Guest, at: datetime) -> int:
    told = Guest.objects.filter(pk=guest.pk, reminded_at=None).update(reminded_at=at)
    if told:
        _tell([guest.registration], "remind", at)
    return told


def forget(*, at: datetime) -> int:
    """Throw away the names and addresses of whoever registered, some days after: how many."""
    return queries.to_forget(on=timezone.localdate(at)).delete()[0]


def locked(workshop: Workshop) -> Workshop:
    """The row itself, which nobody else changes until we are done."""
    return Workshop.objects.select_for_update().get(pk=workshop.pk)


def _as_shown(workshop: Workshop, rev: int) -> Workshop:
    row = locked(workshop)
    if row.cancelled_at:
        raise NotPossible(Problem.CANCELLED)
    if row.rev != rev:
        raise NotPossible(Problem.OUTDATED)
    return row


def _is_open(row: Workshop, at: datetime) -> None:
    if row.cancelled_at:
        raise NotPossible(Problem.CANCELLED)
    if row.on is None:
        raise NotPossible(Problem.NOT_YET)
    if row.on < timezone.localdate(at):
        raise NotPossible(Problem.OVER)


def has_begun(row: Workshop, at: datetime) -> None:
    if row.cancelled_at:
        raise NotPossible(Problem.CANCELLED)
    if row.on and row.on > timezone.localdate(at):
        raise NotPossible(Problem.NOT_YET)


def _take(row: Workshop, places: int) -> None:
    """Of the public pages only those change that say whether there is room."""
    was = queries.full(row)
    row.taken += places
    row.save(update_fields=["taken"])
    if queries.full(row) != was:
        catalogue.touch()


def _admit(row: Workshop, at: datetime) -> None:
    """Whoever waits longest gets the places that are free."""
    waiting = row.registrations.filter(place=Place.WAITING)
    room = rules.room(row.capacity, row.taken, waiting.count())
    first = list(waiting.select_related("guest").order_by("pk")[:room])
    if first:
        row.registrations.filter(pk__in=[one.pk for one in first]).update(place=Place.REGISTERED)
        _take(row, len(first))
        _tell(first, "admit", at)


@prevailing()
def _tell(registrations: Iterable[Registration], what: str, at: datetime) -> None:
    """Write to those who left an address; the others see it on their page."""
    for one in registrations:
        guest = getattr(one, "guest", None)
        if guest and guest.email:
            place = reverse("cocreation:registration", args=[one.key])
            shown = {"registration": one, "what": what, "workshop": one.workshop}
            more = {"address": f"{settings.MINGA_ADDRESS}{place}", "site": settings.MINGA_ADDRESS}
            letter = render_to_string("cocreation/workshop_letter.txt", shown | more)
            subject, _rest, body = letter.strip().partition("\n")
            mailbox.write(to=guest.email, subject=subject, body=body.strip(), at=at)
