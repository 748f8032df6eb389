"""An invented cycle that came before: its forum selected, one commitment is confirmed and in its
plan, another waits for its counterpart."""

from datetime import datetime

from minga.kernel.identity.models import Person
from minga.services.cocreation import queries
from minga.services.cocreation.actions import confirmation
from minga.services.cocreation.demo.replay import choices, groups, intake
from minga.services.cocreation.demo.replay.world import Script, World, a_world
from minga.services.cocreation.queries import confirmation as confirming
from minga.services.cocreation.rules.confirmation import Answer
from minga.services.cocreation.rules.published import Published

CYCLE = ("demostracion-anterior", "Proceso anterior de demostración", 12)
BEGAN = 100  # days ago
DAY = 33  # of the cycle: both sides were asked the day before


def build(published: Published, at: datetime) -> None:
    """The same again changes nothing."""
    if queries.cycle(CYCLE[0]):
        return
    world = a_world(Script.small(published, *CYCLE, days=BEGAN), at)
    for step in (intake.receive, intake.screen, groups.join, groups.evaluate, choices.select):
        step(world)
    choices.ask(world)
    first, second, *_rest = confirming.commitments(world.cycle)
    for person in choices.sides(world, first.integrated.number):
        _confirm(world, first.integrated.number, person)
    _confirm(world, second.integrated.number, choices.sides(world, second.integrated.number)[0])


def _confirm(world: World, number: int, person: Person) -> None:
    told = {"cycle": world.cycle, "said": Answer.CONFIRMED, "at": world.at(DAY)}
    confirmation.answer(number=number, person=person, **told)  # type: ignore[arg-type]
