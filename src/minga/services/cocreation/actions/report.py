"""Everyone is told what became of theirs, once: in batches, so that whoever is stopped half-way
goes on where it was."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from minga.kernel.base.language import prevailing
from minga.kernel.base.text import Text
from minga.kernel.cases import queries as cases
from minga.kernel.cases.models import Contact
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.services.cocreation.models import Proposal, Told
from minga.services.cocreation.queries import cycles, following
from minga.services.cocreation.queries import report as queries
from minga.services.cocreation.rules.following import Outcome

Words = Callable[[Outcome], Text]
LOOKS = 5  # as many as are told, of those whose address got enough letters today


def tell(*, now: Callable[[], datetime], words: Words, most: int = 100) -> int:
    """One round: how many were told. An address that got enough letters for a day gets the
    others on another one."""
    told = 0
    for cycle in cycles():
        if not queries.is_due(cycle):
            continue
        untold = following.with_outcome(queries.to_be_told(cycle))
        for proposal in list(untold[: most * LOOKS]):
            told += _tell(proposal, words(Outcome(proposal.outcome)), now())
            if told >= most:
                return told
    return told


@transaction.atomic
def _tell(proposal: Proposal, outcome: Text, at: datetime) -> bool:
    """Once, however many workers try; False: not now."""
    _row, is_new = Told.objects.get_or_create(proposal=proposal, defaults={"at": at})
    if not is_new:
        return False
    if person := cases.applicant(proposal.case):
        subject, body = _letter(proposal, outcome, to_account=True)
        address = reverse("cocreation:mine", args=[proposal.pk])
        told = {"title": subject, "body": body, "address": address}
        mailbox.notify(person=person, topic=Topic.CASES, at=at, **told)
        return True
    contact = Contact.objects.filter(case=proposal.pk).first()
    if contact is None:  # an account that was closed: there is nobody to tell
        return False
    subject, body = _letter(proposal, outcome, to_account=False)
    if mailbox.write(to=contact.email, subject=subject, body=body, at=at) is None:
        transaction.set_rollback(True)
        return False
    return True


@prevailing()
def _letter(proposal: Proposal, outcome: Text, *, to_account: bool) -> tuple[str, str]:
    shown = {
        "proposal": proposal,
        "case": proposal.case,
        "outcome": str(outcome),
        "site": settings.MINGA_ADDRESS,
        "to_account": to_account,
    }
    letter = render_to_string("cocreation/_outcome.txt", shown)
    subject, _line, body = letter.strip().partition("\n")
    return subject, body.strip()
