from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from . import actions


class Outbox(BaseEmailBackend):
    """Libraries that send mail write it into our outbox, in their own transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        now = timezone.now()
        for message in email_messages:
            for address in message.recipients():
                actions.write(
                    to=address, subject=str(message.subject), body=str(message.body), at=now
                )
        return len(email_messages)
