"""Which proposals have to do with open government. Pure Python.

PAGA I, l. 456-463 and 710-717: the working group sorts them by four criteria. The documents do
not say whether all four are needed: that is a parameter of the method. PAGA I, l. 385: nobody
decides alone, so one member proposes and another, of another sector, agrees.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from . import State
from .breaches import Breach, Rule
from .method import Gate, Method, Open


class Standing(StrEnum):
    """Where one screening of a proposal stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    RETURNED = "returned"  # to be screened again, with a note
    UNDONE = "undone"  # the proposal went back to review afterwards


class Outcome(StrEnum):
    """What everybody reads of a proposal, and may filter by."""

    WAITING = "waiting"
    RELATED = "related"
    NOT_RELATED = "not_related"


OUTCOMES: Mapping[Outcome, Collection[State]] = {
    Outcome.WAITING: (State.ACCEPTED,),
    Outcome.RELATED: (State.RELATED,),
    Outcome.NOT_RELATED: (State.NOT_RELATED, State.OBJECTED, State.UPHELD),
}


def outcome(state: str) -> Outcome:
    return next(key for key, states in OUTCOMES.items() if state in states)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one member says of a proposal: which criteria it meets, and the pillars it has to do
    with."""

    met: Mapping[str, bool]
    pillars: Sequence[str]
    reason: str = ""  # the criterion that weighs most, of those it does not meet
    explanation: str = ""  # for everybody to read


def is_related(met: Mapping[str, bool], method: Method) -> bool:
    return sum(met.values()) >= method.whole(Open.CRITERIA_NEEDED)


def unmet(met: Mapping[str, bool]) -> list[str]:
    return [key for key, yes in met.items() if not yes]


class Wrong(StrEnum):
    """Why a verdict does not hold together."""

    CRITERIA = "criteria"  # one is missing
    PILLARS = "pillars"  # it has to do with some, and none is named; or the other way round
    REASON = "reason"  # it is none of those it does not meet


def wrong(verdict: Verdict, method: Method) -> Wrong | None:
    if set(verdict.met) != {part.key for part in method.screening}:
        return Wrong.CRITERIA
    known = {part.key for part in method.pillar}
    if verdict.met.get(Gate.PILLARS, False) != bool(verdict.pillars) or {*verdict.pillars} - known:
        return Wrong.PILLARS
    missing = unmet(verdict.met) if not is_related(verdict.met, method) else []
    if verdict.reason not in (missing or [""]):
        return Wrong.REASON
    return None


@dataclass(frozen=True, slots=True)
class Member:
    """A seat of the working group, as the rules see it."""

    seat: int
    sector: str


def fresh(first: Iterable[Member], group: Collection[Member]) -> list[Member]:
    """Who did not take part in a decision that is looked at again."""
    took_part = {member.seat for member in first}
    return [member for member in group if member.seat not in took_part]


def others_needed(first: Iterable[Member], group: Collection[Member]) -> int:
    """How many of the two that look at a decision again must be others: two when that leaves
    two sectors, else as many as there are."""
    return min(2, len({member.sector for member in fresh(first, group)}))


def check_proposer(by: Member, first: Collection[Member], group: Collection[Member]) -> None:
    """Whether a member may say first what they think, of a decision of others (`first`)."""
    if first and others_needed(first, group) == 2 and by not in fresh(first, group):
        raise Breach(Rule.SAME_REVIEWERS, by.seat)


def check_agreement(
    by: Member, proposer: Member, first: Collection[Member], group: Collection[Member]
) -> None:
    """Whether a member may agree with another: of another sector, and, looking again at a
    decision, with enough who did not take it."""
    if by.seat == proposer.seat or by.sector == proposer.sector:
        raise Breach(Rule.ALONE, by.seat)
    others = fresh(first, group)
    if first and sum(who in others for who in (by, proposer)) < others_needed(first, group):
        raise Breach(Rule.SAME_REVIEWERS, by.seat)
