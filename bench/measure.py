"""Two passes over the same requests: one that measures a real server and counts nothing,
one that counts in this process and measures nothing."""

import gzip
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from minga.kernel.catalogue.queries import forget_stamp
from minga.kernel.identity.models import Person

from . import wsgi
from .server import SETTLE, TOKEN, Answer, Ask, Server, database_spent
from .statements import counted
from .visits import Visit

LONGEST = 60  # seconds for all the runs of one kind of request
REPEATED = 10  # a page that was kept is answered so fast that more are needed
COUNTED = 3  # requests of each kind in the second pass


@dataclass(frozen=True)
class Figures:
    """Milliseconds of processor for one request, one figure for each run."""

    name: str
    worker: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    sent: int = 0
    packed: int = 0
    statements: list[list[str]] = field(default_factory=list)

    @property
    def counts(self) -> list[int]:
        return [len(told) for told in self.statements]


def measured(server: Server, asked: Iterable[Visit], *, runs: int, times: int) -> Iterator[Figures]:
    for visit in asked:
        yield visited(server, visit, runs, times * (REPEATED if visit.is_short else 1))


def visited(server: Server, visit: Visit, runs: int, times: int) -> Figures:
    client = server.client(**session(visit.who))
    for ask in visit.asks(3):
        answer = client.ask(ask)
    worker: list[float] = []
    database: list[float] = []
    began = time.monotonic()
    while len(worker) < runs and (not worker or time.monotonic() - began < LONGEST):
        asks = visit.asks(times)
        before = spent(server)
        for ask in asks:
            answer = client.ask(ask)
        used = [(b - a) / times * 1000 for a, b in zip(before, spent(server), strict=True)]
        worker.append(used[0])
        database += used[1:]
    return Figures(visit.name, worker, database, len(answer.body), answer.packed)


def spent(server: Server) -> list[float]:
    time.sleep(SETTLE)
    return [part for part in (server.spent(), database_spent()) if part is not None]


def session(who: Person | None) -> dict[str, str]:
    if who is None:
        return {}
    client = Client()
    client.force_login(who)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def statements(asked: Iterable[Visit]) -> Iterator[tuple[str, list[list[str]]]]:
    """What each request says to the database: the version of what is public is read by
    every one, though a server reads it once a second."""
    assert wsgi.application
    anybody = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    for visit in asked:
        client = anybody
        if visit.who:
            client = Client(headers={"host": "localhost"})
            client.force_login(visit.who)
        first, *asks = visit.asks(COUNTED + 1)
        told(client, first)
        yield visit.name, [told(client, ask) for ask in asks]


def told(client: Client, ask: Ask) -> list[str]:
    forget_stamp()
    client.cookies["formulario"] = TOKEN
    with counted() as found:
        if ask.form is None:
            response = client.get(ask.path)
        else:
            response = client.post(ask.path, {**ask.form, "csrfmiddlewaretoken": TOKEN})
        assert response.status_code in (200, 302), ask.path
    return found


def first_visit(server: Server) -> Iterator[tuple[str, int]]:
    """What a browser fetches to show the first page: bytes of each answer as they travel."""
    client = server.client()
    page = client.ask(Ask("/"))
    yield "/", page.packed
    html = unpacked(page)
    style = r'<link rel="stylesheet" href="([^"]+)"'
    inside = []
    for sheet in re.findall(style, html):
        css = client.ask(Ask(sheet))
        yield sheet, len(css.body)
        inside += css_addresses(sheet)
    others = re.findall(r'<link rel="icon"[^>]*href="([^"]+)"|<img[^>]*src="([^"]+)"', html)
    for address in dict.fromkeys([a or b for a, b in others] + inside):
        yield address, len(client.ask(Ask(address)).body)


def unpacked(page: Answer) -> str:
    return (gzip.decompress(page.body) if page.is_packed else page.body).decode()


def css_addresses(sheet: str) -> list[str]:
    """Fonts and images that a style sheet names, read where it was collected."""
    folder, _, name = sheet.removeprefix(settings.STATIC_URL).rpartition("/")
    with staticfiles_storage.open(f"{folder}/{name}") as page:
        found = re.findall(r'url\("?([^")]+)"?\)', page.read().decode())
    return [f"{settings.STATIC_URL}{folder}/{address}" for address in found if ":" not in address]


def table(rows: Sequence[Figures]) -> Iterator[str]:
    """A table for people, which a page of Markdown can take as it is."""
    hello = median(rows[0].worker)  # the first is the greeting
    base = any(row.database for row in rows)
    heads = ["CPU ms", "peor", "x hola", *["base ms"] * base, "sentencias", "kB", "kB gz"]
    width = max(len(row.name) for row in rows)
    yield f"| {'Petición':<{width}} | " + " | ".join(f"{head:>10}" for head in heads) + " |"
    yield f"|{'-' * (width + 2)}|" + "|".join("-" * 11 + ":" for _ in heads) + "|"
    for row in rows:
        cells = [f"{median(row.worker):.2f}", f"{max(row.worker):.2f}"]
        cells.append(f"{median(row.worker) / hello:.1f}")
        if base:
            cells.append(f"{median(row.database):.2f}")
        few, most = median(row.counts), max(row.counts)
        cells.append(f"{few:.0f}" if few == most else f"{few:.0f} a {most}")
        cells += [kb(row.sent), kb(row.packed)]
        line = " | ".join(f"{cell.replace('.', ','):>10}" for cell in cells)
        yield f"| {row.name:<{width}} | {line} |"


def sizes(parts: Mapping[str, int]) -> str:
    """Each file of a visit by its name, and all of them together."""
    told = [
        f"{address.rpartition('/')[2] or 'página'} {kb(size)}" for address, size in parts.items()
    ]
    return f"{', '.join(told)}; en total {kb(sum(parts.values()))} kB"


def kb(size: int) -> str:
    return f"{size / 1000:.1f}".replace(".", ",")
