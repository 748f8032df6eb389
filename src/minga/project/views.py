from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old tab, or a browser that keeps no cookies."""
    return render(request, "design/expired_form.html", status=403)
