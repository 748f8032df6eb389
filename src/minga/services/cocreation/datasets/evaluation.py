from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation.models import Score
from minga.services.cocreation.queries.evaluation import decimal


def rows() -> Iterator[Mapping[str, Any]]:
    """Each score of each indicator, and what they come to: no row before all is published.
    A criterion's in decimals: a spreadsheet would take 4/3 for a day."""
    found = Score.objects.select_related("integrated__cycle__convener")
    for score in found.order_by("integrated__cycle__key", "integrated__number").iterator():
        one = score.integrated
        said = {
            "cycle": one.cycle.key,
            "number": one.number,
            "title": one.title,
            "published_on": localdate(score.published_at),
            "demo": _("Datos de demostración") if one.cycle.convener.demo else "",
        }
        yield said | {"what": "total", "who": "", "score": score.total}
        for key, value in score.criteria.items():
            yield said | {"what": key, "who": "", "score": decimal(Fraction(value))}
        for key, given in score.indicators.items():
            for who, value in given.items():
                yield said | {"what": key, "who": who, "score": value}


scores = Dataset(
    key="cocreation.scores",
    title=_("Puntajes de las propuestas evaluadas"),
    columns={
        "cycle": _("Convocatoria"),
        "number": _("Número de la propuesta integrada"),
        "title": _("Nombre"),
        "what": _("Total, criterio o indicador"),
        "who": _("Quién lo puso, o fact si se calcula"),
        "score": _("Puntaje de 0 a 3"),
        "published_on": _("Publicado el"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_(
        "Falta quién evaluó, sus nombres y sus comentarios: la evaluación es anónima. No hay"
        " ningún puntaje antes de que se publiquen todos."
    ),
)
