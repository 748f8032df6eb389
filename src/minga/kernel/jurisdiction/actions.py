import csv
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from minga.kernel.base.text import sort_key

from . import queries
from .models import Holiday, Territory


@transaction.atomic
def load() -> None:
    """Bring in the country's territories and holidays; the same again changes nothing."""
    files = {file.name: file for file in queries.files("jurisdiction")}
    _load_territories(files["territories.csv"])
    _load_holidays(files["holidays.csv"])


def _load_territories(file: Path) -> None:
    known: dict[str, Territory] = {t.iso: t for t in Territory.objects.select_related("parent")}
    for row in _rows(file):
        said = {
            "official": row["official"],
            "level": row["level"],
            "parent": known[row["parent"]] if row["parent"] else None,
            "name": row["name"],
            "sort_name": sort_key(row["name"]),
        }
        there = known.get(row["iso"])
        if there is None or any(getattr(there, name) != value for name, value in said.items()):
            known[row["iso"]], _ = Territory.objects.update_or_create(iso=row["iso"], defaults=said)


def _load_holidays(file: Path) -> None:
    ids = dict(Territory.objects.values_list("iso", "pk"))
    Holiday.objects.bulk_create(
        [
            Holiday(
                date=row["date"],
                name=row["name"],
                territory_id=ids[row["territory"]],
                moved_from=row["moved_from"] or None,
                known_on=row["known_on"],
                source=row["source"],
            )
            for row in _rows(file)
        ],
        ignore_conflicts=True,
    )


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
