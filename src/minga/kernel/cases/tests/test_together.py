from collections.abc import Callable
from itertools import count

import pytest

from minga.kernel.cases import queries
from minga.kernel.cases.actions import desk
from minga.kernel.cases.models import Answer, Case
from minga.kernel.cases.queries import desk as desks
from minga.kernel.cases.tests.build import (
    NOON,
    ROSA,
    a_colleague,
    a_draft,
    an_errand,
    asked,
    frozen,
    send,
    step,
)
from minga.kernel.identity.tests.build import an_organisation
from minga.kernel.trust import queries as trust

Together = Callable[[Callable[[], object]], list[object]]
pytestmark = pytest.mark.usefixtures("own_database")


def names(results: list[object]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_of_many_steps_at_the_same_moment_one_is_taken(together: Together) -> None:
    case = an_errand()
    results = together(lambda: step(case, "finish", rev=1))
    assert names(results) == ["Case"] + 3 * ["Conflict"], results
    assert trust.entries(case.stream).count() == 2
    assert [*trust.verify(), *queries.verify()] == []


def test_of_many_messages_at_the_same_moment_one_is_said(together: Together) -> None:
    case, number = an_errand(), count()
    results = together(lambda: step(case, "ask", message=f"¿{next(number)}?", rev=1))
    assert names(results) == ["Case"] + 3 * ["Conflict"], results
    assert case.messages.count() == 1
    assert [*trust.verify(), *queries.verify()] == []


def test_who_answers_while_others_decide_hears_of_it(together: Together) -> None:
    case, number = asked(an_errand()), count()

    def act() -> Case:
        if next(number) % 2:
            return step(case, "refuse", reason="late", rev=2)
        return step(case, "reply", by=ROSA, message="Aquí.", rev=2)

    assert names(together(act)) == ["Case"] + 3 * ["Conflict"]
    case.refresh_from_db()
    assert case.rev == trust.entries(case.stream).count() == 3
    assert list(queries.verify()) == []


def test_many_people_send_at_the_same_moment(together: Together) -> None:
    frozen()
    an_organisation()
    cases = together(lambda: send(a_draft()))
    assert names(cases) == 4 * ["Case"], cases
    assert len({case.code for case in cases if isinstance(case, Case)}) == 4
    assert [*trust.verify(), *queries.verify()] == []


def test_of_many_who_take_a_case_at_the_same_moment_one_has_it(together: Together) -> None:
    case, four = an_errand(), iter([a_colleague(name) for name in ("Ana", "Eva", "Luz", "Sol")])

    def take() -> object:
        by = next(four)
        return desk.assign(cases={case.pk: None}, to=by.post, by=by, at=NOON)[case.pk]

    assert sorted(map(str, together(take))) == 3 * ["changed"] + ["done"]
    assert [*trust.verify(), *queries.verify(), *desks.verify()] == []


def test_of_many_who_write_the_same_answer_one_is_kept(together: Together) -> None:
    case, ines, number = an_errand(), a_colleague("Inés"), count()

    def write() -> Answer:
        said = f"¿Cuál de los {next(number)}?"
        kept = {"case": case, "move": "ask", "message": said, "version": 0}
        return desk.keep_answer(**kept, person=ines.person, at=NOON)  # type: ignore[arg-type]  # mixed

    assert names(together(write)) == ["Answer"] + 3 * ["Overwritten"]
