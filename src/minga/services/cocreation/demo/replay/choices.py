"""The forum selects, both sides confirm, and what is confirmed is a commitment."""

from django.utils.timezone import localdate

from minga.kernel.assemblies.rules import Choice
from minga.kernel.identity.models import Person
from minga.services.cocreation.actions import confirmation, selection, sessions
from minga.services.cocreation.demo.doers import COUNTERPART, RESPONSIBLE
from minga.services.cocreation.demo.replay.world import Group, World
from minga.services.cocreation.models import Pick
from minga.services.cocreation.queries import confirmation as confirming
from minga.services.cocreation.queries import selection as placed
from minga.services.cocreation.queries.method import needed
from minga.services.cocreation.rules.confirmation import Answer
from minga.services.cocreation.rules.selection import INCLUDE, LATER, OUTSIDE, RESERVE, Place

FORUM = ("carla", "bruno", "diego", "ines")
TOLD = "Decisión de demostración, tomada por un programa."


def select(world: World) -> None:
    """Each is put where the script says, and the forum decides all of it at once."""
    world.advance("seleccion", day=31)
    if placed.decided(world.cycle):
        return
    carla, at = world.speaks(FORUM[0]), world.at(31)
    selection.propose(cycle=world.cycle, person=carla, at=at)
    for pick in placed.picks(world.cycle):
        number = pick.integrated.number
        selection.place(
            cycle=world.cycle,
            number=number,
            place=_place(world, pick, world.script.groups[number - 1]),
            person=carla,
            rev=pick.rev,
            at=world.at(31, number),
        )
    _decide(world)


def _decide(world: World) -> None:
    assert world.cycle.forum
    carla, at = world.speaks(FORUM[0]), world.at(31, 60)
    session = sessions.call(
        body=world.cycle.forum, person=carla, held_on=localdate(at), virtual=True, at=at
    )
    for name in FORUM:
        sessions.attend(session=session, person=world.speaks(name), at=at)
    item = selection.put(cycle=world.cycle, session=session, person=carla, at=at)
    for name in FORUM:
        item = sessions.vote(item=item, person=world.speaks(name), choice=Choice.FOR, at=at)


def _place(world: World, pick: Pick, group: Group) -> Place:
    axes = [axis.key for axis in needed(world.cycle).axis]
    number = pick.integrated.number
    return Place(
        category=group.category,
        by_score=pick.by_score,
        reserve_for=(OUTSIDE, LATER)[number % 2] if group.category == RESERVE else None,
        reason="" if group.category == pick.by_score else TOLD,
        anchor="Proyecto institucional de demostración" if group.category != INCLUDE else "",
        entity="Entidad de demostración" if group.category != INCLUDE else "",
        deferral=TOLD if group.category in (RESERVE, LATER) else "",
        axis=axes[number % len(axes)] if group.category == INCLUDE else "",
    )


def ask(world: World) -> None:
    world.advance("confirmacion", day=32)
    confirmation.ask(cycle=world.cycle, person=world.speaks(FORUM[0]), at=world.at(32))


def confirm(world: World) -> None:
    """The highest authorities of both sides answer from their own account."""
    if world.is_past("confirmacion"):
        return
    ask(world)
    for one in confirming.commitments(world.cycle):
        for person in sides(world, one.integrated.number):
            if one.integrated.node_id is None:
                confirmation.answer(
                    cycle=world.cycle,
                    number=one.integrated.number,
                    person=person,
                    said=Answer.CONFIRMED,
                    at=world.at(34, one.integrated.number),
                )


def sides(world: World, number: int) -> list[Person]:
    sides = (RESPONSIBLE[(number - 1) % 2], COUNTERPART[(number - 1) % 2])
    return [world.speaks(said.email) for said in sides]


def tell(world: World) -> None:
    """The reserve that was not needed goes where it was marked to go; everybody is told."""
    world.advance("rendicion", day=36)
