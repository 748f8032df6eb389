from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from minga.kernel.cases import queries, rules
from minga.kernel.cases.declaration import Actor, Conflict, Phase, Refused
from minga.kernel.cases.models import Case
from minga.kernel.cases.tests.build import (
    INES,
    NAMES,
    NOON,
    ROSA,
    a_draft,
    an_errand,
    asked,
    errand,
    frozen,
    replied,
    send,
    sql,
    step,
)
from minga.kernel.identity.tests.build import a_post, an_organisation
from minga.kernel.trust import queries as trust

pytestmark = pytest.mark.django_db


def faults() -> list[str]:
    return [fault.place for fault in (*trust.verify(), *queries.verify())]


def test_a_new_case_stands_where_its_definition_begins() -> None:
    case = an_errand()
    assert (case.state, case.phase, case.public, case.rev) == ("received", "received", False, 1)
    assert (case.opened_at, case.moved_at, case.closed_at) == (NOON, NOON, None)
    assert rules.read_code(case.code) == case.code
    assert case.code not in case.stream
    assert faults() == []


def test_a_move_changes_state_phase_and_history_together() -> None:
    later = NOON + timedelta(days=1)
    case = step(an_errand(), "finish", at=later)
    case.refresh_from_db()
    assert (case.state, case.phase, case.public, case.rev) == ("done", Phase.CLOSED, True, 2)
    assert (case.opened_at, case.moved_at, case.closed_at) == (NOON, later, later)
    opened, finished = trust.entries(case.stream)
    assert (opened.kind, opened.actor, opened.at) == ("open", ROSA.reference, NOON)
    assert (finished.kind, finished.actor, finished.at) == ("finish", INES.reference, later)
    assert finished.facts["state"] == "done"
    assert faults() == []


def test_what_was_closed_may_open_again_and_is_closed_no_more() -> None:
    case = step(step(an_errand(), "finish"), "reopen")
    case.refresh_from_db()
    assert (case.phase, case.public, case.closed_at) == (Phase.RECEIVED, False, None)
    assert trust.entries(case.stream).count() == 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_case SET phase = 'closed' WHERE id = %s",
        "UPDATE cases_case SET closed_at = opened_at WHERE id = %s",
    ],
)
def test_the_database_keeps_a_closing_date_iff_the_case_is_closed(change: str) -> None:
    case = an_errand()
    with pytest.raises(IntegrityError, match="closed_at_iff_closed"):
        sql(change, case.pk)


@pytest.mark.parametrize(
    ("move", "by", "message", "reason", "said"),
    [
        ("finish", ROSA, "", "", "role"),
        ("finish", Actor("post:9", "auditor"), "", "", "role"),
        ("reply", ROSA, "Aquí.", "", "no such step"),
        ("reopen", INES, "", "", "no such step"),
        ("dance", INES, "", "", "no such step"),
        ("ask", INES, "", "", "a message is needed"),
        ("finish", INES, "Ya está.", "", "no message belongs"),
        ("refuse", INES, "", "", "a reason of the list is needed"),
        ("refuse", INES, "", "ugly", "a reason of the list is needed"),
        ("refuse", INES, "Porque sí.", "late", "no message belongs"),
        ("finish", INES, "", "late", "no reason belongs"),
        ("ask", INES, "¿Qué?", "late", "no reason belongs"),
    ],
)
def test_a_step_the_definition_does_not_allow_so_is_refused(
    move: str, by: Actor, message: str, reason: str, said: str
) -> None:
    case = an_errand()
    with pytest.raises(Refused, match=said):
        step(case, move, by=by, message=message, reason=reason)
    case.refresh_from_db()
    assert (case.state, case.rev, case.messages.count()) == ("received", 1, 0)
    assert trust.entries(case.stream).count() == 1


def test_every_reason_of_the_list_is_taken() -> None:
    for reason in ("late", "empty"):
        case = step(an_errand(), "refuse", reason=reason)
        assert trust.entries(case.stream).last().facts["reason"] == reason  # type: ignore[union-attr]
    assert faults() == []


