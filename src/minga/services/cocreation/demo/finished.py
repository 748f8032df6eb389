"""Small invented cycles: one that goes through all its stages, one whose proposals are being
sorted now, and where the country says how to evaluate, one that is being evaluated."""

from datetime import datetime

from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation.actions import screening
from minga.services.cocreation.demo import evaluation, method, replay
from minga.services.cocreation.demo.replay import intake
from minga.services.cocreation.demo.replay.world import Script, World, a_world
from minga.services.cocreation.rules import Channel, Sector, State
from minga.services.cocreation.rules.published import Published, Share

WHOLE = ("demostracion-completa", "Proceso completo de demostración", 8)
NOW = ("demostracion-en-curso", "Proceso de demostración, en clasificación", 6)
SINCE = 14  # days ago, the one that goes on began


def build(at: datetime) -> None:
    """The same again changes nothing."""
    published = next(filter(None, map(replay.published, replay.keys())), None) or _invented(at)
    replay.replay(Script.small(published, *WHOLE), at)
    world = a_world(Script.small(published, *NOW, days=SINCE), at)
    intake.receive(world)
    if len(world.proposals(State.ACCEPTED)) == world.script.size:
        _begin(world)
    if published.group:
        evaluation.build(published, at)


def _invented(at: datetime) -> Published:
    """For a country that prints no figures: a few from each of two places."""
    method.invented(at)
    places = [territory.iso for territory in jurisdiction.territories()[:2]]
    shares = [
        Share(by="place", value=places[0], many=4),
        Share(by="place", value=places[1], many=3),
        Share(by="sector", value=Sector.CITIZEN, many=7),
        Share(channel=Channel.WORKSHOP, by="place", value=places[0], many=1),
        Share(channel=Channel.WORKSHOP, by="sector", value=Sector.ACADEMIA, many=1),
    ]
    sizes = {"web": 7, "workshop": 1, "related": 5, "without_goal": 1}
    told = {"title": "Demostración", "source": method.SOURCE, "method": method.KEY}
    return Published(key=method.KEY, share=shares, figure=(), **told, **sizes)  # type: ignore[arg-type]  # words and numbers


def _begin(world: World) -> None:
    """One follows, one does not and its sender answered, one waits for another sector."""
    world.advance("integracion", day=10)
    first, second, third, *_rest = world.proposals(State.ACCEPTED)
    for number, (proposal, related) in enumerate(((first, True), (second, False))):
        intake.decide(world, proposal, number, related=related, day=11)
    second.case.refresh_from_db()
    told = {"at": world.at(12), "message": intake.ANSWER}
    screening.answer(proposal=second, rev=second.case.rev, **told)  # type: ignore[arg-type]
    screening.propose(
        proposal=third,
        person=world.speaks("elena"),
        verdict=intake.verdict(world, 2, related=True),
        rev=third.case.rev,
        at=world.at(12),
    )
