"""Muestra lo que se puede ajustar desde fuera: variable, valor y para qué sirve."""

import re
import sys

from minga.project import environment

from ._arguments import Arguments


def main(arguments: list[str]) -> None:
    Arguments("env", __doc__).parse_args(arguments)
    try:
        rows = list(environment.read().rows())
    except OSError as error:
        sys.exit(f"No se entiende la configuración. {error}")
    width = max(len(row.name) for row in rows)
    for row in rows:
        changed = "" if row.value in (row.default, "(oculta)") else " (cambiado)"
        value = re.sub("//([^:/@]*):[^@]*@", r"//\1:…@", row.value) or "—"  # passwords of addresses
        print(f"{row.name:<{width}}  {row.sentence}\n{'':<{width}}  {value}{changed}")
