"""The bodies of a cycle, and in which of them somebody speaks."""

from datetime import date

from minga.kernel.assemblies import queries as assemblies
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Organisation, Person
from minga.services.cocreation.models import Cycle

ROLES = ("working_group", "forum", "commission")


def of(cycle: Cycle) -> list[Organisation]:
    """Those that do something in it, in the order in which they do."""
    return [body for role in ROLES if (body := getattr(cycle, role))]


def roles(cycle: Cycle, person: Person, *, on: date) -> dict[str, str]:
    """What somebody is in a cycle: the name of the body, or of who convenes, by the role."""
    seats = {seat.body_id for seat in assemblies.seats_of(person, on=on)}
    found = {
        role: body.name for role in ROLES if (body := getattr(cycle, role)) and body.pk in seats
    }
    if identity.posts_of(person, on=on).filter(organisation=cycle.convener_id).exists():
        found["convener"] = cycle.convener.name
    return found
