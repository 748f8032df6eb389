from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from minga.kernel.conversation import actions, queries
from minga.kernel.conversation.models import Comment, Decision
from minga.kernel.conversation.rules import Objected

from .build import NOON, a_thread, officials, reported, said, somebody

Together = Callable[[Callable[[], object]], list[object]]


@pytest.mark.usefixtures("own_database")
def test_one_form_sent_at_once_from_many_tabs_is_one_comment(together: Together) -> None:
    thread, rosa, key = a_thread(), somebody("rosa"), uuid4()
    together(lambda: actions.say(thread=thread, person=rosa, body="Hola", key=key, at=NOON))
    assert Comment.objects.count() == 1
    assert not list(queries.verify())


@pytest.mark.usefixtures("own_database")
def test_of_many_officials_at_once_one_decides(together: Together) -> None:
    thread = a_thread()
    matter = reported(thread, said(thread, somebody("rosa")), somebody("ana"))
    post, olga = officials()[0]
    told: dict[str, Any] = {"matter": matter, "reason": "offence", "post": post, "person": olga}
    results = together(lambda: actions.decide(**told, rev=matter.rev, at=NOON))
    assert [type(result) for result in results].count(Objected) == 3
    assert Decision.objects.count() == 1
    assert not list(queries.verify())
