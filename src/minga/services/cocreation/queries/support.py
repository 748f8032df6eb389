"""How many people support a proposal, and whether one of them does."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault
from minga.services.cocreation.models import Cycle, Proposal, Support
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import support as rule

STREAM = "support:"  # of a proposal: how many supported it, each time


def is_open(cycle: Cycle, *, on: date) -> bool:
    """Whether people may support the proposals of a cycle on a day."""
    days = {"opens": cycle.opens_on, "closes": cycle.closes_on, "on": on}
    return rule.is_open(methods.method(cycle), cycle.stage, **days)


def supports(proposal: Proposal, person: Person) -> bool:
    """Whether somebody does, with this account or with another one."""
    mark = identity.mark_of(identity.document_of(person), person)
    theirs = Q(mark=mark) | Q(person__in=identity.accounts_of(person, mark))
    return Support.objects.filter(theirs, proposal=proposal).exists()


def verify() -> Iterator[Fault]:
    """Proposals that say to have more supporters, or fewer, than there are, or than their
    history tells."""
    told: dict[int, int] = {}
    for entry in Entry.objects.filter(stream__startswith=STREAM).order_by("seq").iterator():
        told[int(entry.stream.removeprefix(STREAM))] = entry.facts.get("supports", 0)
    there = Proposal.objects.annotate(there=Count("supporters"))
    for pk, says, rows in there.values_list("pk", "supports", "there").iterator():
        if not says == rows == told.pop(pk, 0):
            yield Fault(f"case:{pk}", _("no tiene los apoyos que dice"))
    for pk in told:
        yield Fault(f"case:{pk}", _("falta, y su historia está"))
