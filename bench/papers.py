"""What a paper of twenty pages costs the worker: a process that lives for one paper."""

import resource
from collections.abc import Iterator, Mapping
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from minga.kernel.documents import press

PARAGRAPHS = 84  # that fill twenty pages
WORDS = "El barrio propone que el presupuesto se publique cada mes, con lo que se gastó y en qué. "


class Cost(NamedTuple):
    seconds: float
    processor: float


def sheet() -> Mapping[str, Any]:
    parts = [
        {"kind": "words", "heading": f"Parte {n}", "text": WORDS * 10} for n in range(PARAGRAPHS)
    ]
    proof = dict.fromkeys(("heading", "how", "spoken", "issued", "alt"), "Prueba")
    said = dict.fromkeys(("title", "subject", "house", "by", "foot"), "Veinte páginas")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    return {
        **said,
        "demo": "",
        "parts": parts,
        "proof": proof,
        "page": "Página {page} de {pages}",
        "lang": "es",
        "code": "D-1111-1111-1111",
        "moment": [2026, 1, 2, 3, 4, 5],
        "timestamp": 1767323045,
        "band": drawing,
        "qr": drawing,
    }


def pages(made: bytes) -> int:
    import io

    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(made)).pages)


def costs(times: int) -> Iterator[Cost]:
    said = sheet()
    for _ in range(times):
        before, began = spent(), perf_counter()
        press.pressed(said)
        yield Cost(perf_counter() - began, spent() - before)


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    """Megabytes of the largest process that ended; Linux counts in kilobytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def report(times: int) -> str:
    found = list(costs(times))
    said = (
        f"{pages(press.pressed(sheet()))} páginas",
        f"{median(cost.seconds for cost in found):.2f} s de reloj",
        f"{median(cost.processor for cost in found):.2f} s de procesador",
        f"{peak():.0f} MB como mucho",
        f"{times} veces",
    )
    return "; ".join(said)
