"""What a cycle's method says: its stages, what is scored and how, and what the documents leave
open. A method is data, `data/cocreation/<key>.toml` of a country; the kinds in it are code.
Pure Python.

PAGA I, l. 383-583: seven stages, feasibility and relevance with 50 % each, seven indicators.
Guía de Gobierno Abierto, l. 275-477: five stages, five axes, five characteristics, tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from minga.kernel.base.files import Unreadable, once, one_of

TOP = 3  # every indicator is scored from 0 to this: PAGA I, l. 489-533


class Kind(StrEnum):
    """What may be done while a stage lasts."""

    MAPPING = "mapping"
    RECEPTION = "reception"
    SCREENING = "screening"
    INTEGRATION = "integration"
    EVALUATION = "evaluation"
    SELECTION = "selection"
    CONFIRMATION = "confirmation"
    ACCOUNTABILITY = "accountability"
    FORMALISATION = "formalisation"


class Fact(StrEnum):
    """What an indicator is computed from, when nobody rates it."""

    MONTHS = "months"  # from the first day to the last one
    ENTITIES = "entities"  # that take part, with the responsible and the counterpart
    REITERATIONS = "reiterations"  # proposals that were joined


class Gate(StrEnum):
    """What a proposal is asked when it is screened: PAGA I, l. 460-463."""

    CLARITY = "clarity"
    COLLABORATION = "collaboration"
    PILLARS = "pillars"
    POLICY = "policy"


class Rater(StrEnum):
    """Who scores a criterion, each without the other's score."""

    RESPONSIBLE = "responsible"
    COUNTERPART = "counterpart"
    WORKING_GROUP = "working_group"
    CORE_GROUP = "core_group"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that has a name, and where it is said."""

    key: str
    title: str
    source: str
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class Stage(Part):
    kinds: Sequence[str]
    when: str = ""  # as it is printed; empty: not in the documents

    def __post_init__(self) -> None:
        for kind in self.kinds:
            one_of("kinds", kind, tuple(Kind))


@dataclass(frozen=True, kw_only=True)
class Asked(Part):
    """A criterion by which proposals are sorted."""

    def __post_init__(self) -> None:
        one_of("key", self.key, tuple(Gate))


@dataclass(frozen=True, kw_only=True)
class Level:
    """A score and what it stands for. Of a fact: the first level whose bound holds counts."""

    score: int
    words: str = ""  # empty: the documents do not describe it
    at_most: int | None = None
    below: int | None = None
    at_least: int | None = None

    def __post_init__(self) -> None:
        one_of("score", self.score, range(TOP + 1))

    def holds(self, value: int | Fraction) -> bool:
        return (
            (self.at_most is None or value <= self.at_most)
            and (self.below is None or value < self.below)
            and (self.at_least is None or value >= self.at_least)
        )


@dataclass(frozen=True, kw_only=True)
class Indicator(Part):
    level: Sequence[Level]
    fact: str = ""  # empty: it is rated

    def __post_init__(self) -> None:
        if self.fact:
            one_of("fact", self.fact, tuple(Fact))
            last = self.level[-1] if self.level else None
            if last is None or not last.holds(-1) or not last.holds(10**9):
                raise Unreadable("el último nivel debe valer para todo lo demás")
        once("level", [level.score for level in self.level])


@dataclass(frozen=True, kw_only=True)
class Criterion(Part):
    weight: int  # in hundredths of the whole
    raters: Sequence[str]
    indicator: Sequence[Indicator]
    third: bool = False  # whether a third one scores when two differ too much

    def __post_init__(self) -> None:
        for rater in self.raters:
            one_of("raters", rater, tuple(Rater))
        once("indicator", [part.key for part in self.indicator])


@dataclass(frozen=True, kw_only=True)
class Category(Part):
    number: int


@dataclass(frozen=True, kw_only=True)
class Meeting(Part):
    """A workshop or a table that the documents announce: where, at whose house, which day."""

    city: str
    on: str = ""  # 2018-11-27; empty: the documents lost it
    host: str = ""
    hours: str = ""

    def __post_init__(self) -> None:
        try:
            _ = self.day
        except ValueError:
            raise Unreadable(f"on = {self.on!r} no es un día") from None

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.on) if self.on else None


class Open(StrEnum):
    """What the documents leave open: each method says its value and why."""

    CRITERIA_NEEDED = "criteria_needed"  # of the screening
    DAYS_TO_OBJECT = "days_to_object"  # working days
    GROUPS_PER_PROPOSAL = "groups_per_proposal"
    DISAGREEMENT = "disagreement"  # from which difference of a criterion's score a third decides
    THIRD_COUNTS = "third_counts"  # how
    HIGH = "high"  # from which score of a criterion
    MEDIUM = "medium"
    DAYS_TO_CONFIRM = "days_to_confirm"  # working days
    QUORUM = "quorum"  # of the seats of a body
    SECTORS_NEEDED = "sectors_needed"  # present and in favour, for a decision
    SUPPORT_LEVEL = "support_level"  # how sure the State must be of who supports
    SMALL_NUMBER = "small_number"  # below it, people are not counted in public


THIRD_COUNTS = ("median", "replaces")
WHOLE = {  # whole numbers, from and to
    Open.CRITERIA_NEEDED: (1, 10),
    Open.DAYS_TO_OBJECT: (1, 90),
    Open.GROUPS_PER_PROPOSAL: (1, 10),
    Open.DAYS_TO_CONFIRM: (1, 180),
    Open.SECTORS_NEEDED: (1, 6),
    Open.SUPPORT_LEVEL: (0, 2),
    Open.SMALL_NUMBER: (1, 20),
}
PARTS = {  # fractions such as 3/2, from and to
    Open.DISAGREEMENT: (Fraction(0), Fraction(TOP)),
    Open.HIGH: (Fraction(0), Fraction(TOP)),
    Open.MEDIUM: (Fraction(0), Fraction(TOP)),
    Open.QUORUM: (Fraction(0), Fraction(1)),
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One value for what the documents leave open, and the reason for it."""

    key: str
    value: str
    reason: str

    def __post_init__(self) -> None:
        one_of("key", self.key, tuple(Open))
        key = Open(self.key)
        if key == Open.THIRD_COUNTS:
            one_of("value", self.value, THIRD_COUNTS)
            return
        low, high = WHOLE[key] if key in WHOLE else PARTS[key]
        if not low <= self.number <= high:
            raise Unreadable(f"value = {self.value} no está entre {low} y {high}")

    @property
    def number(self) -> Fraction:
        try:
            number = Fraction(self.value)
        except (ValueError, ZeroDivisionError):
            raise Unreadable(f"value = {self.value!r} no es un número") from None
        if Open(self.key) in WHOLE and number.denominator != 1:
            raise Unreadable(f"value = {self.value} no es un número entero")
        return number


