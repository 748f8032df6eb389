"""An invented process that is being evaluated: of one proposal all scores but one are in."""

from datetime import datetime

from minga.kernel.rubrics.models import Assessment
from minga.services.cocreation import queries
from minga.services.cocreation.actions import evaluation
from minga.services.cocreation.demo.forum import CARLA, INES
from minga.services.cocreation.demo.replay import groups, intake
from minga.services.cocreation.demo.replay.world import Script, World, a_world
from minga.services.cocreation.rules.published import Published

CYCLE = ("demostracion-evaluacion", "Proceso en evaluación (demostración)", 6)
DAY = 28  # of the cycle: whoever may answer a decision had their time


def build(published: Published, at: datetime) -> None:
    """The same again changes nothing."""
    if queries.cycle(CYCLE[0]):
        return
    world = a_world(Script.small(published, *CYCLE), at)
    for step in (intake.receive, intake.screen, groups.join):
        step(world)
    world.advance("evaluacion", day=DAY)
    _ask(world)
    _hand_in(world)


def _ask(world: World) -> None:
    """Everybody who is needed; Inés for one of the last."""
    carla, ines = world.speaks(CARLA.email), world.speaks(INES.email)
    told = {"cycle": world.cycle, "person": carla, "at": world.at(DAY)}
    evaluation.open_round(**told)  # type: ignore[arg-type]
    asked = {"number": 2, "criterion": "relevance", "rater": "core_group", "assessor": ines}
    evaluation.ask(**asked, **told)  # type: ignore[arg-type]
    evaluation.assign(**told)  # type: ignore[arg-type]


def _hand_in(world: World) -> None:
    rows = Assessment.objects.filter(subject__round__about=world.cycle.stream, subject__position=1)
    for one in rows.exclude(rater="responsible").select_related("assessor").order_by("pk"):
        evaluation.hand_in(
            cycle=world.cycle,
            number=1,
            person=one.assessor,
            values=groups.values(world, one, 1),
            comment="",
            rev=one.rev,
            at=world.at(DAY + 1),
        )
