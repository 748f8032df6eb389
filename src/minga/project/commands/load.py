"""Bring in the country's files: territories, holidays, plans. The same again changes nothing."""

from django.utils import timezone

from minga.kernel.jurisdiction import actions as jurisdiction
from minga.kernel.public_service.declaration import services


def load() -> None:
    jurisdiction.load()
    for service in services:
        if service.load:
            service.load(timezone.now())
