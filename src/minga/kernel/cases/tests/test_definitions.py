import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from django.db import DatabaseError

from minga.kernel.cases import actions, queries
from minga.kernel.cases.declaration import Move, Phase, Refused, Stage, case_types
from minga.kernel.cases.models import Case, Definition
from minga.kernel.cases.tests.build import (
    INES,
    NOON,
    a_draft,
    an_errand,
    errand,
    finish,
    frozen,
    send,
    sql,
    step,
)
from minga.kernel.jurisdiction.declaration import Legal, written
from minga.kernel.trust import queries as trust

Together = Callable[[Callable[[], object]], list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    days: Legal[int]


def terms(days: int) -> Terms:
    return Terms(days=Legal(days, source="valor de prueba", on=date(2026, 1, 1)))


def numbers() -> list[int]:
    found = Definition.objects.filter(key=errand.key).order_by("number")
    return list(found.values_list("number", flat=True))


@pytest.mark.django_db
def test_a_declaration_is_written_down_once_and_each_change_again() -> None:
    frozen()
    frozen()
    assert numbers() == [1]
    frozen(replace(errand, moves={}))
    frozen()  # as it was before: a third version, not the first again
    frozen(terms={"days": 1})
    assert numbers() == [1, 2, 3, 4]
    stream = f"definition:{errand.key}"
    assert [entry.facts["number"] for entry in trust.entries(stream)] == [1, 2, 3, 4]


@pytest.mark.django_db
def test_other_words_are_no_other_definition() -> None:
    frozen()
    stages = {key: replace(stage, label="Otro") for key, stage in errand.states.items()}
    frozen(replace(errand, name="Mandado", opened="Vino", states=stages))
    worded = {"late": "Tarde", "empty": "Vacío"}
    refuse = replace(errand.moves["received"]["refuse"], label="No", done="No", reasons=worded)
    frozen(replace(errand, moves={**errand.moves, "asked": errand.moves["asked"]}))
    frozen(
        replace(
            errand,
            moves={**errand.moves, "received": {**errand.moves["received"], "refuse": refuse}},
        )
    )
    assert numbers() == [1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        replace(errand, first="asked"),
        replace(errand, moves={}),
        replace(errand, states={**errand.states, "new": Stage(label="N", phase=Phase.CLOSED)}),
        replace(
            errand,
            states={
                **errand.states,
                "done": Stage(label="Hecho", phase=Phase.ANSWERED, public=True),
            },
        ),
        replace(errand, states={**errand.states, "done": Stage(label="Hecho", phase=Phase.CLOSED)}),
        replace(errand, moves={"received": {"finish": replace(finish, message=True)}}),
        replace(errand, moves={"received": {"finish": replace(finish, reasons={"x": "X"})}}),
        replace(errand, moves={"received": {"finish": replace(finish, by="applicant")}}),
    ],
)
def test_another_procedure_is_another_definition(changed: object) -> None:
    assert isinstance(changed, type(errand))
    assert changed.snapshot(None) != errand.snapshot(None)


@pytest.mark.django_db
def test_a_case_keeps_the_definition_it_was_opened_under() -> None:
    old = an_errand()
    frozen(replace(errand, moves={}))
    new = send(a_draft())
    assert (old.definition.number, new.definition.number) == (1, 2)
    with pytest.raises(Refused):
        step(new, "finish")
    assert queries.moves_for(new, INES.role) == {}
    assert step(old, "finish").state == "done"
    assert list(queries.verify()) == []


@pytest.mark.django_db
def test_a_step_that_old_cases_know_and_todays_words_do_not_has_no_button(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = an_errand()
    shorter = replace(errand, moves={"received": {"finish": finish}})
    monkeypatch.setitem(case_types._items, errand.key, shorter)
    assert list(queries.moves_for(case, INES.role)) == ["finish"]


@pytest.mark.django_db
def test_a_case_keeps_the_terms_it_was_opened_under() -> None:
    frozen(terms=written(terms(10)))
    old = send(a_draft())
    frozen(terms=written(terms(20)))
    new = send(a_draft())
    assert queries.terms_of(old, Terms) == terms(10)
    assert queries.terms_of(new, Terms) == terms(20)


@pytest.mark.django_db
def test_a_case_stands_where_its_own_definition_says_whatever_is_declared_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is public from now on was not public before, and nobody changed it."""
    case = an_errand()
    open_to_all = Stage(label="Recibido", phase=Phase.IN_PROGRESS, public=True)
    changed = replace(errand, states={**errand.states, "received": open_to_all})
    monkeypatch.setitem(case_types._items, errand.key, changed)
    frozen(changed)
    assert list(queries.verify()) == []
    new = send(a_draft())
    assert (new.public, new.phase) == (True, Phase.IN_PROGRESS)
    case.refresh_from_db()
    assert (case.public, case.phase) == (False, Phase.RECEIVED)
    assert list(queries.verify()) == []


@pytest.mark.django_db
def test_a_country_that_does_not_offer_opens_no_case() -> None:
    frozen(terms={"not_offered": "no se ofrece"})
    with pytest.raises(Refused, match="no se ofrece"):
        send(a_draft())
    assert not Case.objects.filter(type=errand.key).exists()


@pytest.mark.django_db
def test_a_type_that_was_never_frozen_opens_no_case() -> None:
    with pytest.raises(Refused, match="migrate first"):
        send(a_draft())


@pytest.mark.django_db
def test_a_state_no_program_knows_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    case = an_errand()
    states = {key: stage for key, stage in errand.states.items() if key != "received"}
    monkeypatch.setitem(case_types._items, errand.key, replace(errand, states=states))
    assert [fault.place for fault in queries.verify()] == [case.stream]
    monkeypatch.delitem(case_types._items, errand.key)
    assert case.stream in [fault.place for fault in queries.verify()]


@pytest.mark.django_db
def test_what_was_frozen_cannot_be_changed() -> None:
    frozen()
    with pytest.raises(DatabaseError, match="append-only"):
        sql("UPDATE cases_definition SET snapshot = '{}'")
    with pytest.raises(DatabaseError, match="append-only"):
        sql("DELETE FROM cases_definition")


@pytest.mark.django_db
def test_a_definition_that_was_never_the_one_frozen_is_named() -> None:
    frozen()
    Definition.objects.create(key="test.other", number=1, hash="x", snapshot=json.dumps({}))
    assert [fault.place for fault in queries.verify()] == ["test.other 1"]


@pytest.mark.usefixtures("own_database")
def test_houses_that_open_at_the_same_moment_freeze_once(together: Together) -> None:
    made = together(lambda: actions.freeze(case_type=errand, terms=None, at=NOON))
    assert {getattr(definition, "number", definition) for definition in made} == {1}
    assert numbers() == [1]
    assert trust.entries(f"definition:{errand.key}").count() == 1


def test_a_step_is_declared_with_the_words_it_needs() -> None:
    with pytest.raises(TypeError, match="done"):
        Move(to="done", by="institution", label="Hacer")  # type: ignore[call-arg]
