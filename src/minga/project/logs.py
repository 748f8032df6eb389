"""What may stand in the log: a case's code or a draft's address is a key, so no address does."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import format_tb
from types import TracebackType
from typing import TypeAlias

from django.http import HttpRequest

Problem: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)
REQUEST = ContextVar("request", default="")  # the number of the one that is answered
TOLD = ("route", "status", "ms", "statements")  # of a request, each under its own name


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


class Json(Line):
    """One object a line, whatever is in it: a line break is written as two characters."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {
            "at": at,
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := REQUEST.get():
            told["request"] = number
        if isinstance(record.args, dict):
            told |= {name: record.args[name] for name in TOLD if name in record.args}
        if record.exc_info:
            told["problem"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True)
