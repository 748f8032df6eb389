from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.catalogue import queries as catalogue
from minga.kernel.catalogue.declaration import Dataset
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.public_service.declaration import services
from minga.kernel.public_service.queries.glossary import glossaries
from minga.kernel.public_service.queries.languages import languages as translated


@open_to(Audience.EVERYONE)
@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    panels = [
        render_to_string(panel.template, dict(panel.shown()), request)
        for service in services
        for panel in service.panels
    ]
    shown = {"panels": panels, "services": services, "site": _site()}
    return render(request, "public_service/home.html", shown)


def _site() -> Mapping[str, Any]:
    """What the whole site is, and how it is searched (schema.org)."""
    search = f"{settings.MINGA_ADDRESS}{reverse('catalogue:search')}?q={{words}}"
    return {
        "@type": "WebSite",
        "name": f"Minga {jurisdiction.current().name}",
        "url": f"{settings.MINGA_ADDRESS}{reverse('public_service:home')}",
        "inLanguage": get_language(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=words",
        },
    }


@open_to(Audience.EVERYONE)
@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "public_service/accessibility.html")


@open_to(Audience.EVERYONE)
@public_page
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "public_service/about.html", {"services": services})


@open_to(Audience.EVERYONE)
@public_page
@require_safe
def languages(request: HttpRequest) -> HttpResponse:
    return render(request, "public_service/languages.html", {"languages": translated()})


@open_to(Audience.EVERYONE)
@public_page
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "public_service/glossary.html", {"glossaries": glossaries()})


@open_to(Audience.EVERYONE)
@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """How often public pages were opened, in one month."""
    months = catalogue.use_by_month()
    asked = request.GET.get("mes", "")
    use = next((use for use in months if f"{use.month:%Y-%m}" == asked), next(iter(months), None))
    shown: dict[str, object] = {"months": months, "month": None}
    if use:
        shown |= {"month": use.month, "total": use.total}
        shown["pages"] = catalogue.pages_opened(use.month)
    return render(request, "public_service/usage.html", shown)


@open_to(Audience.EVERYONE)
@require_safe
def usage_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(
        Dataset(
            key="visitas",
            title=_("Cuánto se usa este sitio"),
            columns={"day": _("Día"), "page": _("Página"), "count": _("Veces")},
            rows=catalogue.visits,
            omits=_("Nada de quien abrió las páginas, ni de qué equipo: no se guarda."),
        )
    )
