from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import Order, keyset
from minga.kernel.cases import queries as cases
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import posts
from minga.kernel.public_service import queries
from minga.kernel.public_service.forms import DeskForm


@open_to(Audience.OFFICIAL)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The cases that the reader's organisations hold: what waits for them comes first."""
    form = DeskForm(request.GET)
    chosen = form.cleaned_data["ver"] if form.is_valid() else ""
    held = cases.held_by(posts(request)).select_related("holder")
    page = keyset(
        held.filter(phase__in=DeskForm.PHASES[chosen]), order=[Order("moved_at")], query=request.GET
    )
    shown = {
        "filters": form,
        "page": page,
        "rows": queries.desk_rows(page.rows),
        "waiting": held.filter(phase__in=cases.PENDING)[:1000].count(),
        "posts": posts(request),
        "demo": any(post.organisation.demo for post in posts(request)),
    }
    return render(request, "public_service/desk.html", shown)
