from minga.kernel.jurisdiction.declaration import Jurisdiction

from . import cocreation, institutions

jurisdiction = Jurisdiction(
    key="bolivia",
    iso="BO",
    name="Bolivia",
    currency="BOB",
    zone="America/La_Paz",
    identifiers=[],  # no public library checks the number of the cédula de identidad
    answers=[cocreation.TERMS, institutions.TERMS],
)
