"""Proposals are received and accepted, and the working group sorts them."""

from collections.abc import Mapping
from typing import Any

from minga.kernel.base.goals import GOALS
from minga.kernel.cases.models import Draft
from minga.services.cocreation import actions
from minga.services.cocreation.actions import screening
from minga.services.cocreation.demo.replay.world import World
from minga.services.cocreation.models import Proposal
from minga.services.cocreation.queries import screening as queries
from minga.services.cocreation.queries.method import needed
from minga.services.cocreation.rules import Channel, State
from minga.services.cocreation.rules.method import Gate
from minga.services.cocreation.rules.screening import Verdict

THEMES = (
    ("el presupuesto de cada obra", "publicar cada trimestre lo asignado y lo gastado"),
    ("los horarios del transporte", "abrir los datos y ponerlos en cada parada"),
    ("la calidad del agua", "publicar los análisis de cada mes por sector"),
    ("las compras pequeñas", "avisar de cada compra a los talleres del lugar"),
    ("los trámites en lengua originaria", "grabar los requisitos en audio"),
    ("las denuncias ambientales", "dar un código a cada una y mostrar en qué paso está"),
    ("las becas", "fijar un calendario y publicar los criterios con su puntaje"),
    ("los siniestros viales", "publicarlos por esquina y hora, sin datos personales"),
    ("los avisos de cortes de luz", "reunirlos en una página abierta"),
    ("el aprendizaje con datos", "dar un taller cada mes en cada biblioteca"),
    ("las asambleas", "dar un turno por teléfono a quien no puede llegar"),
    ("los espacios públicos", "revisarlos cada año con quienes los usan"),
    ("la salud en el barrio", "publicar los turnos y las listas de espera"),
)
GROUP = ("elena", "felix", "nadia")  # of three sectors
BY_A_PROGRAM = "Decisión de demostración, tomada por un programa."
ANSWER = "Respuesta de demostración: la junta del barrio podría llevarlo a cabo."
RECEIVED, SORTED, OVER = 1, 11, 28  # days of the cycle


def receive(world: World) -> None:
    """All of them are sent, and those of the workshops entered; then each is accepted."""
    script = world.script
    there = set(
        Draft.objects.filter(pk__in=script.drafts, case__isnull=False).values_list("pk", flat=True)
    )
    for number, draft in enumerate(script.drafts):
        if draft not in there:
            at = world.at(RECEIVED, 37 * number % 11_000)
            said = words(world, number)
            if script.channel(number) == Channel.WORKSHOP:
                actions.enter(draft=draft, cycle=world.cycle, words=said, at=at)
            else:
                actions.keep(draft=draft, words=said, at=at)
                actions.send(draft=draft, at=at)
    for position, proposal in enumerate(world.proposals(State.RECEIVED)):
        at = world.at(9, position)
        rev = proposal.case.rev
        actions.decide(proposal=proposal, move="accept", post=world.post, rev=rev, at=at)


def words(world: World, number: int) -> Mapping[str, Any]:
    """What an invented proposal says: it says so itself."""
    script = world.script
    theme, way = THEMES[number % len(THEMES)]
    goal = 1 + number % len(GOALS) if script.has_goal(number) else None
    return {
        "cycle": script.key,
        "title": f"Ejemplo {number + 1}: {theme}",
        "problem": f"Texto de demostración. No hay información clara sobre {theme}.",
        "solution": f"Texto de demostración. Se podría {way}.",
        "goal": goal,
        "territory": script.value("place", number),
        "sector": script.value("sector", number),
        "sex": script.value("sex", number),
        "age_group": script.value("age_group", number),
        "ethnic_group": script.value("ethnic_group", number),
    }


def screen(world: World) -> None:
    """Each by a member, and then by another one of another sector."""
    world.advance("integracion", day=10)
    numbers = world.numbers()
    for proposal in world.proposals(State.ACCEPTED):
        number = numbers[proposal.pk]
        decide(world, proposal, number, related=world.script.is_related(number), day=SORTED)


def decide(world: World, proposal: Proposal, number: int, *, related: bool, day: int) -> None:
    """What was proposed already, when this was interrupted, is agreed with."""
    first, second = (world.speaks(GROUP[(number + n) % len(GROUP)]) for n in (0, 1))
    at = world.at(day, number)
    made = queries.proposed(proposal) or screening.propose(
        proposal=proposal,
        person=first,
        verdict=verdict(world, number, related=related),
        rev=proposal.case.rev,
        at=at,
    )
    screening.agree(proposal=proposal, person=second, shown=made.pk, at=at)


def answer(world: World) -> None:
    """One that was not related: its sender says why it is, and two who look at it again, one of
    them another, do not change it."""
    found = world.proposals(State.NOT_RELATED, State.OBJECTED)
    if not found or world.proposals(State.UPHELD):
        return
    [proposal, *_rest] = found
    if proposal.case.state == State.NOT_RELATED:
        rev, at = proposal.case.rev, world.at(SORTED + 1)
        screening.answer(proposal=proposal, message=ANSWER, rev=rev, at=at)
        proposal.case.refresh_from_db()
    decision, _again = queries.decisions(proposal)
    assert decision
    took_part = {decision.person.email, decision.second.email if decision.second else ""}
    other = next(n for n in GROUP if world.speaks(n).email not in took_part)
    told: dict[str, Any] = {"proposal": proposal, "at": world.at(SORTED + 2)}
    made = queries.proposed(proposal) or screening.propose(
        person=world.speaks(other),
        verdict=Verdict(decision.met, decision.pillars, decision.reason, BY_A_PROGRAM),
        rev=proposal.case.rev,
        **told,
    )
    screening.agree(person=decision.person, shown=made.pk, **told)


def verdict(world: World, number: int, *, related: bool) -> Verdict:
    method = needed(world.cycle)
    gates = [part.key for part in method.screening]
    pillars = [part.key for part in method.pillar]
    if related:
        return Verdict(dict.fromkeys(gates, True), [pillars[number % len(pillars)]])
    missing = gates[number % len(gates)]
    met = {gate: gate != missing for gate in gates}
    some = [pillars[number % len(pillars)]] if met[Gate.PILLARS] else []
    return Verdict(met, some, missing, BY_A_PROGRAM)
