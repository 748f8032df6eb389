"""Several people at the same moment, on a database of their own."""

from collections.abc import Callable
from threading import Lock
from typing import Any
from uuid import uuid4

import pytest

from minga.kernel.cases import queries as cases
from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Post
from minga.kernel.rubrics import queries as rounds
from minga.kernel.rubrics.rules import State
from minga.kernel.trust import queries as trust
from minga.services.cocreation import actions, queries
from minga.services.cocreation.actions import evaluation, screening, support
from minga.services.cocreation.models import Proposal, Screening
from minga.services.cocreation.queries import history

from .build import NOON, a_cycle, a_proposal, a_whole_cycle, accepted, speaks, words
from .build_evaluation import a_round, handed_in, waiting
from .test_screening import YES

Together = Callable[[Callable[[], object]], list[object]]


@pytest.mark.usefixtures("own_database")
def test_pressing_many_times_at_once_sends_one_proposal(together: Together) -> None:
    a_cycle()
    draft = uuid4()
    actions.keep(draft=draft, words=words(), at=NOON)
    sent = together(lambda: actions.send(draft=draft, at=NOON).code)
    assert len(set(sent)) == 1
    assert Proposal.objects.count() == 1
    assert [*trust.verify(), *cases.verify()] == []


@pytest.mark.usefixtures("own_database")
def test_of_many_officials_at_once_one_decides(together: Together) -> None:
    proposal = a_proposal()
    post = Post.objects.get(organisation=proposal.case.holder)
    results = together(
        lambda: actions.decide(proposal=proposal, move="accept", post=post, rev=1, at=NOON)
    )
    assert sorted(type(result).__name__ for result in results) == ["Case"] + 3 * ["Conflict"]
    assert queries.public().get().number == 1


@pytest.mark.usefixtures("own_database")
def test_pressing_many_times_at_once_supports_once(together: Together) -> None:
    proposal = accepted()
    rosa = enter_person(email="rosa@prueba.minga", name="Rosa", password="x" * 12)
    results = together(lambda: support.support(proposal=proposal, person=rosa, at=NOON))
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
    assert Proposal.objects.get().supports == 1
    assert not list(history.verify())


@pytest.mark.usefixtures("own_database")
def test_of_many_members_at_once_one_proposes_and_one_agrees(together: Together) -> None:
    a_whole_cycle("integracion")
    proposal = accepted()
    found = queries.by_code(proposal.case.code)
    assert found
    told: dict[str, Any] = {"proposal": found, "at": NOON}
    members = [speaks(name) for name in ("elena", "felix", "nadia", "elena")]
    lock, left = Lock(), list(members)

    def proposes() -> object:
        with lock:
            who = left.pop()
        return screening.propose(person=who, verdict=YES, rev=found.case.rev, **told)

    together(proposes)
    made = Screening.objects.get()
    other = next(who for who in members if who.pk != made.person_id)
    together(lambda: screening.agree(person=other, shown=made.pk, **told))
    assert Screening.objects.get().standing == "confirmed"
    now = queries.by_code(proposal.case.code)
    assert now
    assert now.case.state == "related"
    assert [*trust.verify(), *cases.verify(), *history.verify()] == []


@pytest.mark.slow
@pytest.mark.usefixtures("own_database")
def test_of_many_windows_at_once_one_score_is_handed_in(together: Together) -> None:
    cycle = a_round()
    one = waiting(cycle)[0]
    score = iter(range(4))
    results = together(lambda: handed_in(cycle, one, next(score)))
    kinds = sorted(type(result).__name__ for result in results)
    assert kinds == 3 * ["Breach"] + ["NoneType"], kinds
    for other in waiting(cycle):
        handed_in(cycle, other, 2)
    agreed = together(
        lambda: evaluation.agree(
            cycle=cycle, step=State.CONSOLIDATED, person=speaks("carla"), at=NOON
        )
    )
    assert agreed == 4 * [False], "one seat agrees once, however often it says so"
    assert [*trust.verify(), *rounds.verify()] == []
