"""Comprueba la historia: nombra lo primero que no encaja, o dice que está completa."""

import sys
from typing import TYPE_CHECKING

from ._arguments import Arguments
from ._django import stand_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from minga.kernel.trust.rules import Fault


def main(arguments: list[str]) -> None:
    parser = Arguments("verify", __doc__)
    parser.add_argument("--files", action="store_true", help="lee también cada archivo guardado")
    given = parser.parse_args(arguments)
    stand_up()
    from minga.kernel.cases.queries import attachments
    from minga.kernel.documents import queries as documents
    from minga.kernel.trust import queries as trust

    if missing := trust.missing_tables():
        sys.exit(f"Faltan tablas: {', '.join(missing)}")
    with trust.as_of_now():
        found = [fault for check in checks() for fault in check()]
    if given.files:  # afterwards: it may take long, and what came meanwhile is read as well
        found += [*attachments.verify_stored(), *documents.verify_stored()]
    if found:
        sys.exit("\n".join(f"{fault.place}: {fault.reason}" for fault in found))
    print("La historia está completa.")


def checks() -> "list[Callable[[], Iterator[Fault]]]":
    """Whoever can tell that something is not as the history says; the history itself first."""
    from minga.kernel.assemblies import queries as assemblies
    from minga.kernel.cases import queries as cases
    from minga.kernel.cases.queries import attachments, desk
    from minga.kernel.catalogue import queries as catalogue
    from minga.kernel.conversation import queries as conversation
    from minga.kernel.documents import queries as documents
    from minga.kernel.plans import queries as plans
    from minga.kernel.public_service.declaration import services
    from minga.kernel.rubrics import queries as rubrics
    from minga.kernel.trust import queries as trust
    from minga.kernel.trust.queries import register

    blocks = [trust.verify, register.verify, cases.verify, desk.verify, attachments.verify]
    blocks += [documents.verify, assemblies.verify, plans.verify, catalogue.verify]
    blocks += [conversation.verify, rubrics.verify]
    return blocks + [service.verify for service in services if service.verify]
