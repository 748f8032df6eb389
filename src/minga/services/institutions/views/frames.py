"""What of an institution is shown inside the sites of others: nobody is anybody there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.design.middleware import framed
from minga.services.institutions.queries import faces as queries

everyone = open_to(Audience.EVERYONE)


@everyone
@public_page
@require_safe
def frame(request: HttpRequest, institution: str) -> HttpResponse:
    found = queries.faced(institution)
    if found is None:
        raise Http404
    face = getattr(found, "face", None)
    shown = {
        "organisation": found,
        "face": face,
        "last": queries.last_public(found),
        "demo": found.demo,
    }
    answer = render(request, "institutions/frame.html", shown)
    for name, value in framed(face.hosts if face else ()).items():
        answer[name] = value
    return answer
