"""What scores come to. Pure Python: whole fractions, so that no order of adding changes a result.

PAGA I, l. 467-537: two criteria of half the weight each; indicators from 0 to 3; two who score
apart, and a third when they differ significantly.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256
from secrets import token_hex
from typing import Any

COMMENT = 2000  # letters of what whoever scores wants to say besides


class State(StrEnum):
    OPEN = "open"  # it is scored; nobody sees more than what they wrote
    CONSOLIDATED = "consolidated"  # every first score is in; where two differ a third is asked for
    PUBLISHED = "published"


class Declared(StrEnum):
    """What whoever scores says of their interest in it."""

    NOTHING = ""
    NONE = "none"
    CONFLICT = "conflict"


class Refused(Exception):
    """A judgement cannot be changed like this."""


class Locked(Refused):
    """It was handed in."""


class Recused(Refused):
    """Whoever scored it does so no more."""


class Stale(Refused):
    """It was changed since it was shown."""


class NotNow(Refused):
    """The round is not so far, or farther."""


class Unfinished(Refused):
    """Something has no score yet. Nothing counts as 0 for not being there."""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    key: str
    title: str
    levels: Mapping[str, str]  # a score, as a figure: what it stands for
    computed: bool = False  # from a fact: nobody rates it


@dataclass(frozen=True, kw_only=True)
class Criterion:
    key: str
    title: str
    weight: int  # in hundredths of the whole
    raters: Sequence[str]  # the roles that score it, each apart
    indicators: Sequence[Indicator]
    third: bool = False  # whether a third one scores when the others differ too much

    @property
    def rated(self) -> list[Indicator]:
        return [indicator for indicator in self.indicators if not indicator.computed]


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """By what is judged, as it stood when the round was opened."""

    criteria: Sequence[Criterion]
    disagreement: str  # from which difference, a fraction: "1", "3/2"
    third_counts: str  # median, replaces

    def criterion(self, key: str) -> Criterion:
        return next(criterion for criterion in self.criteria if criterion.key == key)


def written(rubric: Rubric) -> str:
    return json.dumps(asdict(rubric), sort_keys=True, ensure_ascii=False)


def read(text: str) -> Rubric:
    said: dict[str, Any] = json.loads(text)
    criteria = [
        Criterion(**{**part, "indicators": [Indicator(**one) for one in part["indicators"]]})
        for part in said.pop("criteria")
    ]
    return Rubric(criteria=criteria, **said)


Score = int | Fraction


def mean(scores: Iterable[Score | None]) -> Fraction | None:
    """None when one of them is missing, or there is none."""
    known = list(scores)
    given = [score for score in known if score is not None]
    return Fraction(sum(given)) / len(given) if given and len(given) == len(known) else None


def of_criterion(criterion: Criterion, scores: Mapping[str, int]) -> Fraction | None:
    """What one rater's scores of a criterion come to, from 0 to 3 however many indicators it
    has: each weighs the same, for the documents give them no weights."""
    return mean(scores.get(indicator.key) for indicator in criterion.indicators)


def differ(scores: Iterable[Score | None], disagreement: Score) -> bool:
    """Whether scores are so far apart that a third decides; of one that is missing nobody knows.
    Equal ones never are."""
    known = list(scores)
    given = [score for score in known if score is not None]
    if len(given) < len(known) or not given:
        return False
    return max(given) - min(given) >= disagreement and max(given) > min(given)


def combined(
    scores: Sequence[Score | None], third: Score | None = None, counts: str = "median"
) -> Fraction | None:
    """What a criterion comes to: the mean of those who scored it, or what the third makes of it."""
    if third is None or mean(scores) is None:
        return mean(scores)
    if counts == "replaces":
        return Fraction(third)
    ordered = sorted([*(score for score in scores if score is not None), third])
    half = len(ordered) // 2
    return mean([ordered[half], ordered[~half]])


def total(rubric: Rubric, criteria: Mapping[str, Fraction | None]) -> Fraction | None:
    """The weighted mean of all criteria; None when one of them is missing."""
    scores = [criteria.get(part.key) for part in rubric.criteria]
    weights = [part.weight for part in rubric.criteria]
    known = [score for score in scores if score is not None]
    if not known or len(known) < len(scores):
        return None
    weighed = (weight * score for weight, score in zip(weights, known, strict=True))
    return sum(weighed, Fraction(0)) / sum(weights)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What one person handed in of one criterion."""

    criterion: str
    rater: str
    values: Mapping[str, int]
    third: bool = False


@dataclass(frozen=True)
class Judged:
    """What the judgement of one thing came to."""

    criteria: Mapping[str, Fraction | None]
    total: Fraction | None
    disputed: Sequence[str]  # the criteria in which a third is needed and missing
    indicators: Mapping[str, Mapping[str, int]]  # an indicator: who scored it how


def judged(rubric: Rubric, computed: Mapping[str, int], given: Iterable[Given]) -> Judged:
    """All of one thing, in whatever order it came."""
    came = list(given)
    scored: dict[str, Fraction | None] = {}
    disputed = []
    for part in rubric.criteria:
        mine = {
            one.third or one.rater: of_criterion(part, {**computed, **one.values})
            for one in came
            if one.criterion == part.key
        }
        scores, third = [mine.get(rater) for rater in part.raters], mine.get(True)
        wants = part.third and differ(scores, Fraction(rubric.disagreement))
        if wants and third is None:
            disputed.append(part.key)
        used = third if wants else None
        scored[part.key] = combined(scores, used, rubric.third_counts)
    if disputed:
        scored |= dict.fromkeys(disputed)
    return Judged(scored, total(rubric, scored), disputed, _by_indicator(rubric, computed, came))


def _by_indicator(
    rubric: Rubric, computed: Mapping[str, int], given: Sequence[Given]
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for part in rubric.criteria:
        for indicator in part.indicators:
            if indicator.computed:
                found[indicator.key] = {"fact": computed[indicator.key]}
                continue
            mine = sorted((one for one in given if one.criterion == part.key), key=_place)
            found[indicator.key] = {
                "third" if one.third else one.rater: one.values[indicator.key] for one in mine
            }
    return found


def _place(one: Given) -> tuple[bool, str]:
    return one.third, one.rater


def missing(criterion: Criterion, values: Mapping[str, int]) -> list[str]:
    """The indicators of a criterion that somebody has yet to rate."""
    return [part.key for part in criterion.rated if part.key not in values]


def fitting(criterion: Criterion, values: Mapping[str, object]) -> dict[str, int]:
    """Of what was chosen, the scores that the scale of a criterion has."""
    rated = {part.key: part for part in criterion.rated}
    found = {key: str(value) for key, value in values.items() if key in rated}
    return {key: int(value) for key, value in found.items() if value in rated[key].levels}


def new_salt() -> str:
    """So that nobody finds a score by trying every one against its seal."""
    return token_hex(16)


def seal(salt: str, values: Mapping[str, int], comment: str) -> str:
    said = json.dumps([salt, dict(values), comment], sort_keys=True, ensure_ascii=False)
    return sha256(said.encode()).hexdigest()


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
