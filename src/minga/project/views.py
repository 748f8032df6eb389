from ipaddress import ip_address
from secrets import compare_digest
from time import time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minga.kernel.design.menu import Audience, open_to

from . import health

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")  # what a proxy adds


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old tab, or a browser that keeps no cookies."""
    return render(request, "design/expired_form.html", status=403)


@open_to(Audience.EVERYONE)
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return HttpResponse("bien\n", content_type="text/plain; charset=utf-8")


@open_to(Audience.EVERYONE)
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """A worker that stopped is told and closes no door: people can still write."""
    is_ready, said = health.ready()
    done = health.last_round() if is_ready else None
    told = {**said, "segundos_desde_la_ronda": done and round(time() - done)}
    ascii_only = {"ensure_ascii": False}
    return JsonResponse(told, status=200 if is_ready else 503, json_dumps_params=ascii_only)


@open_to(Audience.EVERYONE)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    if not (is_here(request) or has_token(request)):
        raise Http404
    from . import metrics

    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def is_here(request: HttpRequest) -> bool:
    """Asked on this machine itself, and not by a proxy on it for somebody else."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def has_token(request: HttpRequest) -> bool:
    token, given = settings.MINGA_METRICS_TOKEN, request.headers.get("Authorization", "")
    return bool(token) and compare_digest(given.encode(), f"Bearer {token}".encode())
