import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from minga.kernel.plans import queries as plans
from minga.kernel.plans.models import Node
from minga.services.action_plans import datasets, imports
from minga.services.action_plans.models import Commitment

from .build import COMMITMENTS, LINES, NOON, Files, loaded, with_commitments, with_lines

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), loaded():
        yield


def addresses() -> Iterator[str]:
    yield reverse("action_plans:plans")
    for plan in plans.plans():
        yield reverse("action_plans:plan", args=[plan.key])
        for code in Node.objects.filter(edition__plan=plan).values_list("code", flat=True):
            yield reverse("action_plans:node", args=[plan.key, code])


def page(address: str) -> BeautifulSoup:
    response = Client().get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


def text(address: str) -> str:
    return " ".join(page(address).get_text(" ").split())


def statements(address: str) -> int:
    with CaptureQueriesContext(connection) as told:
        assert Client().get(address).status_code == 200
    return len(told)


@pytest.mark.slow
def test_every_page_can_be_read() -> None:
    for address in addresses():
        read = page(address)
        assert len(read.find_all("h1")) == 1, address
        assert read.title
        assert read.title.get_text(strip=True)
        assert not read.find_all(["style", "script"])
        assert not read.find_all(style=True)


@pytest.mark.slow
def test_every_page_asks_the_database_no_more_than_its_ledger() -> None:
    for address in addresses():
        assert statements(address) <= 12, address


@with_commitments
def test_statements_do_not_grow_with_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path)
    files.writes(commitments=1)
    monkeypatch.setattr("minga.kernel.jurisdiction.queries.files", files)
    imports.load(NOON)
    whole = "/planes/paga-1/"
    assert statements("/planes/small/") == statements(whole)
    assert statements(whole) == statements(f"{whole}?tema=datos-abiertos&ods=16")
    assert statements(f"{whole}c2/") == statements(f"{whole}c7/")


@with_commitments
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("ods=12", 4),
        ("institucion=ministerio-del-trabajo", 1),
        ("tema=datos-abiertos&ods=12", 1),
        ("tema=datos-abiertos&ods=3", 0),
        ("", 10),
        ("tema=cualquiera", 10),
        ("ods=99", 10),
    ],
)
def test_filters_need_no_script(asked: str, shown: int) -> None:
    read = page(f"/planes/{COMMITMENTS}/?{asked}")
    assert len(read.select("ol.list > li")) == shown
    assert len(read.select("figure.timeline > ol > li")) == shown


@with_commitments
def test_a_strange_filter_is_said_with_a_way_out() -> None:
    read = page(f"/planes/{COMMITMENTS}/?tema=cualquiera")
    assert "Un filtro no es de este plan" in read.get_text()
    way_out = read.find("a", string=lambda words: bool(words) and "Quitar los filtros" in words)
    assert way_out


@with_commitments
def test_what_the_document_does_not_give_is_said() -> None:
    read = text(f"/planes/{COMMITMENTS}/c7/")
    assert "Contraparte No consta en el documento" in read
    assert "Sociedad civil, academia y otros No consta en el documento" in read
    assert "Sin datos El documento no dice cuánto se ha avanzado" in read


@with_commitments
def test_a_commitment_of_which_nothing_is_said_has_its_page() -> None:
    Commitment.objects.filter(node__code="c1").delete()
    read = text(f"/planes/{COMMITMENTS}/c1/")
    assert "Qué se promete No consta en el documento" in read
    assert "Planes, leyes y acuerdos No consta en el documento" in read


@with_commitments
def test_every_milestone_has_its_months_and_no_progress() -> None:
    read = page(f"/planes/{COMMITMENTS}/c4/")
    rows = [" ".join(row.get_text(" ").split()) for row in read.select("tr[id^=hito-]")]
    assert len(rows) == 4
    assert rows[3].startswith("Hito 4 Aplicar una hoja de ruta")
    assert rows[3].endswith("noviembre de 2019 mayo de 2020 Sin datos")


@with_lines
def test_a_goal_shows_its_target_as_printed() -> None:
    read = text(f"/planes/{LINES}/")
    assert (
        "2 programas de capacitación al año para las entidades del nivel central 2 al año" in read
    )
    assert read.count("Sin datos") == 1 + 28


