"""The printed lists of what a cycle left for others or for later, `data/cocreation_backlog/` of a
country: read strictly. Pure Python.

PAGA I, l. 775-812: categories 3 and 4 of the first cycle, as they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from minga.kernel.base.files import Unreadable, one_of

OUTSIDE, LATER = 3, 4


@dataclass(frozen=True, kw_only=True)
class Left:
    """One row. What the document does not give is empty."""

    category: int
    number: int
    name: str
    source: str
    anchor: str = ""
    entity: str = ""
    starred: bool = False
    reason: str = ""
    note: str = ""  # what whoever copied it saw

    def __post_init__(self) -> None:
        one_of("category", self.category, (OUTSIDE, LATER))


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """A whole file."""

    key: str
    title: str
    source: str
    left: Sequence[Left]
    on: str = ""
    star: str = ""  # what the asterisk says
    note: Sequence[str] = ()

    def __post_init__(self) -> None:
        for category in (OUTSIDE, LATER):
            numbers = [row.number for row in self.left if row.category == category]
            if numbers != list(range(1, len(numbers) + 1)):
                raise Unreadable(f"category {category}: los números no van uno tras otro")

    def of(self, category: int) -> list[Left]:
        return [row for row in self.left if row.category == category]

    @property
    def outside(self) -> list[Left]:
        return self.of(OUTSIDE)

    @property
    def later(self) -> list[Left]:
        return self.of(LATER)
