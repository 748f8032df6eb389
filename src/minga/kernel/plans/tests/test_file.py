from datetime import date
from pathlib import Path
from typing import Any

import pytest

from minga.kernel.base.files import Unreadable
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.plans import declaration
from minga.kernel.plans.tests.build import PLAN, a_file


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    plan = declaration.read(a_file(tmp_path))
    assert (plan.key, plan.edition.number, plan.edition.published) == ("prueba", 1, "2020-12")
    theme, first, second = plan.node
    assert [theme.parent, first.parent, second.parent] == ["", "tema", "tema"]
    assert (first.starts_on, first.ends_on) == (date(2020, 2, 1), date(2022, 4, 30))
    assert (second.starts_on, second.ends_on) == (None, None)
    [milestone] = first.milestone
    assert (milestone.starts_on, milestone.ends_on) == (date(2020, 2, 1), date(2020, 2, 29))
    assert [body.role for body in first.involved] == ["responsible", "counterpart"]
    assert (len(plan.note), len(first.note)) == (1, 1)


REFUSED = [
    # what the file says, what it says instead, what the refusal names
    ('period = "2020-2022"', 'periodo = "2020-2022"', ["no se conoce periodo"]),
    ('number = "1"', 'numero = "1"', ["c1", "no se conoce numero"]),
    ('unit = "Unidad"', 'unidad = "Unidad"', ["c1", "Ministerio de Prueba", "unidad"]),
    ('number = 1\ntitle = "Primera"', 'title = "Primera"', ["edition: falta number"]),
    ('kind = "theme"\n', "", ["tema", "falta kind"]),
    ('title = "Un tema"', "title = 3", ["tema", "title = 3 no se escribe así"]),
    ("number = 1", "number = true", ["edition", "number = True"]),
    ("[edition]", "[[edition]]", ["prueba", "edition = "]),
    ('role = "counterpart"', 'role = "friend"', ["c1", "Fundación Ñandú", "'friend'"]),
    ('kind = "missing"', 'kind = "rumour"', ["'rumour'"]),
    ('kind = "technical"', 'kind = "rumour"', ["c1", "'rumour'"]),
    ('parent = "tema"', 'parent = "c2"', ["c1", "c2 no está antes"]),
    ('parent = "tema"', 'parent = "c1"', ["c1", "c1 no está antes"]),
    ('parent = "tema"', 'parent = "nadie"', ["c1", "nadie no está antes"]),
    ('code = "c2"', 'code = "c1"', ["c1", "dos partes"]),
    ('ends = "2022-04"', 'ends = "2020-01"', ["c1", "termina (2020-01) antes"]),
    ('ends = "2022-04"', 'ends = "2019"', ["c1", "termina (2019) antes"]),
    ('ends = "2020-02"', 'ends = "2019-12"', ["c1", "1", "termina (2019-12) antes"]),
    ('ends = "2022-04"', 'ends = "2022-13"', ["c1", "month"]),
    ('ends = "2022-04"', "ends = 2022", ["c1"]),
    ('ends = "2022-04"', "ends = 2022-04-01", ["c1"]),
    ("goals = [9, 16]", "goals = [18]", ["c1", "goals = 18"]),
    ("goals = [9, 16]", "goals = [0]", ["c1", "goals = 0"]),
    ("goals = [9, 16]", 'goals = ["9"]', ["c1", "goals = '9' no se escribe así"]),
    ("goals = [9, 16]", "goals = 9", ["c1"]),
    ("goals = [9, 16]", "goals = [9, 9]", ["c1", "9", "dos veces"]),
    (
        'role = "counterpart"\nname = "Fundación Ñandú"',
        'role = "responsible"\nname = "Ministerio de Prueba"',
        ["c1", "Ministerio de Prueba", "dos veces"],
    ),
    (
        "[[node.note]]",
        '[[node.milestone]]\nnumber = 1\ntitle = "x"\nstarts = "2021"\nends = "2021"\n'
        'source = "x"\n[[node.note]]',
        ["c1", "1", "dos veces"],
    ),
    ('title = "Un compromiso"', 'title = "Un compromiso', []),
    ("[[node]]", "node = 3\n[otro]", []),
]


@pytest.mark.parametrize(("old", "new", "named"), REFUSED)
def test_a_file_that_says_what_it_may_not_is_refused_by_file_and_place(
    old: str, new: str, named: list[str], tmp_path: Path
) -> None:
    with pytest.raises(Unreadable) as refusal:
        declaration.read(a_file(tmp_path, old=old, new=new))
    told = str(refusal.value)
    assert told.startswith("prueba.toml: ")
    for part in named:
        assert part in told


def test_bytes_that_are_no_text_are_refused_by_file(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    file.write_bytes(PLAN.encode("latin-1"))
    with pytest.raises(Unreadable, match=r"^prueba\.toml: "):
        declaration.read(file)


@pytest.mark.parametrize("file", jurisdiction.files("plans"), ids=lambda file: file.stem)
def test_the_country_s_own_plans_can_be_read(file: Path) -> None:
    plan = declaration.read(file)
    assert plan.key == file.stem
    assert plan.node
    steps = [step for node in plan.node for step in node.milestone]
    parts: list[Any] = [plan, plan.edition, *plan.node, *plan.note, *steps]
    assert all(part.source for part in parts)


@pytest.mark.parametrize(("starts", "ends"), [("2020", "2020"), ("2020", "2020-06")])
def test_what_begins_in_a_year_may_end_in_its_midst(starts: str, ends: str, tmp_path: Path) -> None:
    old, new = 'starts = "2020-02"\nends = "2022-04"', f'starts = "{starts}"\nends = "{ends}"'
    node = declaration.read(a_file(tmp_path, old=old, new=new)).node[1]
    assert node.starts_on == date(2020, 1, 1)
    assert node.ends_on
    assert node.ends_on > node.starts_on
