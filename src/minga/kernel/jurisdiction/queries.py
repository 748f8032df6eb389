"""The country this installation serves (MINGA_COUNTRY)."""

from datetime import date
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

from minga.kernel.base.calendar import Calendar

from .declaration import Jurisdiction, NotOffered, TermsT, jurisdictions
from .models import Holiday, Territory


def current() -> Jurisdiction:
    return jurisdictions[settings.MINGA_COUNTRY]


def terms_for(kind: type[TermsT]) -> TermsT | NotOffered:
    return current().terms_for(kind)


def files(reader: str) -> list[Path]:
    """The country's files in the format that one block or service reads."""
    home = Path(apps.get_app_config(current().key).path)
    return sorted((home / "data" / reader).glob("*.*"))


def territories() -> QuerySet[Territory]:
    """The parts of the country, without the country itself, as a Spaniard sorts them."""
    return Territory.objects.exclude(parent=None).order_by("sort_name")


def calendar(*, known_on: date) -> Calendar:
    """The national working days, as far as they were known on a day."""
    known = Holiday.objects.filter(known_on__lte=known_on, territory__iso=current().iso)
    return Calendar(frozenset(known.values_list("date", flat=True)))
