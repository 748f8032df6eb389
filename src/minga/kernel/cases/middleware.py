from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from minga.kernel.design.menu import Audience
from minga.kernel.identity.middleware import guessed, is_guessing

from .declaration import CodeUnknown, Conflict, DraftUnknown, Overwritten, Refused, Taken


class Conflicts:
    """In every service a conflict is a 409 that shows what stands now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        match exception:
            case Conflict():
                page, status = "cases/conflict.html", 409
            case Refused():
                page, status = "cases/refused.html", 409
            case Overwritten():
                page, status = "cases/overwritten.html", 409
            case Taken():
                page, status = "cases/taken.html", 409
            case DraftUnknown():
                page, status = "cases/draft_unknown.html", 404
            case _:
                return None
        shown = {
            "now": exception,
            "again": request.get_full_path(),
            "typed": request.POST.get("message", ""),
            "rev": request.POST.get("rev", ""),
        }
        return render(request, page, shown, status=status)


class Codes:
    """A code is a key: whoever tries many wrong ones waits, and gets no right one meanwhile."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        asks = "code" in kwargs and getattr(view, "audience", None) is Audience.APPLICANT
        if asks and is_guessing(request, "codes"):
            return render(request, "cases/too_many_codes.html", status=429)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, CodeUnknown):
            return None
        guessed(request, "codes")
        return render(request, "cases/code_unknown.html", status=404)
