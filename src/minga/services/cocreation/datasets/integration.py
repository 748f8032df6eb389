"""Integrated proposals and what each is made of, as open data."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.services.cocreation.models import Join
from minga.services.cocreation.queries import integration as queries

NOTHING = _("Nada: todo lo que dice una propuesta integrada es público.")


def _demo(is_invented: bool) -> object:
    return _("Datos de demostración") if is_invented else ""


def rows() -> Iterator[Mapping[str, Any]]:
    """Read once for each goal that it serves: one statement, however many there are."""
    inside = Count("joins", filter=Q(joins__left_at=None))
    found = queries.public().annotate(goal=F("aims__goal"), proposals=inside)
    ordered: QuerySet[Any, Any] = found.order_by("cycle__key", "number", "goal")
    for _pk, served in groupby(ordered.iterator(chunk_size=500), key=attrgetter("pk")):
        integrated, *more = served
        goals = [one.goal for one in (integrated, *more) if one.goal]
        yield {
            "cycle": integrated.cycle.key,
            "number": integrated.number,
            "title": integrated.title,
            "problem": integrated.problem,
            "solution": integrated.solution,
            "pillars": " ".join(integrated.pillars),
            "axis": integrated.axis,
            "goals": " ".join(map(str, goals)),
            "budget": integrated.budget if integrated.budget is not None else "",
            "starts_on": integrated.starts_on or "",
            "ends_on": integrated.ends_on or "",
            "proposals": integrated.proposals,
            "demo": _demo(integrated.cycle.convener.demo),
        }


def join_rows() -> Iterator[Mapping[str, Any]]:
    """Each proposal in each integrated one, also those that left it."""
    found = Join.objects.select_related("integrated__cycle__convener", "proposal")
    order = ("integrated__cycle__key", "integrated__number", "joined_at", "pk")
    for join in found.order_by(*order).iterator(chunk_size=500):
        yield {
            "cycle": join.integrated.cycle.key,
            "integrated": join.integrated.number,
            "proposal": join.proposal.number,
            "joined_on": localdate(join.joined_at),
            "reason": join.reason,
            "left_on": localdate(join.left_at) if join.left_at else "",
            "left_reason": join.left_reason,
            "demo": _demo(join.integrated.cycle.convener.demo),
        }


integrated = Dataset(
    key="cocreation.integrated",
    title=_("Propuestas integradas"),
    columns={
        "cycle": _("Convocatoria"),
        "number": _("Número"),
        "title": _("Nombre"),
        "problem": _("Problema"),
        "solution": _("Solución"),
        "pillars": _("Pilares"),
        "axis": _("Tema"),
        "goals": _("Objetivos de Desarrollo Sostenible"),
        "budget": _("Presupuesto referencial"),
        "starts_on": _("Empieza"),
        "ends_on": _("Termina"),
        "proposals": _("Propuestas que reúne"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=NOTHING,
)
joins = Dataset(
    key="cocreation.joins",
    title=_("Qué propuestas reúne cada propuesta integrada"),
    columns={
        "cycle": _("Convocatoria"),
        "integrated": _("Propuesta integrada"),
        "proposal": _("Propuesta"),
        "joined_on": _("Se juntó el"),
        "reason": _("Por qué"),
        "left_on": _("Se separó el"),
        "left_reason": _("Por qué se separó"),
        "demo": _("Advertencia"),
    },
    rows=join_rows,
    omits=_("Quién propuso cada una, que es un dato personal."),
)
