"""What became of each proposal: on its page, in the report, and told to whoever sent it."""

import io
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from minga.kernel.cases.models import Case, Contact
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.catalogue import queries as records
from minga.kernel.mailbox.models import Letter, Notice
from minga.kernel.plans.models import Edition, Milestone, Node, Plan
from minga.kernel.trust import queries as trust
from minga.services.cocreation import rules
from minga.services.cocreation.actions import integration as actions
from minga.services.cocreation.actions import report, stages
from minga.services.cocreation.forms.following import OUTCOMES
from minga.services.cocreation.models import (
    Cycle,
    Integrated,
    Join,
    Placement,
    Proposal,
    Score,
    Told,
)
from minga.services.cocreation.queries import following
from minga.services.cocreation.queries import report as reported
from minga.services.cocreation.rules.following import CATEGORIES, TAKEN_IN, Outcome
from minga.services.cocreation.rules.integration import INTEGRATED

from .build import NOON, a_proposal, a_whole_cycle, decided, related, speaks

pytestmark = pytest.mark.django_db
WHY = "Las dos piden lo mismo con otras palabras."
DAYS = [NOON + timedelta(days=n) for n in range(9)]


@pytest.fixture
def cycle() -> Cycle:
    return a_whole_cycle("integracion")


def grouped(cycle: Cycle, *proposals: Proposal, title: str = "Cuentas a la vista") -> Integrated:
    told: dict[str, Any] = {"person": speaks("elena"), "at": DAYS[1], "reason": WHY}
    return actions.begin(cycle=cycle, title=title, proposals=proposals, **told)


def scored(group: Integrated) -> None:
    told = {"total": "2.25", "criteria": {}, "indicators": {}}
    Score.objects.create(integrated=group, published_at=DAYS[2], **told)


def placed(group: Integrated, category: int, **more: Any) -> None:
    told = {"category": category, "by_score": category, "placed_at": DAYS[3], "decision": "house"}
    Placement.objects.create(integrated=group, **told | more)


def promised(group: Integrated) -> None:
    """What the plan's side does: a commitment with a milestone, and the link to its page."""
    plan = Plan.objects.create(key="plan-inventado", kind="p", title="P", short_title="P")
    edition = Edition.objects.create(plan=plan, number=1, title="1", source="prueba")
    told = {"position": 1, "kind": "commitment", "code": "c1", "title": "Cuentas abiertas"}
    node = Node.objects.create(edition=edition, source="prueba", **told)
    days = {"starts_on": DAYS[0].date(), "ends_on": DAYS[8].date()}
    Milestone.objects.create(node=node, number=1, title="La primera hoja", source="prueba", **days)
    Integrated.objects.filter(pk=group.pk).update(node=node)
    record = catalogue.publish(
        type="prueba.commitment",
        reference=str(node.pk),
        title=node.title,
        text="",
        address="/planes/plan-inventado/c1/",
        demo=True,
        at=DAYS[5],
    )
    catalogue.link(
        from_record=records.record(type=INTEGRATED, reference=str(group.pk)),  # type: ignore[arg-type]
        to_record=record,
        kind="became",
        reason="Se confirmó.",
        by="house",
        at=DAYS[5],
    )


def page(proposal: Proposal) -> str:
    where = reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number])
    return Client().get(where).content.decode()


def test_an_idea_is_followed_to_its_milestone_and_back(cycle: Cycle) -> None:
    one = related()
    group = grouped(cycle, one)
    scored(group)
    placed(group, 1)
    promised(group)
    body = page(one)
    said = [
        *(
            "Se recibió por la web",
            "La propuesta fue aceptada",
            "El grupo de trabajo decidió",
            "Se juntó en",
            WHY,
        ),
        *("2,25 de 3", "Quedó en la categoría 1", "Es el compromiso «Cuentas abiertas»"),
        "Hito 1: La primera hoja",
    ]
    body = body[body.index("Qué pasó con ella") :]
    places = [body.index(words) for words in said]
    assert places == sorted(places)
    assert 'href="/planes/plan-inventado/c1/"' in body
    assert "Red de Jóvenes" in body  # the organisation that joined it, and no person
    assert "Elena" not in body
    whole = Client().get(reverse("cocreation:integrated", args=[cycle.key, group.number]))
    assert f"/propuestas/{cycle.key}/{one.number}/" in whole.content.decode()
    node = Integrated.objects.get(pk=group.pk).node_id
    origins = records.trace(type="prueba.commitment", reference=str(node)).origins
    assert [link.from_record.title for link in origins] == [group.title]


