"""python -m minga.project.commands ORDER [ARGUMENTS]: each order is a module beside this."""

import os
import sys
from importlib import import_module
from importlib.util import find_spec


def main() -> None:
    name, *arguments = sys.argv[1:] or [""]
    if not name.isidentifier() or name.startswith("_") or not find_spec(f"{__package__}.{name}"):
        sys.exit(f"No hay una orden «{name}»; «./minga» las muestra todas.")
    try:
        sys.exit(import_module(f"{__package__}.{name}").main(arguments))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever was reading has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
