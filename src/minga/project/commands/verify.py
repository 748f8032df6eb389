"""Comprueba la historia: nombra lo primero que no encaja, o dice que está completa."""

import sys

from ._arguments import Arguments
from ._django import stand_up


def main(arguments: list[str]) -> None:
    Arguments("verify", __doc__).parse_args(arguments)
    stand_up()
    from minga.kernel.cases import queries as cases
    from minga.kernel.trust import queries as trust

    if missing := trust.missing_tables():
        sys.exit(f"Faltan tablas: {', '.join(missing)}")
    faults = [f"{fault.place}: {fault.reason}" for fault in (*trust.verify(), *cases.verify())]
    if faults:
        sys.exit("\n".join(faults))
    print("La historia está completa.")
