"""The thousands of cases that are measured are cases like those of the actions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from bench.copies import copies, hanging
from minga.kernel.cases import queries as cases
from minga.kernel.cases.actions import desk
from minga.kernel.cases.actions.desk import Official
from minga.kernel.cases.models import Case
from minga.kernel.cases.queries import desk as desks
from minga.kernel.identity.models import Post
from minga.kernel.trust import queries as trust
from minga.services.cocreation.tests.build import NOON, a_proposal, decided

EACH = timedelta(days=1)
KINDS: Sequence[Mapping[str, str]] = (
    {},
    {"move": "ask", "message": "¿Dónde sería?"},
    {"move": "set_aside", "reason": "personal_case"},
)
OWN = {"id", "code", "case_id", "draft_id", "proposal_id", "salt", "stream", "hash", "previous"}


def a_case(number: int) -> Case:
    proposal = a_proposal(at=NOON, title=f"Idea {number % 3}", email="rosa@prueba.minga")
    step = dict(KINDS[number % len(KINDS)])
    if step:
        proposal = decided(proposal, step.pop("move"), **step)
    if number % len(KINDS) == 1:
        post = Post.objects.get(organisation=proposal.case.holder)
        by = Official(post, post.memberships.get().person)
        desk.assign(cases={proposal.pk: None}, to=post, by=by, at=NOON)
        desk.set_due(cases={proposal.pk: None}, on=(NOON + 9 * EACH).date(), by=by, at=NOON)
    return Case.objects.get(pk=proposal.pk)


def told(case: Case) -> list[dict[str, Any]]:
    """Every field of every row of a case and of its history, but what is of one case only."""
    rows = [fields(row) for row in hanging(case)]
    for name in ("case", "desk"):
        for entry in trust.entries(f"{name}:{case.pk}"):
            rows.append({**fields(entry), "body": {**entry.facts, "seal": "", "message": ""}})
    return rows


def fields(row: Model) -> dict[str, Any]:
    names = {field.attname for field in row._meta.concrete_fields} - OWN
    return {name: getattr(row, name) for name in names}


@pytest.mark.slow
@pytest.mark.django_db
def test_a_hundred_copies_are_field_by_field_what_the_actions_make_and_verify() -> None:
    originals = [a_case(number) for number in range(3)]
    made = [a_case(number) for number in range(100)]
    copies(originals, 100, over=timedelta(0))
    copied = list(Case.objects.order_by("-pk")[:100])[::-1]
    assert len({case.code for case in copied}) == 100
    for one, other in zip(made, copied, strict=True):
        assert told(one) == told(other)
    assert [*trust.verify(), *cases.verify(), *desks.verify()] == []


@pytest.mark.django_db
def test_a_copy_of_another_day_is_of_that_day_in_every_row() -> None:
    original = a_case(1)
    copies([original], 1, over=3 * EACH)
    copied = Case.objects.order_by("-pk")[0]
    assert copied.opened_at == original.opened_at + 3 * EACH
    assert [entry.at for entry in trust.entries(copied.stream)] == [
        entry.at + 3 * EACH for entry in trust.entries(original.stream)
    ]
    assert original.due_on
    assert copied.due_on == original.due_on + 3 * EACH
    assert [*trust.verify(), *cases.verify(), *desks.verify()] == []
