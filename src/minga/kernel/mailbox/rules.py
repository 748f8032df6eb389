"""When a letter is tried again, how many are written, how long they stay. Pure Python."""

from datetime import timedelta
from enum import StrEnum

ATTEMPTS = 20  # almost three days: a server may be away for a weekend
CLAIM = timedelta(minutes=10)  # who took a letter and died gives it back after this
DAY = timedelta(hours=24)
MOST_A_DAY = 20  # to one address: more would be somebody who buries it in letters
KEPT = timedelta(days=30)  # after this nobody asks whether a letter went out


class Topic(StrEnum):
    """What people are told about; each may be silenced by e-mail, but for their account."""

    CASES = "cases"  # what happens to what they asked for
    DESK = "desk"  # what is given to them to do, and where they are mentioned
    POSTS = "posts"  # who holds the posts of their institution
    ACCOUNT = "account"  # entering from elsewhere, a new password: always by e-mail too


def wait(attempts: int) -> timedelta | None:
    """How long until the next try: 1, 2, 4 … minutes, at most 6 hours; None: given up."""
    if attempts >= ATTEMPTS:
        return None
    return min(timedelta(minutes=2 ** (attempts - 1)), timedelta(hours=6))
