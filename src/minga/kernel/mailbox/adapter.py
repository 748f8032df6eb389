from collections.abc import Mapping
from datetime import datetime

from django.template.loader import select_template
from django.urls import reverse
from django.utils import timezone

from minga.kernel.base.language import prevailing
from minga.kernel.identity.adapter import AccountAdapter, subject
from minga.kernel.identity.models import Person

from . import actions
from .rules import Topic

TOLD = "account/email/told_body.txt"  # what to do if it was not you


class TellingAdapter(AccountAdapter):
    """What happens to an account is told to its person: in the mailbox, and by e-mail."""

    @prevailing()
    def tell(
        self,
        prefix: str,
        person: Person,
        said: Mapping[str, object],
        *,
        at: datetime,
        also: str = "",
    ) -> None:
        shown = {**said, "person": person, "moment": timezone.localtime(at)}
        title = subject(prefix)
        body = select_template([f"{prefix}_body.txt", TOLD]).render(shown).strip()
        page = reverse("identity:account")
        actions.notify(
            person=person, topic=Topic.ACCOUNT, title=title, body=body, address=page, at=at
        )
        if also and also != person.email:
            actions.write(to=also, subject=title, body=body, at=at)
