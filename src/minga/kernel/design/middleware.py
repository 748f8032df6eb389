"""The language of an answer, and what every answer forbids the browser to do."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeGuard

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import override

from .reading import ESCAPED, FILE, WHOLE, Reading, address_in

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)
NOTHING = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "usb",
)


def permissions(*own: str) -> str:
    """What a browser may do for a page: nothing, but for what the page names."""
    return ", ".join(f"{one}=({'self' if one in own else ''})" for one in NOTHING)


HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": permissions(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


FRAMES = "marco/"  # what others may show in their sites is under this, and nothing else
FRAMED = re.compile(rf"/(?:[a-z]{{2}}/)?{FRAMES}")  # in whichever language


def framed(origins: Iterable[str]) -> Mapping[str, str]:
    """The headers of a page that these sites may show inside theirs; without one, nobody."""
    ancestors = " ".join(origins) or "'none'"
    policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {ancestors}")
    policy = policy.replace("script-src 'self'; connect-src 'self'; ", "")
    shared = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return {"Content-Security-Policy": policy, **shared}


class Frames:
    """Under FRAMES nobody is anybody: no cookie is read there, and none is set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not FRAMED.match(request.path_info):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        response.cookies.clear()
        return response


class SecurityHeaders:
    """A view may send its own (a download in a sandbox); what it leaves open is closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Language:
    """Spanish at `/…`, another language at `/en/…`, and nothing else decides it.

    The house behind sees the address without its prefix and makes none with one, so whatever
    it keeps is of no language; the prefix comes back into the addresses of the finished page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.codes = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code, slash, rest = request.path_info[1:].partition("/")
        if code not in self.codes:
            return without_marks(self.get_response(request))
        if not slash:
            return HttpResponseRedirect(f"/{code}/")
        request.path = request.path_info = f"/{rest}"
        if FILE.search(request.path):  # for machines: the same bytes in every language
            return without_marks(self.get_response(request))
        with override(code):
            response = self.get_response(request)
        if response.has_header("Location"):
            response["Location"] = address_in(f"/{code}", response["Location"])
        if is_page(response):
            reading = Reading(code, settings.LANGUAGE_CODE, whole=code in WHOLE)
            rewrite(response, reading.page(response.content.decode()).encode())
        return without_marks(response)


def is_page(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    kind = response.get("Content-Type", "")
    return isinstance(response, HttpResponse) and kind.startswith("text/html")


def without_marks(response: HttpResponseBase) -> HttpResponseBase:
    """A message that waited in a session may have been said in another language. A picture or
    a package says none, and its bytes stay."""
    kind = response.get("Content-Type", "")
    is_text = "charset=" in kind or kind == "application/json"
    if is_text and isinstance(response, HttpResponse) and ESCAPED.search(response.content):
        rewrite(response, ESCAPED.sub(b"", response.content))
    return response


def rewrite(response: HttpResponse, content: bytes) -> None:
    response.content = content
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(content))
