"""Several people at the same moment, on a database of their own."""

from collections.abc import Callable

import pytest

from minga.kernel.assemblies import actions, queries
from minga.kernel.assemblies.models import Vote
from minga.kernel.assemblies.rules import Choice
from minga.kernel.trust import queries as trust

from .build import NOON, a_person, a_point, a_session


@pytest.mark.usefixtures("own_database")
def test_pressing_many_times_at_once_votes_once(
    together: Callable[[Callable[[], object]], list[object]],
) -> None:
    item, ana = a_point(a_session("ana", "caro")), a_person("ana")
    together(lambda: actions.vote(item=item, person=ana, choice=Choice.FOR, at=NOON))
    assert Vote.objects.count() == 1
    assert [*trust.verify(), *queries.verify()] == []
