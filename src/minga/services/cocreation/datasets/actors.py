from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation.queries import actors as queries
from minga.services.cocreation.rules.actors import is_governmental


def rows() -> Iterator[Mapping[str, Any]]:
    """Read once for each goal on which they work: one statement, however many there are."""
    found = queries.listed().prefetch_related(None).annotate(goal=F("themes__goal"))
    ordered: QuerySet[Any, Any] = found.order_by("cycle__key", "sort_name", "pk", "goal")
    for _pk, works in groupby(ordered.iterator(chunk_size=500), key=attrgetter("pk")):
        actor, *more = works
        goals = [one.goal for one in (actor, *more) if one.goal]
        yield {
            "cycle": actor.cycle.key,
            "name": actor.name,
            "sector": actor.sector,
            "governmental": _("sí") if is_governmental(actor.sector) else _("no"),
            "reach": actor.reach,
            "territory": actor.territory_id or "",
            "goals": " ".join(map(str, goals)),
            "does": actor.does,
            "demo": _("Datos de demostración") if actor.cycle.convener.demo else "",
        }


actors = Dataset(
    key="cocreation.actors",
    title=_("Mapa de actores"),
    columns={
        "cycle": _("Convocatoria"),
        "name": _("Organización"),
        "sector": _("Sector"),
        "governmental": _("Es del Estado"),
        "reach": _("Alcance"),
        "territory": _("Lugar (ISO 3166-2)"),
        "goals": _("Objetivos de Desarrollo Sostenible"),
        "does": _("Qué hace"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_("Faltan las personas, sus correos y teléfonos, y lo que no entró en el mapa."),
)
