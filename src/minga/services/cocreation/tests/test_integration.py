"""Proposals written as one: who may, what is kept, and that all of it can be undone."""

import re
from dataclasses import replace
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
from minga.services.cocreation.rules.integration import INTEGRATED, Need, Planned, Role, Structure

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


def whole(**changed: Any) -> Structure:
    """All that nobody agrees to it without."""
    bodies = [
        identity.know_organisation(key=key, name=f"Cuerpo {key}", source="prueba", demo=True)
        for key in ("uno", "dos")
    ]
    roles = (Role.RESPONSIBLE, Role.COUNTERPART)
    day = NOON.date()
    said: dict[str, Any] = {
        "title": "Cuentas del barrio a la vista",
        "problem": "Nadie sabe cuánto dinero se destina a cada obra.",
        "solution": "Una hoja cada trimestre.",
        "goals": [16],
        "starts_on": day,
        "ends_on": day,
        "steps": [Planned(title="Uno", starts_on=day, ends_on=day)],
        "parties": [(role, body.pk) for role, body in zip(roles, bodies, strict=True)],
    }
    return Structure(**said | changed)


def written(group: Integrated, by: str = "elena", **changed: Any) -> Integrated:
    return actions.write(integrated=group, said=whole(**changed), rev=group.rev, **told(by))


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
    group = written(begun(cycle, related()))
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
    empty = felix.post(kept, {"rev": group.rev})
    assert empty.status_code == 403
    assert "al menos un hito" in empty.content.decode()
    assert not groups.is_agreed(group)
    group = written(group)
    assert felix.post(kept, {"rev": group.rev}).status_code == 302
    body = client.get(reverse("cocreation:integrated", args=[cycle.key, 1])).content.decode()
    assert "Lista para evaluar" in body
    assert reverse("cocreation:proposal", args=[cycle.key, one.number]) in body
    stranger = Client().get(where)
    assert stranger.status_code == 302
    assert session("carla").get(where).status_code == 403
    refused = trust.entries(cycle.stream).filter(kind="refused")
    assert [entry.facts["rule"] for entry in refused] == [
        Rule.ONE_GROUP,
        Rule.INCOMPLETE,
        Rule.NOT_A_MEMBER,
    ]


LACKS: list[tuple[dict[str, Any], Need]] = [
    ({"problem": ""}, Need.PROBLEM),
    ({"solution": " "}, Need.SOLUTION),
    ({"ends_on": None}, Need.TERM),
    ({"goals": []}, Need.GOALS),
    ({"steps": []}, Need.STEPS),
    ({"parties": [(Role.GOVERNMENT, 1), (Role.COUNTERPART, 2)]}, Need.RESPONSIBLE),
    ({"parties": [(Role.RESPONSIBLE, 1)]}, Need.COUNTERPART),
]


def test_what_has_to_be_said_is_missed() -> None:
    complete = whole()
    assert rule.missing(complete) == []
    for lacks, need in LACKS:
        assert rule.missing(replace(complete, **lacks)) == [need]


def test_nobody_agrees_to_what_lacks_something(cycle: Cycle) -> None:
    group = written(begun(cycle, related()), goals=[], steps=[])
    with pytest.raises(Breach) as refused:
        actions.agree(integrated=group, rev=group.rev, **told("felix"))
    assert refused.value.rule == Rule.INCOMPLETE
    assert refused.value.about == (Need.GOALS, Need.STEPS)
    group = written(group)
    actions.agree(integrated=group, rev=group.rev, **told("felix"))
    assert groups.is_agreed(group)


class Desk:
    """Somebody who writes one group's parts."""

    def __init__(self, group: Integrated, who: str) -> None:
        self.group, self.client = group, session(who)
        self.all = reverse("cocreation:write_group", args=[group.cycle.key, group.number])

    def page(self, part: str = "") -> str:
        return self.client.get(f"{self.all}{part}").content.decode()

    def hidden(self, name: str, part: str = "") -> str:
        found = re.search(f'name="{name}" value="([^"]*)"', self.page(part))
        assert found
        return found[1]

    def keep(self, part: str, seen: str | None = None, **words: Any) -> Any:
        seen = self.hidden("seen", f"{part}/") if seen is None else seen
        return self.client.post(f"{self.all}{part}/", {"seen": seen, **words})

    def publish(self) -> Any:
        told = {name: self.hidden(name) for name in ("rev", "last")}
        return self.client.post(self.all, told)


