from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.utils.text import slugify

from minga.kernel.base.files import read
from minga.kernel.base.text import sort_key
from minga.kernel.jurisdiction import queries as jurisdiction


@dataclass(frozen=True, kw_only=True)
class Term:
    """A word of a founding document, explained in ours."""

    name: str
    meaning: str
    lines: str

    @property
    def anchor(self) -> str:
        return slugify(self.name)


@dataclass(frozen=True, kw_only=True)
class Glossary:
    """The words that one document explains."""

    document: str
    note: str
    terms: Sequence[Term]

    @cached_property
    def letters(self) -> list[tuple[str, list[Term]]]:
        """In the order of a Spanish index, by their first letter."""
        terms = sorted(self.terms, key=lambda term: sort_key(term.name))
        return [(letter, list(part)) for letter, part in groupby(terms, lambda t: t.name[0])]


def glossaries() -> list[Glossary]:
    """One for each file that the country brings."""
    return [read(file, Glossary) for file in jurisdiction.files("public_service")]
