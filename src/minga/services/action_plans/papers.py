"""The sheet of a commitment: what its page says of it, on paper. It is public."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minga.kernel.base.language import prevailing
from minga.kernel.documents.declaration import Facts, Note, Paper, Part, Table, Words
from minga.kernel.plans.models import Involvement

from . import queries
from .queries import COMMITMENT, Tree
from .queries import Part as Branch

SHEET = "action_plans.sheet"


def reference(plan: str, code: str) -> str:
    """The same in every edition: a sheet of a later one comes after those before it."""
    return f"{plan}/{code}"


def sheets(plan: str, codes: Iterable[str]) -> Iterator[tuple[str, Paper]]:
    """The sheets of some commitments, as the edition in force says them."""
    wanted = set(codes)
    tree = queries.full_tree(plan) if wanted else None
    for branch in tree.commitments if tree else ():
        if branch.node.code in wanted and tree:
            yield branch.node.code, sheet(tree, branch)


@prevailing()
def sheet(tree: Tree, branch: Branch) -> Paper:
    """In Spanish, in whichever language its page is read: there is one paper."""
    assert branch.node.kind == COMMITMENT
    return Paper(
        title=_("Hoja del compromiso %(number)s") % {"number": branch.node.number},
        subject=branch.node.title,
        demo=tree.edition.plan.demo,
        parts=[*_said(tree, branch)],
    )


def _said(tree: Tree, branch: Branch) -> Iterator[Part]:
    node, edition = branch.node, tree.edition
    yield Facts(rows=[*_facts(tree, branch)])
    yield Note(
        text=_(
            "Hoja referencial: dice lo que la página del compromiso y no reemplaza al plan. Fuente:"
            " %(source)s (línea en el texto del documento); edición: %(edition)s."
        )
        % {"source": node.source, "edition": edition.title}
    )
    if branch.contradictions:
        lines = [f"{note.text} ({note.source})" for note in branch.contradictions]
        yield Words(heading=_("Donde el documento se contradice"), text="\n\n".join(lines))
    said = getattr(node, "commitment", None)
    for heading, name in (
        (_("Qué se promete"), "commitment"),
        (_("Qué problema quiere resolver"), "problem"),
        (_("Cómo ayuda a resolverlo"), "contribution"),
    ):
        yield Words(heading=heading, text=_given(getattr(said, name, "")))
    yield _milestones(branch)


def _facts(tree: Tree, branch: Branch) -> Iterator[tuple[str, str]]:
    node = branch.node
    yield _("Plan"), tree.edition.plan.title
    yield _("Tema"), _given(branch.parent.node.title if branch.parent else "")
    yield _("Plazo"), _window(node.starts_on, node.ends_on)
    yield _("Institución responsable"), _bodies(branch.responsible)
    yield _("Contraparte"), _bodies(branch.counterparts)
    yield _("Avance"), _("Sin datos: nadie lo ha informado todavía.")


def _milestones(branch: Branch) -> Part:
    steps = branch.node.milestones.all()
    if not steps:
        return Words(heading=_("Hitos"), text=_given(""))
    return Table(
        heading=_("Hitos"),
        columns=[_("Hito"), _("Qué se hará"), _("Desde"), _("Hasta"), _("Avance")],
        widths=[0, 1, 0, 0, 0],
        rows=[
            [str(step.number), step.title, _month(step.starts_on), _month(step.ends_on), _no_data()]
            for step in steps
        ],
    )


def _bodies(bodies: Iterable[Involvement]) -> str:
    return _given("\n".join(map(_body, bodies)))


def _body(body: Involvement) -> str:
    name, acronym = body.organisation.name, body.organisation.acronym
    whole = f"{name} ({acronym})" if acronym and acronym != name else name
    return f"{whole}: {body.post}" if body.post else whole


def _window(starts: date | None, ends: date | None) -> str:
    if not (starts and ends):
        return _given("")
    return _("%(starts)s a %(ends)s") % {"starts": _month(starts), "ends": _month(ends)}


def _month(day: date) -> str:
    return str(date_format(day, r"F \d\e Y"))


def _no_data() -> str:
    return _("Sin datos")


def _given(text: str) -> str:
    return text or _("No consta en el documento")
