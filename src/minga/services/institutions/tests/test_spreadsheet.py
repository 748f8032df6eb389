import io
from datetime import datetime
from uuid import UUID, uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from minga.kernel.catalogue.models import Record
from minga.kernel.forms.rules.tables import Unreadable, Unusable
from minga.kernel.identity import queries as people
from minga.kernel.identity.models import Organisation
from minga.services.institutions import forms, queries, rules
from minga.services.institutions.forms import read_table
from minga.services.institutions.models import Upload
from minga.services.institutions.rules import Fate, Fault
from minga.services.institutions.tests.build import (
    HEADINGS,
    a_body,
    a_book,
    a_post,
    a_row,
    commas,
    in_post,
)


@pytest.fixture
def steward(db: None) -> Client:
    client = Client()
    client.force_login(in_post(a_post(a_body(), "Registro", stewards=True), "alvaro"))
    return client


def sent(client: Client, file: SimpleUploadedFile) -> str:
    """Where its preview is; or the words of the refusal."""
    said = {"key": uuid4(), "file": file}
    answer = client.post(reverse("institutions:upload"), said)
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def confirmed(client: Client, place: str) -> int:
    upload = Upload.objects.get(pk=UUID(place.rstrip("/").rpartition("/")[2]))
    mark = queries.mark(queries.compared(upload.rows))
    return client.post(place, {"mark": mark}).status_code


def unusable(file: SimpleUploadedFile) -> Unusable:
    with pytest.raises(Unreadable) as refusal:
        read_table(file)
    return refusal.value.why


# From a file to the register


def test_new_changed_and_equal_rows_are_told_apart_then_all_are_done(steward: Client) -> None:
    old = a_body("Instituto del Maíz")
    rows = [a_row("Instituto del Maíz", kind="public", source="prueba")]
    rows += [a_row("Instituto de la Papa", parent="Instituto del Maíz", starts_on="05/02/2001")]
    place = sent(steward, a_book(*rows))
    lines = queries.compared(Upload.objects.get().rows)
    assert [line.fate for line in lines] == [Fate.SAME, Fate.NEW]
    assert confirmed(steward, place) == 302
    new = Organisation.objects.get(key="instituto-de-la-papa")
    assert (new.starts_on, people.parents()[new.pk]) == (datetime(2001, 2, 5).date(), old.pk)
    assert Record.objects.filter(type=rules.RECORD, reference=new.key).exists()
    rows[1][HEADINGS.index("sigla")] = "IPA"
    place = sent(steward, a_book(*rows))
    page = steward.get(place).content.decode()
    assert "Sigla: antes «nada», ahora «IPA»" in page
    confirmed(steward, place)
    assert list(people.verify()) == []
    lines = queries.compared(Upload.objects.order_by("-kept_at")[0].rows)
    assert {line.fate for line in lines} == {Fate.SAME}, "the same file again changes nothing"


def test_confirmed_twice_it_is_done_once(steward: Client) -> None:
    place = sent(steward, commas(a_row("Instituto de la Papa")))
    assert confirmed(steward, place) == 302
    before = people.told()
    assert confirmed(steward, place) == 200
    assert people.told().organisations == before.organisations
    assert "Este archivo ya se confirmó." in steward.get(place).content.decode()


def test_nothing_is_done_when_the_register_changed_after_it_was_looked_at(steward: Client) -> None:
    place = sent(steward, commas(a_row("Instituto de la Papa")))
    mark = queries.mark(queries.compared(Upload.objects.get().rows))
    a_body("Instituto de la Papa")
    answer = steward.post(place, {"mark": mark})
    assert answer.status_code == 409
    assert "El registro cambió desde que lo viste." in answer.content.decode()


def test_one_refused_row_keeps_all_out(steward: Client) -> None:
    place = sent(steward, commas(a_row("Instituto de la Papa"), a_row("Otro", sector="Brujería")))
    page = steward.get(place).content.decode()
    assert "sector: «Brujería» no está en la lista" in page
    assert "Confirmar todas" not in page
    assert confirmed(steward, place) == 200
    assert not Organisation.objects.filter(key="instituto-de-la-papa").exists()


def test_an_upload_is_its_senders_alone(steward: Client) -> None:
    place = sent(steward, commas(a_row("Instituto de la Papa")))
    other = Client()
    other.force_login(in_post(a_post(a_body("Otra"), "Registro", stewards=True), "luz"))
    assert other.get(place).status_code == 404
    assert "hoja.csv" in steward.get(reverse("institutions:upload")).content.decode()


