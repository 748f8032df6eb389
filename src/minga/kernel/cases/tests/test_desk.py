from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minga.kernel.base.calendar import Calendar
from minga.kernel.cases.actions import desk
from minga.kernel.cases.actions.desk import Official
from minga.kernel.cases.declaration import Conflict, Overwritten, Refused, Turn, case_types
from minga.kernel.cases.models import Answer, Case, Note
from minga.kernel.cases.queries import desk as queries
from minga.kernel.cases.queries.desk import Filters
from minga.kernel.cases.rules import Outcome
from minga.kernel.cases.tests.build import (
    INES,
    NOON,
    a_colleague,
    a_draft,
    an_errand,
    asked,
    errand,
    frozen,
    now,
    send,
    sql,
    step,
)
from minga.kernel.jurisdiction.declaration import Legal, written
from minga.kernel.mailbox.models import Letter, Notice
from minga.kernel.trust import queries as trust

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def given(
    case: Case, to: Official | None, by: Official, *, shown: Official | None = None
) -> Outcome:
    seen = {case.pk: shown.post.pk if shown else None}
    done = desk.assign(cases=seen, to=to.post if to else None, by=by, at=NOON)
    return done[case.pk]


def noted(
    case: Case, by: Official, body: str = "Hay que llamar.", to: Official | None = None
) -> Note:
    return desk.note(case=case, body=body, by=by, at=NOON, to=to.person if to else None)


def drafted(case: Case, by: Official, message: str, version: int = 0) -> Answer:
    said = {"message": message, "version": version}
    return desk.keep_answer(case=case, move="ask", person=by.person, at=NOON, **said)  # type: ignore[arg-type]  # text and number


def found(by: Official, **filters: str) -> list[Case]:
    return list(queries.listed([by.post], Filters(**filters), on=TODAY).order_by("pk"))


# Who has it


def test_a_case_is_taken_given_on_and_given_back() -> None:
    case, ines, tomas = an_errand(), a_colleague("Inés", unit="Mesa"), a_colleague(unit="Mesa")
    assert given(case, ines, ines) is Outcome.DONE
    assert (now(case).assigned, now(case).unit) == (ines.post, ines.post.unit)
    assert given(case, tomas, ines, shown=ines) is Outcome.DONE
    assert given(case, None, tomas, shown=tomas) is Outcome.DONE
    assert (now(case).assigned, now(case).unit) == (None, ines.post.unit)
    told = [(entry.kind, entry.facts["post"]) for entry in trust.entries(case.desk_stream)]
    assert told == [("assign", ines.post.pk), ("assign", tomas.post.pk), ("assign", None)]
    assert now(case).rev == 1, "its applicant sees nothing of it"
    assert list(queries.verify()) == []


def test_who_is_given_a_case_is_told_once_and_nobody_of_what_they_take() -> None:
    ines, tomas = a_colleague("Inés"), a_colleague()
    several = {an_errand().pk: None for _ in range(3)}
    assert set(desk.assign(cases=several, to=tomas.post, by=ines, at=NOON).values()) == {"done"}
    assert [notice.title for notice in Notice.objects.filter(person=tomas.person)] == [
        "Tienes 3 casos nuevos a tu cargo"
    ]
    assert Letter.objects.count() == 1
    given(an_errand(), ines, ines)
    assert not Notice.objects.filter(person=ines.person).exists()


def test_asked_for_twice_it_is_done_once() -> None:
    case, ines, tomas = an_errand(), a_colleague("Inés"), a_colleague()
    assert [given(case, tomas, ines), given(case, tomas, ines)] == ["done", "already"]
    assert trust.entries(case.desk_stream).count() == Notice.objects.count() == 1


def test_who_comes_late_changes_nothing() -> None:
    case, ines, tomas = an_errand(), a_colleague("Inés"), a_colleague()
    given(case, tomas, tomas)
    assert given(case, ines, ines) is Outcome.CHANGED
    assert now(case).assigned == tomas.post


def test_only_who_supervises_gives_out_the_work_of_another_unit() -> None:
    ines, tomas = a_colleague("Inés", unit="Mesa"), a_colleague(unit="Otra")
    marta, case = a_colleague("Marta", unit="Mesa", supervises=True), an_errand()
    assert given(case, tomas, ines) is Outcome.BEYOND
    assert given(case, tomas, marta) is Outcome.DONE
    assert given(case, ines, ines, shown=tomas) is Outcome.BEYOND
    assert now(case).assigned == tomas.post


def test_a_case_of_another_institution_is_touched_by_nobody_else() -> None:
    case, stranger = an_errand(), a_colleague("Ajena", key="quito", supervises=True)
    seen = {case.pk: None}
    assert desk.assign(cases=seen, to=stranger.post, by=stranger, at=NOON) == {}
    assert desk.set_due(cases=seen, on=TODAY, by=stranger, at=NOON) == {}
    with pytest.raises(Refused):
        noted(case, stranger)
    assert queries.held(case.pk, [stranger.post]) is None
    assert not queries.ticked([case.pk], [stranger.post], on=TODAY)
    assert queries.Change(to=stranger.post).outcome(case, stranger.post) is Outcome.ELSEWHERE
    assert not found(stranger)


