"""What a paper is made of. Whoever issues one says it in words; how it looks is here."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from . import rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Names and what is to be said of each, one under the other."""

    kind: ClassVar[str] = "facts"
    heading: str = ""
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Paragraphs, as somebody wrote them."""

    kind: ClassVar[str] = "words"
    heading: str = ""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head that every page repeats; a width of 0 is as wide as its words."""

    kind: ClassVar[str] = "table"
    heading: str = ""
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is said in small letters."""

    kind: ClassVar[str] = "note"
    heading: str = ""
    text: str


Part = Facts | Words | Table | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole paper. The title is what everybody who verifies it reads; the rest stays in it."""

    title: str
    subject: str = ""
    parts: Sequence[Part]
    demo: bool = False

    def said(self) -> Mapping[str, Any]:
        """As it is kept and sealed: plain data, the same for the same paper."""
        parts = [{"kind": part.kind, **asdict(part)} for part in self.parts]
        return {"title": self.title, "subject": self.subject, "parts": parts, "demo": self.demo}

    @property
    def seal(self) -> str:
        """A digest that fits these words only."""
        return rules.seal(self.said())
