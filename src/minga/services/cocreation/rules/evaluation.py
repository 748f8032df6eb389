"""How an integrated proposal is evaluated: what is computed of it, who may score it, and what of
a method a round of scoring keeps. Pure Python.

PAGA I, l. 467-537 and 729-735: feasibility by the responsible institution and its counterpart,
each apart; relevance by the working group and by the core group, two who share no views.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from minga.kernel.rubrics import rules as rubrics
from minga.services.cocreation.rules import method as methods
from minga.services.cocreation.rules.method import Fact, Method, Open, Rater

PARTIES = {Rater.RESPONSIBLE: "responsible", Rater.COUNTERPART: "counterpart"}  # of a Party


def months(starts_on: date, ends_on: date) -> Fraction:
    """How long something takes, both days included: from 1 January to 31 December of the next
    year are exactly 24. Of a month that is not whole, the part of it."""
    after = ends_on + timedelta(days=1)
    whole = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    while _later(starts_on, whole) > after:
        whole -= 1
    begun = _later(starts_on, whole)
    return whole + Fraction((after - begun).days, (_later(starts_on, whole + 1) - begun).days)


def _later(day: date, many: int) -> date:
    """The same day some months later, or the last one that the month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + many, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def on_the_edge(indicator: methods.Indicator, value: Fraction) -> bool:
    """Whether a fact is worth less for being exactly a bound: 24 months are in «at most two
    years» (PAGA I, l. 477) and the scale gives them 0 (l. 491). The scale is followed."""
    return any(level.below == value for level in indicator.level)


def computed(method: Method, facts: Mapping[str, Fraction]) -> dict[str, int]:
    """The scores that nobody rates."""
    return {
        part.key: methods.score(part, facts[part.fact])
        for criterion in method.criterion
        for part in criterion.indicator
        if part.fact
    }


def of_indicators(method: Method, facts: Mapping[str, Fraction]) -> dict[str, str]:
    """From what each of them is computed."""
    parts = [part for criterion in method.criterion for part in criterion.indicator]
    return {part.key: str(facts[part.fact]) for part in parts if part.fact}


def rubric_of(method: Method) -> rubrics.Rubric:
    """What of a method scores are given by."""
    return rubrics.Rubric(
        criteria=[
            rubrics.Criterion(
                key=part.key,
                title=part.title,
                weight=part.weight,
                raters=list(part.raters),
                third=part.third,
                indicators=[
                    rubrics.Indicator(
                        key=one.key,
                        title=one.title,
                        computed=bool(one.fact),
                        levels={str(level.score): level.words for level in one.level},
                    )
                    for one in part.indicator
                ],
            )
            for part in method.criterion
        ],
        disagreement=method.said(Open.DISAGREEMENT).value,
        third_counts=method.said(Open.THIRD_COUNTS).value,
    )


def lacking(facts: Mapping[Fact, Fraction | None], roles: Iterable[str]) -> list[str]:
    """What an integrated proposal needs before anybody can score it: keys of facts and roles."""
    there = set(roles)
    found = [str(fact) for fact, value in facts.items() if not value]
    return found + [role for role in PARTIES.values() if role not in there]


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked for a score, and for which organisation they would give it."""

    person: int
    organisation: int
    belongs: frozenset[int]  # to which organisations, this one included
    runs: bool = False  # sits in the commission that consolidates


@dataclass
class Table:
    """Those around one integrated proposal."""

    parties: Mapping[str, frozenset[int]]  # a role: the organisations
    authors: frozenset[int]
    sat: set[int] = field(default_factory=set)  # who scores it, or did not want to
    members: dict[str, set[int]] = field(default_factory=dict)  # a criterion: for which bodies

    def takes(self, one: Candidate, criterion: str, rater: str) -> bool:
        """Never an author, never the same person twice; feasibility by the parties themselves,
        relevance by nobody of theirs and by two who are not of the same organisation."""
        if one.person in self.authors or one.person in self.sat:
            return False
        if rater in PARTIES:
            return one.organisation in self.parties.get(PARTIES[Rater(rater)], ())
        apart = frozenset().union(*self.parties.values(), self.members.get(criterion, ()))
        return not one.belongs & apart

    def seat(self, one: Candidate, criterion: str) -> None:
        self.sat.add(one.person)
        self.members.setdefault(criterion, set()).add(one.organisation)


def chosen(
    among: Sequence[Candidate], table: Table, criterion: str, rater: str, load: Counter[int]
) -> Candidate | None:
    """Who is asked: of those who may, whoever does not run the evaluation and has the least to
    do. The same people are always chosen alike, and no score is looked at."""

    def first(one: Candidate) -> tuple[bool, int, int, int]:
        return one.runs, load[one.person], one.person, one.organisation

    return min((c for c in among if table.takes(c, criterion, rater)), key=first, default=None)
