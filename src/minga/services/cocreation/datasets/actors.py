from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation.queries import actors as queries
from minga.services.cocreation.rules.actors import is_governmental


def rows() -> Iterator[Mapping[str, Any]]:
    for actor in queries.listed().order_by("cycle__key", "sort_name").iterator(chunk_size=500):
        yield {
            "cycle": actor.cycle.key,
            "name": actor.name,
            "sector": actor.sector,
            "governmental": _("sí") if is_governmental(actor.sector) else _("no"),
            "reach": actor.reach,
            "territory": actor.territory_id or "",
            "goals": " ".join(str(goal) for goal in sorted(t.goal for t in actor.themes.all())),
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
