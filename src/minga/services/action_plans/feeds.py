"""The dates of a plan for whoever keeps a calendar."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from minga.kernel.catalogue.feeds import Day, as_calendar
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to

from . import queries
from .queries import Tree


@open_to(Audience.EVERYONE)
@public_page
def milestones_ics(request: HttpRequest, plan: str) -> HttpResponse:
    tree = queries.tree(plan)
    if tree is None:
        raise Http404
    return as_calendar(tree.edition.plan.short_title, f"{plan}-hitos", _ends(tree))


def _ends(tree: Tree) -> Iterator[Day]:
    """The day by which each milestone should be done: documents give the month, so its last."""
    key = tree.edition.plan.key
    for part in tree.parts:
        for step in part.node.milestones.all():
            named = {"number": step.number, "part": part.node.number or part.node.code}
            yield Day(
                key=f"{key}-{part.node.code}-{step.number}",
                on=step.ends_on,
                title=_("Compromiso %(part)s, hito %(number)d: termina lo previsto") % named,
                text=f"{step.title}\n\n{_('El documento da el mes; aquí, su último día.')}"
                f" {step.source}",
                address=reverse("action_plans:node", args=[key, part.node.code])
                + f"#hito-{step.number}",
            )
