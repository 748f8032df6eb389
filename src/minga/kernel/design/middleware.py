"""What every answer forbids the browser to do."""

from collections.abc import Callable, Iterable, Mapping

from django.http import HttpRequest, HttpResponse

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
        if not request.path_info.startswith(f"/{FRAMES}"):
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
