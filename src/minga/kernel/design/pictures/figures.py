"""What a picture is made of, and what can be said of it. Pure.

Places are percentages or ems, already text with a point, as those of a time line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import NamedTuple

from minga.kernel.base.text import Text

Number = int | float


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name; None is «no data», which is not zero."""

    label: Text
    value: Number | None
    url: str = ""


class Peak(NamedTuple):
    """A value, and who has it."""

    value: Number
    labels: list[Text]


class Told(NamedTuple):
    """What is true of some figures."""

    total: Number
    highest: Peak | None
    lowest: Peak | None
    missing: int

    @property
    def is_flat(self) -> bool:
        return bool(self.highest and self.lowest and self.highest.value == self.lowest.value)


def known(figures: Sequence[Figure]) -> list[Number]:
    return [figure.value for figure in figures if figure.value is not None]


def told(figures: Sequence[Figure]) -> Told:
    values = known(figures)
    return Told(
        total=sum(values),
        highest=_peak(figures, max(values)) if values else None,
        lowest=_peak(figures, min(values)) if values else None,
        missing=len(figures) - len(values),
    )


def _peak(figures: Sequence[Figure], value: Number) -> Peak:
    return Peak(value, [figure.label for figure in figures if figure.value == value])


class Extent(NamedTuple):
    """From the least to the most that is drawn; zero is always in it."""

    low: Number
    high: Number

    @property
    def span(self) -> Number:
        return self.high - self.low

    def at(self, value: Number) -> float:
        """Where a value stands, in hundredths from the low end."""
        return (value - self.low) / self.span * 100


def extent(values: Sequence[Number]) -> Extent:
    low, high = min(0, *values, 0), max(0, *values, 0)
    return Extent(low, high if high > low else low + 1)


def round_step(span: Number, parts: int, whole: bool) -> Number:
    """The smallest of 1, 2, 5, 10… that crosses a span in so many parts."""
    rough = span / parts
    power = 10 ** floor(log10(rough))
    step: Number = next(n * power for n in (1, 2, 5, 10) if n * power >= rough * (1 - 1e-9))
    return max(1, ceil(step)) if whole else step
