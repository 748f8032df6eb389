from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minga.kernel.base.files import Unreadable
from minga.kernel.identity.models import Organisation, Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.plans import actions, queries
from minga.kernel.plans.models import Edition, Node, Plan
from minga.kernel.plans.tests.build import NOON, a_file, a_plan
from minga.kernel.trust import queries as trust

pytestmark = pytest.mark.django_db


def c1(edition: Edition) -> Node:
    return edition.nodes.get(code="c1")


def test_a_plan_comes_in_whole(tmp_path: Path) -> None:
    edition = a_plan(tmp_path)
    assert [(n.code, n.position) for n in queries.nodes(edition)] == [
        ("tema", 0),
        ("c1", 1),
        ("c2", 2),
    ]
    node = c1(edition)
    assert node.parent == edition.nodes.get(code="tema")
    assert (node.starts_on, node.ends_on) == (date(2020, 2, 1), date(2022, 4, 30))
    assert [m.ends_on for m in node.milestones.all()] == [date(2020, 2, 29)]
    assert sorted(a.code for a in node.alignments.all()) == ["16", "9"]
    first, second = node.involved.order_by("position")
    assert (first.role, first.organisation.acronym, str(first.post)) == (
        "responsible",
        "MP",
        "Directora, Unidad",
    )
    assert (second.role, second.organisation.name, second.post) == (
        "counterpart",
        "Fundación Ñandú",
        None,
    )
    notes = edition.notes.order_by("position")
    assert [(note.node_id, note.kind) for note in notes] == [
        (None, "missing"),
        (node.pk, "technical"),
    ]


def test_the_same_file_again_writes_nothing(tmp_path: Path) -> None:
    before = a_plan(tmp_path)
    with CaptureQueriesContext(connection) as asked:
        assert a_plan(tmp_path) == before
    assert len(asked) <= 13
    assert not [q for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert trust.entries("plan:prueba").count() == 1


def test_what_is_corrected_in_the_file_is_corrected_here(tmp_path: Path) -> None:
    before = c1(a_plan(tmp_path))
    edition = a_plan(tmp_path, old='title = "Un compromiso"', new='title = "Corregido"')
    assert (c1(edition).pk, c1(edition).title) == (before.pk, "Corregido")
    counts = [edition.nodes.count(), edition.notes.count(), before.milestones.count()]
    assert [*counts, before.involved.count(), before.alignments.count()] == [3, 2, 1, 2, 2]
    loaded = trust.entries("plan:prueba")
    assert [entry.facts["edition"] for entry in loaded] == [1, 1]
    assert len({entry.facts["hash"] for entry in loaded}) == 2


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("goals = [9, 16]", "goals = [16]", {"alignments": 1}),
        ("goals = [9, 16]\n", "", {"alignments": 0}),
        ('[[node.involved]]\nrole = "counterpart"\nname = "Fundación Ñandú"', "", {"involved": 1}),
        (
            '[[node.milestone]]\nnumber = 1\ntitle = "Un hito"\nstarts = "2020-02"\n'
            'ends = "2020-02"\nsource = "Prueba, l. 6"\n',
            "",
            {"milestones": 0},
        ),
        (
            '[[node.note]]\nkind = "technical"\ntext = "Una nota."\nsource = "Prueba, l. 7"\n',
            "",
            {"notes": 0},
        ),
    ],
)
def test_what_the_file_says_no_more_is_no_more_said(
    old: str, new: str, left: dict[str, int], tmp_path: Path
) -> None:
    a_plan(tmp_path)
    node = c1(a_plan(tmp_path, old=old, new=new))
    assert {name: getattr(node, name).count() for name in left} == left


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    before = a_plan(tmp_path)
    with pytest.raises(Unreadable):
        a_plan(tmp_path, old="goals = [9, 16]", new="goals = [18]")
    assert c1(before).alignments.count() == 2
    assert trust.entries("plan:prueba").count() == 1


def test_a_later_edition_replaces_and_does_not_erase(tmp_path: Path) -> None:
    first = a_plan(tmp_path)
    second = a_plan(tmp_path, old="number = 1", new="number = 2")
    assert (first.plan, first.nodes.count()) == (second.plan, 3)
    assert queries.current("prueba") == second
    assert a_plan(tmp_path) == first  # loaded again: still the older one
    assert queries.current("prueba") == second
    assert queries.current("nadie") is None


def test_the_plan_is_called_as_its_newest_edition_says(tmp_path: Path) -> None:
    a_plan(tmp_path, old="number = 1", new="number = 2")
    a_plan(tmp_path, old='title = "Plan de prueba"', new='title = "Como se llamaba antes"')
    assert Plan.objects.get(key="prueba").title == "Plan de prueba"
    assert not list(queries.verify())


def test_organisations_and_posts_are_entered_once(tmp_path: Path) -> None:
    a_plan(tmp_path)
    a_plan(tmp_path, old="number = 1", new="number = 2")
    ministry = Organisation.objects.get(key="ministerio-de-prueba")
    assert (ministry.name, ministry.acronym, ministry.source) == (
        "Ministerio de Prueba",
        "MP",
        "Prueba, l. 5",
    )
    assert [str(post) for post in Post.objects.filter(organisation=ministry)] == [
        "Directora, Unidad"
    ]
    assert Organisation.objects.get(key="fundacion-nandu").sort_name == "fundacion nzzandu"


def test_plans_are_listed_with_the_newest_first(tmp_path: Path) -> None:
    a_plan(tmp_path)
    a_file(tmp_path, old='key = "prueba"', new='key = "antes"')
    text = (tmp_path / "prueba.toml").read_text("utf-8").replace("2020-2022", "1990-1994")
    (tmp_path / "antes.toml").write_text(text, "utf-8")
    actions.load(file=tmp_path / "antes.toml", at=NOON)
    keys = [plan.key for plan in queries.plans()]
    assert keys.index("prueba") < keys.index("antes")


def test_the_country_s_own_plans_stand_as_their_files_say() -> None:
    files = jurisdiction.files("plans")
    assert {file.stem for file in files} == set(Plan.objects.values_list("key", flat=True))
    for file in files:
        before = queries.current(file.stem)
        assert before
        with CaptureQueriesContext(connection) as asked:
            assert actions.load(file=file, at=NOON) == before
        assert not [q for q in asked if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
