"""Whoever looks into a file before anybody opens it: one that is always there and knows one
thing only, or the antivirus of the installation."""

from collections.abc import Iterable

from django.conf import settings

from . import clamd, eicar


class Unanswered(Exception):
    """The scanner answered, and not whether the file is clean."""


def is_embedded() -> bool:
    """Whether there is no antivirus: then the test file is recognised, and nothing else."""
    return not settings.MINGA_SCANNER


def is_clean(content: Iterable[bytes]) -> bool:
    """What the scanner says of a file. OSError: it is not there now."""
    if is_embedded():
        return eicar.is_clean(content)
    answer = clamd.answer(settings.MINGA_SCANNER, content)
    if answer.endswith((" OK", " FOUND")):
        return answer.endswith(" OK")
    raise Unanswered(answer)
