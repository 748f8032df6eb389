"""What the plans hold as open data: a row for each commitment, each milestone, each goal.
Nothing personal is there: institutions answer for a plan, by their posts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import Dataset
from minga.kernel.plans import queries as plans
from minga.kernel.plans.models import Involvement, Node

from . import queries
from .models import Commitment
from .queries import Part, Tree

Row = Mapping[str, Any]
LICENCE = "CC-BY-4.0"
BETWEEN = "; "  # the things of one cell
TARGETS = {"percent": _("%(n)s %%"), "per_year": _("%(n)s al año"), "presence": _("Que exista")}
NO_PROGRESS = _("Falta el avance: los documentos no lo dan y nadie lo ha informado todavía.")


def _trees(plan: str) -> Iterator[Tree]:
    """Of one plan, or of each."""
    for key in [plan] if plan else plans.plans().values_list("key", flat=True):
        if tree := queries.full_tree(key):
            yield tree


def commitment_rows(plan: str = "") -> Iterator[Row]:
    for tree in _trees(plan):
        for part in tree.commitments:
            said = getattr(part.node, "commitment", None)
            yield _places(tree, part) | {
                "theme": part.parent.node.title if part.parent else "",
                "title": part.node.title,
                "starts": month(part.node.starts_on),
                "ends": month(part.node.ends_on),
                "responsible": _names(part.responsible),
                "counterparts": _names(part.counterparts),
                "goals": BETWEEN.join(str(number) for number, _name in part.sdg),
                **texts(said),
                **_lists(said),
                "milestones": len(part.node.milestones.all()),
                **_origin(tree, part.node.source),
            }


def milestone_rows(plan: str = "") -> Iterator[Row]:
    for tree in _trees(plan):
        for part in tree.commitments:
            for step in part.node.milestones.all():
                yield _places(tree, part) | {
                    "milestone": step.number,
                    "title": step.title,
                    "starts": month(step.starts_on),
                    "ends": month(step.ends_on),
                    **_origin(tree, step.source),
                }


def goal_rows(plan: str = "") -> Iterator[Row]:
    for tree in _trees(plan):
        for part in tree.of_kind(queries.GOAL):
            yield _places(tree, part) | {
                "line": part.parent.node.title if part.parent else "",
                "title": part.node.title,
                "target": target(part.node),
                "unit": part.node.unit,
                "year": part.node.ends_on.year if part.node.ends_on else "",
                **_origin(tree, part.node.source),
            }


def _places(tree: Tree, part: Part) -> dict[str, Any]:
    return {"plan": tree.edition.plan.key, "edition": tree.edition.number, "code": part.node.code}


def _origin(tree: Tree, source: str) -> dict[str, Any]:
    demo = _("Datos de demostración") if tree.edition.plan.demo else ""
    return {"demo": demo, "source": source, "licence": LICENCE}


TEXTS = ("problem", "commitment", "contribution", "additional_information", "technical_note")


def texts(said: Commitment | None) -> dict[str, str]:
    """What the document says of a commitment; nothing where it says nothing."""
    return {name: getattr(said, name, "") for name in TEXTS}


def _lists(said: Commitment | None) -> dict[str, str]:
    values = said.values.all() if said else ()
    instruments = said.instruments.all() if said else ()
    return {
        "values": BETWEEN.join(value.name for value in values),
        "instruments": BETWEEN.join(instrument.name for instrument in instruments),
    }


def target(node: Node) -> str:
    """As its page says it; the code of its unit has a column of its own."""
    number = "" if node.target is None else str(node.target)
    return str(TARGETS[node.unit]) % {"n": number} if node.unit in TARGETS else number


def _names(bodies: Iterable[Involvement]) -> str:
    return BETWEEN.join(body.organisation.name for body in bodies)


def month(day: date | None) -> str:
    """Documents give months, not days."""
    return f"{day:%Y-%m}" if day else ""


places = {"plan": _("Plan"), "edition": _("Edición"), "code": _("Código")}
dates = {"starts": _("Desde (mes)"), "ends": _("Hasta (mes)")}
origin = {"demo": _("Advertencia"), "source": _("Fuente"), "licence": _("Licencia")}

commitments = Dataset(
    key="action_plans.commitments",
    title=_("Compromisos de los planes de acción"),
    columns={
        **places,
        "theme": _("Tema"),
        "title": _("Compromiso"),
        **dates,
        "responsible": _("Institución responsable"),
        "counterparts": _("Contraparte"),
        "goals": _("Objetivos de la Agenda 2030"),
        "problem": _("Problema"),
        "commitment": _("Qué se promete"),
        "contribution": _("Cómo contribuye"),
        "additional_information": _("Información adicional"),
        "technical_note": _("Nota técnica"),
        "values": _("Valores de gobierno abierto"),
        "instruments": _("Instrumentos relacionados"),
        "milestones": _("Número de hitos"),
        **origin,
    },
    rows=commitment_rows,
    omits=NO_PROGRESS,
    licence=LICENCE,
)
milestones = Dataset(
    key="action_plans.milestones",
    title=_("Hitos de los compromisos"),
    columns={**places, "milestone": _("Número de hito"), "title": _("Hito"), **dates, **origin},
    rows=milestone_rows,
    omits=NO_PROGRESS,
    licence=LICENCE,
)
goals = Dataset(
    key="action_plans.goals",
    title=_("Metas de los planes"),
    columns={
        **places,
        "line": _("Línea"),
        "title": _("Meta"),
        "target": _("Valor"),
        "unit": _("Unidad"),
        "year": _("Año"),
        **origin,
    },
    rows=goal_rows,
    omits=NO_PROGRESS,
    licence=LICENCE,
)
