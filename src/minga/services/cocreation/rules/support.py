"""Who may support a proposal, and until when. Pure Python.

The documents do not give it: one support for each person, at the level that the method sets,
until the evaluation begins, so that no score can be moved by a campaign."""

from datetime import date

from .method import Kind, Method, Open

LEVEL = 1  # of a cycle without a method: an e-mail that was verified
KINDS = (Kind.RECEPTION, Kind.SCREENING, Kind.INTEGRATION)


def level(method: Method | None) -> int:
    return method.whole(Open.SUPPORT_LEVEL) if method else LEVEL


def is_open(method: Method | None, stage: str, *, opens: date, closes: date, on: date) -> bool:
    """By the stage of the method; without one, by the days of the call."""
    if method is None:
        return opens <= on <= closes
    return any(method.allows(stage, kind) for kind in KINDS)
