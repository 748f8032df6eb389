"""The style sheet: small, and readable in both schemes."""

import gzip
import re
from pathlib import Path

import pytest

import minga.kernel.design

HOME = Path(minga.kernel.design.__file__).parent
STATIC = HOME / "static" / "design"
CSS = (STATIC / "minga.css").read_text("utf-8")

READ = [  # text on ground: 4.5
    *(
        (text, ground)
        for text in ("ink", "soft", "indigo", "cochineal")
        for ground in ("paper", "wool")
    ),
    *(("ink", f"{dye}-wash") for dye in ("indigo", "leaf", "amber", "cochineal")),
    *(("soft", f"{dye}-wash") for dye in ("indigo", "leaf", "amber", "cochineal")),
    *(("indigo", f"{dye}-wash") for dye in ("indigo", "leaf", "amber", "cochineal")),
    *((dye, f"{dye}-wash") for dye in ("leaf", "amber", "cochineal")),
    ("indigo-deep", "paper"),
    ("indigo-deep", "indigo-wash"),
    ("on-indigo", "indigo"),
    ("on-indigo", "indigo-deep"),
]
SEEN = [  # lines that mean something: 3
    *((line, "paper") for line in ("edge", "leaf", "amber", "indigo", "cochineal")),
    ("edge", "wool"),
    ("ink", "marigold"),
]


def tokens(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", text))


def schemes() -> dict[str, dict[str, str]]:
    block = CSS.partition("@layer tokens {")[2].partition("@layer base {")[0]
    light, _, dark = block.partition("@media screen and (prefers-color-scheme: dark)")
    return {"light": tokens(light), "dark": tokens(light) | tokens(dark)}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_right() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str) -> None:
    colours = schemes()[scheme]
    poor = [p for p in READ if contrast(colours[p[0]], colours[p[1]]) < 4.5]
    assert poor == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_can_be_seen(scheme: str) -> None:
    colours = schemes()[scheme]
    poor = [p for p in SEEN if contrast(colours[p[0]], colours[p[1]]) < 3]
    # a focus is two lines, ink and marigold: on light wool the ink is the one that is seen
    assert poor == ([] if scheme == "light" else [("ink", "marigold")])


def test_every_colour_outside_the_tokens_is_a_thread_of_the_band() -> None:
    rest = CSS.partition("@layer base {")[2].partition("@layer media {")[0]
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", rest)) <= {"#9c1c3f", "#23407f"}


def test_it_is_small() -> None:
    assert len(gzip.compress(CSS.encode())) <= 12_000
    assert sum(file.stat().st_size for file in STATIC.glob("*.svg")) <= 6_000
    assert (STATIC / "bitter.woff2").stat().st_size <= 16_000


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "@import" not in CSS
    for url in re.findall(r"url\(\"?(.*?)\"?\)", CSS):
        assert (STATIC / url).exists(), url


def test_templates_carry_no_style_and_no_script() -> None:
    for file in (HOME / "templates").rglob("*.html"):
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", file.read_text("utf-8")), file
