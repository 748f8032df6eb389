"""Proposals on paper: codes that are reserved, typed in one by one, or brought in as a table."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from minga.kernel.cases import queries as cases
from minga.kernel.cases.models import Case
from minga.kernel.cases.rules import code as code_of
from minga.kernel.cases.rules import read_code
from minga.kernel.forms.rules.tables import Unreadable, Unusable
from minga.kernel.identity.models import Person
from minga.kernel.trust import queries as trust
from minga.services.cocreation.actions import batches as actions
from minga.services.cocreation.forms.batches import HEADINGS, FileForm, in_words, template
from minga.services.cocreation.models import Batch, Proposal, Row, Sheet, Workshop
from minga.services.cocreation.rules import batches as rules
from minga.services.cocreation.rules.batches import Fault
from minga.services.cocreation.rules.breaches import Breach
from minga.services.cocreation.rules.method import Kind

from .build import NOON, a_cycle, a_whole_cycle, a_workshop

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
CODE = code_of("123456789")  # right, and printed on no paper


def a_row(code: str, **changed: str) -> list[str]:
    said = {
        "code": code,
        "title": "Luz en la parada",
        "problem": "De noche la gente espera el bus a oscuras.",
        "solution": "Poner una lámpara con panel en cada parada.",
        "milestones": "Contar las paradas. Poner las primeras diez.",
        "actors": "La empresa eléctrica y el barrio.",
        "goal": "11",
        "sector": "Academia",
        "written_on": "01/03/2026",
    } | changed
    return [said[name] for name, _heading in rules.COLUMNS]


def commas(*rows: Sequence[str], encoding: str = "utf-8", separator: str = ",") -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=separator).writerows([HEADINGS, *rows])
    return text.getvalue().encode(encoding)


def a_book(*rows: Sequence[object]) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in [HEADINGS, *rows]:
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def file_form(file: SimpleUploadedFile) -> FileForm:
    return FileForm({"key": uuid4()}, MultiValueDict({"file": [file]}))


def form_of(data: bytes, name: str = "hojas.csv") -> FileForm:
    form = file_form(SimpleUploadedFile(name, data))
    assert form.is_valid(), form.errors
    return form


def kept(workshop: Workshop, data: bytes, name: str = "hojas.csv") -> Batch:
    form, person = form_of(data, name), Person.objects.get(email="ines@prueba.minga")
    told = {"workshop": workshop, "person": person, "name": name, "at": NOON}
    lines = form.lines(TODAY)
    return actions.keep(key=uuid4(), digest=form.digest(), lines=lines, **told)  # type: ignore[arg-type]


def with_codes(many: int) -> tuple[Workshop, list[str]]:
    workshop = a_workshop()
    actions.reserve(workshop=workshop, many=many, shown=0, by="house", at=NOON)
    return workshop, list(Sheet.objects.order_by("number").values_list("code", flat=True))


def applied(batch: Batch) -> None:
    actions.confirm(batch=batch, by="house", at=NOON)
    while actions.apply(at=NOON):
        pass


def wrong_with(*cells: str) -> list[str]:
    [line] = form_of(commas(cells)).lines(TODAY)
    return [in_words(list(map(str, one))) for one in line.wrong]


# Codes


def test_codes_are_drawn_once_however_often_the_button_is_pressed() -> None:
    workshop, codes = with_codes(30)
    again = actions.reserve(workshop=workshop, many=30, shown=0, by="house", at=NOON)
    assert (again, Sheet.objects.count()) == (0, 30)
    assert len({read_code(code) for code in codes} - {None}) == 30
    assert not Case.objects.filter(code__in=codes).exists(), "a blank sheet is no case"


# Tables


def test_the_template_that_was_filled_in_comes_back_whole() -> None:
    workshop, codes = with_codes(3)
    book = load_workbook(BytesIO(template(codes)))
    sheet = book["propuestas"]
    for number, code in enumerate(codes, start=2):
        assert sheet.cell(number, 1).value == code
        for column, value in enumerate(a_row(code, title=f"Parada {number}"), start=1):
            sheet.cell(number, column).value = value
    file = BytesIO()
    book.save(file)
    batch = kept(workshop, file.getvalue(), "hojas.xlsx")
    assert (batch.rows, batch.wrong) == (3, 0)
    applied(batch)
    told = {p.case.code: p.title for p in Proposal.objects.select_related("case")}
    assert told == {code: f"Parada {number}" for number, code in enumerate(codes, start=2)}
    first = Proposal.objects.order_by("pk")[0]
    assert first.channel == "workshop"
    assert first.solution.endswith("Actores relacionados: La empresa eléctrica y el barrio.")
    assert not Row.objects.exclude(words={}).exists(), "the words are in one place"
    assert [*trust.verify(), *cases.verify()] == []


@pytest.fixture
def paper(db: None) -> tuple[Workshop, list[str]]:
    return with_codes(5)


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(5)), bad=st.none() | st.integers(0, 4))
def test_any_order_gives_the_same_proposals_and_one_bad_row_none(
    paper: tuple[Workshop, list[str]], order: list[int], bad: int | None
) -> None:
    workshop, codes = paper
    rows = [a_row(codes[n], title=f"Parada {n}", goal="99" if n == bad else "11") for n in order]
    with transaction.atomic():
        batch = kept(workshop, commas(*rows))
        if bad is None:
            applied(batch)
        else:
            with pytest.raises(actions.Changed):
                actions.confirm(batch=batch, by="house", at=NOON)
        told = set(Proposal.objects.values_list("case__code", "title", "goal"))
        transaction.set_rollback(True)
    assert told == {(codes[n], f"Parada {n}", 11) for n in range(5) if bad is None}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"code": ""}, "código: falta"),
        ({"code": "1P8-1A3-HQ3R"}, "código: «1P8-1A3-HQ3R» no es un código"),
        ({"title": ""}, "nombre corto: falta"),
        ({"title": "x" * 121}, "nombre corto: es muy largo: caben 120 letras"),
        ({"problem": "corto"}, "problema: es muy corto"),
        ({"solution": "=SUMA(A1:A3)"}, "solución: es una fórmula (=SUMA(A1:A3))"),
        ({"actors": "Inés\x00"}, "actores: tiene un carácter invisible"),
        ({"goal": "18"}, "objetivo: «18» no es un objetivo"),
        ({"goal": "el quinto"}, "objetivo: «el quinto» no es un objetivo"),
        ({"sector": "Brujería"}, "sector: «Brujería» no está en la lista"),
        ({"written_on": "31/02/2026"}, "fecha: «31/02/2026» no es una fecha"),
        ({"written_on": "01/03/1026"}, "fecha: «01/03/1026» no es una fecha"),
        ({"written_on": "2026-03-03"}, "fecha: 2026-03-03 todavía no llega"),
    ],
)
def test_each_bad_row_is_named_with_what_to_mend(changed: dict[str, str], told: str) -> None:
    cells = a_row(changed.pop("code", CODE), **changed)
    line = rules.line(2, cells, sectors={"academia": "academia"}, today=TODAY)
    [one] = [in_words(list(map(str, wrong))) for wrong in line.wrong]
    assert one.startswith(told)


@pytest.mark.parametrize(
    "changed",
    [
        {"goal": ""},
        {"goal": "11.0"},
        {"sector": "ACADEMIA"},
        {"sector": "Ciudadania, sin afiliacion a una organizacion"},
        {"written_on": ""},
        {"written_on": "2026-03-01"},
        {"solution": "- Primero una lámpara. + Después las demás."},
    ],
)
def test_what_people_write_in_other_ways_is_understood(changed: dict[str, str]) -> None:
    assert wrong_with(*a_row(CODE, **changed)) == []


def test_any_letters_and_separators_say_the_same() -> None:
    said = {
        tuple(map(str, line.words.values()))
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1")
        for separator in ",;\t"
        for line in form_of(commas(a_row(CODE), encoding=encoding, separator=separator)).lines(
            TODAY
        )
    }
    assert len(said) == 1
    dated = a_row(CODE, written_on="")
    [line] = form_of(a_book([*dated[:-1], NOON.replace(tzinfo=None)]), "h.xlsx").lines(TODAY)
    assert line.words["written_on"] == "2026-03-02"


def test_wrong_headings_and_strange_files_are_told() -> None:
    for data, why in {
        commas(a_row(CODE)).replace(b"problema", b"problemas"): Unusable.HEADINGS,
        commas(): Unusable.NO_ROWS,
        b"\x89PNG\x00\x01": Unusable.NO_TABLE,
    }.items():
        with pytest.raises(Unreadable) as refusal:
            list(form_of(data).lines(TODAY))
        assert refusal.value.why is why
    bomb = file_form(SimpleUploadedFile("hojas.xlsx", b"PK\x03\x04 nada"))
    assert "está dañado" in str(bomb.errors)
    workshop, codes = with_codes(1)
    with pytest.raises(Unreadable):  # after the first rows were written
        kept(workshop, commas(a_row(codes[0])) + b'"' + b"x" * 200_000)
    assert not Batch.objects.exists()


# All or nothing


def test_one_bad_row_changes_nothing_and_the_same_file_is_known() -> None:
    workshop, codes = with_codes(4)
    rows = [a_row(codes[0]), a_row(codes[0]), a_row(CODE), a_row(codes[1])]
    batch = kept(workshop, commas(*rows))
    assert kept(workshop, commas(*rows)).pk == batch.pk
    told = [in_words(one) for row in Row.objects.filter(bad=True) for one in row.wrong]
    assert told == [
        "código: este código ya está en la fila 2. Deja una sola.",
        f"código: {CODE} no es un código de las hojas de este taller. Míralo en la hoja.",
    ]
    with pytest.raises(actions.Changed):
        actions.confirm(batch=batch, by="house", at=NOON)
    assert actions.apply(at=NOON) == 0
    assert not Case.objects.exists()
    actions.discard(batch=batch)
    assert not Batch.objects.exists()


def test_what_was_taken_meanwhile_is_named_and_nothing_comes_in() -> None:
    workshop, codes = with_codes(3)
    batch = kept(workshop, commas(*map(a_row, codes)))
    words = rules.line(2, a_row(codes[1]), sectors={"academia": "academia"}, today=TODAY).words
    sheet = Sheet.objects.get(code=codes[1])
    for _ in range(2):
        actions.type_in(sheet=sheet, words=words, by="house", at=NOON)
    with pytest.raises(actions.Changed):
        actions.type_in(sheet=sheet, words={**words, "title": "Otra"}, by="house", at=NOON)
    with pytest.raises(actions.Changed):
        actions.confirm(batch=batch, by="house", at=NOON)
    assert actions.look_again(batch=batch).wrong == 1
    [row] = Row.objects.filter(bad=True)
    assert (row.number, row.wrong[0][1]) == (3, Fault.USED)
    assert Case.objects.count() == 1


def test_a_worker_that_stops_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "AT_ONCE", 2)
    workshop, codes = with_codes(5)
    batch = actions.confirm(batch=kept(workshop, commas(*map(a_row, codes))), by="house", at=NOON)
    last = Sheet.objects.get(code=codes[4])
    with pytest.raises(actions.Changed):
        actions.type_in(sheet=last, words={}, by="house", at=NOON)
    monkeypatch.setattr(actions, "A_ROUND", 1)
    assert [actions.apply(at=NOON) for _ in range(4)] == [2, 2, 1, 0]
    assert Case.objects.count() == 5
    batch.refresh_from_db()
    assert batch.applied_at == NOON


def test_paper_is_taken_in_the_stage_of_reception_only() -> None:
    a_whole_cycle("seleccion")
    workshop, codes = with_codes(1)
    batch = kept(workshop, commas(a_row(codes[0])))
    with pytest.raises(Breach) as refused:
        actions.confirm(batch=batch, by="house", at=NOON)
    assert refused.value.about[0] == Kind.RECEPTION


# Pages


@pytest.mark.slow
def test_from_the_printed_code_to_the_repository(client: Client) -> None:
    a_cycle()
    workshop, codes = with_codes(3)
    client.force_login(Person.objects.get(email="ines@prueba.minga"))
    place = {
        name: reverse(f"cocreation:{name}", args=[workshop.pk])
        for name in ("sheets", "print_sheets", "type_sheet", "sheets_file", "upload_batch", "slips")
    }
    assert codes[2] in client.get(place["print_sheets"]).content.decode()
    names = [name for name, _heading in rules.COLUMNS]
    said = dict(zip(names, a_row(codes[0].lower(), sector="academia"), strict=True))
    said["written_on"] = "2026-03-01"
    unknown = client.post(place["type_sheet"], {**said, "code": CODE})
    assert "no es un código de las hojas" in unknown.content.decode()
    assert "Luz en la parada" in unknown.content.decode(), "what was typed stays"
    assert client.post(place["type_sheet"], said)["Location"].startswith(place["slips"])
    used = client.post(place["type_sheet"], {**said, "title": "Otra cosa"})
    assert "ya está en el repositorio" in used.content.decode()
    file = SimpleUploadedFile("hojas.csv", commas(a_row(codes[1]), a_row(codes[2], goal="99")))
    preview = client.post(place["upload_batch"], {"key": uuid4(), "file": file})["Location"]
    page = client.get(preview).content.decode()
    assert all(words in page for words in ("Fila 3", "«99» no es un objetivo"))
    assert "Confirmar todas" not in page
    file = SimpleUploadedFile("hojas.csv", commas(a_row(codes[1]), a_row(codes[2])))
    preview = client.post(place["upload_batch"], {"key": uuid4(), "file": file})["Location"]
    assert "Confirmar todas" in client.get(preview).content.decode()
    for _ in range(2):
        assert client.post(preview).status_code == 302
    assert Case.objects.count() == 3
    assert codes[1] in client.get(place["slips"]).content.decode()
    followed = Client().get(reverse("cocreation:followed", args=[codes[1]]))
    assert "Luz en la parada" in followed.content.decode()
    assert client.get(place["sheets_file"]).status_code == 200
