"""What follows is joined, written to the structure of OGP, and evaluated blindly."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from minga.kernel.rubrics.models import Assessment
from minga.kernel.rubrics.rules import State as Round
from minga.services.cocreation.actions import evaluation, integration
from minga.services.cocreation.demo.doers import COUNTERPART, RESPONSIBLE, doer
from minga.services.cocreation.demo.replay import intake
from minga.services.cocreation.demo.replay.world import Group, World
from minga.services.cocreation.models import Integrated, Proposal
from minga.services.cocreation.queries.method import needed
from minga.services.cocreation.rules import State
from minga.services.cocreation.rules.integration import Planned, Role, Structure

WRITER, READER = "elena", "felix"  # of two sectors
RUNS, AGREES = "carla", "diego"  # of the commission, of two sectors
LASTS = {"high": (6, 30), "medium": (12, 31), "low": (6, 30)}  # the month and day it ends
RATED = {"high": 3, "medium": 2, "low": 1}
TOLD = "Texto de demostración."


def join(world: World) -> None:
    """Each group is begun with its proposals, written, and agreed to by another sector."""
    waiting = [p for p in world.proposals(State.RELATED) if not p.joins.exists()]
    for number, group in enumerate(world.script.groups):
        theme = intake.THEMES[number % len(intake.THEMES)][0]
        title = f"Demostración {number + 1}: {theme}, a la vista"
        made = Integrated.objects.filter(cycle=world.cycle, title=title).first()
        if made is None:
            mine, waiting = waiting[: group.size], waiting[group.size :]
            made = _begun(world, title, mine, number)
        if not made.steps.exists():
            _write(world, made, group, number)


def _begun(world: World, title: str, mine: list[Proposal], number: int) -> Integrated:
    return integration.begin(
        cycle=world.cycle,
        title=title,
        person=world.speaks(WRITER),
        at=world.at(13, number),
        proposals=mine,
        reason="Grupo de demostración, formado por un programa.",
    )


def _write(world: World, made: Integrated, group: Group, number: int) -> None:
    at = world.at(14, number)
    pillars = [part.key for part in needed(world.cycle).pillar]
    ends = _last_day(world, group)
    starts = date(world.begin.year + 1, 1, 1)
    said = Structure(
        title=made.title,
        problem=f"{TOLD} Un problema que varias propuestas describen con otras palabras.",
        solution=f"{TOLD} Una solución que reúne lo que piden.",
        pillars=[pillars[number % len(pillars)]],
        goals=[16, 1 + number % 15],
        cooperation=TOLD,
        budget=Decimal(1000 * (number + 1)),
        starts_on=starts,
        ends_on=ends,
        steps=[Planned(title=f"{TOLD} Primer hito", starts_on=starts, ends_on=ends)],
        parties=[
            (Role.RESPONSIBLE, doer(RESPONSIBLE[number % 2], world.begin).pk),
            (Role.COUNTERPART, doer(COUNTERPART[number % 2], world.begin).pk),
        ],
    )
    made.refresh_from_db()
    now = integration.write(
        integrated=made, said=said, rev=made.rev, person=world.speaks(WRITER), at=at
    )
    integration.agree(integrated=now, rev=now.rev, person=world.speaks(READER), at=at)


def _last_day(world: World, group: Group) -> date:
    month, day = LASTS[group.level]
    return date(world.begin.year + (2 if group.level == "low" else 1), month, day)


def evaluate(world: World) -> None:
    """By whoever is asked, each apart; consolidated and published by two sectors."""
    if world.is_past("evaluacion"):
        return
    world.advance("evaluacion", day=28)
    told = {"cycle": world.cycle, "person": world.speaks(RUNS)}
    found = evaluation.open_round(**told, at=world.at(28))  # type: ignore[arg-type]
    for step, day in ((Round.CONSOLIDATED, 29), (Round.PUBLISHED, 30)):
        if found.state in (step, Round.PUBLISHED):
            continue
        evaluation.assign(**told, at=world.at(day))  # type: ignore[arg-type]
        _hand_in(world, day)
        for name in (RUNS, AGREES):
            evaluation.agree(
                cycle=world.cycle, step=step, person=world.speaks(name), at=world.at(day, 900)
            )
        found.refresh_from_db()


def _hand_in(world: World, day: int) -> None:
    numbers = dict(Integrated.objects.filter(cycle=world.cycle).values_list("pk", "number"))
    asked = Assessment.objects.filter(
        subject__round__about=world.cycle.stream, locked_at=None, recused_at=None
    )
    for one in asked.select_related("subject", "assessor").order_by("pk"):
        number = numbers[int(one.subject.reference.partition(":")[2])]
        evaluation.hand_in(
            cycle=world.cycle,
            number=number,
            person=one.assessor,
            values=values(world, one, number),
            comment=f"{TOLD} Puntaje inventado por un programa.",
            rev=one.rev,
            at=world.at(day, 1 + number),
        )


def values(world: World, one: Assessment, number: int) -> Mapping[str, object]:
    """What the level of its group says; two of the first ones differ, and a third decides."""
    group = world.script.groups[number - 1]
    criterion = next(c for c in needed(world.cycle).criterion if c.key == one.criterion)
    score = RATED[group.level]
    if one.rater == criterion.raters[-1] and criterion.third and not one.third and number % 20 == 1:
        score -= 3 if score == 3 else 0
    return {part.key: score for part in criterion.indicator if not part.fact}
