"""The bodies of a cycle and their sessions."""

from collections.abc import Mapping

from django.db.models import Q

from minga.kernel.assemblies.rules import Terms
from minga.kernel.identity.models import Organisation
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.rules.method import Method, Open

ROLES = ("forum", "working_group", "commission")


def terms(method: Method) -> Terms:
    """What a decision needs in a cycle that follows a method."""
    sectors = method.whole(Open.SECTORS_NEEDED)
    return Terms(quorum=method.number(Open.QUORUM), sectors_needed=sectors)


def bodies(cycle: Cycle) -> Mapping[str, Organisation]:
    """The bodies of a cycle, by what each is in it."""
    return {role: body for role in ROLES if (body := getattr(cycle, role))}


def body(cycle: Cycle, key: str) -> Organisation | None:
    return next((body for body in bodies(cycle).values() if body.key == key), None)


def cycles_of(body: Organisation) -> list[Cycle]:
    """The cycles in which a body takes part, the newest first."""
    here = Q(forum=body) | Q(working_group=body) | Q(commission=body)
    return list(Cycle.objects.filter(here).order_by("-closes_on", "pk"))
