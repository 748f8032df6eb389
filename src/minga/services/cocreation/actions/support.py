"""Supporting a proposal: each person once, whichever account they use."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts
from minga.services.cocreation.models import Proposal, Support
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import support as queries
from minga.services.cocreation.rules import support as rule
from minga.services.cocreation.rules.breaches import Breach, Rule


@transaction.atomic
def support(*, proposal: Proposal, person: Person, at: datetime) -> bool:
    """Somebody supports it; again, from anywhere, nothing changes: False."""
    _allowed(proposal, at)
    if identity.level_of(person) < rule.level(methods.method(proposal.cycle)):
        raise Breach(Rule.LEVEL, "support")
    mark = _settle(proposal, person, at)
    if queries.supports(proposal, person):
        return False
    Support.objects.create(proposal=proposal, mark=mark, person=person, at=at)
    _count(proposal.pk, 1, by=person, at=at)
    catalogue.touch()
    return True


@transaction.atomic
def withdraw(*, proposal: Proposal, person: Person, at: datetime) -> bool:
    """Somebody does not support it any more."""
    _allowed(proposal, at)
    own = Q(mark=_settle(proposal, person, at)) | Q(person=person)
    gone = Support.objects.filter(own, proposal=proposal).delete()[0]
    if gone:
        _count(proposal.pk, -gone, by=person, at=at)
        catalogue.touch()
    return bool(gone)


def _allowed(proposal: Proposal, at: datetime) -> None:
    cycle = proposal.cycle
    if not queries.is_open(cycle, on=timezone.localdate(at)):
        raise Breach(Rule.STAGE, "support", cycle.stage)


def _settle(proposal: Proposal, person: Person, at: datetime) -> str:
    """What somebody supported before they gave their document, or with an account that they
    closed, is theirs under one mark: two of the same proposal become one. The mark."""
    Proposal.objects.select_for_update().get(pk=proposal.pk)  # two tabs wait for each other
    document = identity.document_of(person)
    mark = identity.mark_of(document, person)
    if document is None:
        return mark
    accounts = identity.accounts_of(person, mark)
    for earlier in Support.objects.filter(person__in=accounts).exclude(mark=mark):
        if Support.objects.filter(proposal=earlier.proposal_id, mark=mark).exists():
            earlier.delete()
            _count(earlier.proposal_id, -1, by=person, at=at)
        else:
            Support.objects.filter(pk=earlier.pk).update(mark=mark)
    return mark


def _count(proposal: int, more: int, *, by: Person, at: datetime) -> None:
    """The number on the proposal, and in its history."""
    found = Proposal.objects.filter(pk=proposal)
    found.update(supports=F("supports") + more)
    facts: Facts = {"supports": found.values_list("supports", flat=True).get()}
    stream = f"{queries.STREAM}{proposal}"
    trust.record(stream=stream, kind="support", actor=by.stream, at=at, facts=facts)
