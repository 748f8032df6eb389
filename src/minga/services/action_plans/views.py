from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.kernel.base.text import Text
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.design.pictures.tree import TreeRow
from minga.kernel.design.timeline import TimelineRow
from minga.kernel.documents import actions as documents
from minga.kernel.documents import queries as issued
from minga.kernel.documents.views import at_press

from . import papers, queries
from .forms import FilterForm
from .models import Instrument
from .queries import Part, Tree

BELOW = {
    "axis": gettext_lazy("Líneas de este eje"),
    "line": gettext_lazy("Partes de esta línea"),
    "theme": gettext_lazy("Compromisos de este tema"),
}
INSTRUMENTS = {
    "planning": gettext_lazy("Planes"),
    "legal": gettext_lazy("Leyes y normas"),
    "international": gettext_lazy("Acuerdos internacionales"),
}
PAGES = {queries.COMMITMENT: "action_plans/commitment.html"}
everyone = open_to(Audience.EVERYONE)


@everyone
@public_page
def plans(request: HttpRequest) -> HttpResponse:
    return render(request, "action_plans/plans.html", {"shelf": queries.shelf()})


@everyone
@public_page
def plan(request: HttpRequest, plan: str) -> HttpResponse:
    tree = queries.tree(plan)
    if tree is None:
        raise Http404
    form = FilterForm(request.GET, tree=tree)
    found = form.narrowed()
    shown = {
        "tree": tree,
        "filters": form,
        "found": found,
        "themes": queries.by_theme(found),
        "rows": _commitment_rows(tree, found),
        "branches": _branches(tree, tree.tops),
        "months": queries.under_way(tree),
        "years": queries.goals_by_year(tree),
        "notes": queries.notes(tree.edition),
    }
    return render(request, "action_plans/plan.html", shown)


@everyone
@public_page
def node(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    tree, part = queries.around(plan, code)
    if tree is None or part is None:
        raise Http404
    said = getattr(part.node, "commitment", None)
    shown = {
        "tree": tree,
        "part": part,
        "said": said,
        "instruments": _by_kind(said.instruments.all() if said else ()),
        "rows": _milestone_rows(part),
        "trace": queries.trace(part.node),
        **_words(part),
    }
    return render(request, PAGES.get(part.node.kind, "action_plans/node.html"), shown)


@everyone
def sheet(request: HttpRequest, plan: str, code: str) -> HttpResponse:
    """Asks for the sheet of a commitment, and waits until it came out of the press."""
    tree, part = queries.around(plan, code)
    if tree is None or part is None or part.node.kind != queries.COMMITMENT:
        raise Http404
    paper = papers.sheet(tree, part)
    kind, about = papers.SHEET, papers.reference(plan, code)
    if request.method == "POST":
        documents.issue(kind=kind, reference=about, paper=paper, public=True, at=timezone.now())
        return redirect("action_plans:sheet", plan=plan, code=code)
    standing = issued.standing(kind=kind, reference=about, seal=paper.seal)
    file = reverse("documents:file", args=[standing.code]) if standing else ""
    shown = {"tree": tree, "part": part, "file": file, **at_press(request, standing)}
    return render(request, "action_plans/sheet.html", {**shown, **_words(part)})


def _words(part: Part) -> dict[str, Text]:
    """How this kind of part is called, and what is below it."""
    return {"kind": queries.KINDS.get(part.node.kind, ""), "below": BELOW.get(part.node.kind, "")}


def _by_kind(instruments: Iterable[Instrument]) -> list[tuple[Text, list[Instrument]]]:
    every = list(instruments)
    grouped = ((label, [i for i in every if i.kind == kind]) for kind, label in INSTRUMENTS.items())
    return [(label, group) for label, group in grouped if group]


def _branches(tree: Tree, parts: Iterable[Part]) -> list[TreeRow]:
    """The plan as a tree: what hangs from what, and how many milestones or goals each has."""
    return [
        TreeRow(
            label=f"{part.node.number}. {part.node.title}" if part.node.number else part.node.title,
            url=reverse("action_plans:node", args=[tree.edition.plan.key, part.node.code]),
            knots=len(part.node.milestones.all()) or len(part.goals) or None,
            below=_branches(tree, part.branches),
        )
        for part in parts
    ]


def _commitment_rows(tree: Tree, parts: Iterable[Part]) -> list[TimelineRow]:
    """A row for each commitment, over all the months it may take; its title stands above."""
    return [
        TimelineRow(
            label=_("Compromiso %(number)s") % {"number": part.node.number},
            url=reverse("action_plans:node", args=[tree.edition.plan.key, part.node.code]),
            starts=part.node.starts_on,
            ends=part.node.ends_on,
        )
        for part in parts
        if part.node.starts_on and part.node.ends_on
    ]


def _milestone_rows(part: Part) -> list[TimelineRow]:
    return [
        TimelineRow(
            label=_("Hito %(number)d") % {"number": step.number},
            url=f"#hito-{step.number}",
            starts=step.starts_on,
            ends=step.ends_on,
        )
        for step in part.node.milestones.all()
    ]
