"""Deja listas las tablas, los archivos del país y los de estilo, sin abrir Minga."""

from ._arguments import Arguments
from ._django import stand_up
from .start import collect_static, fill


def main(arguments: list[str]) -> None:
    Arguments("prepare", __doc__).parse_args(arguments)
    stand_up()
    fill(demo=False)
    collect_static()
