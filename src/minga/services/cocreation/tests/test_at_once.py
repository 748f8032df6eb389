"""Several people at the same moment, on a database of their own."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from minga.kernel.cases import queries as cases
from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Post
from minga.kernel.trust import queries as trust
from minga.services.cocreation import actions, queries
from minga.services.cocreation.actions import support
from minga.services.cocreation.models import Proposal

from .build import NOON, a_cycle, a_proposal, accepted, words

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
    assert not list(queries.verify())
