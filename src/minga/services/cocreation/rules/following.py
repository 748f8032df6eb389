"""What became of a proposal: of these it is always exactly one. Pure Python."""

from enum import StrEnum


class Outcome(StrEnum):
    """From the first step to the last; a later one counts before those above it."""

    IN_REVIEW = "in_review"
    SET_ASIDE = "set_aside"
    ACCEPTED = "accepted"  # public, and not yet screened
    NOT_RELATED = "not_related"  # to open government
    RELATED = "related"  # and in no group yet
    INTEGRATED = "integrated"
    SCORED = "scored"  # its group was evaluated, and that is public
    LATER = "later"  # category 4
    OUTSIDE = "outside"  # category 3
    POSSIBLE = "possible"  # category 2
    INCLUDED = "included"  # category 1
    COMMITMENT = "commitment"


CATEGORIES = {1: Outcome.INCLUDED, 2: Outcome.POSSIBLE, 3: Outcome.OUTSIDE, 4: Outcome.LATER}
GROUPED = (Outcome.INTEGRATED, Outcome.SCORED, *CATEGORIES.values(), Outcome.COMMITMENT)
TAKEN_IN = (
    Outcome.ACCEPTED,
    Outcome.NOT_RELATED,
    Outcome.RELATED,
    *GROUPED,
)  # what was accepted into the cycle


def of_group(*, is_promised: bool, category: int | None, is_scored: bool) -> Outcome:
    """The same of an integrated proposal."""
    if is_promised:
        return Outcome.COMMITMENT
    if category:
        return CATEGORIES[category]
    return Outcome.SCORED if is_scored else Outcome.INTEGRATED
