import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings

from minga.kernel.design.reading import WHOLE


@dataclass(frozen=True, kw_only=True)
class Language:
    """How far the pages have come in a language, as its catalogue was when it was compiled."""

    code: str
    name: str
    whole: bool  # everything is to be said in it; otherwise what somebody translated
    all: int  # what the pages say in Spanish
    words: Sequence[tuple[str, str, bool]]  # the Spanish, what it is called, whether reviewed

    @cached_property
    def waiting(self) -> list[tuple[str, str]]:
        """What a speaker has yet to read."""
        return [(spanish, said) for spanish, said, reviewed in self.words if not reviewed]

    @property
    def reviewed(self) -> int:
        return len(self.words) - len(self.waiting)

    @property
    def missing(self) -> int:
        return self.all - len(self.words)


def languages() -> list[Language]:
    """All but the one that the pages are written in."""
    others = [(code, name) for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return [_read(code, name) for code, name in others]


def _read(code: str, name: str) -> Language:
    page = Path(settings.LOCALE_PATHS[0], code, "words.json")
    return Language(
        code=code, name=name, whole=code in WHOLE, **json.loads(page.read_text("utf-8"))
    )
