from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from minga.kernel.identity.models import Organisation, Person, Seat

from .models import Delegate


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
