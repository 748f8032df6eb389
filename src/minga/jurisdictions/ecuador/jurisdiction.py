from django.utils.translation import gettext_lazy as _
from stdnum.ec import ci, ruc

from minga.kernel.jurisdiction.declaration import Identifier, Jurisdiction

from . import cocreation, institutions

jurisdiction = Jurisdiction(
    key="ecuador",
    iso="EC",
    name="Ecuador",
    currency="USD",
    zone="America/Guayaquil",
    identifiers=[
        Identifier(key="ci", name=_("Cédula"), is_valid=ci.is_valid, digits=10),
        Identifier(key="ruc", name=_("RUC"), is_valid=ruc.is_valid, digits=13),
    ],
    languages={"qu": "Kichwa"},
    answers=[cocreation.TERMS, institutions.TERMS],
)
