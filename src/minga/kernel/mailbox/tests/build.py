"""A letter for tests, made with the actions, and a worker that comes by at a moment."""

from datetime import UTC, datetime, timedelta

from minga.kernel.mailbox import actions
from minga.kernel.mailbox.models import Letter

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(hours=24)


def a_letter(
    subject: str = "Hay noticias", to: str = "rosa@example.org", at: datetime = NOON
) -> Letter:
    letter = actions.write(to=to, subject=subject, body="Tu caso dio un paso: ñ.", at=at)
    assert letter
    return letter


def deliver(at: datetime, most: int = 100) -> int:
    return actions.deliver(now=lambda: at, most=most)
