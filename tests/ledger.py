"""What each page asks of the database, written beside the tests of its service.

Statements are those that reach the driver, savepoints and the ends of transactions too. A page
stands for all addresses of its name that links lead to: the dearest counts.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from django.apps import apps
from django.conf import settings

from minga.kernel.public_service.declaration import services
from tests.crawl import Visited

MOST = 12  # statements of a page, and of sending a form for good
OF_LIBRARY = 14  # of a page of the sign-in library, which looks three times for each key
Counts = Mapping[str, int]


def file_of(name: str) -> Path:
    """The ledger in which a page stands: of its service, or of the house."""
    service = name.partition(":")[0]
    room = Path(apps.get_app_config(service).path, "tests") if service in services else here()
    return room / "query_counts.json"


def here() -> Path:
    return Path(__file__).parent


def most(name: str) -> int:
    return OF_LIBRARY if name.startswith("mfa_") else MOST


def measured(visited: Iterable[Visited]) -> Counts:
    counts: dict[str, int] = {}
    for page in visited:
        counts[page.name] = max(len(page.statements), counts.get(page.name, 0))
    return counts


def written(names: Iterable[str]) -> Counts:
    """What the ledgers say of these pages, and of those that other countries have."""
    counts: dict[str, int] = {}
    for file in {file_of(name) for name in names}:
        counts |= json.loads(file.read_text("utf-8")) if file.exists() else {}
    return counts


def accept(counts: Counts, known: Iterable[str]) -> None:
    """Write today's counts. Another country adds the pages that only it has, or what it asks
    more; what it has not stays."""
    old = {name: n for name, n in written(known).items() if name in known}
    new = {n: c for n, c in counts.items() if is_reference() or c > old.get(n, -1)}
    whole = dict(sorted({**old, **new}.items()))
    for file in {file_of(name) for name in whole}:
        own = {name: n for name, n in whole.items() if file_of(name) == file}
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{json.dumps(own, indent=4)}\n", "utf-8")


def is_reference() -> bool:
    """The country whose counts are written to the letter; others may stay below them."""
    return settings.MINGA_COUNTRY == "ecuador"
