"""When a letter is tried again. Pure Python."""

from datetime import timedelta

ATTEMPTS = 20  # almost three days: a server may be away for a weekend
CLAIM = timedelta(minutes=10)  # who took a letter and died gives it back after this


def wait(attempts: int) -> timedelta | None:
    """How long until the next try: 1, 2, 4 … minutes, at most 6 hours; None: given up."""
    if attempts >= ATTEMPTS:
        return None
    return min(timedelta(minutes=2 ** (attempts - 1)), timedelta(hours=6))
