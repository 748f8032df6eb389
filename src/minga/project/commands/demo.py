"""A small invented world, marked as such wherever it is shown."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from minga.kernel.identity import queries as identity
from minga.kernel.identity.actions import DEMO_PASSWORD
from minga.kernel.public_service.declaration import services


class Account(NamedTuple):
    email: str
    password: str
    who: str


def demo(now: Callable[[], datetime] = timezone.now) -> None:
    """Build what each service tells of the invented world; the same again changes nothing."""
    for service in services:
        if service.demo:
            service.demo(now())


def accounts() -> list[Account]:
    """Who can sign in to the invented world, for whoever started it."""
    officials = [(m.person, f"{m.person.name}, {m.post}") for m in identity.demo_members()]
    citizens = [(person, f"{person.name}, ciudadanía") for person in identity.demo_citizens()]
    return [Account(p.email, DEMO_PASSWORD, who) for p, who in officials + citizens]
