"""Anula un documento emitido: quien lo compruebe lo sabrá, con el motivo."""

import sys

from ._arguments import Arguments
from ._django import stand_up

REASONS = {"error": "mistake", "retirado": "withdrawn", "expuesto": "exposed"}
BY = "operator"


def main(arguments: list[str]) -> None:
    parser = Arguments("annul", __doc__)
    parser.add_argument("code", help="el código que lleva impreso: D-…")
    parser.add_argument(
        "reason",
        choices=REASONS,
        help="error: se emitió mal; retirado: lo que dice dejó de valer; expuesto: llegó a manos"
        " de quien no debía",
    )
    given = parser.parse_args(arguments)
    stand_up()
    from django.utils import timezone

    from minga.kernel.documents import actions as documents
    from minga.kernel.documents.rules import Reason, read_code

    code, reason = read_code(given.code), Reason(REASONS[given.reason])
    if code is None:
        sys.exit(f"«{given.code}» no es el código de un documento: empieza con D y está impreso.")
    if not documents.annul(code=code, reason=reason, actor=BY, at=timezone.now()):
        sys.exit(f"Nada cambió: no hay un documento {code}, o ya estaba anulado.")
    print(f"El documento {code} quedó anulado.")
