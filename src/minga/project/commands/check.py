"""Todo lo que se comprueba sin ejecutar: estilo, tipos, flechas, migraciones, páginas."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from minga.project.environment import HOME

from ._arguments import Arguments

BIN = Path(sys.prefix, "bin")
FAST = {
    "ruff": "ruff check",
    "ruff (formato)": "ruff format --check",
    "djangofmt": "djangofmt check src",
    "djangofmt (formato)": "djangofmt --check src",
    "import-linter": "lint-imports",
    "catálogos": "python -m minga.project.commands words --check",
}
SLOW = {"mypy": "mypy", "migraciones": "python -m django makemigrations --check --dry-run"}
DOCS = "python -m minga.project.commands docs --check"


def main(arguments: list[str]) -> int:
    parser = Arguments("check", __doc__)
    parser.add_argument("--fast", action="store_true", help="solo lo que tarda segundos")
    given = parser.parse_args(arguments)
    tools = FAST if given.fast else {**FAST, **SLOW}
    if not given.fast and Path(__file__).with_name("docs.py").exists():
        tools["documentos"] = DOCS
    with tempfile.TemporaryDirectory() as data:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "minga.project.settings", "MINGA_DATA": data}
        return run(tools)


def run(tools: Mapping[str, str], files: tuple[str, ...] = ()) -> int:
    """A line for each tool; what it says only when it fails."""
    failed = 0
    for name, order in tools.items():
        program, *rest = order.split()
        began = time.monotonic()
        told = subprocess.run(
            [BIN / program, *rest, *files], cwd=HOME, capture_output=True, text=True, check=False
        )
        seconds = f"{time.monotonic() - began:.1f} s".replace(".", ",")
        print(f"{'bien' if told.returncode == 0 else 'MAL ':<5}{name:<22}{seconds:>8}", flush=True)
        if told.returncode:
            failed += 1
            print(told.stdout + told.stderr, flush=True)
    return min(failed, 1)
