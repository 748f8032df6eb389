from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset

from . import queries


def rows() -> Iterator[Mapping[str, Any]]:
    found = queries.public().order_by("cycle__key", "number")
    for proposal in found.iterator(chunk_size=500):
        yield {
            "cycle": proposal.cycle.key,
            "number": proposal.number,
            "received_on": localdate(proposal.received_at),
            "title": proposal.title,
            "problem": proposal.problem,
            "solution": proposal.solution,
            "goal": proposal.goal or "",
            "territory": proposal.territory_id,
            "sector": proposal.sector,
            "demo": _("Datos de demostración") if proposal.cycle.convener.demo else "",
        }


proposals = Dataset(
    key="cocreation.proposals",
    title=_("Propuestas ciudadanas aceptadas"),
    columns={
        "cycle": _("Convocatoria"),
        "number": _("Número"),
        "received_on": _("Recibida el"),
        "title": _("Nombre"),
        "problem": _("Problema"),
        "solution": _("Solución"),
        "goal": _("Objetivo de Desarrollo Sostenible"),
        "territory": _("Lugar (ISO 3166-2)"),
        "sector": _("Sector"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_(
        "Faltan el código, el correo y los datos estadísticos de quien propone: son personales."
    ),
)