@dataclass(frozen=True, kw_only=True)
class Method:
    """A whole method file."""

    key: str
    title: str
    source: str
    stage: Sequence[Stage]
    parameter: Sequence[Parameter]
    summary: str = ""
    pillar: Sequence[Part] = ()
    screening: Sequence[Asked] = ()  # the criteria of the classification
    criterion: Sequence[Criterion] = ()
    category: Sequence[Category] = ()
    axis: Sequence[Part] = ()
    meeting: Sequence[Meeting] = ()
    advised_least: int = 0  # commitments in a plan; 0: not said
    advised_most: int = 0
    note: Sequence[str] = ()  # where the documents contradict themselves or lost something

    def __post_init__(self) -> None:
        for name in ("stage", "pillar", "screening", "criterion", "axis", "meeting"):
            once(name, [part.key for part in getattr(self, name)])
        once("parameter", [part.key for part in self.parameter])
        if missing := set(Open) - {Open(part.key) for part in self.parameter}:
            raise Unreadable(f"falta parameter {', '.join(sorted(missing))}")
        if self.criterion and sum(part.weight for part in self.criterion) != 100:
            raise Unreadable("los pesos de los criterios no suman 100")
        if self.number(Open.MEDIUM) > self.number(Open.HIGH):
            raise Unreadable("medium es mayor que high")

    def said(self, key: Open) -> Parameter:
        return next(part for part in self.parameter if part.key == key)

    def number(self, key: Open) -> Fraction:
        return self.said(key).number

    def whole(self, key: Open) -> int:
        return int(self.number(key))

    @property
    def stages(self) -> Mapping[str, Stage]:
        return {stage.key: stage for stage in self.stage}

    def allows(self, stage: str, kind: Kind) -> bool:
        """Whether a thing of this kind may be done while a stage lasts."""
        return stage in self.stages and kind in self.stages[stage].kinds


def score(indicator: Indicator, value: int | Fraction) -> int:
    """What a fact is worth: the first level whose bound holds."""
    return next(level.score for level in indicator.level if level.holds(value))
