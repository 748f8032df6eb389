"""All that the history can contradict in this service."""

from collections.abc import Iterator

from minga.kernel.trust.rules import Fault
from minga.services.cocreation import queries
from minga.services.cocreation.queries import confirmation, selection


def verify() -> Iterator[Fault]:
    yield from queries.verify()
    yield from selection.verify()
    yield from confirmation.verify()
