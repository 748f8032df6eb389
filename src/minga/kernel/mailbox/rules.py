"""When a letter is tried again, how many are written, how long they stay. Pure Python."""

from datetime import timedelta

ATTEMPTS = 20  # almost three days: a server may be away for a weekend
CLAIM = timedelta(minutes=10)  # who took a letter and died gives it back after this
DAY = timedelta(hours=24)
MOST_A_DAY = 20  # to one address: more would be somebody who buries it in letters
KEPT = timedelta(days=30)  # after this nobody asks whether a letter went out


def wait(attempts: int) -> timedelta | None:
    """How long until the next try: 1, 2, 4 … minutes, at most 6 hours; None: given up."""
    if attempts >= ATTEMPTS:
        return None
    return min(timedelta(minutes=2 ** (attempts - 1)), timedelta(hours=6))
