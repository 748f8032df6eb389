import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, asdict, dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from minga.kernel.base.registry import Registry
from minga.kernel.base.text import Text

TermsT = TypeVar("TermsT")
ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Legal(Generic[ValueT]):
    """A value of the law, never invented: unknown is None, and opens no clock."""

    value: ValueT | None
    _: KW_ONLY
    source: str
    on: date
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class NotOffered:
    """A country's honest answer to a service it does not give."""

    terms: type
    _: KW_ONLY
    reason: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number the State gives to people or bodies, and how a typing error is seen."""

    key: str
    name: Text
    is_valid: Callable[[str], bool]
    digits: int = 0  # how many it has; 0: that varies
    is_checked: bool = True  # False: only its shape is, for nobody publishes more


@dataclass(frozen=True, kw_only=True)
class Jurisdiction:
    """A country: its law as terms that services ask for by type."""

    key: str  # the folder's name
    iso: str
    name: Text
    currency: str
    zone: str
    identifiers: Sequence[Identifier]
    answers: Sequence[object]
    languages: Mapping[str, str] = field(default_factory=dict)  # besides; each in its own name

    def terms_for(self, kind: type[TermsT]) -> TermsT | NotOffered:
        for answer in self.answers:
            if isinstance(answer, kind):
                return answer
            if isinstance(answer, NotOffered) and answer.terms is kind:
                return answer
        raise LookupError(f"{self.key} does not answer {kind.__module__}")


jurisdictions: Registry[Jurisdiction] = Registry("jurisdictions")


def written(answer: Any) -> dict[str, Any]:
    """A country's answer as plain values, to be frozen with what opens under it."""
    if isinstance(answer, NotOffered):
        return {"not_offered": str(answer.reason)}
    values: dict[str, Any] = json.loads(json.dumps(asdict(answer), default=str))
    return values


def read(kind: type[TermsT], values: Mapping[str, Any]) -> TermsT:
    """The terms back again from what was frozen; every field of terms is a Legal."""
    return kind(**{name: _legal(**legal) for name, legal in values.items()})


def _legal(value: Any, on: str, **said: Any) -> Legal[Any]:
    """JSON has no tuples and no days."""
    return Legal(_kept(value), on=date.fromisoformat(on), **said)


def _kept(value: Any) -> Any:
    return tuple(map(_kept, value)) if isinstance(value, list) else value
