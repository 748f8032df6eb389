from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string

from minga.kernel.base.language import prevailing
from minga.kernel.cases import actions as cases
from minga.kernel.cases.queries.desk import Filters
from minga.kernel.conversation import actions as conversation
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import Person
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.rubrics import actions as rubrics

from .models import SavedView


@transaction.atomic
def keep_view(*, person: Person, name: str, filters: Filters) -> SavedView:
    """Keep filters of the desk under a name; the same name again takes the place of the last."""
    kept = {"query": filters.query}
    return SavedView.objects.update_or_create(person=person, name=name, defaults=kept)[0]


def forget_view(*, person: Person, view: int) -> bool:
    """Whether it was theirs, and is gone."""
    return SavedView.objects.filter(person=person, pk=view).delete()[0] > 0


@prevailing()
@transaction.atomic
def close_account(*, person: Person, at: datetime) -> bool:
    """Whatever each block keeps of somebody goes, and a last letter says so; what they sent
    and did in a post stays. False: it was closed before. HoldsPosts: not yet."""
    address = person.email
    if not accounts.close_account(person=person, at=at):
        return False
    cases.forget_person(person=person)
    conversation.forget_person(person=person, at=at)
    mailbox.forget_person(person=person, address=address)
    rubrics.forget_person(person=person)
    SavedView.objects.filter(person=person).delete()
    words = render_to_string("public_service/letters/closed.txt").strip()
    subject, _, body = words.partition("\n")
    mailbox.write(to=address, subject=subject, body=body.strip(), at=at)
    return True
