"""The file of a small plan, and what a test changes in it."""

from datetime import UTC, datetime
from pathlib import Path

from minga.kernel.plans import actions
from minga.kernel.plans.models import Edition

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PLAN = """\
key = "prueba"
kind = "action_plan"
title = "Plan de prueba"
short_title = "Prueba"
period = "2020-2022"
source = "Prueba, l. 1"

[edition]
number = 1
title = "Primera"
published = "2020-12"
source = "Prueba, l. 2"

[[note]]
kind = "missing"
text = "Falta una tabla."
source = "Prueba, l. 3"

[[node]]
code = "tema"
kind = "theme"
title = "Un tema"
source = "Prueba, l. 4"

[[node]]
code = "c1"
kind = "commitment"
parent = "tema"
number = "1"
title = "Un compromiso"
starts = "2020-02"
ends = "2022-04"
goals = [9, 16]
source = "Prueba, l. 5"

[[node.involved]]
role = "responsible"
name = "Ministerio de Prueba"
acronym = "MP"
kind = "public"
unit = "Unidad"
post = "Directora"

[[node.involved]]
role = "counterpart"
name = "Fundación Ñandú"

[[node.milestone]]
number = 1
title = "Un hito"
starts = "2020-02"
ends = "2020-02"
source = "Prueba, l. 6"

[[node.note]]
kind = "technical"
text = "Una nota."
source = "Prueba, l. 7"

[[node]]
code = "c2"
kind = "commitment"
parent = "tema"
title = "Otro compromiso"
source = "Prueba, l. 8"

[[node.involved]]
role = "responsible"
name = "Ministerio de Prueba"
"""


def a_file(folder: Path, *, old: str = "", new: str = "") -> Path:
    """The plan's file, with one thing said otherwise."""
    assert old in PLAN, f"{old!r} is not in the plan"
    file = folder / "prueba.toml"
    file.write_text(PLAN.replace(old, new, 1) if old else PLAN + new, "utf-8")
    return file


def a_plan(folder: Path, *, old: str = "", new: str = "") -> Edition:
    return actions.load(file=a_file(folder, old=old, new=new), at=NOON)
