import csv
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from minga.kernel.jurisdiction import actions, queries
from minga.kernel.jurisdiction.models import Holiday, Territory

PARTS = {"EC": ("province", 24), "BO": ("department", 9)}
Editor = Callable[[str, dict[str, str]], None]


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """The country's own files, where a test may correct a row: the first one of its key."""
    for file in queries.files("jurisdiction"):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr(queries, "files", lambda reader: sorted(tmp_path.glob("*.*")))

    def correct(name: str, said: dict[str, str]) -> None:
        with (tmp_path / name).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        there = [row for row in rows if row.get("iso", "") == said.get("iso")]
        if there:
            there[0].update(said)
        else:
            rows.append(dict.fromkeys(rows[0], "") | said)
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    return correct


def everything() -> list[object]:
    return [*Territory.objects.order_by("pk").values(), *Holiday.objects.order_by("pk").values()]


@pytest.mark.django_db
def test_loading_the_same_again_changes_nothing() -> None:
    before = everything()
    assert before
    actions.load()
    assert everything() == before


@pytest.mark.django_db
def test_loading_the_same_again_asks_little(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(6):
        actions.load()


@pytest.mark.django_db
def test_an_empty_house_receives_the_whole_country() -> None:
    before = Territory.objects.count(), Holiday.objects.count()
    Holiday.objects.all().delete()
    Territory.objects.exclude(parent=None).delete()
    Territory.objects.all().delete()
    actions.load()
    assert (Territory.objects.count(), Holiday.objects.count()) == before


@pytest.mark.django_db
def test_the_country_has_all_its_parts_under_it() -> None:
    iso = queries.current().iso
    level, number = PARTS[iso]
    top = Territory.objects.get(parent=None)
    assert (top.iso, top.level) == (iso, "country")
    parts = list(queries.territories())
    assert Territory.objects.count() == len(parts) + 1 == number + 1
    assert {part.parent_id for part in parts} == {top.pk}
    assert {part.level for part in parts} == {level}
    assert all(part.iso.startswith(f"{iso}-") for part in parts)
    official = sorted(part.official for part in parts)
    assert official == [f"{code:02}" for code in range(1, number + 1)]


@pytest.mark.django_db
def test_parts_are_sorted_as_an_index_is() -> None:
    keys = [part.sort_name for part in queries.territories()]
    assert keys == sorted(keys)
    assert all(key.isascii() and key == key.lower() for key in keys)


@pytest.mark.django_db
def test_what_is_corrected_in_a_file_is_corrected_here(country: Editor) -> None:
    part = queries.territories()[0]
    country("territories.csv", {"iso": part.iso, "name": "Ñandú"})
    actions.load()
    part.refresh_from_db()
    assert (part.name, part.sort_name) == ("Ñandú", "nzzandu")
    assert Territory.objects.filter(iso=part.iso).count() == 1


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_to_its_end_changes_nothing(country: Editor) -> None:
    before = everything()
    part = queries.territories()[0]
    country("territories.csv", {"iso": part.iso, "name": "Otra"})
    country("holidays.csv", a_row(date(2030, 5, 5), known_on=date(2026, 1, 1), territory="XX"))
    with pytest.raises(KeyError, match="XX"):
        actions.load()
    assert everything() == before


@pytest.mark.django_db
def test_a_new_row_of_the_calendar_is_added_once(country: Editor) -> None:
    count, day = Holiday.objects.count(), a_free_day()
    country("holidays.csv", a_row(day, known_on=date(2026, 1, 1)))
    actions.load()
    actions.load()
    assert Holiday.objects.count() == count + 1
    assert not queries.calendar(known_on=date(2026, 1, 1)).is_working_day(day)


@pytest.mark.django_db
def test_a_day_off_counts_from_the_day_it_was_known() -> None:
    day, known_on = a_free_day(), date(2026, 3, 2)
    a_holiday(day, known_on=known_on)
    before = queries.calendar(known_on=known_on - timedelta(days=1))
    after = queries.calendar(known_on=known_on)
    assert before.is_working_day(day)
    assert not after.is_working_day(day)
    yesterday = day - timedelta(days=1)
    assert before.add_working_days(yesterday, 1) == day < after.add_working_days(yesterday, 1)


@pytest.mark.django_db
def test_a_day_off_in_one_part_is_a_working_day_of_the_country() -> None:
    day = a_free_day()
    a_holiday(day, known_on=date(2026, 1, 1), territory=queries.territories()[0])
    assert queries.calendar(known_on=date(2027, 1, 1)).is_working_day(day)


@pytest.mark.django_db
def test_the_same_day_is_told_once_at_a_time() -> None:
    day, known_on = a_free_day(), date(2026, 3, 2)
    a_holiday(day, known_on=known_on)
    a_holiday(day, known_on=known_on + timedelta(days=1))  # told again, later: another row
    with pytest.raises(IntegrityError), transaction.atomic():
        a_holiday(day, known_on=known_on)


@pytest.mark.django_db
def test_every_loaded_day_says_where_it_comes_from_and_what_it_is() -> None:
    days = Holiday.objects.all()
    assert set(range(2018, 2028)) <= {day.date.year for day in days}
    for day in days:
        assert day.name
        assert day.source
        assert day.moved_from != day.date


def a_free_day() -> date:
    """A Wednesday in a year that no file tells of."""
    assert not Holiday.objects.filter(date__year=2031).exists()
    return date(2031, 9, 17)


def a_holiday(day: date, *, known_on: date, territory: Territory | None = None) -> Holiday:
    territory = territory or Territory.objects.get(parent=None)
    return Holiday.objects.create(
        date=day, name="Día de prueba", territory=territory, known_on=known_on, source="prueba"
    )


def a_row(day: date, *, known_on: date, territory: str = "") -> dict[str, str]:
    return {
        "date": str(day),
        "name": "Día de prueba",
        "territory": territory or queries.current().iso,
        "known_on": str(known_on),
        "source": "prueba",
    }


@pytest.mark.django_db
def test_every_part_of_the_country_has_its_tile_and_its_outline() -> None:
    parts = set(queries.territories().values_list("iso", flat=True))
    shape = queries.shape()
    assert {tile.code for tile in shape.tiles} == parts
    assert len({(tile.column, tile.row) for tile in shape.tiles}) == len(parts)
    assert shape.outlines
    assert set(shape.outlines.paths) == parts
    assert "no es un límite oficial" in shape.outlines.source
