"""Proposals written as one: who may, what is kept, and that all of it can be undone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from minga.kernel.catalogue import queries as catalogue
from minga.kernel.identity import actions as identity
from minga.kernel.trust import queries as trust
from minga.services.cocreation.actions import integration as actions
from minga.services.cocreation.models import Cycle, Integrated, Proposal, Support
from minga.services.cocreation.queries import following, history
from minga.services.cocreation.queries import integration as groups
from minga.services.cocreation.rules import integration as rule
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.following import Outcome
from minga.services.cocreation.rules.integration import INTEGRATED, Planned, Role, Structure

from .build import NOON, a_whole_cycle, decided, related, speaks

pytestmark = pytest.mark.django_db
WHY = "Las dos piden lo mismo con otras palabras."
LATER = NOON + timedelta(days=1)


@pytest.fixture
def cycle() -> Cycle:
    return a_whole_cycle("integracion")


def begun(cycle: Cycle, *proposals: Proposal, by: str = "elena", title: str = "") -> Integrated:
    return actions.begin(
        cycle=cycle,
        title=title or "Cuentas del barrio a la vista",
        proposals=proposals,
        reason=WHY,
        person=speaks(by),
        at=LATER,
    )


def told(by: str = "elena") -> dict[str, Any]:
    return {"person": speaks(by), "at": LATER}


def outcome(proposal: Proposal) -> str:
    return str(following.with_outcome(Proposal.objects.filter(pk=proposal.pk)).get().outcome)


def row(proposal: Proposal) -> dict[str, Any]:
    return dict(Proposal.objects.filter(pk=proposal.pk).values().get())


def faults() -> list[str]:
    return [fault.place for fault in history.verify()]


def session(email: str) -> Client:
    client = Client()
    client.force_login(speaks(email))
    return client


def test_a_join_and_its_undoing_are_kept_and_change_no_proposal(cycle: Cycle) -> None:
    one, other = related(), related(title="Hoja de obras del cantón")
    before = [row(one), row(other)]
    group = begun(cycle, one, other)
    assert actions.join(integrated=group, proposals=[one], reason=WHY, **told()) == 0
    assert outcome(one) == Outcome.INTEGRATED
    origins = catalogue.trace(type=INTEGRATED, reference=str(group.pk)).origins
    assert {link.from_record.title for link in origins} == {one.title, other.title}
    assert actions.split(integrated=group, proposal=one, reason="Trata de otra cosa.", **told())
    assert not actions.split(integrated=group, proposal=one, reason=WHY, **told())
    assert outcome(one) == Outcome.RELATED
    assert [row(one), row(other)] == before
    origins = catalogue.trace(type=INTEGRATED, reference=str(group.pk)).origins
    assert [link.from_record.title for link in origins] == [other.title]
    kinds = [entry.kind for entry in trust.entries(f"proposal:{one.pk}")]
    assert kinds == ["join", "split"]
    assert not faults()


@pytest.mark.parametrize(
    ("by", "stage", "broken"),
    [
        ("carla", "integracion", Rule.NOT_A_MEMBER),
        ("elena", "recepcion", Rule.STAGE),
        ("elena", "evaluacion", Rule.STAGE),
    ],
)
def test_only_the_working_group_and_only_in_its_stage(by: str, stage: str, broken: Rule) -> None:
    cycle = a_whole_cycle(stage)
    with pytest.raises(Breach) as refused:
        begun(cycle, by=by)
    assert refused.value.rule == broken
    assert not Integrated.objects.exists()


def test_a_proposal_is_in_one_group_and_one_that_is_not_accepted_in_none(cycle: Cycle) -> None:
    one = related()
    begun(cycle, one)
    with pytest.raises(Breach) as refused:
        begun(cycle, one, title="Otro grupo")
    assert refused.value.rule == Rule.ONE_GROUP
    reopened = decided(related(title="Otra idea"), "reopen", message="Falta quién lo haría.")
    with pytest.raises(Breach) as refused:
        begun(cycle, reopened, title="Otro grupo")
    assert refused.value.rule == Rule.STAGE
    assert Integrated.objects.count() == 1


def test_nobody_says_alone_that_it_may_be_evaluated(cycle: Cycle) -> None:
    group = begun(cycle, related())
    assert not groups.is_agreed(group)
    with pytest.raises(Breach) as refused:
        actions.agree(integrated=group, rev=group.rev, **told("elena"))
    assert refused.value.rule == Rule.ALONE
    actions.agree(integrated=group, rev=group.rev, **told("felix"))
    actions.agree(integrated=group, rev=group.rev, **told("felix"))
    assert groups.is_agreed(group)
    assert list(groups.agreed(cycle)) == [group]
    group = actions.write(
        integrated=group, said=Structure(title="Otro texto"), rev=group.rev, **told("nadia")
    )
    assert not groups.is_agreed(group)
    assert not groups.agreed(cycle).exists()
    with pytest.raises(actions.Overtaken):
        actions.agree(integrated=group, rev=group.rev - 1, **told("felix"))


def test_what_is_hidden_is_counted_and_not_shown_and_comes_back_with_its_link(
    cycle: Cycle, client: Client
) -> None:
    one = related(title="Texto que se retira")
    group = begun(cycle, one)
    page = reverse("cocreation:integrated", args=[cycle.key, group.number])
    assert "Texto que se retira" in client.get(page).content.decode()
    hidden = decided(one, "reopen", message="Nombra a una persona.")
    body = client.get(page).content.decode()
    assert "Texto que se retira" not in body
    assert "su texto no es público ahora" in body
    assert groups.of_cycle(cycle).get().proposals == 1  # type: ignore[attr-defined]
    decided(hidden, "accept")
    origins = catalogue.trace(type=INTEGRATED, reference=str(group.pk)).origins
    assert [link.from_record.title for link in origins] == ["Texto que se retira"]


def test_what_somebody_changes_behind_the_actions_is_found(cycle: Cycle) -> None:
    group = begun(cycle, related())
    assert not faults()
    Integrated.objects.filter(pk=group.pk).update(solution="Otra cosa")
    group.joins.update(left_at=LATER, left_reason="Sin decirlo", left_by="seat:1")
    assert faults() == [group.stream, group.stream]


STEPS = st.lists(
    st.tuples(st.sampled_from(["join", "split"]), st.integers(0, 2), st.integers(0, 1)), max_size=12
)


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_however_it_is_joined_and_split_each_is_where_it_was_said(
    world: tuple[list[Proposal], list[Integrated]], steps: list[tuple[str, int, int]]
) -> None:
    proposals, made = world
    for group in made:  # what the example before left
        for join in group.joins.filter(left_at=None):
            actions.split(integrated=group, proposal=join.proposal, reason=WHY, **told())
    where: dict[int, int] = {}
    for move, n, g in steps:
        group, proposal = made[g], proposals[n]
        if move == "join" and where.get(n, g) == g:
            actions.join(integrated=group, proposals=[proposal], reason=WHY, **told())
            where[n] = g
        elif move == "join":
            with pytest.raises(Breach):
                actions.join(integrated=group, proposals=[proposal], reason=WHY, **told())
        else:
            was_in = where.get(n) == g
            undone = actions.split(integrated=group, proposal=proposal, reason=WHY, **told())
            assert undone == was_in
            where = {k: v for k, v in where.items() if not (was_in and k == n)}
    many = {group.number: group.proposals for group in groups.of_cycle(made[0].cycle)}  # type: ignore[attr-defined]
    assert many == {group.number: [*where.values()].count(g) for g, group in enumerate(made)}
    for n, proposal in enumerate(proposals):
        assert outcome(proposal) == (Outcome.INTEGRATED if n in where else Outcome.RELATED)
    assert not faults()


@pytest.fixture
def world(cycle: Cycle) -> tuple[list[Proposal], list[Integrated]]:
    proposals = [related(title=f"Una idea distinta {n}") for n in range(3)]
    return proposals, [begun(cycle, title=f"Un grupo {n}") for n in range(2)]


@given(st.dates(), st.dates())
def test_what_ends_before_it_starts_is_out_of_order(one: date, other: date) -> None:
    assert rule.in_order(min(one, other), max(one, other))
    assert rule.in_order(one, other) or rule.in_order(other, one)


def test_a_member_joins_writes_and_another_sector_agrees(cycle: Cycle, client: Client) -> None:
    one, other = related(), related(title="Hoja de obras del cantón")
    elena, felix = session("elena"), session("felix")
    where = reverse("cocreation:integrate", args=[cycle.key])
    said = {"proposals": [one.pk, other.pk], "reason": "", "title": "", "group": ""}
    page = elena.post(where, said).content.decode()
    assert page.count("checked") == 2
    assert "Escribe el nombre del grupo nuevo" in page
    said |= {"reason": WHY, "title": "Cuentas a la vista"}
    assert elena.post(where, said).status_code == 302
    assert elena.post(where, said).status_code == 302  # pressed twice
    group = Integrated.objects.get()
    assert elena.post(where, said | {"title": "Otro grupo"}).status_code == 403
    kept = reverse("cocreation:agree", args=[cycle.key, group.number])
    assert felix.post(kept, {"rev": group.rev}).status_code == 302
    body = client.get(reverse("cocreation:integrated", args=[cycle.key, 1])).content.decode()
    assert "Lista para evaluar" in body
    assert reverse("cocreation:proposal", args=[cycle.key, one.number]) in body
    stranger = Client().get(where)
    assert stranger.status_code == 302
    assert session("carla").get(where).status_code == 403
    refused = trust.entries(cycle.stream).filter(kind="refused")
    assert [entry.facts["rule"] for entry in refused] == [Rule.ONE_GROUP, Rule.NOT_A_MEMBER]


WRITTEN = {
    "title": "Cuentas del barrio a la vista",
    "solution": "Una hoja cada trimestre.",
    "starts_on": "2026-05-01",
    "ends_on": "2027-04-30",
    "pillars": ["transparency"],
    "goals": ["16", "11"],
    "budget": "15000.50",
    "rows": "4",
    "step1": "Primera hoja",
    "from1": "2026-05-01",
    "to1": "2026-08-31",
}


def test_a_milestone_that_ends_before_it_starts_is_answered_at_its_field(cycle: Cycle) -> None:
    group, elena = begun(cycle, related()), session("elena")
    identity.know_organisation(key="una-red", name="Red inventada", source="prueba", demo=True)
    where = reverse("cocreation:write_group", args=[cycle.key, group.number])
    never = elena.post(where, WRITTEN | {"ends_on": "9999-12-31", "rev": group.rev})
    assert "Escribe la fecha así" in never.content.decode()
    wrong = {"to1": "2026-04-30", "responsible": "Nadie conocida", "rev": group.rev}
    page = elena.post(where, WRITTEN | wrong).content.decode()
    assert "Termina antes de empezar." in page
    assert "No conocemos «Nadie conocida»" in page
    assert 'value="Primera hoja"' in page
    right = {"responsible": "red inventada", "rev": group.rev}
    assert elena.post(where, WRITTEN | right).status_code == 302
    assert elena.post(where, WRITTEN | right).status_code == 302  # pressed twice
    found = groups.one(cycle, group.number)
    assert found
    assert (found.rev, found.budget) == (group.rev + 1, Decimal("15000.50"))
    assert [step.title for step in found.steps.all()] == ["Primera hoja"]
    assert [party.role for party in found.parties.all()] == [Role.RESPONSIBLE]
    late = elena.post(where, WRITTEN | {"solution": "Lo que yo escribí.", "rev": group.rev})
    assert late.status_code == 409
    assert "Lo que yo escribí." in late.content.decode()
    assert f'name="rev" value="{found.rev}"' in late.content.decode()
    assert not faults()


def test_the_public_list_is_narrowed_by_what_the_method_names(cycle: Cycle, client: Client) -> None:
    said = Structure(
        title="Con pilar y objetivo",
        pillars=["transparency"],
        goals=[16],
        steps=[Planned(title="Uno", starts_on=NOON.date(), ends_on=NOON.date())],
    )
    one = begun(cycle, title="Con pilar y objetivo")
    actions.write(integrated=one, said=said, rev=one.rev, **told())
    begun(cycle, title="Sin nada todavía")
    where = reverse("cocreation:integrated_list", args=[cycle.key])
    every = client.get(where).content.decode()
    assert "Con pilar y objetivo" in every
    assert "Sin nada todavía" in every
    for query in ({"pilar": "transparency"}, {"objetivo": "16"}):
        some = client.get(where, query).content.decode()
        assert "Con pilar y objetivo" in some
        assert "Sin nada todavía" not in some


def test_a_member_finds_what_to_join_by_its_words(cycle: Cycle) -> None:
    related(title="Horarios de bus en la parada")
    related(title="Análisis del agua", problem="Nadie sabe si el agua se puede beber.")
    begun(cycle, related(title="Bancas con sombra"))
    page = session("elena").get(
        reverse("cocreation:integrate", args=[cycle.key]), {"busca": "aguas"}
    )
    body = page.content.decode()
    assert "Análisis del agua" in body
    assert "Horarios de bus" not in body
    assert "Bancas con sombra" not in body


def test_whoever_supports_several_that_were_joined_counts_once(cycle: Cycle) -> None:
    one, other, apart = related(), related(title="Otra igual"), related(title="Otra distinta")
    group = begun(cycle, one, other)
    for proposal, who in ((one, "carla"), (other, "carla"), (other, "diego"), (apart, "bruno")):
        person = speaks(who)
        Support.objects.create(proposal=proposal, person=person, mark=who, at=NOON)
    found = groups.one(cycle, group.number)
    assert found
    assert found.supporters == 2  # type: ignore[attr-defined]  # annotated
    actions.split(integrated=group, proposal=other, reason="Trata de otra cosa.", **told())
    found = groups.one(cycle, group.number)
    assert found
    assert found.supporters == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("wrong", ["9" * 30, "9" * 5000, "-1", "²", "\x00", "nada"])
def test_what_no_list_offered_is_answered_and_breaks_nothing(cycle: Cycle, wrong: str) -> None:
    group, elena = begun(cycle, related()), session("elena")
    where = reverse("cocreation:integrate", args=[cycle.key])
    said = {"proposals": [wrong], "reason": WHY, "title": "Un grupo más", "group": ""}
    assert elena.post(where, said).status_code == 200
    assert elena.get(where, {"busca": wrong, "objetivo": wrong, "pagina": wrong}).status_code == 200
    agree = reverse("cocreation:agree", args=[cycle.key, group.number])
    assert elena.post(agree, {"rev": wrong}).status_code == 302
    for name in ("write_group", "group"):
        page = reverse(f"cocreation:{name}", args=[cycle.key, group.number])
        typed = {"rev": wrong, "rows": wrong, "budget": wrong, "proposal": wrong, "goals": [wrong]}
        assert elena.post(page, typed).status_code == 200
    assert Integrated.objects.count() == 1
