"""When a call opens and closes, for whoever keeps a calendar."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from minga.kernel.catalogue.feeds import Day, as_calendar
from minga.kernel.design.menu import Audience, open_to

from . import queries
from .models import Cycle


@open_to(Audience.EVERYONE)
def calls_ics(request: HttpRequest) -> HttpResponse:
    days = (day for cycle in queries.cycles() for day in _days(cycle))
    return as_calendar(_("Convocatorias a proponer"), "convocatorias", days)


def _days(cycle: Cycle) -> Iterator[Day]:
    text = _("Convoca: %(who)s.") % {"who": cycle.convener.name}
    if cycle.convener.demo:
        text = f"{text} {_('Datos de demostración.')}"
    ends = {
        "abre": (cycle.opens_on, _("Abre: %(call)s")),
        "cierra": (cycle.closes_on, _("Último día: %(call)s")),
    }
    for name, (on, words) in ends.items():
        yield Day(
            key=f"{cycle.key}-{name}",
            on=on,
            title=words % {"call": cycle.title},
            text=text,
            address=reverse("cocreation:how"),
        )
