from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.kernel.catalogue.declaration import Dataset
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Organisation, Succession

from . import queries


def rows() -> Iterable[Mapping[str, Any]]:
    """Five statements, however many institutions."""
    bodies = list(queries.listed().order_by("sort_name", "pk"))
    keys = dict(Organisation.objects.values_list("pk", "key"))
    above, verdicts = identity.parents(), queries.verdicts()
    became = dict(Succession.objects.values_list("original_id", "resulting_id"))
    officers = queries.officer_posts(bodies)
    for body in bodies:
        said = {name: queries.label(name, getattr(body, name)) for name in LISTED}
        yield {
            "key": body.key,
            "name": body.name,
            "acronym": body.acronym,
            **said,
            "parent": keys.get(above.get(body.pk, 0), ""),
            "central": _answer(verdicts[body.pk].central),
            "starts_on": body.starts_on or "",
            "ends_on": body.ends_on or "",
            "successor": keys.get(became.get(body.pk, 0), ""),
            "officer": str(officers.get(body.pk, "")),
            "source": body.source,
            "demo": _("Datos de demostración") if body.demo else "",
        }


def _answer(central: bool | None) -> str:
    if central is None:
        return ""
    return _("sí") if central else _("no")


LISTED = ("kind", "form", "level", "function", "sector")
institutions = Dataset(
    key="institutions.institutions",
    title=gettext_lazy("Instituciones"),
    columns={
        "key": gettext_lazy("Clave"),
        "name": gettext_lazy("Nombre"),
        "acronym": gettext_lazy("Sigla"),
        "kind": gettext_lazy("Tipo"),
        "form": gettext_lazy("Forma"),
        "level": gettext_lazy("Nivel"),
        "function": gettext_lazy("Función"),
        "sector": gettext_lazy("Sector"),
        "parent": gettext_lazy("Depende de (clave)"),
        "central": gettext_lazy("Administración central"),
        "starts_on": gettext_lazy("Desde"),
        "ends_on": gettext_lazy("Hasta"),
        "successor": gettext_lazy("Pasó a ser (clave)"),
        "officer": gettext_lazy("Puesto responsable de gobierno electrónico"),
        "source": gettext_lazy("Fuente"),
        "demo": gettext_lazy("Advertencia"),
    },
    rows=rows,
    omits=gettext_lazy(
        "Faltan las personas que ocupan los puestos: los nombres son personales. Lo que ningún"
        " documento dice queda vacío."
    ),
)
