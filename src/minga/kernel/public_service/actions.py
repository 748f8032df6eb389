from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string

from minga.kernel.cases import actions as cases
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Person
from minga.kernel.mailbox import actions as mailbox

from .models import SavedView


@transaction.atomic
def close_account(*, person: Person, at: datetime) -> bool:
    """Whatever each block keeps of somebody goes, and a last letter says so; what they sent
    and did in a post stays. False: it was closed before. HoldsPosts: not yet."""
    address = person.email
    if not identity.close_account(person=person, at=at):
        return False
    cases.forget_person(person=person)
    mailbox.forget_person(person=person, address=address)
    SavedView.objects.filter(person=person).delete()
    words = render_to_string("public_service/letters/closed.txt").strip()
    subject, _, body = words.partition("\n")
    mailbox.write(to=address, subject=subject, body=body.strip(), at=at)
    return True
