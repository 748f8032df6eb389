"""When what was selected becomes a commitment. Pure Python.

PAGA I, l. 565-571 and 816-820: the highest authority of each responsible institution and the
counterpart validate it; then it is a commitment. If one does not, category 2 has the reserve.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

TASK = "cocreation.confirm"  # what a post owes
TEXT, RESERVE = "text", "reserve"  # subjects of the points by which a forum decides
MESSAGE = 3000  # letters
CONTRADICTED = 24  # months: «at most two years», and the scale gives 0 (PAGA I, l. 477 and 491)


class Side(StrEnum):
    RESPONSIBLE = "responsible"
    COUNTERPART = "counterpart"


class Answer(StrEnum):
    CONFIRMED = "confirmed"
    COUNTERED = "countered"
    DECLINED = "declined"


class Standing(StrEnum):
    """Where a selected proposal is between both sides."""

    NOT_ASKED = "not_asked"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    COUNTERED = "countered"
    DECLINED = "declined"


def standing(answers: Iterable[tuple[str, str]]) -> Standing:
    """From the side and the answer of each who was asked, in whichever order they came: one who
    declines ends it, one who wants another text sends it back, and all must confirm, of both
    sides."""
    said = list(answers)
    every = {answer for _side, answer in said}
    if not said:
        return Standing.NOT_ASKED
    for ends, stands in (
        (Answer.DECLINED, Standing.DECLINED),
        (Answer.COUNTERED, Standing.COUNTERED),
    ):
        if ends in every:
            return stands
    both = {side for side, _answer in said} >= set(Side)
    return Standing.CONFIRMED if both and every == {Answer.CONFIRMED} else Standing.WAITING


def months(starts_on: date, ends_on: date) -> int:
    """Whole months from the first day to the end of the last one: of a year to the day, 12."""
    last = date.fromordinal(ends_on.toordinal() + 1)
    return (
        12 * (last.year - starts_on.year)
        + last.month
        - starts_on.month
        - (last.day < starts_on.day)
    )


def contradicted(starts_on: date | None, ends_on: date | None) -> bool:
    """Whether it lasts just as long as the document both allows and gives no point for."""
    if starts_on is None or ends_on is None:
        return False
    exactly = months(starts_on, ends_on) == CONTRADICTED
    return exactly and months(starts_on, date.fromordinal(ends_on.toordinal() - 1)) < CONTRADICTED