def test_what_is_asked_and_answered_stays_between_them(cycle: Cycle) -> None:
    asked = decided(a_proposal(), "ask", message="¿Cuál es tu nombre?")
    body = page(decided(asked, "accept"))
    assert "La propuesta fue aceptada" in body
    assert "tu nombre" not in body


def cloned(of: Proposal, many: int) -> list[Proposal]:
    """As many more as the one, in bulk: only their keys and numbers differ."""
    rows: dict[str, Any] = dict(Case.objects.filter(pk=of.pk).values().get())
    for name in ("id", "turn", "due_sort"):
        del rows[name]
    cases = [Case(**rows | {"code": f"X{n:09d}"}) for n in range(many)]
    made = Case.objects.bulk_create(cases)
    told: dict[str, Any] = dict(Proposal.objects.filter(pk=of.pk).values().get())
    del told["case_id"]
    first = Proposal.objects.filter(cycle=of.cycle).count() + 1
    return Proposal.objects.bulk_create(
        Proposal(**told | {"case": case, "number": first + n}) for n, case in enumerate(made)
    )


def in_bulk(cycle: Cycle, title: str, proposals: list[Proposal]) -> Integrated:
    group = grouped(cycle, title=title)
    told = {"joined_at": DAYS[1], "joined_by": "seat:1", "reason": WHY}
    Join.objects.bulk_create(Join(integrated=group, proposal=p, **told) for p in proposals)
    return group


@pytest.mark.slow
def test_of_hundreds_each_became_one_thing_and_the_figures_add_up(
    cycle: Cycle, client: Client
) -> None:
    every = cloned(related(), 320)
    decided(a_proposal(title="No va"), "set_aside", reason=rules.Reason.PERSONAL_CASE)
    a_proposal(title="Todavía no se mira")
    groups = [in_bulk(cycle, f"Grupo {n}", every[n * 30 : n * 30 + 30]) for n in range(8)]
    for group in groups[1:]:
        scored(group)
    for n, group in enumerate(groups[2:6], start=1):
        placed(group, n)
    placed(groups[6], 1)
    promised(groups[6])
    funnel = following.funnel(cycle)
    found = funnel.by_outcome
    each = [row.outcome for row in following.with_outcome(Proposal.objects.all())]
    assert Counter(each) == found
    assert sum(found.values()) == Proposal.objects.count() == 323
    expected = {
        Outcome.IN_REVIEW: 1,
        Outcome.SET_ASIDE: 1,
        Outcome.RELATED: 81,
        Outcome.INTEGRATED: 30,
        Outcome.SCORED: 60,
        Outcome.COMMITMENT: 30,
    }
    assert found == Counter(dict.fromkeys(CATEGORIES.values(), 30) | expected)
    assert (funnel.received, funnel.accepted, funnel.related) == (323, 321, 321)
    assert (funnel.integrated, funnel.scored, funnel.commitments) == (8, 7, 1)
    assert funnel.by_category == {1: 2, 2: 1, 3: 1, 4: 1}
    addresses: dict[str, list[Any]] = {
        "cocreation:proposal": [cycle.key, every[185].number],
        "cocreation:report": [cycle.key],
        "cocreation:integrated": [cycle.key, groups[6].number],
        "cocreation:integrated_list": [cycle.key],
        "cocreation:proposals": [],
        "cocreation:outcomes_csv": [],
    }
    for address, args in addresses.items():
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse(address, args=args), {"x": uuid4().hex}).getvalue()
        most = 14 if address == "cocreation:proposal" else 12  # with its screening and its talk
        assert len(counted) <= most, (address, len(counted))


