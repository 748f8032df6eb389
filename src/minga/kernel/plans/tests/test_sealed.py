"""What was promised is not rewritten unnamed: each table by hand, as SQL would."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F, Model

from minga.kernel.plans import queries
from minga.kernel.plans.models import Alignment, Edition, Involvement, Milestone, Node, Note, Plan
from minga.kernel.plans.tests.build import NOON, a_plan
from minga.kernel.trust import actions as trust
from minga.kernel.trust import queries as history

pytestmark = pytest.mark.django_db
IN_PLAN = {
    Plan: "key",
    Edition: "plan__key",
    Node: "edition__plan__key",
    Note: "edition__plan__key",
}
IN_NODE = "node__edition__plan__key"
CHANGES: list[tuple[type[Model], dict[str, object], str]] = [
    (Plan, {"title": "Otro"}, ""),
    (Plan, {"period": "1990"}, ""),
    (Edition, {"published": "1999"}, " 1"),
    (Edition, {"digest": "0" * 64}, " 1"),
    (Node, {"title": F("summary")}, " 1 tema"),
    (Node, {"ends_on": None}, " 1 c1"),
    (Node, {"parent": None}, " 1 c1"),
    (Node, {"position": F("position") + 10}, " 1 tema"),
    (Milestone, {"ends_on": "2039-12-31"}, " 1 c1"),
    (Milestone, {"title": "Nada"}, " 1 c1"),
    (Involvement, {"role": "other"}, " 1 c1"),
    (Involvement, {"post": None}, " 1 c1"),
    (Alignment, {"scheme": "none"}, " 1 c1"),
    (Note, {"text": "Nada."}, " 1"),
    (Note, {"node": None}, " 1"),
]


def faults() -> list[str]:
    return [place for place, _reason in queries.verify()]


@pytest.mark.parametrize(("model", "change", "place"), CHANGES)
def test_what_is_rewritten_is_named_and_the_file_mends_it(
    model: type[Model], change: dict[str, object], place: str, tmp_path: Path
) -> None:
    edition = a_plan(tmp_path)
    assert not faults()
    where = {IN_PLAN.get(model, IN_NODE): "prueba"}
    assert model._default_manager.filter(**where).update(**change)
    assert faults() == [f"plan:prueba{place}"]
    assert a_plan(tmp_path) == edition
    assert not faults()
    assert history.entries("plan:prueba").count() == 2


@pytest.mark.parametrize("model", [Milestone, Involvement, Alignment, Note])
def test_what_is_added_or_erased_is_named_and_the_file_mends_it(
    model: type[Model], tmp_path: Path
) -> None:
    edition = a_plan(tmp_path)
    rows = model._default_manager.filter(**{IN_PLAN.get(model, IN_NODE): "prueba"})
    copy = rows.latest("pk")
    copy.pk, copy.node = None, edition.nodes.get(code="tema")  # type: ignore[attr-defined]
    copy.save(force_insert=True)
    assert faults() == ["plan:prueba 1 tema"]
    a_plan(tmp_path)
    assert not faults()
    rows.latest("pk").delete()
    assert len(faults()) == 1
    a_plan(tmp_path)
    assert not faults()


def test_a_node_or_an_edition_that_no_file_said_is_named(tmp_path: Path) -> None:
    edition = a_plan(tmp_path)
    Node.objects.create(edition=edition, position=9, kind="theme", code="x", title="x", source="x")
    other = Edition.objects.create(plan=edition.plan, number=9, title="x", source="x")
    assert faults() == ["plan:prueba 1 x", "plan:prueba 9"]
    other.delete()
    Plan.objects.create(key="vacio", title="x", short_title="x", period="x", source="x")
    assert faults() == ["plan:prueba 1 x", "plan:vacio"]


def test_each_of_several_things_is_named_and_an_edition_that_is_gone(tmp_path: Path) -> None:
    a_plan(tmp_path)
    Plan.objects.filter(key="prueba").update(title="Otro")
    Node.objects.filter(edition__plan__key="prueba", code="c2").update(title="Otro")
    assert faults() == ["plan:prueba", "plan:prueba 1 c2"]
    a_plan(tmp_path)
    Edition.objects.filter(plan__key="prueba").update(number=4)
    assert faults() == ["plan:prueba 4", "plan:prueba 1"]


def test_an_older_edition_is_sealed_too(tmp_path: Path) -> None:
    first = a_plan(tmp_path)
    a_plan(tmp_path, old="number = 1", new="number = 2")
    first.nodes.filter(code="c2").update(title="Otro")
    assert faults() == ["plan:prueba 1 c2"]
    a_plan(tmp_path)
    assert not faults()


def test_a_node_that_hangs_from_another_edition_is_named(tmp_path: Path) -> None:
    first = a_plan(tmp_path)
    second = a_plan(tmp_path, old="number = 1", new="number = 2")
    elsewhere = first.nodes.get(code="tema")
    second.nodes.filter(code="c1").update(parent=elsewhere)
    assert faults() == ["plan:prueba 2 c1"]


def test_a_plan_that_was_loaded_before_it_was_sealed_is_loaded_again(tmp_path: Path) -> None:
    edition = a_plan(tmp_path)
    facts: dict[str, str | int] = {"edition": 1, "hash": edition.digest}
    trust.record(stream="plan:prueba", kind="load", actor="house", at=NOON, facts=facts)
    assert faults() == ["plan:prueba", "plan:prueba 1"]
    a_plan(tmp_path)
    assert not faults()


def test_a_history_that_cannot_be_read_stops_nobody(tmp_path: Path) -> None:
    a_plan(tmp_path)
    with connection.cursor() as cursor:
        off = {
            "postgresql": "ALTER TABLE trust_entry DISABLE TRIGGER USER",
            "sqlite": "DROP TRIGGER trust_entry_no_update",
        }
        cursor.execute(off[connection.vendor])
        cursor.execute("UPDATE trust_entry SET body = '[' WHERE stream = 'plan:prueba'")
    assert faults() == ["plan:prueba 1"]
