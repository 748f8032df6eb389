"""What the style sheet of the house says, for whoever dyes or packs it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from . import colours

STATIC = Path(__file__).parent / "static" / "design"


def static_file(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@cache
def schemes() -> Mapping[str, colours.Scheme]:
    """The colours of the tokens, in light and in dark."""
    return colours.schemes(static_file("minga.css").decode())
