"""Muestra las llaves que firman el registro público, o la cambia a propósito."""

import sys

from ._arguments import Arguments
from ._django import stand_up


def main(arguments: list[str]) -> int:
    parser = Arguments("key", __doc__)
    parser.add_argument("--new", action="store_true", help="hace otra llave, que firma desde ahora")
    parser.add_argument(
        "--accept", action="store_true", help="desde ahora firma la llave que está puesta"
    )
    given = parser.parse_args(arguments)
    if given.new and given.accept:
        parser.error("o una nueva, o la que está")
    stand_up()
    from minga.kernel.trust import queries as trust
    from minga.kernel.trust.actions import keys

    if missing := trust.missing_tables():
        sys.exit(f"Faltan tablas: {', '.join(missing)}")
    try:
        if given.new:
            renew()
        elif given.accept:
            accept()
        tell()
    except keys.Unreadable:
        sys.exit("La llave que está puesta no es una llave Ed25519 en PEM. Nada cambió.")
    return 0


def renew() -> None:
    """The old file is kept beside the new one; killed in between, --accept takes it up."""
    from django.conf import settings

    from minga.kernel.trust.actions import keys

    if settings.MINGA_REGISTER_KEY:
        sys.exit("La llave viene de MINGA_REGISTER_KEY: pon ahí la otra y usa --accept.")
    if keys.at_hand():
        print(f"La llave anterior queda en {keys.put_aside()}.")
    keys.make()
    accept()


def accept() -> None:
    from django.utils import timezone

    from minga.kernel.trust.actions import keys, register
    from minga.kernel.trust.rules.note import public_half

    if (key := keys.at_hand()) is None:
        sys.exit("No hay ninguna llave puesta. Nada cambió; --new hace una.")
    register.change_key(public=public_half(key), at=timezone.now())


def tell() -> None:
    """Every key of the history, and whether the one at hand is the last of them."""
    from minga.kernel.trust.actions import keys
    from minga.kernel.trust.queries import register as queries
    from minga.kernel.trust.rules.note import public_half

    signers = queries.signers()
    for signer in signers.known:
        print(f"Desde la anotación {signer.since}: {signer.key}")
    if signers.now is None:
        print("Ninguna llave firmó todavía: se hace con la primera anotación.")
        return
    key = keys.at_hand()
    if key is None or public_half(key) != signers.now.key.public:
        sys.exit(
            "La llave puesta no es la última: nada se firma. Pon la que era, o usa --accept si la"
            " cambiaste a propósito."
        )
