"""The printed lists of what earlier cycles left for others or for later."""

from functools import cache
from pathlib import Path

from minga.kernel.base import files
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation.rules.backlog import Backlog


def printed() -> list[Backlog]:
    """Of the country, in the order of their files; read once, for they change with a release."""
    return [_read(file) for file in jurisdiction.files("cocreation_backlog")]


@cache
def _read(file: Path) -> Backlog:
    return files.read(file, Backlog)
