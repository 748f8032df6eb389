"""The style sheet: small, and readable in both schemes."""

import gzip
import re
from pathlib import Path

import pytest

import minga.kernel.design
from minga.kernel.design import colours
from minga.kernel.design.colours import PAIRS, contrast, schemes

HOME = Path(minga.kernel.design.__file__).parent
STATIC = HOME / "static" / "design"
CSS = (STATIC / "minga.css").read_text("utf-8")


def test_contrast_is_measured_right() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", colours.SCHEMES)
def test_text_and_lines_can_be_read_and_seen(scheme: str) -> None:
    assert colours.poor(schemes(CSS)[scheme]) == []


@pytest.mark.parametrize("scheme", colours.SCHEMES)
def test_no_colour_is_forgotten(scheme: str) -> None:
    known = {name for pair in PAIRS for name in (*pair.above, pair.ground)} | colours.ORNAMENT
    assert set(schemes(CSS)[scheme]) == known


def test_what_one_rule_lays_on_another_colour_is_a_pair() -> None:
    read = set(colours.READ)
    assert laid_on_paper() <= {text for text, ground in read if ground == "paper"} | GROUNDED
    laid = [
        (text[1], ground[1])
        for body in re.findall(r"\{([^{}]*)\}", CSS)
        if (text := re.search(r"(?<![-\w])color: var\(--([\w-]+)\)", body))
        and (ground := re.search(r"background: var\(--([\w-]+)\)", body))
    ]
    assert len(laid) > 5
    assert set(laid) <= read


def laid_on_paper() -> set[str]:
    return set(re.findall(r"(?<![-\w])color: var\(--([\w-]+)\)", CSS))


GROUNDED = {"on-indigo", "leaf", "amber", "place", "paper"}  # text on their own grounds, markers


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
