from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation import queries
from minga.services.cocreation.models import Suggested


def rows() -> Iterator[Mapping[str, Any]]:
    """Every proposal of every suggestion that is public now, with what was decided."""
    names = ("suggestion__run__cycle__convener", "proposal__cycle")
    found = Suggested.objects.filter(proposal__in=queries.public()).select_related(*names)
    order = ("suggestion__run", "suggestion__number", "proposal__number")
    agreed = F("suggestion__verdicts__numbers")  # there is one verdict at most
    for one in found.annotate(agreed=agreed).order_by(*order).iterator(chunk_size=500):
        suggestion = one.suggestion
        run = suggestion.run
        yield {
            "cycle": run.cycle.key,
            "run": run.pk,
            "algorithm": f"{run.algorithm} {run.version}",
            "input": run.input_hash,
            "suggestion": suggestion.number,
            "words": ", ".join(suggestion.words),
            "cohesion": suggestion.cohesion,
            "number": one.proposal.number,
            "accepted": _said(one.agreed, one.proposal.number),
            "demo": _("Datos de demostración") if run.cycle.convener.demo else "",
        }


def _said(agreed: list[int] | None, number: int | None) -> Any:
    if agreed is None:
        return ""
    return _("sí") if number in agreed else _("no")


suggestions = Dataset(
    key="cocreation.suggestions",
    title=_("Propuestas que parecen decir lo mismo"),
    columns={
        "cycle": _("Convocatoria"),
        "run": _("Lista"),
        "algorithm": _("Método de cálculo"),
        "input": _("Huella de los textos"),
        "suggestion": _("Sugerencia"),
        "words": _("Palabras que la explican"),
        "cohesion": _("Parecido, de 0 a 1000"),
        "number": _("Número de la propuesta"),
        "accepted": _("El grupo de trabajo dice que sí"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_("Faltan las propuestas que ya no son públicas."),
)
