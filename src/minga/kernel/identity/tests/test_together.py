from collections.abc import Callable

import pytest

from minga.kernel.identity import actions, queries
from minga.kernel.identity.actions import Outdated, PostHeld
from minga.kernel.identity.models import Membership, Post
from minga.kernel.identity.tests.build import MONDAY, a_post

Together = Callable[[Callable[[], object]], list[object]]


@pytest.mark.slow
@pytest.mark.usefixtures("own_database")
def test_of_four_who_appoint_at_once_one_does(together: Together) -> None:
    post = a_post()
    names = iter(("ines", "luz", "tomas", "rosa"))
    people = iter([actions.known_person(email=f"{name}@prueba.minga", name=name) for name in names])
    seen = Post.objects.get(pk=post.pk).rev

    def appoint() -> Membership:
        return actions.hold(post=post, person=next(people), since=MONDAY, rev=seen)

    done = together(appoint)
    assert len([one for one in done if isinstance(one, Membership)]) == 1, done
    assert all(isinstance(one, Membership | Outdated | PostHeld) for one in done), done
    assert Membership.objects.filter(post=post).count() == 1
    assert list(queries.verify()) == []
