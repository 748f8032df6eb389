import pytest
from hypothesis import given
from hypothesis import strategies as some

from minga.services.institutions.rules import rings

names = some.sampled_from("abcdefgh")
trees = some.dictionaries(names, names)


def way(start: str, parents: dict[str, str]) -> list[str]:
    """Upwards until it ends or repeats itself."""
    walked = [start]
    while (above := parents.get(walked[-1])) and above not in walked:
        walked.append(above)
    return walked


@pytest.mark.slow
@given(trees)
def test_a_body_is_in_a_ring_exactly_when_it_stands_above_itself(parents: dict[str, str]) -> None:
    found = rings(parents)
    for body in parents:
        stands = any(parents.get(over) == body for over in way(body, parents))
        assert (body in found) == stands


@given(trees)
def test_a_ring_is_told_whole(parents: dict[str, str]) -> None:
    for body, ring in rings(parents).items():
        assert body in ring
        assert len(set(ring)) == len(ring)
        for under, over in zip(ring, [*ring[1:], ring[0]], strict=True):
            assert parents[under] == over
