"""The tree of RFC 9162: one root for all leaves, and short proofs. Pure Python.

A leaf is known with `above`: the hashes of the whole subtrees that it completes, from small
to large. So any whole subtree is found at its last leaf, and nothing else is kept.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY = sha256(b"").digest()


class Part(NamedTuple):
    """The leaves from one to before another."""

    start: int
    end: int


class Whole(NamedTuple):
    """A subtree of 2^level leaves, the number-th of its level."""

    level: int
    number: int

    @property
    def last(self) -> int:
        """The leaf that completes it."""
        return ((self.number + 1) << self.level) - 1


def leaf(content: bytes) -> bytes:
    return sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def grow(peaks: list[bytes], size: int, hashed: bytes) -> list[bytes]:
    """Add a leaf to the peaks of a tree of this size: what it completes, from small to large."""
    above = []
    while size & 1:
        hashed = node(peaks.pop(), hashed)
        above.append(hashed)
        size >>= 1
    peaks.append(hashed)
    return above


def root(peaks: Sequence[bytes]) -> bytes:
    """Of the whole subtrees that a tree, or a part of one, is made of, from large to small."""
    if not peaks:
        return EMPTY
    *before, whole = peaks
    for peak in reversed(before):
        whole = node(peak, whole)
    return whole


def wholes(part: Part) -> Iterator[Whole]:
    """What a part that begins where one of its size may begin is made of, from large to small."""
    start, end = part
    while start < end:
        level = (end - start).bit_length() - 1
        yield Whole(level, start >> level)
        start += 1 << level


def inclusion(index: int, size: int) -> list[Part]:
    """The parts whose hashes lead from a leaf to the root, the nearest first."""
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(Part(middle, end))
            end = middle
        else:
            path.append(Part(start, middle))
            start = middle
    return path[::-1]


def consistency(old: int, new: int) -> list[Part]:
    """The parts whose hashes show that a tree of the old size begins one of the new size."""
    start, end, path = 0, new, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(Part(middle, end))
            end = middle
        else:
            path.append(Part(start, middle))
            start = middle
    if start:  # otherwise the reader has it: it is the old root
        path.append(Part(start, end))
    return path[::-1]


def hashes(path: Sequence[Part], known: Callable[[Whole], bytes]) -> list[bytes]:
    return [root([known(whole) for whole in wholes(part)]) for part in path]


def _split(size: int) -> int:
    """The largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1
