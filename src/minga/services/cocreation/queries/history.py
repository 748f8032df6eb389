"""All that the history can contradict in this service."""

from collections.abc import Iterator

from minga.kernel.trust.rules import Fault
from minga.services.cocreation import queries
from minga.services.cocreation.queries import (
    actors,
    confirmation,
    evaluation,
    integration,
    screening,
    selection,
    similar,
    stages,
    support,
    workshops,
)

PARTS = (
    queries,
    support,
    actors,
    similar,
    stages,
    workshops,
    screening,
    integration,
    evaluation,
    selection,
    confirmation,
)


def verify() -> Iterator[Fault]:
    for part in PARTS:
        yield from part.verify()
