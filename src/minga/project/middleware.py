"""What is seen of every request from outside: its number, how long it took, what it cost."""

import logging
import re
from collections.abc import Callable
from time import perf_counter as now
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .logs import REQUEST

SLOW = 1.0  # seconds after which the log tells of a request
NUMBER = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEADER = "X-Request-ID"
NO_ROUTE = "-"  # what was kept, a file of style, or nothing that is there
log = logging.getLogger("minga.requests")


class Observed:
    """The first of all. A number given by the proxy is passed on when it is only that."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number, asked, began = numbered(request.headers.get(HEADER, "")), Statements(), now()
        REQUEST.set(number)  # until the next one: Django tells of an answer after this
        with connection.execute_wrapper(asked):
            response = self.get_response(request)
        seen(request, response, now() - began, asked.count)
        response[HEADER] = number
        return response


class Statements:
    """Counts what is asked of the database."""

    count = 0

    def __call__(self, execute: Callable[..., Any], *asked: Any) -> Any:
        self.count += 1
        return execute(*asked)


def numbered(given: str) -> str:
    return given if NUMBER.fullmatch(given) else uuid4().hex


def route(request: HttpRequest) -> str:
    """Never the address: it may be a key."""
    return f"/{request.resolver_match.route}" if request.resolver_match else NO_ROUTE


def seen(request: HttpRequest, response: HttpResponseBase, seconds: float, asked: int) -> None:
    where, status = route(request), response.status_code
    if settings.MINGA_METRICS:
        from . import metrics

        metrics.count(where, status, seconds)
    if seconds >= SLOW:
        told = {"route": where, "status": status, "ms": round(seconds * 1000), "statements": asked}
        log.warning("slow: %(route)s %(status)s %(ms)s ms, %(statements)s statements", told)
