import logging
from datetime import datetime
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from . import queries, rules
from .models import Letter

log = logging.getLogger(__name__)


def write(*, to: str, subject: str, body: str, at: datetime) -> Letter:
    """Put a letter into the outbox, in the transaction of whatever it tells."""
    line = " ".join(subject.split())[:300]
    return Letter.objects.create(
        key=uuid4(), to=to, subject=line, body=body, written_at=at, due_at=at
    )


def deliver(*, at: datetime, most: int = 100) -> int:
    """Deliver what is due: how many went out. A letter is claimed before it is tried, so
    two workers never send the same one, and it carries the same Message-ID each time."""
    return sum(_deliver(letter, at) for letter in queries.due(at=at)[:most])


def _deliver(letter: Letter, at: datetime) -> bool:
    waiting = Letter.objects.filter(pk=letter.pk, due_at=letter.due_at)
    claimed = at + rules.CLAIM
    if not waiting.update(due_at=claimed, attempts=letter.attempts + 1):
        return False
    mine = Letter.objects.filter(pk=letter.pk, due_at=claimed)
    try:
        _send(letter)
    except (OSError, ValueError) as problem:  # smtplib's are OSErrors, bad addresses ValueErrors
        log.warning("letter %s not delivered: %s", letter.key, type(problem).__name__)
        pause = rules.wait(letter.attempts + 1)
        mine.update(due_at=at + pause if pause else None)
        return False
    mine.update(due_at=None, delivered_at=at, body="")
    return True


def _send(letter: Letter) -> None:
    EmailMessage(
        letter.subject,
        letter.body,
        to=[letter.to],
        headers={"Message-ID": f"<{letter.key}@minga>"},
        connection=_carrier(),
    ).send()


def _carrier() -> BaseEmailBackend:
    """The mail server of the installation, or a folder when it has none."""
    if not settings.MINGA_MAIL:
        settings.MINGA_MAIL_FOLDER.mkdir(parents=True, exist_ok=True)
        folder = "django.core.mail.backends.filebased.EmailBackend"
        carrier: BaseEmailBackend = get_connection(folder, file_path=settings.MINGA_MAIL_FOLDER)
        return carrier
    url = urlsplit(settings.MINGA_MAIL)
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=url.hostname,
        port=url.port or 25,
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        use_tls=url.scheme == "smtps",
        timeout=20,
    )