@pytest.mark.django_db
def test_the_template_is_read_as_it_is_offered() -> None:
    data = forms.template()
    assert unusable(SimpleUploadedFile("plantilla.xlsx", data)) is Unusable.NO_ROWS


# Rows


def faults(*rows: list[str]) -> list[set[Fault]]:
    return [{wrong.fault for wrong in line.wrong} for line in queries.compared(rows)]


@pytest.mark.django_db
def test_each_row_says_what_is_wrong_with_it() -> None:
    rows = [
        (a_row(""), Fault.EMPTY),
        (a_row("A", acronym="=1+1"), Fault.FORMULA),
        (a_row("B", starts_on="mañana"), Fault.NO_DAY),
        (a_row("C", starts_on="2026-02-01", ends_on="2026-01-01"), Fault.BACKWARDS),
        (a_row("D", parent="Nadie"), Fault.NO_PARENT),
        (a_row("E", level="Celestial"), Fault.NOT_LISTED),
        (a_row("F" * 301), Fault.LONG),
        (a_row("G\u202e"), Fault.UNFIT),
        (a_row("H", key="Con Espacios"), Fault.NO_KEY),
        (a_row("H2"), None),
        (a_row("h2"), Fault.TWICE),
    ]
    found = faults(*(row for row, _fault in rows))
    assert found == [{fault} if fault else set() for _row, fault in rows]
    for line in queries.compared([row for row, _fault in rows]):
        assert all(forms.in_words(wrong) for wrong in line.wrong)


@pytest.mark.django_db
def test_a_ring_is_named_with_all_its_bodies() -> None:
    a_body("Uno")
    rows = [a_row("Uno", parent="Dos"), a_row("Dos", parent="Tres"), a_row("Tres", parent="Uno")]
    for line in queries.compared(rows):
        [wrong] = line.wrong
        assert all(name in wrong.said for name in ("Uno", "Dos", "Tres"))


@pytest.mark.django_db
def test_a_ring_that_closes_through_what_is_known_is_named() -> None:
    above = a_body("Arriba")
    a_body("Abajo", parent=above)
    assert faults(a_row("Arriba", parent="Abajo")) == [{Fault.LOOP}]


# Files of strangers


def test_older_spreadsheets_write_in_another_way() -> None:
    row = a_row("Municipio de Cañar")
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        for separator in (",", ";"):
            assert read_table(commas(row, encoding=encoding, separator=separator)) == [row]


def test_a_formula_is_text_and_a_day_is_a_day() -> None:
    row: list[object] = [*a_row("=1+1")]
    row[HEADINGS.index("desde")] = datetime(2020, 5, 4)
    [read] = read_table(a_book(row))
    assert (read[1], read[HEADINGS.index("desde")]) == ("=1+1", "2020-05-04")


def test_what_is_no_table_of_ours_is_told_why() -> None:
    assert unusable(SimpleUploadedFile("x.xlsx", b"PK\x03\x04 nothing")) is Unusable.NO_TABLE
    assert unusable(SimpleUploadedFile("x.csv", b"\x89PNG\x00\x01")) is Unusable.NO_TABLE
    assert unusable(SimpleUploadedFile("x.csv", b"uno,dos\n1,2")) is Unusable.HEADINGS
    assert unusable(SimpleUploadedFile("x.csv", b"")) is Unusable.HEADINGS
    assert unusable(commas()) is Unusable.NO_ROWS
    assert unusable(a_book(a_row("A"), a_row("B"), merge="A2:A3")) is Unusable.MERGED
    assert unusable(SimpleUploadedFile("x.csv", b"x" * (rules.LIMITS.size + 1))) is Unusable.LARGE


def test_fifty_thousand_rows_are_too_many() -> None:
    assert unusable(commas(*[["", "x", *[""] * 9, "y"]] * 50_000)) is Unusable.ROWS


def test_a_bomb_is_not_unpacked() -> None:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (rules.LIMITS.unpacked + 1))
    assert unusable(SimpleUploadedFile("x.xlsx", file.getvalue())) is Unusable.LARGE


def test_entities_are_not_followed() -> None:
    whole = io.BytesIO(a_book(a_row("A")).read())
    file = io.BytesIO()
    with ZipFile(whole) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            if part == "xl/workbook.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "b">]>' + data.replace(b"instituciones", b"&a;")
            new.writestr(part, data)
    assert unusable(SimpleUploadedFile("x.xlsx", file.getvalue())) is Unusable.NO_TABLE


def test_a_file_that_is_refused_is_told_in_words(steward: Client) -> None:
    assert "Hay celdas combinadas." in sent(steward, a_book(a_row("A"), merge="A1:A2"))
