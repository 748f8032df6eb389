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
    """Whose text was taken out of sight has its row and its number, without a word of it."""
    decided = Screening.objects.filter(proposal=OuterRef("pk"), standing=Standing.CONFIRMED)
    last = decided.order_by("-again").values("reason")[:1]
    whole = queries.in_process().select_related("territory", "cycle__convener", "case")
    found = whole.annotate(reason=Subquery(last))
    withdrawn = queries.withdrawn()
    for proposal in found.order_by("cycle__key", "number").iterator(chunk_size=500):
        reason = withdrawn.get(proposal.pk, "")
        yield {
            "cycle": proposal.cycle.key,
            "number": proposal.number,
            "received_on": localdate(proposal.received_at),
            "title": "" if reason else proposal.title,
            "problem": "" if reason else proposal.problem,
            "solution": "" if reason else proposal.solution,
            "goal": proposal.goal or "",
            "territory": proposal.territory_id,
            "sector": proposal.sector,
            "channel": proposal.channel,
            "outcome": outcome(proposal.case.state),
            "criterion": proposal.reason or "",
            "supports": proposal.supports,
            "withdrawn": reason,
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
        "criterion": _("Criterio que no cumple"),
        "supports": _("Apoyos"),
        "withdrawn": _("Texto retirado por"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_(
        "Faltan el código, el correo y los datos estadísticos de quien propone, y quiénes apoyan:"
        " son personales. Falta el texto que se retiró por incumplir las reglas."
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