def test_somebody_finds_theirs_by_number_word_result_or_code(cycle: Cycle, client: Client) -> None:
    one, other = related(title="Bancas con sombra"), related(title="Análisis del agua")
    grouped(cycle, one)
    where = reverse("cocreation:proposals")
    for query in ({"busca": str(one.number)}, {"busca": "banca"}, {"resultado": "integrated"}):
        body = client.get(where, query).content.decode()
        assert "Bancas con sombra" in body, query
        assert other.title not in body, query
    code = client.get(where, {"busca": one.case.code.lower()})
    assert code.headers["Location"] == reverse("cocreation:followed", args=[one.case.code])


def in_the_end(cycle: Cycle) -> None:
    for stage in ("evaluacion", "seleccion", "confirmacion", "rendicion"):
        stages.advance(cycle=cycle, to=stage, by="house", at=DAYS[6])


def now() -> datetime:
    return DAYS[7]


def told(most: int = 100) -> int:
    return report.tell(now=now, words=OUTCOMES.__getitem__, most=most)


def test_everyone_is_told_once_what_became_of_theirs_when_it_is_due(cycle: Cycle) -> None:
    carla = speaks("carla")
    one = related(title="Con correo", email="rosa@prueba.minga")
    decided(
        a_proposal(title="Con cuenta", person=carla), "set_aside", reason=rules.Reason.PERSONAL_CASE
    )
    related(title="Sin nada")
    grouped(cycle, one)
    Letter.objects.all().delete()
    assert told() == 0
    in_the_end(cycle)
    assert [told(most=1), told(most=1), told(), told()] == [1, 1, 0, 0]
    letter = Letter.objects.get(to="rosa@prueba.minga")
    assert "Integrada con otras" in letter.body
    assert reverse("cocreation:proposal", args=[cycle.key, one.number]) in letter.body
    notice = Notice.objects.get(person=carla, title="Qué pasó con tu propuesta")
    assert "No aceptada" in notice.body
    assert Told.objects.count() == 2


def test_whoever_got_enough_letters_for_a_day_is_told_on_another(cycle: Cycle) -> None:
    first = related(title="La primera", email="rosa@prueba.minga")
    for proposal in cloned(first, 25):
        Contact(case=proposal.case, email="rosa@prueba.minga").save(force_insert=True)
    Letter.objects.all().delete()
    in_the_end(cycle)
    assert [told(), told()] == [20, 0]
    later = report.tell(now=lambda: DAYS[8] + timedelta(hours=1), words=OUTCOMES.__getitem__)
    assert (later, Told.objects.count()) == (6, 26)


def test_the_spreadsheet_has_numbers_and_takes_no_text_for_a_formula(
    cycle: Cycle, client: Client
) -> None:
    one = related(title="=2+2")
    grouped(cycle, one, title="@grupo de verdad")
    sent = client.get(reverse("cocreation:report_xlsx", args=[cycle.key]))
    book = load_workbook(io.BytesIO(sent.getvalue()))
    figures, proposals = book.worksheets
    assert [cell.value for cell in figures[1]][1:] == ["Propuestas recibidas", 1]
    row = [cell.value for cell in proposals[2]]
    assert row[:3] == ["prueba", one.number, "'=2+2"]
    assert row[7:10] == ["Integrada con otras", 1, "'@grupo de verdad"]
    assert not any(cell.data_type == "f" for row in proposals for cell in row)


def test_the_report_on_paper_is_one_and_only_when_it_is_due(cycle: Cycle, client: Client) -> None:
    grouped(cycle, related())
    where = reverse("cocreation:report_pdf", args=[cycle.key])
    assert client.get(where).status_code == client.post(where).status_code == 403
    assert not trust.entries(cycle.stream).filter(kind="refused").exists()
    in_the_end(cycle)
    assert client.post(where).status_code == client.post(where).status_code == 302
    body = client.get(where).content.decode()
    assert "Datos de demostración" in body


def test_what_is_not_public_now_is_in_the_report_without_its_words(
    cycle: Cycle, client: Client
) -> None:
    one = related(title="Texto que se retira")
    decided(one, "reopen", message="Nombra a una persona.")
    body = client.get(reverse("cocreation:report", args=[cycle.key])).content.decode()
    assert "Texto que se retira" not in body
    assert "Su texto no es público ahora" in body
    assert [row.title for row in reported.each(reported.numbered([cycle]))] == [""]
    assert Outcome.IN_REVIEW not in TAKEN_IN
