"""Arregla todo lo que una máquina puede arreglar (--staged: solo lo que se va a guardar)."""

import subprocess
from collections.abc import Mapping

from minga.project.environment import HOME

from . import check
from ._arguments import Arguments

PYTHON = {"ruff": "ruff check --fix", "ruff (formato)": "ruff format"}
TEMPLATES = {"djangofmt (formato)": "djangofmt --quiet", "djangofmt": "djangofmt check --fix"}
STAGED = "git diff --cached --name-only --diff-filter=ACM"


def main(arguments: list[str]) -> int:
    parser = Arguments("fix", __doc__)
    parser.add_argument("--staged", action="store_true", help="solo los archivos por guardar")
    if not parser.parse_args(arguments).staged:
        return max(check.run(PYTHON, (".",)), check.run(TEMPLATES, ("src",)))
    names = subprocess.run(STAGED.split(), cwd=HOME, capture_output=True, text=True, check=True)
    files = names.stdout.splitlines()
    return max(some(PYTHON, files, ".py"), some(TEMPLATES, files, ".html"))


def some(tools: Mapping[str, str], files: list[str], ending: str) -> int:
    found = tuple(file for file in files if file.endswith(ending))
    return check.run(tools, found) if found else 0