def test_the_history_holds_no_words() -> None:
    case = replied(asked(an_errand(title="Puente de Rosa"), "¿Quién es Rosa?"), "Yo soy Rosa.")
    bodies = "".join(entry.body for entry in trust.entries(case.stream))
    assert "Rosa" not in bodies
    assert case.code not in bodies


@pytest.mark.parametrize("rev", [0, 1, 3])
def test_who_looked_at_another_moment_is_told_what_stands_now(rev: int) -> None:
    case = step(an_errand(), "finish")
    with pytest.raises(Conflict) as conflict:
        step(case, "reopen", rev=rev)
    assert (conflict.value.code, conflict.value.state) == (case.code, "Hecho")
    case.refresh_from_db()
    assert (case.rev, trust.entries(case.stream).count()) == (2, 2)


def test_a_conflict_comes_before_a_refusal() -> None:
    """Who presses a button that is gone is told what stands now, not that it is forbidden."""
    case = step(an_errand(), "finish")
    with pytest.raises(Conflict):
        step(case, "refuse", reason="late", rev=1)


def test_a_step_committed_since_we_looked_is_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    case, steps = an_errand(), rules.steps

    def meanwhile(snapshot: str, state: str) -> dict[str, rules.Step]:
        Case.objects.filter(pk=case.pk).update(rev=2, state="asked")
        return steps(snapshot, state)

    monkeypatch.setattr(rules, "steps", meanwhile)
    with pytest.raises(Conflict) as conflict:
        step(case, "ask", message="¿Qué?")
    assert conflict.value.state == "En espera"
    assert (case.messages.count(), trust.entries(case.stream).count()) == (0, 1)


def test_a_caller_with_an_old_case_in_hand_moves_what_stands_now() -> None:
    case = an_errand()
    asked(case)
    assert case.rev == 1
    assert replied(case).rev == 3


def test_officials_see_the_cases_their_organisations_hold() -> None:
    case = an_errand()
    elsewhere = an_organisation("cotacachi", "Municipio de Cotacachi")
    assert list(queries.held_by([a_post(), a_post("Alcaldesa")])) == [case]
    assert list(queries.held_by([a_post(organisation=elsewhere)])) == []
    assert list(queries.held_by([])) == []


def test_each_role_is_offered_its_own_steps() -> None:
    case = an_errand()
    assert list(queries.moves_for(case, "institution")) == ["ask", "finish", "refuse"]
    assert queries.moves_for(case, "applicant") == {}
    case = asked(case)
    assert list(queries.moves_for(case, "applicant")) == ["reply"]
    assert queries.label(case) == "En espera"
    assert queries.moves_for(step(case, "refuse", reason="late"), "institution") == {}


def test_a_timeline_tells_what_happened_by_whom_and_what_was_said() -> None:
    case = an_errand()
    asked(case)
    replied(case)
    case = step(case, "refuse", reason="empty", at=NOON + timedelta(hours=1))
    told = [(h.label, h.by, h.note, h.current) for h in queries.timeline(case, NAMES)]
    assert told == [
        ("Llegó el encargo", "Tú", "", False),
        ("Preguntaron", "La institución", "¿Qué puente?", False),
        ("Respondió", "Tú", "El del río.", False),
        ("Se negó", "La institución", "No dice nada", True),
    ]
    assert [h.at for h in queries.timeline(case, NAMES)][2:] == [NOON, NOON + timedelta(hours=1)]
    assert {h.by for h in queries.timeline(case, {})} == {""}


def test_a_timeline_is_two_statements_at_any_length(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case = an_errand()
    for length in (1, 5):
        with django_assert_num_queries(2):
            assert len(queries.timeline(case, NAMES)) == length
        for _ in range(2):
            case = replied(asked(case))


def test_sending_and_moving_cost_a_bounded_number_of_statements(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    frozen()
    draft, holder = a_draft(), an_organisation()
    assert holder
    with django_assert_max_num_queries(12):
        case = send(draft)
    with django_assert_max_num_queries(12), transaction.atomic():
        asked(case)


def test_the_type_of_a_case_is_the_one_that_is_declared() -> None:
    assert queries.type_of(an_errand()) is errand