def test_an_institution_that_lets_go_of_a_case_leaves_nothing_of_its_own_on_it() -> None:
    case, ines, other = an_errand(), a_colleague("Inés", unit="Mesa"), a_colleague(key="quito")
    given(case, ines, ines)
    desk.set_due(cases={case.pk: None}, on=TODAY, by=ines, at=NOON)
    drafted(case, ines, "¿Cuál de los dos puentes?")
    noted(case, ines)
    for _ in range(2):
        desk.release(case=case, by=INES, at=NOON)
    free = now(case)
    assert (free.assigned, free.unit, free.due_on, free.due_by_law) == (None, None, None, False)
    assert not Answer.objects.exists()
    assert trust.entries(case.desk_stream).count() == 5
    assert list(queries.verify()) == []
    assert queries.notes(free)
    free.holder = other.post.organisation
    assert not queries.notes(free)


# Which they are


def test_lists_part_the_cases_as_they_are() -> None:
    ines, tomas = a_colleague("Inés", unit="Mesa"), a_colleague(unit="Mesa")
    mine, his, free = an_errand(), an_errand(), an_errand(title="Un pozo de agua")
    waits, over = asked(an_errand()), step(an_errand(), "finish")
    given(mine, ines, ines)
    given(his, tomas, tomas)
    assert found(ines) == [mine, his, free]
    assert found(ines, de="mios") == [mine]
    assert found(ines, de="unidad") == [mine, his]
    assert found(ines, de="nadie") == [free]
    assert (found(ines, ver="espera"), found(ines, ver="terminados")) == ([waits], [over])
    assert found(ines, palabras="POZO") == [free]
    assert [c.turn for c in (now(mine), now(waits), now(over))] == list(Turn)
    desk.set_due(cases={mine.pk: None}, on=TODAY, by=ines, at=NOON)
    desk.set_due(cases={his.pk: None}, on=TODAY - timedelta(days=1), by=ines, at=NOON)
    assert (found(ines, plazo="hoy"), found(ines, plazo="vencidos")) == ([mine], [his])
    assert found(ines, plazo="sin") == [free]
    assert queries.counts([ines.post], Filters(), on=TODAY) == {
        "mios": 1,
        "unidad": 2,
        "nadie": 1,
        "": 3,
    }


def test_tabs_are_counted_in_one_statement_and_no_further_than_they_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ines = a_colleague("Inés")
    for _ in range(4):
        an_errand()
    monkeypatch.setattr(queries, "MOST", 2)
    with CaptureQueriesContext(connection) as told:
        counted = queries.counts([ines.post], Filters(), on=TODAY)
    assert (len(told), counted["nadie"], counted["mios"]) == (1, 3, 0)


def test_the_next_case_is_the_one_below_and_after_the_last_the_first() -> None:
    ines, cases = a_colleague("Inés"), [an_errand() for _ in range(3)]
    way = [queries.after(now(case), [ines.post], Filters(), on=TODAY) for case in cases]
    assert way == [cases[1], cases[2], cases[0]]
    step(cases[0], "finish")
    assert queries.after(now(cases[0]), [ines.post], Filters(), on=TODAY) == cases[1]


def test_work_is_counted_by_post_in_one_statement() -> None:
    marta, tomas = a_colleague("Marta", supervises=True), a_colleague()
    case, _free = an_errand(), an_errand()
    given(case, tomas, marta)
    desk.set_due(cases={case.pk: None}, on=TODAY - timedelta(days=1), by=marta, at=NOON)
    given(asked(an_errand()), tomas, marta)
    with CaptureQueriesContext(connection) as told:
        nobody, his = list(queries.workload([marta.post, tomas.post], on=TODAY))
    assert len(told) == 1
    assert (nobody["assigned"], nobody["waiting"], nobody["overdue"]) == (None, 1, 0)
    assert (his["held_by"], his["waiting"], his["elsewhere"], his["overdue"]) == ("Tomás", 1, 1, 1)
    assert not list(queries.workload([tomas.post], on=TODAY))


# By when


def test_without_a_term_there_is_no_day_and_an_own_one_comes_and_goes() -> None:
    case, ines = an_errand(), a_colleague("Inés")
    assert (case.due_on, case.due_by_law) == (None, False)
    days: list[date | None] = [TODAY, TODAY, None]
    seen: list[date | None] = [None, TODAY, TODAY]
    done = [
        desk.set_due(cases={case.pk: shown}, on=on, by=ines, at=NOON)[case.pk]
        for on, shown in zip(days, seen, strict=True)
    ]
    assert done == ["done", "already", "done"]
    assert now(case).due_on is None
    assert list(queries.verify()) == []


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    days: Legal[int]


