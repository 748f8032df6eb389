"""What a proposal is and what may become of it. Pure Python: no Django, no clock.

PAGA I, l. 412-418: first a problem that society perceives, then a specific and real solution.
PAGA I, l. 608: proposals from the web have an acceptance step; its criteria, the sectors
beyond two, and the age groups are not in the documents: they are named here, to be confirmed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from minga.kernel.base.calendar import Calendar
from minga.kernel.jurisdiction.declaration import Legal

PROPOSAL = "cocreation.proposal"

RECEIPT_AGAIN = timedelta(hours=24)  # how long a draft's address still leads to its receipt

# Lengths in characters: long enough for a paragraph on paper, short enough to be read.
TITLE = 120
STORY = 3000
SHORTEST = 20


class State(StrEnum):
    RECEIVED = "received"
    ASKED = "asked"
    UNDER_REVIEW = "under_review"
    ACCEPTED = "accepted"
    SET_ASIDE = "set_aside"
    RELATED = "related"
    NOT_RELATED = "not_related"
    OBJECTED = "objected"  # the person answered that it is related
    UPHELD = "upheld"  # looked at again, and it is not


WAITING = (State.RECEIVED, State.ASKED, State.UNDER_REVIEW)  # for the institution
SCREENABLE = (State.ACCEPTED, State.OBJECTED)


class Role(StrEnum):
    APPLICANT = "applicant"
    INSTITUTION = "institution"
    FORUM = "forum"  # a member of the working group or of the core group


class Channel(StrEnum):
    """How a proposal came: PAGA I, l. 415-418."""

    WEB = "web"
    WORKSHOP = "workshop"


class Reason(StrEnum):
    """Why a proposal is not accepted into the cycle. The documents do not give the list."""

    NO_PUBLIC_PROBLEM = "no_public_problem"
    NO_SOLUTION = "no_solution"
    PERSONAL_CASE = "personal_case"
    DUPLICATE = "duplicate"
    OFFENSIVE = "offensive"
    NOT_ANSWERED = "not_answered"


class Sector(StrEnum):
    """Who speaks: PAGA I, l. 635 names the first two; the rest are the actors of the
    Guía de Gobierno Abierto, l. 241-261."""

    CITIZEN = "citizen"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIA = "academia"
    PRIVATE = "private"
    PUBLIC = "public"
    INTERNATIONAL = "international"


class Sex(StrEnum):
    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


class AgeGroup(StrEnum):
    """The two between 26 and 45 are in PAGA I, l. 617; the others are ours."""

    TO_25 = "to_25"
    FROM_26 = "from_26"
    FROM_36 = "from_36"
    FROM_46 = "from_46"
    FROM_61 = "from_61"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a country must say: working days to answer, and which self-identifications its
    statistics ask for (keys; None: it is not asked)."""

    days_to_answer: Legal[int]
    ethnic_groups: Legal[tuple[str, ...]]


def answer_due(opened_on: date, terms: Terms, calendar: Calendar) -> date | None:
    """The last day to answer what was opened on a day; unknown in law: none."""
    days = terms.days_to_answer.value
    return None if days is None else calendar.add_working_days(opened_on, days)


STEPS = ("problema", "solucion", "alcance", "sobre-ti", "revisar")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "problema": ("cycle", "title", "problem"),
    "solucion": ("solution",),
    "alcance": ("territory", "sector"),
    "sobre-ti": (),
    "revisar": (),
}


def first_unfinished(words: Mapping[str, object]) -> str | None:
    """The first step of which something needed is missing; None when it can be sent."""
    for step in STEPS:
        if not all(words.get(name) for name in NEEDED[step]):
            return step
    return None


def next_step(step: str, words: Mapping[str, object]) -> str:
    """Where to go on: who comes back from the review to mend something goes there again."""
    seen_all = "email" in words and first_unfinished(words) is None
    return STEPS[-1] if seen_all else STEPS[STEPS.index(step) + 1]


def step_before(step: str) -> str:
    return STEPS[max(STEPS.index(step) - 1, 0)]


def said(words: Mapping[str, object]) -> dict[str, object]:
    """The part of the words that is the proposal, in the form that is sealed."""
    names = ("title", "problem", "solution", "goal", "territory", "sector")
    return {name: words.get(name) or None for name in names}
