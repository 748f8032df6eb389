"""The colours of an institution: chosen by hue, and so light or dark that they can be read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from minga.kernel.design.colours import DARK, PAIRS, SCHEMES, Pair, Scheme, poor, ratio

HUES = range(360)
LIGHTNESS = range(25, 61)  # of the main colour by day, in hundredths
STRENGTHS = (0.0, 0.05, 0.1, 0.16)  # chroma: grey, soft, plain, strong
LEAST_STRENGTH = 0.012  # of the threads and grounds that are hardly coloured
THREADS = ("#23407f", "#9c1c3f")  # of the house's band and weave: the main one, the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What an institution chooses of its colours."""

    hue: int
    strength: int
    lightness: int
    accent: int  # a hue: of what says where one is


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read or seen: in which scheme, on what, and by how little it differs."""

    scheme: str
    pair: Pair
    ratio: float


@lru_cache(maxsize=4_096)
def colour(lightness: float, chroma: float, hue: int) -> str:
    """The nearest that every screen shows, of the same lightness and hue."""
    from coloraide import Color  # heavy: only whoever changes colours pays for it

    fitted = Color("oklch", [lightness, chroma, hue]).convert("srgb")
    return fitted.fit("srgb", method="oklch-chroma").to_string(hex=True)


def own(choice: Choice) -> Mapping[str, Scheme]:
    """The tokens that a theme changes. What an error, a warning or a focus looks like is the
    same in the whole State."""
    hue, accent, chroma = choice.hue, choice.accent, STRENGTHS[choice.strength]
    light, faint = choice.lightness / 100, min(chroma, LEAST_STRENGTH)
    return {
        "light": {
            "wool": colour(0.957, faint, hue),
            "line": colour(0.868, faint, hue),
            "indigo": colour(light, chroma, hue),
            "indigo-deep": colour(light - 0.1, chroma * 0.75, hue),
            "on-indigo": "#ffffff",
            "indigo-wash": colour(0.95, faint, hue),
            "place": colour(0.456, chroma, accent),
        },
        "dark": {
            "wool": colour(0.232, faint, hue),
            "line": colour(0.343, faint, hue),
            "indigo": colour(0.82, chroma * 0.7, hue),
            "indigo-deep": colour(0.91, chroma * 0.35, hue),
            "on-indigo": colour(0.223, chroma * 0.4, hue),
            "indigo-wash": colour(0.277, chroma * 0.35, hue),
            "place": colour(0.82, chroma * 0.7, accent),
        },
    }


def measured(choice: Choice, house: Mapping[str, Scheme]) -> list[tuple[Pair, list[float]]]:
    """Every pair that a theme changes and how much it differs, in each scheme."""
    said = own(choice)
    whole = [{**house[scheme], **said[scheme]} for scheme in SCHEMES]
    changed = set(said["light"])
    return [
        (pair, [ratio(pair, one) for one in whole])
        for pair in PAIRS
        if not changed.isdisjoint((*pair.above, pair.ground))
    ]


def faults(choice: Choice, house: Mapping[str, Scheme]) -> list[Fault]:
    said = own(choice)
    return [
        Fault(scheme, pair, differs)
        for scheme in SCHEMES
        for pair, differs in poor({**house[scheme], **said[scheme]})
    ]


def mended(choice: Choice, house: Mapping[str, Scheme]) -> Choice:
    """The same colours, as light as they can be read; the darkest always can."""
    darker = (replace(choice, lightness=n) for n in reversed(LIGHTNESS) if n < choice.lightness)
    return next(one for one in darker if not faults(one, house))


def sheet(choice: Choice, *, band: str, weave: str) -> str:
    """A style sheet that stands after the house's own, with its two woven drawings dyed anew.
    On paper everything stays black."""
    said = own(choice)
    dyes = dict(zip(THREADS, (said["light"]["indigo"], said["light"]["place"]), strict=True))
    day, night = ("".join(f"--{n}:{c};" for n, c in said[scheme].items()) for scheme in SCHEMES)
    return (
        f"@layer tokens{{@media screen{{:root{{{day}}}}}{DARK}{{:root{{{night}}}}}}}\n"
        f"@layer frame{{.band{{background:{_drawing(band, dyes)} 50% 0/auto 100%}}"
        f".weave{{background:{_drawing(weave, dyes)} 50% 0/auto 100%}}}}\n"
    )


def _drawing(svg: str, dyes: Mapping[str, str]) -> str:
    for thread, dye in dyes.items():
        svg = svg.replace(thread, dye)
    return f'url("data:image/svg+xml,{quote(svg.strip(), safe="/:=")}") repeat-x'


def digest(content: bytes) -> str:
    """What a file is called by in its address: another content, another address."""
    return sha256(content).hexdigest()[:16]
