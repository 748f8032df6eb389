from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries import figures

BY = {
    "all": _("Todas"),
    "outcome": _("Clasificación"),
    "goal": _("Objetivo de Desarrollo Sostenible"),
    "place": _("Lugar (ISO 3166-2)"),
    "sector": _("Sector"),
    "sex": _("Sexo"),
    "age_group": _("Edad"),
    "ethnic_group": _("Autoidentificación"),
    "integrated": _("Propuestas integradas"),
    "category": _("Categoría, al terminar la selección"),
    "category_now": _("Categoría, ahora"),
    "commitment": _("Compromisos"),
    "workshop": _("Talleres que se hicieron"),
    "attendance_sex": _("Quiénes fueron a los talleres, por sexo"),
    "attendance_sector": _("Quiénes fueron a los talleres, por sector"),
}


def rows() -> Iterator[Mapping[str, Any]]:
    for one in figures.counted(Cycle.objects.order_by("key"), on=localdate()):
        yield {
            "cycle": one.cycle,
            "channel": one.channel,
            "by": one.by,
            "words": BY.get(one.by, one.by),
            "value": one.value,
            "many": one.many,
            "share": one.share,
            "hidden": _("Muy pocas personas para decirlo") if one.many is None else "",
            "demo": _("Datos de demostración") if one.demo else "",
        }


cycle_counts = Dataset(
    key="cocreation.cycle_counts",
    title=_("Procesos de cocreación en cifras"),
    columns={
        "cycle": _("Proceso"),
        "channel": _("Canal"),
        "by": _("Clave"),
        "words": _("Se cuenta por"),
        "value": _("Valor"),
        "many": _("Cuántas"),
        "share": _("De cada cien"),
        "hidden": _("Protegido"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_(
        "Lo que las personas dicen de sí mismas se cuenta cuando ya no se reciben propuestas, y no"
        " se dice cuántas son cuando son muy pocas, ni lo que permitiría calcularlo."
    ),
)
