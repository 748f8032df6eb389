"""When a letter is tried again, how many are written, how long they stay. Pure Python."""

from datetime import datetime, timedelta
from enum import StrEnum

ATTEMPTS = 20  # almost three days: a server may be away for a weekend
CLAIM = timedelta(minutes=10)  # who took a letter and died gives it back after this
DAY = timedelta(hours=24)
MOST_A_DAY = 20  # to one address: more would be somebody who buries it in letters
MOST_UNREAD = 100  # notices that are counted for a menu
KEPT = timedelta(days=30)  # after this nobody asks whether a letter went out


class Topic(StrEnum):
    """What people are told about; each may be silenced by e-mail, but for their account."""

    CASES = "cases"  # what happens to what they asked for
    DESK = "desk"  # what is given to them to do, and where they are mentioned
    POSTS = "posts"  # who holds the posts of their institution
    TALK = "talk"  # what is decided about what they wrote or reported
    ACCOUNT = "account"  # entering from elsewhere, a new password: always by e-mail too


ALWAYS = frozenset({Topic.ACCOUNT})  # who enters somebody's account cannot silence it


class Mail(StrEnum):
    """What was done about an e-mail when a notice was written."""

    WRITTEN = "written"
    SILENCED = "silenced"
    TOO_MANY = "too_many"  # MOST_A_DAY


class Delivery(StrEnum):
    """What became of the e-mail of a notice."""

    WAITING = "waiting"
    RETRIED = "retried"
    DELIVERED = "delivered"
    FAILED = "failed"
    FORGOTTEN = "forgotten"
    SILENCED = "silenced"
    TOO_MANY = "too_many"


def delivery(
    mail: str, *, kept: bool, attempts: int, due_at: datetime | None, delivered_at: datetime | None
) -> Delivery:
    """From what was done at first, and the letter if it is still `kept`."""
    if mail != Mail.WRITTEN:
        return Delivery.TOO_MANY if mail == Mail.TOO_MANY else Delivery.SILENCED
    if not kept:
        return Delivery.FORGOTTEN
    if delivered_at:
        return Delivery.DELIVERED
    if due_at is None:
        return Delivery.FAILED
    return Delivery.RETRIED if attempts else Delivery.WAITING


def wait(attempts: int) -> timedelta | None:
    """How long until the next try: 1, 2, 4 … minutes, at most 6 hours; None: given up."""
    if attempts >= ATTEMPTS:
        return None
    return min(timedelta(minutes=2 ** (attempts - 1)), timedelta(hours=6))
