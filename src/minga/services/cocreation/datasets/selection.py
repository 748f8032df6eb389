"""What a forum decided of each integrated proposal, as open data; nothing until it decided."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation.models import Placement


def rows() -> Iterator[Mapping[str, Any]]:
    found = Placement.objects.filter(current=True).select_related(
        "integrated__cycle__convener", "integrated__score", "integrated__node__edition__plan"
    )
    order = ("integrated__cycle__key", "category", "rank", "pk")
    for row in found.order_by(*order).iterator(chunk_size=500):
        one, cycle = row.integrated, row.integrated.cycle
        yield {
            "cycle": cycle.key,
            "number": one.number,
            "title": one.title,
            "rank": row.rank,
            "score": one.score.total.normalize() if hasattr(one, "score") else "",
            "by_score": row.by_score,
            "category": row.category,
            "axis": one.axis,
            "reserve_for": row.reserve_for or "",
            "reason": row.reason,
            "anchor": row.anchor,
            "entity": row.entity,
            "deferral": row.deferral,
            "decided_on": localdate(row.placed_at),
            "plan": one.node.edition.plan.key if one.node else "",
            "commitment": one.node.code if one.node else "",
            "demo": _("Datos de demostración") if cycle.convener.demo else "",
        }


selection = Dataset(
    key="cocreation.selection",
    title=_("Selección de propuestas integradas"),
    columns={
        "cycle": _("Proceso"),
        "number": _("Número"),
        "title": _("Nombre"),
        "rank": _("Lugar por puntaje"),
        "score": _("Puntaje"),
        "by_score": _("Categoría por puntaje"),
        "category": _("Categoría"),
        "axis": _("Tema"),
        "reserve_for": _("Destino de la reserva"),
        "reason": _("Motivo del cambio"),
        "anchor": _("Proyecto al que se ancla"),
        "entity": _("Entidad"),
        "deferral": _("Motivo de dejarla para después"),
        "decided_on": _("Decidido el"),
        "plan": _("Plan"),
        "commitment": _("Compromiso"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_("Faltan las selecciones que su foro todavía no decidió, y quién representó a quién."),
)
