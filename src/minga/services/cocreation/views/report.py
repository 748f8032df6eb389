"""The follow-up report of a cycle: page, paper and spreadsheet."""

from collections.abc import Iterator, Sequence
from itertools import islice

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.base.language import prevailing
from minga.kernel.base.pages import Order, keyset
from minga.kernel.base.text import Text
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.design.pictures.figures import Number
from minga.kernel.documents import actions as documents
from minga.kernel.documents import queries as issued
from minga.kernel.documents.declaration import Paper
from minga.kernel.documents.views import at_press
from minga.services.cocreation.datasets import report as sets
from minga.services.cocreation.forms import report as words
from minga.services.cocreation.forms.figures import charts
from minga.services.cocreation.forms.following import OUTCOMES
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.papers import report as papers
from minga.services.cocreation.queries import figures, following
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import report as queries
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.views.cycles import against, by_the_rules

everyone = open_to(Audience.EVERYONE)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Counted = tuple[Text, Sequence[tuple[Text, Number | None]]]


@everyone
@public_page
@require_safe
@by_the_rules
def report(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    found = queries.numbered([cycle])
    page = keyset(found, order=[Order("number", nulls="last")], query=request.GET, size=50)
    here = found.filter(pk__in=[row.pk for row in page.rows])
    rows = [(row, OUTCOMES[row.outcome]) for row in queries.each(here)]
    shown = {
        "cycle": cycle,
        "funnel": _funnel(cycle),
        "page": page,
        "rows": rows,
        "is_due": queries.is_due(cycle),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/report.html", shown)


@everyone
@require_safe
@by_the_rules
def report_xlsx(request: HttpRequest, cycle: Cycle) -> FileResponse:
    file = sets.book(cycle, _figures(cycle), words.kind)
    name = f"{cycle.key}-informe.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@everyone
@require_safe
def outcomes_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(sets.outcomes)


@everyone
@by_the_rules
def report_pdf(request: HttpRequest, cycle: Cycle) -> HttpResponseBase:
    """Asks for the report on paper, and waits until it came out of the press."""
    if not queries.is_due(cycle):
        return against(request, cycle, Breach(Rule.STAGE))
    paper = _paper(cycle)
    kind, about = papers.REPORT, cycle.stream
    if request.method == "POST":
        by, now = cycle.convener, timezone.now()
        documents.issue(kind=kind, reference=about, paper=paper, issuer=by, public=True, at=now)
        return redirect("cocreation:report_pdf", cycle=cycle.key)
    standing = issued.standing(kind=kind, reference=about, seal=paper.seal)
    file = reverse("documents:file", args=[standing.code]) if standing else ""
    shown = {"cycle": cycle, "file": file, "demo": cycle.convener.demo}
    return render(request, "cocreation/report_pdf.html", {**shown, **at_press(request, standing)})


def _paper(cycle: Cycle) -> Paper:
    """In Spanish, in whichever language its page is read."""
    with prevailing():
        first = islice(queries.each(queries.numbered([cycle])), papers.MOST + 1)
        each = [(one, str(OUTCOMES[one.outcome])) for one in first]
        return papers.report(cycle, figures=_figures(cycle), proposals=each)


def _figures(cycle: Cycle) -> Iterator[Counted]:
    """The way of the proposals, and the statistics that the documents print (PAGA I,
    l. 606-646)."""
    yield words.FUNNEL, _funnel(cycle)
    this = Cycle.objects.filter(pk=cycle.pk)
    for chart in charts(figures.counted(this, on=timezone.localdate())):
        yield chart.title, [(figure.label, figure.value) for figure in chart.figures]


def _funnel(cycle: Cycle) -> list[tuple[Text, int]]:
    return list(words.funnel(following.funnel(cycle), methods.method(cycle)))
