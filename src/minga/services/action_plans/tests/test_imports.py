import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from minga.kernel.base.files import Unreadable
from minga.kernel.catalogue import queries as catalogue
from minga.kernel.catalogue.models import Record
from minga.kernel.plans.models import Milestone, Node
from minga.kernel.trust import queries as history
from minga.services.action_plans import imports, queries
from minga.services.action_plans.models import Commitment, Instrument, Value

from .build import DETAILS, NOON, Files, with_commitments, with_lines

pytestmark = pytest.mark.django_db
OURS = Commitment.objects.filter(node__edition__plan__key="small")


def small() -> QuerySet[Record]:
    return Record.objects.filter(address__startswith="/planes/small/").order_by("pk")


def found() -> set[str]:
    return set(small().values_list("title", flat=True))


@with_commitments
def test_the_action_plan_has_ten_commitments_and_fifty_nine_milestones() -> None:
    imports.load(NOON)
    assert Commitment.objects.count() == 10
    assert Milestone.objects.count() == 59
    assert not Commitment.objects.filter(problem="").exists()
    assert Record.objects.filter(type="action_plans.commitment").count() == 10
    assert Record.objects.filter(type="action_plans.node").count() == 5  # the plan, four themes


@with_lines
def test_the_other_plan_has_its_axes_lines_results_and_goals() -> None:
    imports.load(NOON)
    kinds = ("axis", "line", "result", "goal")
    assert [Node.objects.filter(kind=kind).count() for kind in kinds] == [3, 14, 37, 28]
    assert Commitment.objects.count() == 0
    assert Record.objects.filter(type="action_plans.node").count() == Node.objects.count() + 1


def test_the_same_files_again_change_nothing_and_cost_little(files: Files) -> None:
    imports.load(NOON)
    before = [history.entries("action_plans:small").count(), *map(str, small().values())]
    with CaptureQueriesContext(connection) as told:
        imports.load(NOON)
    assert before == [1, *map(str, small().values())]
    assert not [said["sql"] for said in told if said["sql"].startswith(("INSERT", "UPDATE"))]
    assert len(told) <= 40


def test_of_two_editions_the_newest_is_shown_and_nothing_is_said_twice(files: Files) -> None:
    imports.load(NOON)
    files.writes_again(edition=2, title="Compromiso renovado")
    imports.load(NOON)
    said = [entry.facts["edition"] for entry in history.entries("action_plans:small")]
    assert said == [1, 2]
    assert found() == {"Plan pequeño", "Compromiso renovado 1", "Compromiso renovado 2"}
    stamp, before = catalogue.stamp(0.0), list(small().values())
    with CaptureQueriesContext(connection) as told:
        imports.load(NOON)
    assert not [q["sql"] for q in told if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert (catalogue.stamp(0.0), list(small().values())) == (stamp, before)
    assert not list(queries.verify())


def test_both_editions_at_once_come_to_the_same(files: Files) -> None:
    files.writes_again(edition=2, title="Compromiso renovado")
    for _again in range(2):
        imports.load(NOON)
        assert found() == {"Plan pequeño", "Compromiso renovado 1", "Compromiso renovado 2"}
        assert history.entries("action_plans:small").count() == 1
        assert not list(queries.verify())


def test_what_the_file_corrects_is_corrected(files: Files) -> None:
    extra = '[[commitment.value]]\nname = "Participación"\n'
    files.writes(details=DETAILS + extra)
    imports.load(NOON)
    assert Value.objects.filter(commitment__in=OURS).count() == 1
    files.writes(details=DETAILS.replace("no se cuenta", "sí se cuenta"))
    imports.load(NOON)
    assert OURS.get().problem == "=1+1 sí se cuenta."
    assert Value.objects.filter(commitment__in=OURS).count() == 0
    assert "sí se cuenta" in small().get(title="Compromiso 1").text


def test_a_part_that_leaves_the_file_is_refused_because_it_was_said(files: Files) -> None:
    imports.load(NOON)
    files.writes(commitments=1)
    with pytest.raises(Unreadable, match="faltan c2"):
        imports.load(NOON)
    assert found() == {"Plan pequeño", "Compromiso 1", "Compromiso 2"}


def test_what_is_no_longer_said_of_a_commitment_is_forgotten(files: Files) -> None:
    files.writes(details=DETAILS + '[[commitment.instrument]]\nname = "Ley"\nkind = "legal"\n')
    imports.load(NOON)
    assert Instrument.objects.filter(commitment__in=OURS).count() == 1
    files.writes(details='plan = "small"')
    imports.load(NOON)
    assert not OURS.exists()


@pytest.mark.parametrize(
    ("details", "place"),
    [
        ('plan = "small"\ncolour = "red"', "al comienzo: no se conoce colour"),
        (DETAILS + 'progress = "50 %"', "c1: no se conoce progress"),
        (DETAILS.replace('"c1"', '"c9"'), "c9: el plan no tiene ese compromiso"),
        (DETAILS + "technical_note = 3", "c1: technical_note = 3 no se escribe así"),
        (DETAILS + "value = 'uno'", "c1: value = 'uno' no se escribe así"),
        (DETAILS + DETAILS.partition('"small"')[2], "code = c1 se dice dos veces"),
        (DETAILS + '[[commitment.instrument]]\nname = "Ley"\nkind = "x"', "Ley: kind = 'x'"),
        (DETAILS.replace("small", "large"), "no hay un plan 'large'"),
        ("plan = ", "Invalid value"),
    ],
)
def test_a_file_is_refused_with_the_place(files: Files, details: str, place: str) -> None:
    files.writes(details=details)
    with pytest.raises(Unreadable) as told:
        imports.load(NOON)
    assert str(told.value).startswith("small.toml: ")
    assert place in str(told.value)
    assert not found(), "a refused file leaves nothing behind"
