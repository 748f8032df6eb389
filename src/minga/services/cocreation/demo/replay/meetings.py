"""Workshops take place, and who comes is counted at the door."""

from uuid import NAMESPACE_URL, uuid5

from django.utils.timezone import localdate

from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation.actions import workshops
from minga.services.cocreation.demo.replay.world import World
from minga.services.cocreation.models import Workshop
from minga.services.cocreation.rules.workshops import Sort


def hold(world: World) -> None:
    """As many as the document says, on invented days, at invented places."""
    script = world.script
    by = f"post:{world.post.pk}"
    held = [_workshop(world, number, by) for number in range(script.workshops)]
    for kind, came in enumerate(script.attendance):
        for number, workshop in enumerate(held):
            people = (came.many + number) // len(held)
            if people:
                workshops.walk_in(
                    workshop=workshop,
                    key=uuid5(NAMESPACE_URL, f"minga:replay:{script.key}:{kind}:{number}"),
                    sex=came.sex,
                    sector=came.sector,
                    people=people,
                    by=by,
                    at=world.at(3 + number % 5, 300),
                )


def _workshop(world: World, number: int, by: str) -> Workshop:
    places = list(jurisdiction.territories()[:24])
    place = places[number % len(places)]
    said = {
        "sort": Sort.TERRITORIAL,
        "title": f"Mesa territorial de demostración {number + 1}",
        "city": place.name,
        "territory_id": place.iso,
        "on": localdate(world.at(3 + number % 5)),
        "hours": "08h00 a 13h00",
    }
    key = f"repeticion-{number + 1}"
    return workshops.create(cycle=world.cycle, key=key, said=said, by=by, at=world.at(0))
