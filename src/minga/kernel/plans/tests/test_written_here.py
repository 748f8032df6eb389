"""A plan that is written here, commitment by commitment."""

from datetime import date
from pathlib import Path

import pytest

from minga.kernel.base.files import Unreadable
from minga.kernel.identity import actions as identity
from minga.kernel.plans import actions, queries
from minga.kernel.plans.actions import Promise
from minga.kernel.plans.models import Edition, Milestone

from .build import NOON, a_plan

pytestmark = pytest.mark.django_db


def a_promise(title: str = "Abrir los datos") -> Promise:
    body = identity.know_organisation(key="obras", name="Obras", source="prueba")
    first, last = date(2027, 1, 1), date(2027, 6, 30)
    return Promise(
        title=title,
        summary="Se abrirán.",
        theme=("datos", "Datos"),
        starts_on=first,
        ends_on=last,
        source="prueba",
        milestones=[("Primero", first, last)],
        involved=[("responsible", body)],
        goals=[16],
    )


def begun() -> Edition:
    told = {"key": "nuevo", "title": "Nuevo", "period": "2027", "source": "prueba", "at": NOON}
    return actions.begin(demo=True, **told)  # type: ignore[arg-type]


def test_each_commitment_is_numbered_under_its_theme_and_the_history_tells_it() -> None:
    edition = begun()
    assert begun() == edition
    for title in ("Uno", "Otro"):
        actions.promise(plan=edition.plan, said=a_promise(title), demo=True, at=NOON)
    codes = list(queries.nodes(edition).values_list("code", "kind", "number"))
    assert codes == [
        ("datos", "theme", "1"),
        ("compromiso-1", "commitment", "1"),
        ("compromiso-2", "commitment", "2"),
    ]
    assert list(queries.verify()) == []
    Milestone.objects.filter(node__code="compromiso-2").update(title="Otra cosa")
    assert len(list(queries.verify())) == 1


def test_what_a_document_says_is_not_written_into_nor_is_a_real_plan_by_what_is_invented(
    tmp_path: Path,
) -> None:
    with pytest.raises(Unreadable):
        actions.promise(plan=a_plan(tmp_path).plan, said=a_promise(), demo=False, at=NOON)
    with pytest.raises(Unreadable):
        actions.promise(plan=begun().plan, said=a_promise(), demo=False, at=NOON)
