from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation import queries
from minga.services.cocreation.models import Screening
from minga.services.cocreation.rules.screening import Standing, outcome


def rows() -> Iterator[Mapping[str, Any]]:
    decided = Screening.objects.filter(proposal=OuterRef("pk"), standing=Standing.CONFIRMED)
    last = decided.order_by("-again").values("reason")[:1]
    public = queries.public().select_related("case").annotate(reason=Subquery(last))
    found = public.order_by("cycle__key", "number")
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
            "channel": proposal.channel,
            "outcome": outcome(proposal.case.state),
            "reason": proposal.reason or "",
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
        "channel": _("Canal"),
        "outcome": _("Clasificación"),
        "reason": _("Criterio que no cumple"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_(
        "Faltan el código, el correo y los datos estadísticos de quien propone: son personales."
    ),
)


KINDS = {
    "place": _("Lugar (ISO 3166-2)"),
    "goal": _("Objetivo de Desarrollo Sostenible"),
    "sector": _("Sector"),
    "month": _("Mes"),
    "call": _("Convocatoria"),
}


def count_rows() -> Iterator[Mapping[str, Any]]:
    demo = _("Datos de demostración") if queries.any_invented() else ""
    for by, words in KINDS.items():
        for kind, many in queries.counted(by).items():
            value = f"{localdate(kind):%Y-%m}" if by == "month" else kind or ""
            yield {"by": words, "value": value, "proposals": many, "demo": demo}


counts = Dataset(
    key="cocreation.counts",
    title=_("Propuestas ciudadanas en cifras"),
    columns={
        "by": _("Se cuenta por"),
        "value": _("Valor"),
        "proposals": _("Propuestas"),
        "demo": _("Advertencia"),
    },
    rows=count_rows,
    omits=_("Solo cuenta propuestas públicas, y nada de lo que dijeron de sí quienes proponen."),
)
