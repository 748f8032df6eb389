"""What has to be done before a stage is left, by what may be done in it. Pure Python.

Another part of the method adds its line to `DONE_FIRST`, a word to `Left`, and how it is counted
to `queries.stages.COUNTED`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from .method import Kind


class Left(StrEnum):
    """Something that is not done yet."""

    UNANSWERED = "unanswered"  # neither accepted nor set aside
    UNSCREENED = "unscreened"
    OBJECTED = "objected"  # the person answered, and nobody looked at it again
    MAY_ANSWER = "may_answer"  # the days to answer are not over


DONE_FIRST: Mapping[Kind, Sequence[Left]] = {
    Kind.SCREENING: (Left.UNANSWERED, Left.UNSCREENED, Left.OBJECTED, Left.MAY_ANSWER)
}
