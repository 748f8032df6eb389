"""A cycle is evaluated: who is asked, what they may do, and when it is seen."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from minga.kernel.identity.models import Person, Seat
from minga.kernel.mailbox.models import Notice
from minga.kernel.rubrics import actions as rubrics
from minga.kernel.rubrics import queries as rounds
from minga.kernel.rubrics.models import Assessment, Subject
from minga.kernel.rubrics.rules import State, Unfinished
from minga.kernel.trust.models import Entry
from minga.services.cocreation.actions import evaluation, stages
from minga.services.cocreation.datasets.evaluation import scores
from minga.services.cocreation.models import Cycle, Integrated, Score
from minga.services.cocreation.queries import evaluation as queries
from minga.services.cocreation.rules.breaches import Breach, Rule
from tests.databases import forgotten

from .build import NOON, a_whole_cycle, speaks
from .build_evaluation import (
    a_round,
    agreed,
    all_handed_in,
    an_integrated,
    assessor,
    handed_in,
    published,
    the_round,
    waiting,
)

pytestmark = pytest.mark.django_db


def entered(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def place(cycle: Cycle, name: str, *number: int) -> str:
    return reverse(f"cocreation:{name}", args=[cycle.key, *number])


def form_of(one: Assessment, score: int, **more: object) -> dict[str, object]:
    keys = {"feasibility": ("resources", "willingness"), "relevance": ("impact", "alignment")}
    said = {f"score_{key}": score for key in keys[one.criterion]}
    return {**said, "rev": one.rev, "comment": "", "free": "on", **more}


@pytest.mark.slow
def test_from_the_list_to_the_published_scores() -> None:
    """Told through the pages: the commission opens and asks, four people score apart, two
    sectors agree twice, and only then everybody reads what it came to and how."""
    cycle = a_whole_cycle("evaluacion")
    an_integrated(cycle)
    carla, ines = entered(speaks("carla")), entered(speaks("ines"))
    run = place(cycle, "commission")
    assert "1 propuesta integrada" in carla.get(run).content.decode()
    for do in ("abrir", "pedir"):
        assert carla.post(run, {"do": do}).headers["Location"] == f"{run}?hecho={do}"
    public = place(cycle, "evaluation")
    for number, one in enumerate(waiting(cycle)):
        mine = entered(one.assessor)
        assert one.assessor.notices.count() == 1
        listed = mine.get(place(cycle, "my_scores")).content.decode()
        form = place(cycle, "my_score", 1)
        assert form in listed
        page = mine.get(form).content.decode()
        assert "Quiénes participarían" in page
        assert mine.post(form, form_of(one, number, draft="1")).status_code == 302
        assert "Se guardó tu borrador" in mine.get(f"{form}?hecho=borrador").content.decode()
        sent = mine.post(form, form_of(one, number, rev=2))
        assert sent.headers["Location"] == f"{form}?hecho=entregada"
        assert "Ya no se cambia" in mine.get(sent.headers["Location"]).content.decode()
        assert "Está en curso" in Client().get(public).content.decode()
    for do in ("consolidar", "publicar"):
        if do == "publicar":  # 2 and 3 in relevance differ by 2/3 of a level: no third
            assert not rounds.disputed(the_round(cycle))
        assert carla.post(run, {"do": do}).headers["Location"] == f"{run}?hecho=conformidad"
        assert ines.post(run, {"do": do}).headers["Location"] == f"{run}?hecho={do}"
    score = Score.objects.get()
    # Time 0, complexity 3, reiterations 0: (3/4 + 5/4) / 2 and (4/3 + 6/3) / 2
    assert score.criteria == {"feasibility": "1", "relevance": "5/3"}
    assert score.total == Decimal("1.33333")
    page = Client().get(public).content.decode()
    assert "1,33" in page
    assert "1,67" in page
    how = Client().get(place(cycle, "evaluation_of", 1)).content.decode()
    assert "24 meses" in how
    assert "justo en el límite" in how
    assert "Grupo Núcleo: promedio" in how
    for name in ("Carla", "Elena", "Bruno", "Diego", "Felix", "Félix"):
        assert name not in how
    rows = list(scores.rows())
    assert len(rows) == 1 + 2 + 3 + 2 * 4
    assert [*rounds.verify(), *queries.verify()] == []


def test_feasibility_is_of_the_parties_and_relevance_of_strangers_to_it() -> None:
    cycle = a_round(3)
    for one in Assessment.objects.select_related("organisation", "assessor"):
        bodies = set(
            Seat.objects.filter(delegates__person=one.assessor).values_list("body", flat=True)
        )
        match one.rater:
            case "responsible":
                assert one.organisation.key == "villa-minga-participacion"
            case "counterpart":
                assert one.organisation.key == "puente-claro"
            case "working_group":
                assert cycle.working_group_id in bodies
            case "core_group":
                assert cycle.forum_id in bodies
                assert one.organisation.key not in ("villa-minga-participacion", "puente-claro")
    assert rounds.empty(the_round(cycle)) == []
    told = Notice.objects.values_list("person", flat=True)
    assert len(told) == len(set(told)), "each is told once, however much they were given"


def test_what_lacks_something_is_named_and_nothing_begins() -> None:
    cycle = a_whole_cycle("evaluacion")
    one = an_integrated(cycle, starts_on=None, ends_on=None)
    one.parties.filter(role="counterpart").delete()
    page = entered(speaks("carla")).get(place(cycle, "commission")).content.decode()
    assert "desde cuándo y hasta cuándo duraría, la contraparte" in page
    with pytest.raises(evaluation.Unready):
        evaluation.open_round(cycle=cycle, person=speaks("carla"), at=NOON)


def test_what_was_computed_stays_as_it_was_when_it_began() -> None:
    cycle = a_round()
    Integrated.objects.update(ends_on=None)
    evaluation.open_round(cycle=cycle, person=speaks("ines"), at=NOON)
    subject = Subject.objects.get()
    assert subject.facts == {"time": "24", "complexity": "2", "reiterations": "1"}
    assert subject.computed == {"time": 0, "complexity": 3, "reiterations": 0}


def refused(client: Client, address: str, **sent: object) -> str:
    """Which rule of the method was recorded that they ran against."""
    before = Entry.objects.filter(kind="refused").count()
    answer = client.post(address, sent) if sent else client.get(address)
    assert answer.status_code == 403
    kept = Entry.objects.filter(kind="refused").order_by("pk")
    assert kept.count() == before + 1
    last = kept.last()
    assert last
    return str(last.facts["rule"])


@pytest.mark.slow
def test_what_runs_against_the_rules_is_refused_and_recorded() -> None:
    cycle = a_round()
    one, *others = waiting(cycle)
    mine, form = entered(one.assessor), place(cycle, "my_score", 1)
    idle = next(
        person
        for person in Person.objects.filter(delegations__seat__body=cycle.working_group_id)
        if not Assessment.objects.filter(assessor=person).exists()
    )
    # Another's score, before it is published.
    assert refused(mine, place(cycle, "evaluation_of", 1)) == Rule.BLIND
    assert refused(entered(idle), form) == Rule.BLIND
    assert Client().get(place(cycle, "evaluation_of", 1)).status_code == 404
    # The commission's page, by who is not in it.
    assert refused(entered(idle), place(cycle, "commission"), do="publicar") == Rule.NOT_A_MEMBER
    # After it was handed in.
    mine.post(form, form_of(one, 1))
    assert refused(mine, form, **form_of(one, 3)) == Rule.LOCKED
    assert refused(mine, form, **form_of(one, 3, draft="1")) == Rule.LOCKED
    assert refused(mine, place(cycle, "my_conflict", 1)) == Rule.LOCKED
    assert mine.post(form, form_of(one, 1)).status_code == 302, "twice the same is once"
    # A proposal of their own.
    second = entered(others[0].assessor)
    join = Integrated.objects.get().joins.get()
    type(join.proposal.case).objects.update(applicant=others[0].assessor)
    assert refused(second, form, **form_of(others[0], 3)) == Rule.OWN_PROPOSAL
    # Out of its stage.
    stages.advance(cycle=cycle, to="seleccion", by="house", at=NOON)
    third = entered(others[1].assessor)
    assert refused(third, form, **form_of(others[1], 3)) == Rule.STAGE
    assert Assessment.objects.exclude(locked_at=None).count() == 1


def test_a_conflict_is_declared_and_another_is_asked() -> None:
    cycle = a_round()
    first = assessor(cycle, "working_group")
    mine = entered(first)
    mine.post(place(cycle, "my_score", 1), {"rev": 1, "draft": "1", "score_impact": 3})
    sent = mine.post(place(cycle, "my_conflict", 1), {"conflict": "Trabajo ahí los martes."})
    assert sent.status_code == 302
    gone = Assessment.objects.get(assessor=first)
    assert (gone.declared, gone.values, gone.comment) == ("conflict", {}, "")
    assert assessor(cycle, "working_group") != first
    assert refused(mine, place(cycle, "my_score", 1)) == Rule.CONFLICT_OF_INTEREST
    assert "La evalúa otra persona" in mine.get(place(cycle, "my_scores")).content.decode()
    facts = [entry.body for entry in Entry.objects.filter(stream__startswith="round:")]
    assert not [body for body in facts if "martes" in body]
    rubrics.forget_person(person=first)
    gone.refresh_from_db()
    assert gone.conflict == ""


def test_without_a_conflict_declared_or_a_score_it_is_not_handed_in() -> None:
    cycle = a_round()
    one = waiting(cycle)[0]
    mine, form = entered(one.assessor), place(cycle, "my_score", 1)
    half = {"rev": 1, "comment": "Lo que escribí.", "score_resources": "2"}
    page = mine.post(form, half).content.decode()
    assert "Para entregar, declara" in page
    assert "Elige un puntaje para «Predisposición»" in page
    assert "Lo que escribí." in page
    mine.post(form, {**half, "draft": "1"})
    again = mine.post(form, form_of(one, 3, comment="Desde otra ventana.")).content.decode()
    assert "en otra ventana" in again
    assert "Desde otra ventana." in again
    assert Assessment.objects.get(pk=one.pk).values == {"resources": 2}
    assert mine.post(form, form_of(one, 3, rev=2)).status_code == 302


@pytest.mark.slow
def test_where_two_differ_a_third_is_asked_for_once_both_are_in() -> None:
    cycle = a_round()
    for one in waiting(cycle):
        handed_in(cycle, one, 3 if one.rater == "working_group" else 0)
    assert rounds.disputed(the_round(cycle)) == [], "nobody is told before it is consolidated"
    agreed(cycle, State.CONSOLIDATED)
    assert [key for _subject, key in rounds.disputed(the_round(cycle))] == ["relevance"]
    with pytest.raises(Unfinished):
        agreed(cycle, State.PUBLISHED)
    assert evaluation.assign(cycle=cycle, person=speaks("carla"), at=NOON) == 0
    [third] = waiting(cycle)
    assert third.third
    before = Assessment.objects.filter(subject=third.subject, criterion="relevance")
    assert before.values("assessor").distinct().count() == 3
    handed_in(cycle, third, 2)
    assert agreed(cycle, State.PUBLISHED)
    # 2, 0 and 4/3 with the computed 0: the one in the middle.
    assert Score.objects.get().criteria["relevance"] == "4/3"
    how = Client().get(place(cycle, "evaluation_of", 1)).content.decode()
    assert "cuenta la del medio de las tres" in how
    assert [*rounds.verify(), *queries.verify()] == []


def test_one_sector_alone_neither_consolidates_nor_publishes() -> None:
    cycle = a_round()
    with pytest.raises(Unfinished):
        agreed(cycle, State.CONSOLIDATED, "carla")
    all_handed_in(cycle)
    with pytest.raises(Breach) as breach:
        agreed(cycle, State.PUBLISHED, "carla")
    assert breach.value.rule == Rule.STAGE
    assert not agreed(cycle, State.CONSOLIDATED, "carla", "carla")
    assert the_round(cycle).state == State.OPEN
    assert agreed(cycle, State.CONSOLIDATED, "ines")
    assert not agreed(cycle, State.PUBLISHED, "ines")
    assert Score.objects.count() == 0
    assert agreed(cycle, State.PUBLISHED, "diego")


def test_who_does_not_answer_is_replaced() -> None:
    cycle = a_round()
    one = next(one for one in waiting(cycle) if one.rater == "core_group")
    sent = {"criterion": one.criterion, "rater": one.rater, "third": "False"}
    address = place(cycle, "commission_of", 1)
    done = entered(speaks("carla")).post(address, {**sent, "who": one.assessor_id})
    assert done.headers["Location"].startswith(f"{address}?hecho=")
    assert Assessment.objects.get(pk=one.pk).recused_at
    again = entered(speaks("carla")).post(address, {**sent, "who": one.assessor_id})
    assert again.status_code == 302


def test_a_score_that_was_changed_is_named() -> None:
    cycle = a_round()
    all_handed_in(cycle)
    published(cycle)
    one, computed = Assessment.objects.filter(rater="core_group"), Subject.objects.get().computed
    changes: list[tuple[QuerySet[Any], dict[str, object]]] = [
        (one, {"values": {"impact": 3, "alignment": 3}}),
        (one, {"comment": "Otra cosa"}),
        (one, {"locked_at": None}),
        (Subject.objects.all(), {"computed": {**computed, "time": 3}}),
    ]
    for rows, change in changes:
        with forgotten():
            rows.update(**change)
            assert len(list(rounds.verify())) == 1, change
    with forgotten():
        Score.objects.update(total=3)
        assert len(list(queries.verify())) == 1
    Score.objects.all().delete()
    assert len(list(queries.verify())) == 1


def test_the_database_itself_refuses_a_second_score_of_one_person() -> None:
    a_round()
    one = Assessment.objects.all()[0]
    one.pk, one.criterion, one.rater = None, "otro", "otro"
    with pytest.raises(DatabaseError), transaction.atomic():
        one.save(force_insert=True)


@pytest.mark.slow
def test_nothing_is_in_the_open_data_before_everything_is() -> None:
    cycle = a_round(2)
    all_handed_in(cycle, 3)
    agreed(cycle, State.CONSOLIDATED)
    assert list(scores.rows()) == []
    assert agreed(cycle, State.PUBLISHED)
    totals = [row["score"] for row in scores.rows() if row["what"] == "total"]
    assert len(totals) == 2


def test_the_commission_chooses_only_whom_the_method_lets() -> None:
    cycle = a_whole_cycle("evaluacion")
    an_integrated(cycle)
    carla, told = speaks("carla"), {"criterion": "relevance", "rater": "core_group", "number": 1}
    evaluation.open_round(cycle=cycle, person=carla, at=NOON)
    for email in ("carla", "elena"):  # of a party; of the other group
        with pytest.raises(Breach):
            evaluation.ask(cycle=cycle, **told, assessor=speaks(email), person=carla, at=NOON)  # type: ignore[arg-type]
    evaluation.ask(cycle=cycle, **told, assessor=speaks("diego"), person=carla, at=NOON)  # type: ignore[arg-type]
    assert evaluation.assign(cycle=cycle, person=carla, at=NOON) == 0
    assert assessor(cycle, "core_group") == speaks("diego")
    assert Notice.objects.filter(person=speaks("diego")).count() == 1
