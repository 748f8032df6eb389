"""Prueba todo lo que se puede probar aquí y dice qué quedó fuera y por qué."""

import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from minga.project.environment import HOME

from . import _testing as testing
from ._arguments import Arguments

BUDGET = 360  # seconds on two cores


def main(arguments: list[str]) -> int:
    parser = Arguments("test", __doc__)
    parser.add_argument("path", nargs="*", help="solo estos archivos o carpetas")
    parser.add_argument("--browser", action="store_true", help="solo las historias, en Chromium")
    parser.add_argument(
        "--accept-queries", action="store_true", help="acepta los números de consultas de hoy"
    )
    given = parser.parse_args(arguments)
    began = time.monotonic()
    todo = testing.parts(accept=given.accept_queries, browser=given.browser)
    results = []
    (HOME / "var" / "tests").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=HOME / "var" / "tests") as data,
        ThreadPoolExecutor(testing.LANES) as lanes,
    ):
        able = [part for part in todo if not part.left_out]
        started = [lanes.submit(testing.run, part, Path(data), given.path) for part in able]
        for ended in as_completed(started):
            results.append(ended.result())
            print(f"\n{results[-1].part.name}\n{results[-1].said}", flush=True)
    missing = [part for part in todo if part.left_out]
    tell(results, [*missing, *testing.silent_engines()], time.monotonic() - began)
    failed = any(result.failed for result in results)
    return 1 if failed or (missing and os.environ.get("CI")) else 0


def tell(
    results: Sequence[testing.Result], missing: Sequence[testing.Part], seconds: float
) -> None:
    """What ran and what did not; the last line is for machines."""
    slowest = sorted(
        (time_taken, f"{name} ({result.part.name})")
        for result in results
        for time_taken, name in result.slowest
    )
    print("\nLas diez pruebas más lentas")
    for time_taken, name in slowest[:-11:-1]:
        print(f"{time_taken:>7.2f} s  {name}".replace(".", ",", 1))
    print(f"\n{'':<24}{'bien':>6}{'mal':>6}{'sin hacer':>11}{'segundos':>10}")
    for result in results:
        counts = f"{result.passed:>6}{result.failed:>6}{result.skipped:>11}"
        print(f"{result.part.name:<24}{counts}{result.seconds:>10.0f}")
    for part in (result.part for result in results if result.part.without):
        print(f"En {part.name} no se repite lo que {part.why}: {', '.join(part.without)}")
    for part in missing:
        print(f"{part.name:<24}quedó fuera: {part.left_out}")
    over = " (¡se pasó!)" if seconds > BUDGET else ""
    print(f"{'Total':<24}{seconds:>33.0f} de {BUDGET}{over}\n")
    skipped = sum(result.skipped for result in results)
    passed, failed = (sum(getattr(result, n) for result in results) for n in ("passed", "failed"))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
