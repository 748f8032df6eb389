"""Counting people in public so that nobody is found among them. Pure Python.

How many there are in all is known: each proposal is public. So a number that is not said could be
found by subtraction, and enough others are not said either.
"""

from collections.abc import Mapping
from typing import TypeVar

KeyT = TypeVar("KeyT")


def protected(counts: Mapping[KeyT, int], least: int) -> dict[KeyT, int | None]:
    """Each number, or None: below `least` it is not said, nor what would give it away. The next
    ones that are hidden are the smallest, all of those that are the same."""
    if sum(counts.values()) < least * len(counts):  # too few to say anything of
        return dict.fromkeys(counts)
    hidden = {key for key, many in counts.items() if 0 < many < least}
    while hidden and is_given_away(counts, hidden, least):
        rest = {key: many for key, many in counts.items() if key not in hidden and many}
        if not rest:  # then that there is none of something is not said either
            hidden = {*counts}
            break
        smallest = min(rest.values())
        hidden |= {key for key, many in rest.items() if many == smallest}
    return {key: None if key in hidden else many for key, many in counts.items()}


def is_given_away(counts: Mapping[KeyT, int], hidden: set[KeyT], least: int) -> bool:
    """Whether what is hidden follows from what is said: it is alone, or too few together to be
    said, or there is one way only to their sum, as small or as large as it can be."""
    total, many = sum(counts[key] for key in hidden), len(hidden)
    return many == 1 or total < least or total in (many, many * (least - 1))


def share(part: int, whole: int) -> str:
    """In hundredths, with two decimals as the documents print them: half goes up."""
    if not whole:
        return ""
    hundredths = (20_000 * part + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02}"
