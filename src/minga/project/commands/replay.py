"""Repite un proceso de cocreación con textos inventados y compara sus cifras con las publicadas.

Hace lo mismo que haría la gente, paso a paso, en una convocatoria de demostración. Después lee las
cifras en los datos públicos, como cualquiera. Otra vez, no cambia nada."""

import csv
import sys
import time
from typing import TYPE_CHECKING

from ._arguments import Arguments
from ._django import stand_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from minga.services.cocreation.rules.published import Compared, Published

MATCHES = {
    "same": "coincide",
    "rounding": "coincide, redondeada de otro modo",
    "other": "NO COINCIDE",
    "missing": "falta",
}


def main(arguments: list[str]) -> int:
    parser = Arguments("replay", __doc__)
    parser.add_argument("key", help="qué proceso: paga-1")
    given = parser.parse_args(arguments)
    stand_up()
    from django.utils import timezone

    from minga.kernel.jurisdiction import actions as jurisdiction
    from minga.services.cocreation.actions import stages
    from minga.services.cocreation.demo import replay as demo
    from minga.services.cocreation.demo.replay.world import Script

    published = demo.published(given.key)
    if published is None:
        sys.exit(f"No hay cifras publicadas de «{given.key}». Hay de: {', '.join(demo.keys())}.")
    began, now = time.monotonic(), timezone.now()
    jurisdiction.load()
    stages.load(now)
    world = demo.replay(Script.whole(published), now, tell=lambda words: print(f"{words}…"))
    print(f"{time.monotonic() - began:.1f} s\n".replace(".", ","))
    print("Datos de demostración: todo lo que se cuenta aquí es inventado.\n")
    return table(published, read(world.cycle.key))


def read(cycle: str) -> "list[Mapping[str, str]]":
    """The figures of a cycle in the public file, read as anybody reads them."""
    from urllib.parse import urlsplit

    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from minga.services.cocreation.datasets.cycles import cycle_counts

    host = urlsplit(settings.MINGA_ADDRESS).hostname or "localhost"
    answer = Client(SERVER_NAME=host).get(reverse("cocreation:cycle_counts_csv"), secure=True)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    _headings, *lines = csv.reader(text.splitlines())
    rows = [dict(zip(cycle_counts.columns, line, strict=True)) for line in lines]
    return [row for row in rows if row["cycle"] == cycle]


def table(published: "Published", rows: "Sequence[Mapping[str, str]]") -> int:
    """Each figure with its line, what is printed and what came out; 1 when one is another."""
    from minga.services.cocreation.rules.published import compared

    found = [compared(figure, rows) for figure in published.figure]
    print(f"{'Cifra':<58} {'Fuente':<22} {'Publicada':>10} {'Calculada':>10}  Resultado")
    for one in found:
        print(line(one))
    counted = {words: sum(one.match == key for one in found) for key, words in MATCHES.items()}
    print("\n" + "; ".join(f"{words}: {many}" for words, many in counted.items() if many))
    return int(any(one.match == "other" for one in found))


def line(one: "Compared") -> str:
    said = one.printed
    words = f"{said.title:<58} {said.source:<22} {said.published:>10} {one.computed:>10}  "
    words += MATCHES[one.match]
    if one.interval:
        words += f" (da {said.published}: {one.interval})"
    return words + (f". {said.note}" if said.note else "")
