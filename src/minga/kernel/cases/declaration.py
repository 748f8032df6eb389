import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from minga.kernel.base.calendar import Calendar
from minga.kernel.base.registry import Registry
from minga.kernel.base.text import Text


class Phase(StrEnum):
    """The eight that every service shares: lists, desk and figures speak phases."""

    DRAFT = "draft"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_APPLICANT = "waiting_for_applicant"
    WAITING_FOR_OTHERS = "waiting_for_others"
    ANSWERED = "answered"
    CLOSED = "closed"
    APPEALED = "appealed"


class Turn(StrEnum):
    """Whose turn it is: what the desk sorts by, so that each list is one stretch of an index."""

    OURS = "ours"
    THEIRS = "theirs"
    OVER = "over"


TURNS: Mapping[Turn, tuple[Phase, ...]] = {
    Turn.OURS: (Phase.DRAFT, Phase.RECEIVED, Phase.IN_PROGRESS, Phase.APPEALED),
    Turn.THEIRS: (Phase.WAITING_FOR_APPLICANT, Phase.WAITING_FOR_OTHERS),
    Turn.OVER: (Phase.ANSWERED, Phase.CLOSED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A state as people read it, the phase it belongs to, and whether all may see it."""

    label: Text
    phase: Phase
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step a case may take: where to, by which role, what its button says, and what
    the history says once it is done. A step may need a message to the other side, or a
    reason from a closed list."""

    to: str
    by: str
    label: Text
    done: Text
    message: bool = False
    reasons: Mapping[Any, Text] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CaseType:
    key: str
    name: Text
    model: str
    first: str
    opened: Text  # what the history says of the beginning
    states: Mapping[str, Stage]
    moves: Mapping[str, Mapping[str, Move]]
    page: str  # URL name of an official's page of one case, which takes the case's id
    applicant_page: str  # URL name of its applicant's page of one case, which takes the case's id
    draft_page: str  # URL name where a draft goes on, which takes its id; its `title` names it
    seals: Callable[[], Iterable[tuple[int, str]]]  # what people said, sealed: case id, seal
    titles: Callable[[Iterable[int]], Mapping[int, str]]  # case ids to what the desk calls them
    terms: type | None = None  # of the country, frozen with each case
    due: Callable[[date, Any, Calendar], date | None] | None = None  # opening day, its terms

    def snapshot(self, terms: Mapping[str, object] | None) -> str:
        """What a case is opened under and keeps: no words, so wording can improve."""
        frozen = {
            "first": self.first,
            "phases": {state: stage.phase for state, stage in self.states.items()},
            "public": sorted(state for state, stage in self.states.items() if stage.public),
            "moves": {
                state: {key: _frozen(move) for key, move in moves.items()}
                for state, moves in self.moves.items()
            },
            "terms": terms,
        }
        return json.dumps(frozen, sort_keys=True, ensure_ascii=False)


def _frozen(move: Move) -> dict[str, object]:
    return {"to": move.to, "by": move.by, "message": move.message, "reasons": sorted(move.reasons)}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an opaque reference for the history, and the role they act in."""

    reference: str
    role: str


class Refused(Exception):
    """The case's own definition does not allow this."""


class DraftUnknown(Exception):
    """No draft has this id: it was never kept here, or it was thrown away."""


class CodeUnknown(Exception):
    """No case has this code, or it cannot be one: whoever asks too often is asked to wait."""


class Overwritten(Exception):
    """Somebody wrote meanwhile in the same answer: theirs, as it stands now."""

    def __init__(self, answer: Any) -> None:
        super().__init__(str(answer))
        self.answer = answer


class Taken(Exception):
    """A case is not with whom its reader was shown: with which post it is, and its holder."""

    def __init__(self, post: Any, holder: str) -> None:
        super().__init__(str(post), holder)
        self.post, self.holder = post, holder


class Conflict(Exception):
    """Somebody was faster: what stands now."""

    def __init__(self, code: str, state: Text) -> None:
        super().__init__(code, state)
        self.code, self.state = code, state


case_types: Registry[CaseType] = Registry("case types")
