"""The day of a workshop: eight steps, tables that write and read each other, the handover."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minga.kernel.cases.models import Case
from minga.kernel.identity.models import Person
from minga.services.cocreation.actions import day as actions
from minga.services.cocreation.models import Proposal, Sketch, Table, Workshop
from minga.services.cocreation.rules.workshops import NotPossible, Phase, Problem

from .build import NOON, a_cycle, a_workshop, decided
from .test_moderation import judged, reported

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "Luz en la parada",
    "problem": "De noche la gente espera el bus a oscuras.",
    "solution": "Poner una lámpara con panel en cada parada.",
    "milestones": "Contar las paradas.",
    "actors": "La empresa eléctrica.",
    "sector": "civil_society",
}


def a_table(workshop: Workshop, goal: int = 11) -> Table:
    made = actions.lay_table(workshop=workshop, key=uuid4(), goal=goal, at=NOON)
    return Table.objects.get(pk=made.pk)


def written(table: Table, **changed: str) -> Sketch:
    told = {"table": table, "key": uuid4(), "rev": None, "at": NOON}
    return actions.write(words={**WORDS, **changed}, **told)  # type: ignore[arg-type]


def done(workshop: Workshop, *phases: Phase) -> None:
    for phase in phases:
        actions.do(workshop=workshop, phase=phase, note="Hecho.", by="house", at=NOON)


def test_steps_are_done_in_order_and_once() -> None:
    workshop = a_workshop()
    with pytest.raises(NotPossible, match=Problem.OUT_OF_ORDER):
        done(workshop, Phase.METHOD)
    done(workshop, Phase.AWARENESS, Phase.AWARENESS, Phase.COMMITMENT)
    assert [phase.key for phase in workshop.phases.order_by("pk")] == ["awareness", "commitment"]


def test_each_table_is_read_by_another_whose_remarks_are_kept_with_what_it_said_before() -> None:
    workshop = a_workshop()
    tables = [a_table(workshop) for _ in range(3)]
    for table in tables:
        table.refresh_from_db()
    assert [table.reader for table in tables] == [tables[1], tables[2], tables[0]]
    sketch, told = written(tables[0]), {"key": uuid4(), "text": "¿Quién las cuida?", "at": NOON}
    for wrong in (tables[0], tables[2]):
        with pytest.raises(NotPossible, match=Problem.OWN_TABLE):
            actions.remark(sketch=sketch, table=wrong, **told)  # type: ignore[arg-type]
    for _ in range(2):
        actions.remark(sketch=sketch, table=tables[1], **told)  # type: ignore[arg-type]
    better = {**WORDS, "solution": "Poner una lámpara y un equipo que la cuide."}
    same = {"table": tables[0], "key": sketch.key, "at": NOON}
    for _ in range(2):  # the line was bad: sent again, it is saved once
        actions.write(words=better, rev=1, **same)  # type: ignore[arg-type]
    with pytest.raises(NotPossible, match=Problem.OUTDATED):
        actions.write(words=WORDS, rev=1, **same)  # type: ignore[arg-type]
    sketch.refresh_from_db()
    assert sketch.before == WORDS
    assert (sketch.solution, sketch.rev) == (better["solution"], 2)
    assert [remark.text for remark in sketch.remarks.all()] == ["¿Quién las cuida?"]


def test_what_is_handed_over_has_the_rights_of_any_other_proposal() -> None:
    workshop = a_workshop()
    first, second = a_table(workshop, 11), a_table(workshop, 4)
    sketch, other = written(first), written(second, title="Becas a la vista")
    *before, last = Phase
    done(workshop, *before)
    actions.remark(sketch=sketch, table=second, key=uuid4(), text="Muy bien.", at=NOON)
    with pytest.raises(NotPossible, match=Problem.NOT_READ):
        done(workshop, last)
    assert not Case.objects.exists(), "all of them or none"
    actions.remark(sketch=other, table=first, key=uuid4(), text="Bien.", at=NOON)
    done(workshop, last, last)
    assert {p.title: p.goal for p in Proposal.objects.all()} == {
        "Luz en la parada": 11,
        "Becas a la vista": 4,
    }
    proposal = Proposal.objects.select_related("cycle", "case").get(title="Luz en la parada")
    assert (proposal.channel, proposal.case.holder) == ("workshop", proposal.cycle.convener)
    assert "Hitos clave: Contar las paradas." in proposal.solution
    with pytest.raises(NotPossible, match=Problem.GIVEN):
        actions.write(
            table=first, key=sketch.key, words={**WORDS, "title": "Otra cosa"}, rev=1, at=NOON
        )
    assert decided(proposal, "accept").number == 1


@pytest.mark.slow
def test_from_the_first_step_to_a_code_for_each_table(client: Client) -> None:
    a_cycle()
    workshop = a_workshop(on=timezone.localdate())
    client.force_login(Person.objects.get(email="ines@prueba.minga"))
    day = reverse("cocreation:day", args=[workshop.pk])
    for goal in ("11", "4"):
        assert client.post(day, {"key": uuid4(), "goal": goal}).status_code == 302
    places = [reverse("cocreation:table", args=[table.key]) for table in Table.objects.all()]
    anybody = Client()
    wrong = anybody.post(places[0], {**WORDS, "key": uuid4(), "problem": ""})
    assert "Luz en la parada" in wrong.content.decode(), "nothing typed is lost"
    for place in places:
        assert anybody.post(place, {**WORDS, "key": uuid4()}).status_code == 302
    assert "Falta leerla" in anybody.get(places[0]).content.decode()
    for table in Table.objects.all():
        [theirs] = Sketch.objects.filter(table__reader=table)
        page = reverse("cocreation:sketch", args=[table.key, theirs.pk])
        assert anybody.post(page, {"key": uuid4(), "text": "Está muy clara."}).status_code == 302
    for phase in Phase:
        place = reverse("cocreation:phase", args=[workshop.pk, phase])
        assert client.post(place, {"note": "Se hizo."}).status_code == 302, phase
    slips = client.get(reverse("cocreation:slips", args=[workshop.pk])).content.decode()
    assert all(case.code in slips for case in Case.objects.all())
    assert Case.objects.count() == 2
    assert "En el repositorio, con el código" in anybody.get(places[0]).content.decode()
    assert "Se hizo." in anybody.get(f"/propuestas/talleres/{workshop.pk}/").content.decode()


@pytest.mark.slow
def test_another_table_gets_no_code_and_a_late_change_loses_no_word() -> None:
    workshop = a_workshop()
    first, second = a_table(workshop, 11), a_table(workshop, 4)
    sketch, anybody = written(first), Client()
    own = reverse("cocreation:sketch", args=[first.key, sketch.pk])
    typed, mine = {**WORDS, "key": sketch.key, "rev": 1}, "Lo que yo escribí aquí, entero."
    assert anybody.post(own, typed | {"problem": "Cada noche falta luz."}).status_code == 302
    late = anybody.post(own, typed | {"problem": mine}).content.decode()
    assert mine in late
    assert "Cada noche falta luz." in late
    assert 'name="rev" value="2"' in late
    assert anybody.post(own, typed | {"problem": mine, "rev": 2}).status_code == 302
    actions.remark(sketch=sketch, table=second, key=uuid4(), text="Muy bien.", at=NOON)
    for phase in Phase:
        actions.do(workshop=workshop, phase=phase, note="", by="house", at=NOON)
    code = Case.objects.get().code
    assert code in anybody.get(own).content.decode()
    theirs = reverse("cocreation:sketch", args=[second.key, sketch.pk])
    assert code not in anybody.get(theirs).content.decode()
    judged(
        reported(decided(Proposal.objects.select_related("case__holder").get(), "accept")),
        "offence",
    )
    assert anybody.get(theirs).status_code == 404
