from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
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
    return render(request, "public_service/home.html", {"panels": panels, "services": services})


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
