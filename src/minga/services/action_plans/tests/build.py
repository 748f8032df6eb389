"""The country's own plans, brought in as at every start; and a small one in files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.action_plans import imports

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
COMMITMENTS, LINES = "paga-1", "egov-2017-2025"
HERE = {file.stem for file in jurisdiction.files("plans")}

with_commitments = pytest.mark.skipif(COMMITMENTS not in HERE, reason="another country's plan")
with_lines = pytest.mark.skipif(LINES not in HERE, reason="another country's plan")


@contextmanager
def loaded() -> Iterator[None]:
    """The country's plans, for as long as the tests of a module last."""
    with transaction.atomic():
        imports.load(NOON)
        yield
        transaction.set_rollback(True)


PLAN = """
key = "small"
kind = "action_plan"
title = "Plan pequeño"
short_title = "Plan pequeño"
period = "2020-2021"
source = "prueba"
[edition]
number = 1
title = "Primera"
source = "prueba"
"""
COMMITMENT = """
[[node]]
code = "c{number}"
kind = "commitment"
number = "{number}"
title = "Compromiso {number}"
starts = "2020-02"
ends = "2020-12"
source = "prueba, l. {number}"
[[node.involved]]
role = "responsible"
name = "Ministerio {number}"
[[node.milestone]]
number = 1
title = "Paso {number}"
starts = "2020-02"
ends = "2020-03"
source = "prueba"
"""
DETAILS = """
plan = "small"
[[commitment]]
code = "c1"
problem = "=1+1 no se cuenta."
"""


class Files:
    """A country's folder of plans, which a test writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def writes(self, commitments: int = 2, details: str = DETAILS) -> None:
        parts = [COMMITMENT.format(number=number + 1) for number in range(commitments)]
        for reader, text in {"plans": "".join([PLAN, *parts]), "action_plans": details}.items():
            (self.folder / reader).mkdir(exist_ok=True)
            (self.folder / reader / "small.toml").write_text(text, "utf-8")

    def writes_again(self, *, edition: int, title: str) -> None:
        """Another edition of the same plan, beside the first."""
        text = (self.folder / "plans" / "small.toml").read_text("utf-8")
        text = text.replace('number = 1\ntitle = "Primera"', f'number = {edition}\ntitle = "x"')
        text = text.replace('"Compromiso ', f'"{title} ')
        (self.folder / "plans" / f"small-{edition}.toml").write_text(text, "utf-8")

    def __call__(self, reader: str) -> list[Path]:
        return sorted((self.folder / reader).glob("*.*"))
