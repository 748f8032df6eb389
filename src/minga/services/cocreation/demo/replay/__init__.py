"""A whole cycle, invented and made with the real actions, step by step, until the figures of a
document come out. The same again changes nothing, and what was interrupted goes on."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from minga.kernel.base import files
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation.demo.replay import choices, groups, intake, meetings
from minga.services.cocreation.demo.replay.world import Script, World, a_world
from minga.services.cocreation.rules.published import Published

FOLDER = "cocreation_replay"


class Step(NamedTuple):
    """One thing that happens in a cycle, in its order."""

    words: str
    do: Callable[[World], None]
    in_groups: bool = False  # of what was joined, where the script says how


# Whoever has more to tell of a cycle adds their steps here, in their order.
STEPS: Sequence[Step] = (
    Step("Se reciben y aceptan las propuestas", intake.receive),
    Step("Se reúnen los talleres", meetings.hold),
    Step("Se clasifican", intake.screen),
    Step("Se responde a una decisión, y se revisa", intake.answer),
    Step("Se integran", groups.join, in_groups=True),
    Step("Se evalúan a ciegas", groups.evaluate, in_groups=True),
    Step("Se seleccionan", choices.select, in_groups=True),
    Step("Se confirman", choices.confirm, in_groups=True),
    Step("Se cuenta qué pasó", choices.tell, in_groups=True),
)


def published(key: str) -> Published | None:
    """The figures that a document of the country prints of a cycle."""
    found = [file for file in jurisdiction.files(FOLDER) if file.stem == key]
    return files.read(found[0], Published) if found else None


def keys() -> list[str]:
    return [file.stem for file in jurisdiction.files(FOLDER)]


def replay(
    script: Script,
    at: datetime,
    *,
    steps: Sequence[Step] = STEPS,
    tell: Callable[[str], None] = lambda words: None,
) -> World:
    """Everything that happens up to a moment, or the first steps of it."""
    world = a_world(script, at)
    for step in steps:
        if step.in_groups and not script.groups:
            continue
        tell(step.words)
        with transaction.atomic():
            step.do(world)
    return world
