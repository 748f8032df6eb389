"""What is written after an order, understood in Spanish."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, HelpFormatter
from typing import NoReturn


class Arguments(ArgumentParser):
    """argparse speaks English in its own words; these are ours."""

    def __init__(self, order: str, help: str | None) -> None:
        super().__init__(
            prog=f"./minga {order}",
            description=help,
            add_help=False,
            allow_abbrev=False,
            formatter_class=lambda prog: HelpFormatter(prog, max_help_position=26),
        )
        self._positionals.title, self._optionals.title = "argumentos", "opciones"
        self.add_argument("-h", "--help", action="help", help="esta ayuda")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "Uso:")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "Uso:")

    def error(self, message: str) -> NoReturn:
        sys.exit(f"No se entiende «{' '.join(sys.argv[2:])}». {self.format_usage().strip()}")


def port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ArgumentTypeError(text)
    return int(text)
