"""When a call opens and closes, for whoever keeps a calendar."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.kernel.catalogue.feeds import Day, as_calendar
from minga.kernel.design.menu import Audience, open_to

from . import queries
from .models import Cycle, Workshop
from .queries import workshops


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


@open_to(Audience.EVERYONE)
def workshops_ics(request: HttpRequest) -> HttpResponse:
    found = workshops.soon(on=timezone.localdate())
    return as_calendar(_("Talleres de cocreación"), "talleres", map(_day, found))


def _day(workshop: Workshop) -> Day:
    said = [workshop.hours, workshop.city, workshop.host, workshop.venue]
    if workshop.cancelled_at:
        said = [_("Cancelado."), workshop.reason]
    if workshop.cycle.convener.demo:
        said.append(_("Datos de demostración."))
    title = workshop.title
    assert workshop.on
    return Day(
        key=f"taller-{workshop.pk}",
        on=workshop.on,
        title=_("Cancelado: %(what)s") % {"what": title} if workshop.cancelled_at else title,
        text="\n".join(part for part in said if part),
        address=reverse("cocreation:workshop", args=[workshop.pk]),
    )