def test_parts_are_kept_for_the_group_and_become_the_text_together(
    cycle: Cycle, client: Client
) -> None:
    group = begun(cycle, related())
    elena, felix = Desk(group, "elena"), Desk(group, "felix")
    identity.know_organisation(key="una-red", name="Red inventada", source="prueba", demo=True)
    public = reverse("cocreation:integrated", args=[cycle.key, group.number])
    term = {"starts_on": "2026-01-01", "ends_on": "2027-12-31", "budget": "15000.50"}
    row = {"step2": "Primera hoja", "from2": "2026-05-01", "to2": "2026-04-30"}
    assert elena.keep("compromiso", solution="Una hoja.", **term).status_code == 302
    assert felix.keep("apertura", goals=["16", "11"], pillars=["transparency"]).status_code == 302
    assert felix.keep("quienes", responsible="red inventada").status_code == 302
    wrong = felix.keep("hitos", **row).content.decode()
    assert "Termina antes de empezar." in wrong
    assert 'value="Primera hoja"' in wrong
    assert not groups.one(cycle, group.number).solution  # type: ignore[union-attr]
    assert "Una hoja." not in client.get(public).content.decode()
    assert "Una hoja." in felix.page("compromiso/")  # from another device
    page = elena.page()
    assert "Hito 1, Hasta: Termina antes de empezar." in page
    assert "Falta: los problemas que resuelve." in page
    assert "Está justo en el límite" in page  # 24 months: the scale is followed, and it is said
    assert "Publicar lo escrito" not in page
    assert elena.client.post(elena.all, {"rev": group.rev, "last": 99}).status_code == 200
    assert Integrated.objects.get().rev == group.rev
    assert elena.keep("hitos", **row | {"to2": "2026-08-31"}).status_code == 302
    assert elena.publish().status_code == 302
    found = groups.one(cycle, group.number)
    assert found
    assert (found.rev, found.budget) == (group.rev + 1, Decimal("15000.50"))
    assert [step.title for step in found.steps.all()] == ["Primera hoja"]
    assert [party.role for party in found.parties.all()] == [Role.RESPONSIBLE]
    assert [entry.kind for entry in trust.entries(group.stream)] == ["begin", "join", "write"]
    assert not found.passages.exists()
    assert elena.client.post(elena.all, {"rev": group.rev, "last": 99}).status_code == 302
    assert "Una hoja." in client.get(public).content.decode()
    assert not faults()


def test_of_two_who_write_nobody_loses_a_word(cycle: Cycle) -> None:
    group = begun(cycle, related())
    elena, felix = Desk(group, "elena"), Desk(group, "felix")
    seen = felix.hidden("seen", "problema/")
    said = {"title": group.title, "problem": "Lo que escribió Elena."}
    assert elena.keep("problema", **said).status_code == 302
    assert elena.keep("problema", seen, **said).status_code == 302  # pressed twice
    mine = {"title": group.title, "problem": "Lo que escribió Félix."}
    late = felix.keep("problema", seen, **mine)
    body = late.content.decode()
    assert late.status_code == 409
    assert f"{group.passages.get().seat.member.name} guardó esta parte" in body
    assert "Lo que escribió Elena." in body
    assert "Lo que escribió Félix." in body
    now = re.search('name="seen" value="([^"]*)"', body)
    assert now
    told = {name: elena.hidden(name) for name in ("rev", "last")}
    assert felix.keep("problema", now[1], **mine).status_code == 302
    assert "Lo que escribió Elena." in elena.page("problema/")
    overtaken = elena.client.post(elena.all, told)
    assert overtaken.status_code == 409  # she had not read what would be published
    assert not faults()
    assert elena.publish().status_code == 302
    assert Integrated.objects.get().problem == "Lo que escribió Félix."
    again = felix.keep("problema", seen, **mine | {"problem": "Otra vez yo."})
    assert "publicó esta parte" in again.content.decode()


def test_what_is_typed_wrong_is_answered_at_its_field_and_kept(cycle: Cycle) -> None:
    desk = Desk(begun(cycle, related()), "elena")
    never = desk.keep("compromiso", starts_on="2026-05-01", ends_on="9999-12-31")
    assert "Escribe la fecha así" in never.content.decode()
    assert (
        "No conocemos «Nadie conocida»"
        in desk.keep("quienes", responsible="Nadie conocida").content.decode()
    )
    assert "Nadie conocida" in desk.page("quienes/")
    long = desk.keep("problema", title="Un nombre", problem="a" * (rule.MOST_TYPED + 1))
    assert "no se guardó" in long.content.decode()
    assert desk.group.passages.count() == 2


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


@pytest.mark.slow
def test_what_no_list_offered_is_answered_and_breaks_nothing(cycle: Cycle) -> None:
    desk = Desk(begun(cycle, related()), "elena")
    elena, about = desk.client, [cycle.key, desk.group.number]
    where = reverse("cocreation:integrate", args=[cycle.key])
    agree, page = (reverse(f"cocreation:{name}", args=about) for name in ("agree", "group"))
    assert elena.get(f"{desk.all}nada/").status_code == 404
    for wrong in ("9" * 30, "9" * 5000, "-1", "²", "\x00", "nada"):
        said = {"proposals": [wrong], "reason": WHY, "title": "Un grupo más", "group": ""}
        assert elena.post(where, said).status_code == 200
        asked = {"busca": wrong, "objetivo": wrong, "pagina": wrong}
        assert elena.get(where, asked).status_code == 200
        assert elena.post(agree, {"rev": wrong}).status_code == 302
        assert elena.post(page, {"proposal": wrong}).status_code == 200
        assert desk.keep("problema", wrong, title="Otro").status_code == 409
        kept = desk.keep("apertura", goals=[wrong], pillars=[wrong])
        assert kept.status_code == 200
        told = {"rev": wrong, "last": wrong}
        assert elena.post(desk.all, told).status_code == 200  # not before it is mended
        assert desk.keep("apertura", goals=[]).status_code == 302
    for part, words in (("compromiso", {"budget": "²"}), ("hitos", {"step1": "-1", "to1": "x"})):
        assert desk.keep(part, **words).status_code == 200
    assert Integrated.objects.get() == desk.group


def test_a_part_of_the_method_opens_by_its_address(cycle: Cycle, client: Client) -> None:
    page = reverse("cocreation:method", args=[cycle.key])
    folded = client.get(page).content.decode()
    assert "<details open>" not in folded
    assert "Factibilidad, 50" in folded
    assert client.get(page, {"ver": "evaluacion"}).content.decode().count("<details open>") == 1