@with_commitments
def test_open_data_as_a_table() -> None:
    for name, dataset, many in (
        ("compromisos", datasets.commitments, 10),
        ("hitos", datasets.milestones, 59),
    ):
        head, *rows = table(f"/planes/{COMMITMENTS}/{name}.csv")
        assert head == [str(heading) for heading in dataset.columns.values()]
        assert len(rows) == many
        assert {len(row) for row in rows} == {len(head)}
        assert {row[-1] for row in rows} == {"CC-BY-4.0"}
        assert all(row[-2].startswith("PAGA I, l.") for row in rows)


@with_lines
def test_goals_as_a_table() -> None:
    head, *rows = table(f"/planes/{LINES}/metas.csv")
    assert head[0] == "Plan"
    assert len(rows) == 28
    assert len(table(f"/planes/{LINES}/compromisos.csv")) == 1


def test_no_cell_is_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(tmp_path)
    files.writes(commitments=1)
    monkeypatch.setattr("minga.kernel.jurisdiction.queries.files", files)
    imports.load(NOON)
    [_head, row] = table("/planes/small/compromisos.csv")
    assert "'=1+1 no se cuenta." in row


def table(address: str) -> list[list[str]]:
    response = Client().get(address)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    sent = response.getvalue().decode()
    assert sent.startswith("\ufeff")
    return list(csv.reader(sent[1:].splitlines(keepends=True)))


def test_a_whole_plan_as_one_document() -> None:
    for plan in plans.plans():
        response = Client().get(f"/planes/{plan.key}/plan.json")
        assert response["Content-Type"] == "application/json"
        said: dict[str, Any] = json.loads(response.getvalue())
        assert said["licence"] == "CC-BY-4.0"
        assert said["edition"]["source"]
        assert len(said["parts"]) == Node.objects.filter(edition__plan=plan).count()
        first = {"code", "kind", "title", "parent", "starts", "ends", "goals", "source"}
        assert all(first <= set(part) for part in said["parts"])
        assert said["notes"]


@with_commitments
def test_the_document_holds_what_is_said_of_a_commitment() -> None:
    said = json.loads(Client().get(f"/planes/{COMMITMENTS}/plan.json").getvalue())
    part = next(part for part in said["parts"] if part["code"] == "c1")
    assert part["starts"] == "2020-02"
    assert part["goals"] == [9, 16, 17]
    assert len(part["milestones"]) == 7
    assert part["involved"][0]["post"] == "Subsecretario"
    assert part["values"][0]["name"] == "Participación ciudadana"
    assert part["problem"]


@pytest.mark.parametrize(
    "address",
    ["nada/", "nada/c1/", "nada/plan.json", "nada/compromisos.csv", "{plan}/c99/", "{plan}/x.csv"],
)
def test_what_is_unknown_is_not_found(address: str) -> None:
    plan = plans.plans()[0].key
    assert Client().get(f"/planes/{address.format(plan=plan)}").status_code == 404


@with_commitments
@pytest.mark.parametrize("name", ["compromisos.csv", "hitos.csv", "metas.csv", "plan.json"])
def test_open_data_cost_the_same_whatever_the_rows(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path)
    files.writes(commitments=1)
    monkeypatch.setattr("minga.kernel.jurisdiction.queries.files", files)
    imports.load(NOON)
    costs = []
    for plan in ("small", COMMITMENTS):
        with CaptureQueriesContext(connection) as told:
            Client().get(f"/planes/{plan}/{name}").getvalue()
        costs.append(len(told))
    assert costs[0] == costs[1] <= 12


def test_the_first_page_names_the_plan() -> None:
    read = text("/")
    assert "Lo que el Estado prometió" in read
    assert "hitos" in read or "metas" in read
    assert (
        len(page("/").select(".panel .list a[href^='/planes/']"))
        == Node.objects.filter(parent=None).count()
    )


def test_neighbours_without_a_number_go_by_their_title() -> None:
    first, second = Node.objects.filter(number="").order_by("position")[:2]
    plan = first.edition.plan.key
    assert f"Siguiente: {second.title}" in text(f"/planes/{plan}/{first.code}/")
