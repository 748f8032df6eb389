from datetime import date, datetime

from django.db import transaction

from minga.kernel.identity.models import Person, Seat
from minga.kernel.trust import actions as trust

from .models import Delegate


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
