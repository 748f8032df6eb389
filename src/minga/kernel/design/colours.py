"""Which colours of the style sheet are read or seen on which, and whether they can be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

TEXT, LINE = 4.5, 3.0  # WCAG 2.2: 1.4.3, and 1.4.11 with 2.4.13
DYES = ("leaf", "amber", "cochineal")
WASHES = tuple(f"{dye}-wash" for dye in ("indigo", *DYES))
ORNAMENT = {"line"}  # threads between things: nobody has to see them


@dataclass(frozen=True, slots=True)
class Pair:
    """What lies on a ground, and how much it must differ; of several, the best one does."""

    above: tuple[str, ...]
    ground: str
    least: float


READ = [
    *(
        (text, ground)
        for text in ("ink", "soft", "indigo", "cochineal")
        for ground in ("paper", "wool")
    ),
    *((text, wash) for text in ("ink", "soft", "indigo") for wash in WASHES),
    *((dye, f"{dye}-wash") for dye in DYES),
    ("indigo-deep", "paper"),
    ("indigo-deep", "indigo-wash"),
    ("on-indigo", "indigo"),
    ("on-indigo", "indigo-deep"),
    ("paper", "place"),
]
SEEN = [
    *((line, "paper") for line in ("edge", "leaf", "amber", "indigo")),
    *(("place", ground) for ground in ("paper", "wool", *WASHES)),
    ("edge", "wool"),
]
FOCUS = ("ink", "marigold")  # a focus is two lines: one of them is seen
PAIRS = [
    *(Pair((text,), ground, TEXT) for text, ground in READ),
    *(Pair((line,), ground, LINE) for line, ground in SEEN),
    *(Pair(FOCUS, ground, LINE) for ground in ("paper", "wool", *WASHES)),
]
Scheme = Mapping[str, str]  # a colour of each token, as #rrggbb
SCHEMES = ("light", "dark")
DARK = "@media screen and (prefers-color-scheme: dark)"


def schemes(css: str) -> Mapping[str, Scheme]:
    """The colours that a style sheet gives to the tokens, in light and in dark."""
    said = tokens_of(css.partition("@layer base {")[0])
    return {"light": said["light"], "dark": {**said["light"], **said["dark"]}}


def tokens_of(css: str) -> Mapping[str, Scheme]:
    """Only what is said of each of the two, one after the other."""
    light, _, dark = css.partition(DARK)
    return {"light": _tokens(light), "dark": _tokens(dark)}


def _tokens(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", text))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ratio(pair: Pair, scheme: Scheme) -> float:
    """How much what lies on a ground differs from it; of several, the best one."""
    return max(contrast(scheme[name], scheme[pair.ground]) for name in pair.above)


def poor(scheme: Scheme) -> list[tuple[Pair, float]]:
    """What cannot be read or seen in these colours."""
    found = [(pair, ratio(pair, scheme)) for pair in PAIRS]
    return [(pair, differs) for pair, differs in found if differs < pair.least]
