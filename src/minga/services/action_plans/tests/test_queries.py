from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from minga.kernel.catalogue import actions as catalogue
from minga.kernel.catalogue import queries as catalogue_queries
from minga.kernel.catalogue.models import Record
from minga.kernel.plans.models import Node
from minga.services.action_plans import datasets, queries
from minga.services.action_plans.service import service

from .build import COMMITMENTS, LINES, NOON, loaded, with_commitments, with_lines

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), loaded():
        yield


def commitments(**wanted: Any) -> list[str]:
    tree = queries.tree(COMMITMENTS)
    assert tree
    return [part.node.code for part in queries.narrowed(tree.commitments, **wanted)]


@with_commitments
def test_commitments_are_narrowed_by_theme_institution_and_goal() -> None:
    assert len(commitments()) == 10
    assert commitments(theme="datos-abiertos") == ["c1", "c2", "c3"]
    assert commitments(responsible="presidencia-de-la-republica-del-ecuador") == ["c8", "c9"]
    assert commitments(goal=12) == ["c3", "c4", "c5", "c10"]
    assert commitments(goal=12, theme="datos-abiertos") == ["c3"]


@with_commitments
def test_only_who_answers_for_a_commitment_can_be_asked_for() -> None:
    tree = queries.tree(COMMITMENTS)
    assert tree
    names = list(queries.responsible(tree.commitments).values())
    assert len(names) == 9
    assert names[0] == "Defensoría del Pueblo"
    assert "Asamblea Nacional" not in names


@with_commitments
def test_a_commitment_stands_between_its_neighbours() -> None:
    _tree, part = queries.around(COMMITMENTS, "c4")
    assert part
    assert part.previous
    assert part.next
    assert part.parent
    assert (part.previous.node.code, part.next.node.code) == ("c3", "c5")
    assert part.parent.node.title == "Desarrollo de capacidades para la transparencia"
    assert len(part.contradictions) == 2


@with_lines
def test_a_line_holds_its_parts_and_goals() -> None:
    _tree, part = queries.around(LINES, "linea-10")
    assert part
    assert part.parent
    assert part.parent.node.title == "Gobierno Eficiente"
    assert [branch.node.number for branch in part.branches] == ["10.1", "10.2", "10.3"]
    assert [len(branch.results) for branch in part.branches] == [3, 2, 2]
    assert len(part.goals) == 3
    assert not part.results


def test_the_shelf_counts_what_each_plan_holds() -> None:
    [shelved] = queries.shelf()
    wanted = {"commitment": 10, "milestone": 59} if shelved.counts["commitment"] else {"goal": 28}
    assert wanted.items() <= shelved.counts.items()


def test_what_is_unknown_is_none() -> None:
    assert queries.tree("nada") is None
    assert queries.around("nada", "c1") == (None, None)
    assert queries.around(queries.shelf()[0].edition.plan.key, "nada")[1] is None


def test_a_part_knows_where_it_comes_from_and_what_it_led_to() -> None:
    first, second, *_ = Node.objects.order_by("position")
    here, there = (
        Record.objects.get(type=queries.record_of(node.kind), reference=str(node.pk))
        for node in (first, second)
    )
    catalogue.link(
        from_record=here, to_record=there, kind="led", reason="porque sí", by="house", at=NOON
    )
    assert [link.to_record for link in queries.trace(first).outcomes] == [there]
    assert [link.from_record for link in queries.trace(second).origins] == [here]
    assert not queries.trace(first).origins


@pytest.mark.parametrize("dataset", service.datasets, ids=lambda dataset: dataset.key)
def test_a_row_says_its_source_and_licence_and_nothing_it_did_not_promise(dataset: Any) -> None:
    for row in dataset.rows():
        assert list(row) == list(dataset.columns)
        assert row["source"]
        assert row["licence"] == "CC-BY-4.0"


@with_commitments
def test_the_open_data_count_what_the_pages_count() -> None:
    assert len(list(datasets.commitment_rows())) == 10
    assert len(list(datasets.milestone_rows(COMMITMENTS))) == 59


@with_lines
def test_every_goal_is_a_row_with_its_target() -> None:
    rows = list(datasets.goal_rows())
    units = [row["unit"] for row in rows]
    assert (len(rows), units.count("percent"), units.count("presence")) == (28, 21, 6)
    assert {row["year"] for row in rows} == {2025}
    assert {"100 %", "2 al año", "Que exista"} <= {row["target"] for row in rows}


@with_commitments
@pytest.mark.parametrize("words", ["compromiso 3", "c3"])
def test_a_commitment_is_found_by_its_number_and_its_code(words: str) -> None:
    found = [hit.record.address for hit in catalogue_queries.search(words).hits]
    assert f"/planes/{COMMITMENTS}/c3/" in found[:5]


@with_commitments
def test_a_part_is_dated_when_its_plan_was_made_public() -> None:
    record = Record.objects.get(address=f"/planes/{COMMITMENTS}/c3/")
    assert f"{timezone.localtime(record.published_at):%Y-%m-%d}" == "2020-12-01"
