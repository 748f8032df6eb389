"""Who is on the map of actors. Pure Python.

PAGA I, l. 885, 948, 1014 and 1079; Guía de Gobierno Abierto, l. 241-261 (six kinds of actor)
and 350 (thematic and territorial mapping)."""

from enum import StrEnum

from . import Sector

DOES = 600  # letters of what an organisation does
THEMES = 5  # goals at most: who works on everything is found under nothing


class Reach(StrEnum):
    NATIONAL = "national"
    SUBNATIONAL = "subnational"
    INTERNATIONAL = "international"


class State(StrEnum):
    PROPOSED = "proposed"  # by the organisation itself, and nobody looked
    LISTED = "listed"
    DECLINED = "declined"


SECTORS = [sector for sector in Sector if sector != Sector.CITIZEN]  # that are organisations


def is_governmental(sector: str) -> bool:
    return sector == Sector.PUBLIC


def fits(reach: str, territory: str) -> bool:
    """Who works in a part of the country says in which; who works in all of it, or elsewhere,
    need not."""
    return bool(territory) or reach != Reach.SUBNATIONAL
