"""What is said and found of plans is not rewritten unnamed: each table by hand."""

import pytest
from django.db.models import Model, QuerySet

from minga.kernel.catalogue import actions as catalogue
from minga.kernel.catalogue import queries as found
from minga.kernel.catalogue.models import Record
from minga.kernel.plans.models import Node
from minga.services.action_plans import imports, queries
from minga.services.action_plans.models import Commitment, Instrument, Value

from .build import DETAILS, NOON, Files

pytestmark = pytest.mark.django_db
MORE = """
[[commitment.value]]
name = "Participación"
[[commitment.instrument]]
name = "Ley"
kind = "legal"
"""
SAID = "action_plans:small 1 c1"
FOUND = "/planes/small/c1/"
STRANGE = "action_plans.commitment 0"


@pytest.fixture
def loaded(files: Files) -> None:
    files.writes(details=DETAILS + MORE)
    imports.load(NOON)
    assert not faults()


def faults() -> list[str]:
    return [place for check in (queries.verify, found.verify) for place, _ in check()]


def rows(model: type[Model]) -> QuerySet[Model]:
    where = {Record: {"address": FOUND}, Commitment: {"node__edition__plan__key": "small"}}
    through = {"commitment__node__edition__plan__key": "small"}
    return model._default_manager.filter(**where.get(model, through))


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("model", "change", "places"),
    [
        (Commitment, {"technical_note": "Nada."}, [SAID]),
        (Commitment, {"problem": "Nada."}, [SAID, FOUND]),
        (Value, {"why": "Nada."}, [SAID]),
        (Instrument, {"name": "Nada."}, [SAID]),
        (Record, {"title": "Nada."}, [FOUND]),
        (Record, {"text": "Nada."}, [FOUND]),
        (Record, {"address": "/otra/"}, [FOUND]),
        (Record, {"reference": "0"}, [FOUND, STRANGE]),
    ],
)
def test_what_is_rewritten_is_named_and_the_file_mends_it(
    model: type[Model], change: dict[str, str], places: list[str]
) -> None:
    assert rows(model).update(**change) == 1
    assert faults() == places
    imports.load(NOON)
    assert not faults()


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("model", "places"), [(Value, [SAID]), (Instrument, [SAID]), (Record, [FOUND])]
)
def test_what_is_erased_is_named_and_the_file_mends_it(
    model: type[Model], places: list[str]
) -> None:
    rows(model).delete()
    assert faults() == places
    imports.load(NOON)
    assert not faults()


@pytest.mark.usefixtures("loaded")
def test_what_no_plan_says_is_named_and_hidden() -> None:
    said = {"type": queries.RECORD, "reference": "plan:otro", "address": "/x/"}
    catalogue.publish(**said, title="Otro", text="", demo=False, at=NOON)
    assert faults() == ["action_plans.node plan:otro"]
    imports.load(NOON)
    assert not faults()


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("change", [{"title": "Nada"}, {"number": "9"}, {"parent": "elsewhere"}])
def test_a_plan_that_is_not_as_loaded_is_not_compared_with_what_is_found(
    change: dict[str, object],
) -> None:
    if "parent" in change:
        change = {"parent": Node.objects.exclude(edition__plan__key="small").first()}
    Node.objects.filter(edition__plan__key="small", code="c1").update(**change)
    assert not faults(), "plans.verify names it"
    rows(Value).update(why="Nada.")
    assert faults() == [SAID]
