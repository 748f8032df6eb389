"""The country this installation serves (MINGA_COUNTRY)."""

import csv
import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

from minga.kernel.base.calendar import Calendar
from minga.kernel.design.pictures.maps import Outlines, Shape, Tile

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


def shape() -> Shape:
    """The country as it is drawn; nothing is, as long as it has brought no map."""
    return replace(grid(), outlines=_outlines(file) if (file := _file("outlines.json")) else None)


def grid() -> Shape:
    """The country as tiles only, which are a tenth of the weight."""
    return Shape(_tiles(file) if (file := _file("tiles.csv")) else ())


def _file(name: str) -> Path | None:
    return next((file for file in files("jurisdiction") if file.name == name), None)


@cache
def _tiles(file: Path) -> tuple[Tile, ...]:
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Tile(row["iso"], row["short"], int(row["column"]), int(row["row"]))
            for row in csv.DictReader(lines)
        )


@cache
def _outlines(file: Path) -> Outlines:
    return Outlines(**json.loads(file.read_text("utf-8")))


def calendar(*, known_on: date) -> Calendar:
    """The national working days, as far as they were known on a day."""
    known = Holiday.objects.filter(known_on__lte=known_on, territory__iso=current().iso)
    return Calendar(frozenset(known.values_list("date", flat=True)))
