"""The tree against the vectors of RFC 6962's implementations, and against a naive one; the
proofs against the program that strangers check them with."""

from functools import cache
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.trust.rules import tree
from minga.kernel.trust.rules.tree import Part, Whole
from minga.kernel.trust.tests.build import verifier

VECTORS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
VECTORS += ["606162636465666768696a6b6c6d6e6f"]
ROOTS = {  # of the first 1, 2, 3, 8 of them, as Certificate Transparency publishes them
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
MOST = 70


def naive(leaves: list[bytes]) -> bytes:
    """As the RFC defines it."""
    if len(leaves) < 2:
        return sha256(b"\x00" + leaves[0]).digest() if leaves else sha256().digest()
    k = max(1 << n for n in range(8) if 1 << n < len(leaves))
    return sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


@cache
def content(index: int) -> bytes:
    return f"leaf {index}".encode()


@cache
def root(start: int, end: int) -> bytes:
    return naive([content(index) for index in range(start, end)])


@cache
def kept() -> dict[Whole, bytes]:
    """What is stored of the leaves: each subtree at the leaf that completes it."""
    peaks: list[bytes] = []
    found = {}
    for index in range(MOST):
        hashed = tree.leaf(content(index))
        for level, whole in enumerate([hashed, *tree.grow(peaks, index, hashed)]):
            found[Whole(level, index >> level)] = whole
        assert tree.root(peaks) == root(0, index + 1)
    return found


def test_the_vectors_of_certificate_transparency() -> None:
    assert tree.root([]).hex() == sha256().hexdigest()
    peaks: list[bytes] = []
    for size, said in enumerate(VECTORS, 1):
        tree.grow(peaks, size - 1, tree.leaf(bytes.fromhex(said)))
        assert ROOTS.get(size) in (None, tree.root(peaks).hex())


def test_whatever_is_stored_is_a_subtree_and_knows_its_last_leaf() -> None:
    for whole, hashed in kept().items():
        assert hashed == root(whole.number << whole.level, whole.last + 1)


@pytest.mark.slow
def test_every_proof_of_every_small_tree_leads_to_its_root() -> None:
    program = verifier()
    for size in range(1, MOST + 1):
        for index in range(size):
            path = tree.hashes(tree.inclusion(index, size), kept().__getitem__)
            said = tree.leaf(content(index))
            assert program["climb"](said, index, size, path) == root(0, size)
            for wrong in ({index ^ 1, size - 1 - index, 0} - {index}) & set(range(size)):
                assert program["climb"](said, wrong, size, path) != root(0, size)
        for old in range(1, size + 1):
            path = tree.hashes(tree.consistency(old, size), kept().__getitem__)
            assert program["grows"](old, size, root(0, old), root(0, size), path)
            forged = root(1, old + 1) if old < MOST else root(0, old - 1)
            assert not program["grows"](old, size, forged, root(0, size), path)


@given(st.integers(1, 10**9), st.data())
def test_proofs_are_short_and_leave_out_nothing(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    parts = sorted([*tree.inclusion(index, size), Part(index, index + 1)])
    assert (parts[0].start, parts[-1].end) == (0, size)
    assert all(left.end == right.start for left, right in pairwise(parts))
    for path in (tree.inclusion(index, size), tree.consistency(index + 1, size)):
        assert len(path) <= size.bit_length() + 1
        assert len({w.last for part in path for w in tree.wholes(part)}) <= 2 * size.bit_length()


@pytest.mark.slow
@given(st.integers(2, MOST), st.data())
def test_a_changed_proof_leads_elsewhere(size: int, data: st.DataObject) -> None:
    program, index = verifier(), data.draw(st.integers(0, size - 1))
    path = tree.hashes(tree.inclusion(index, size), kept().__getitem__)
    said, turn = tree.leaf(content(index)), data.draw(st.integers(0, len(path) - 1))
    for other in (
        path[:turn] + path[turn + 1 :],
        [*path, path[turn]],
        [*path[:turn], sha256(path[turn]).digest(), *path[turn + 1 :]],
    ):
        assert program["climb"](said, index, size, other) != root(0, size)