def due(opened_on: date, terms: Terms, calendar: Calendar) -> date | None:
    return calendar.add_working_days(opened_on, terms.days.value) if terms.days.value else None


def a_dated_errand(monkeypatch: pytest.MonkeyPatch, days: int | None) -> Case:
    dated = replace(errand, terms=Terms, due=due)
    monkeypatch.setitem(case_types._items, errand.key, dated)
    frozen(terms=written(Terms(days=Legal(days, source="prueba", on=TODAY))))
    return send(a_draft())


def test_the_day_of_the_law_holds_and_an_own_one_is_never_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, ines = a_dated_errand(monkeypatch, days=5), a_colleague("Inés")
    law = date(2026, 3, 9)  # a Monday, five working days after another
    assert (case.due_on, case.due_by_law) == (law, True)
    assert trust.entries(case.stream)[0].facts["due"] == "2026-03-09"

    def dated(on: date | None, shown: date) -> Outcome:
        return desk.set_due(cases={case.pk: shown}, on=on, by=ines, at=NOON)[case.pk]

    assert dated(law + timedelta(days=1), law) is Outcome.LATE
    assert dated(TODAY, law) is Outcome.DONE
    assert (now(case).due_on, now(case).due_by_law) == (TODAY, False)
    assert dated(law - timedelta(days=1), law) is Outcome.CHANGED
    assert list(queries.verify()) == []
    assert dated(None, TODAY) is Outcome.DONE
    assert (now(case).due_on, now(case).due_by_law) == (law, True)
    assert list(queries.verify()) == []


def test_an_unknown_term_opens_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_dated_errand(monkeypatch, days=None)
    assert (case.due_on, case.due_by_law) == (None, False)


# What is written


def test_a_note_is_sealed_said_once_and_tells_who_is_mentioned() -> None:
    case, ines, tomas = an_errand(), a_colleague("Inés"), a_colleague()
    assert noted(case, ines, to=tomas) == noted(case, ines, to=tomas)
    [note] = case.notes.all()
    assert note.body == "@Tomás: Hay que llamar."
    [entry] = trust.entries(case.desk_stream)
    assert "llamar" not in entry.body
    assert [notice.person for notice in Notice.objects.all()] == [tomas.person]
    assert "llamar" not in Letter.objects.get().body
    assert list(queries.verify()) == []


def test_who_does_not_see_the_case_is_not_mentioned() -> None:
    case, ines, stranger = an_errand(), a_colleague("Inés"), a_colleague("Ajena", key="quito")
    with pytest.raises(Refused):
        noted(case, ines, to=stranger)
    assert not Notice.objects.exists()


def test_nobody_overwrites_an_answer_they_have_not_read() -> None:
    case, ines, tomas = an_errand(), a_colleague("Inés"), a_colleague()
    first = drafted(case, ines, "¿Cuál de los dos puentes?")
    assert drafted(case, ines, "¿Cuál de los dos puentes?") == first, "sent twice"
    with pytest.raises(Overwritten) as lost:
        drafted(case, tomas, "¿Es el del río?")
    assert lost.value.answer == first
    second = drafted(case, tomas, "¿Es el del río?", version=first.version)
    assert (second.pk, second.version, second.person) == (first.pk, 2, tomas.person)
    with pytest.raises(Overwritten):
        desk.use_answer(case=case, move="ask", version=first.version)
    desk.use_answer(case=case, move="ask", version=second.version)
    assert not Answer.objects.exists()


def test_an_answer_to_a_step_that_was_taken_is_not_kept() -> None:
    case, ines = an_errand(), a_colleague("Inés")
    asked(case)
    with pytest.raises(Conflict):
        drafted(case, ines, "¿Cuál de los dos puentes?")
    with pytest.raises(Conflict):
        desk.keep_answer(
            case=case, move="refuse", message="No.", version=0, person=ines.person, at=NOON
        )


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_case SET assigned_id = NULL WHERE id = %s",
        "UPDATE cases_case SET unit_id = NULL WHERE id = %s",
        "UPDATE cases_case SET due_on = NULL WHERE id = %s",
        "UPDATE cases_case SET due_by_law = TRUE WHERE id = %s",
        "UPDATE cases_note SET body = 'Otra cosa.' WHERE case_id = %s",
        "DELETE FROM cases_note WHERE case_id = %s",
    ],
)
def test_what_is_changed_behind_our_back_is_named(change: str) -> None:
    case, ines = an_errand(), a_colleague("Inés", unit="Mesa")
    given(case, ines, ines)
    desk.set_due(cases={case.pk: None}, on=TODAY, by=ines, at=NOON)
    noted(case, ines)
    assert list(queries.verify()) == []
    sql(change, case.pk)
    [fault] = queries.verify()
    assert fault.place.startswith(case.desk_stream)
