import re

from django.utils.translation import gettext_lazy as _

from minga.kernel.jurisdiction.declaration import Identifier, Jurisdiction

from . import cocreation, institutions

# No public library checks the number of a cédula de identidad: its shape, no more. A
# complement of two signs tells apart those whose digits are the same.
SHAPE = re.compile(r"[0-9]{4,10}(-?[0-9A-Z]{2})?")

jurisdiction = Jurisdiction(
    key="bolivia",
    iso="BO",
    name="Bolivia",
    currency="BOB",
    zone="America/La_Paz",
    identifiers=[
        Identifier(
            key="ci",
            name=_("Cédula de identidad"),
            is_valid=lambda number: bool(SHAPE.fullmatch(number)),
            is_checked=False,
        )
    ],
    languages={"ay": "Aymara", "qu": "Quechua"},
    answers=[cocreation.TERMS, institutions.TERMS],
)
