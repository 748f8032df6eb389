"""What may stand in the log: a case's code or a draft's address is a key, so no address does."""

import logging
import re
from traceback import format_tb
from types import TracebackType
from typing import TypeAlias

from django.http import HttpRequest

Problem: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Routes(logging.Filter):
    """Where Django names the address that was asked for, the route it led to."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            if isinstance(record.args, tuple) and record.args:
                record.args = tuple(_without_address(part, request) for part in record.args)
            else:
                record.msg = _without_address(str(record.msg), request)
        return True


def _without_address(part: object, request: HttpRequest) -> object:
    """The reason of a refused form may name the page it came from, so no address at all."""
    if not isinstance(part, str):
        return part
    match, path = request.resolver_match, request.path
    route = f"/{match.route}" if match else "(sin ruta)"
    written = path.encode("unicode_escape").decode()  # as Django writes it down
    if part in (path, written):
        return route
    pieces = part.split(written) if len(path) > 1 else [part]
    return route.join(re.sub(r"\S*/\S*", "(…)", piece) for piece in pieces)


class Line(logging.Formatter):
    """Of what broke: where, and of which kind. Its words may be those of somebody."""

    def formatException(self, ei: Problem) -> str:  # noqa: N802  # logging's name
        told, problem = "", ei[1]
        while problem:
            kind = f"{type(problem).__module__}.{type(problem).__qualname__}"
            told = "".join([*format_tb(problem.__traceback__), kind, "\n", told])
            hidden = problem.__suppress_context__
            problem = problem.__cause__ or (None if hidden else problem.__context__)
        return told.rstrip()
