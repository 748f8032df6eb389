from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries import workshops as queries
from minga.services.cocreation.rules.workshops import Cell

BY: Mapping[str, Text] = {"sex": _("Sexo"), "sector": _("Sector")}


def rows() -> Iterator[Mapping[str, Any]]:
    people = queries.came()
    for cycle in queries.with_workshops():
        for group in queries.GROUPS:
            for by, words in BY.items():
                cells = queries.told(cycle, people[by][cycle.pk, group])
                yield from _rows(cycle, group, words, cells)


def _rows(
    cycle: Cycle, group: str, words: Text, cells: Mapping[Cell, int | None]
) -> Iterator[Mapping[str, Any]]:
    small = queries.small_number(cycle)
    told = {str(row.pk): row for row in cycle.workshops.all()}
    for (workshop, kind), many in sorted(cells.items()):
        of = told.get(workshop)
        yield {
            "cycle": cycle.key,
            "event": group,
            "workshop": workshop,
            "city": of.city if of else "",
            "held_on": of.on if of else None,
            "by": words,
            "value": kind,
            "people": many,
            "protected": ""
            if many is not None
            else _("Son pocas personas, o se sabría por resta: menos de {n}").format(n=small),
            "demo": _("Datos de demostración") if cycle.convener.demo else "",
        }


attendance = Dataset(
    key="cocreation.attendance",
    title=_("Asistencia a los talleres de cocreación"),
    columns={
        "cycle": _("Convocatoria"),
        "event": _("Qué eventos"),
        "workshop": _("Taller (vacío: todos)"),
        "city": _("Ciudad"),
        "held_on": _("Fecha"),
        "by": _("Se cuenta por"),
        "value": _("Valor (vacío: todas las personas)"),
        "people": _("Personas"),
        "protected": _("Por qué no se dice"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_(
        "Faltan los nombres y correos de quienes se inscribieron, y las cifras de tan pocas"
        " personas que se podría saber quiénes son."
    ),
)
