"""The figures and values of the follow-up report in words."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from minga.kernel.base.goals import GOALS
from minga.kernel.base.text import Text
from minga.services.cocreation.forms import SECTORS
from minga.services.cocreation.forms.figures import CHANNELS
from minga.services.cocreation.forms.following import OUTCOMES
from minga.services.cocreation.queries.following import Funnel
from minga.services.cocreation.rules import Channel, Sector
from minga.services.cocreation.rules.following import Outcome
from minga.services.cocreation.rules.method import Method

FUNNEL = _("De la idea al compromiso")


def kind(by: str, value: Any) -> Any:
    """What a value of one of these is called; of others, what it is."""
    match by:
        case "channel":
            return CHANNELS[Channel(value)]
        case "sector":
            return SECTORS[Sector(value)]
        case "goal":
            return f"{value}. {GOALS[value]}" if value else _("Muy general")
        case "outcome":
            return OUTCOMES[Outcome(value)]
    return value


def funnel(found: Funnel, method: Method | None) -> Iterator[tuple[Text, int]]:
    """From what was received to what was promised, line by line."""
    yield _("Propuestas recibidas"), found.received
    for channel, many in found.by_channel.items():
        yield kind("channel", channel), many
    yield _("Propuestas aceptadas"), found.accepted
    yield _("Propuestas no aceptadas"), found.by_outcome[Outcome.SET_ASIDE]
    yield _("Propuestas en revisión"), found.by_outcome[Outcome.IN_REVIEW]
    yield _("Aceptadas que no se han clasificado"), found.by_outcome[Outcome.ACCEPTED]
    yield _("No relacionadas con Gobierno Abierto"), found.by_outcome[Outcome.NOT_RELATED]
    yield _("Relacionadas con Gobierno Abierto"), found.related
    yield _("Relacionadas que no tienen grupo"), found.by_outcome[Outcome.RELATED]
    yield _("Propuestas integradas"), found.integrated
    yield _("Propuestas integradas con puntaje publicado"), found.scored
    for category in method.category if method else ():
        said = {"number": category.number, "title": category.title}
        label = _("Categoría %(number)s: %(title)s") % said
        yield label, found.by_category.get(category.number, 0)
    yield _("Compromisos del plan"), found.commitments
