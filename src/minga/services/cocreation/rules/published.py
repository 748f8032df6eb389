"""Figures that a document prints, beside the same ones counted from public data. Pure Python.

The format is `data/cocreation_replay/<key>.toml` of a country: what is printed, with its line, and
where it is read; and in which parts an invented cycle is made so that the same may come out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from minga.kernel.base.files import Unreadable, one_of

from . import Channel

LEVELS = ("high", "medium", "low")


@dataclass(frozen=True, kw_only=True)
class Pick:
    """Rows of the public figures of a cycle; empty: any."""

    by: str
    channel: str = ""
    value: str = ""

    def takes(self, row: Mapping[str, str]) -> bool:
        wanted = {"by": self.by, "channel": self.channel, "value": self.value}
        return all(row[name] == said for name, said in wanted.items() if said)


@dataclass(frozen=True, kw_only=True)
class Printed:
    """One figure as the document prints it, and what it is made of."""

    title: str
    source: str
    published: str  # 118, or 39,73 %
    read: Sequence[Pick]
    less: Sequence[Pick] = ()  # taken away
    over: Sequence[Pick] = ()  # of which it is a part in a hundred
    kinds: bool = False  # how many different values there are
    note: str = ""

    def __post_init__(self) -> None:
        if ("%" in self.published) != bool(self.over):
            raise Unreadable(f"published = {self.published!r} no va con over")
        try:
            _ = self.value
        except (ValueError, ZeroDivisionError):
            raise Unreadable(f"published = {self.published!r} no es un número") from None

    @property
    def value(self) -> Fraction:
        return Fraction(self.published.removesuffix("%").strip().replace(",", "."))

    @property
    def decimals(self) -> int:
        return len(self.published.removesuffix("%").strip().partition(",")[2])


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many proposals of a channel have one value, in the invented cycle."""

    by: str
    value: str = ""  # empty: nothing was said
    many: int
    channel: str = "web"

    def __post_init__(self) -> None:
        one_of("channel", self.channel, tuple(Channel))


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """So many integrated proposals of one size, how they score and where they are put."""

    category: int
    many: int
    size: int
    level: str

    def __post_init__(self) -> None:
        one_of("category", self.category, range(1, 5))
        one_of("level", self.level, LEVELS)


@dataclass(frozen=True, kw_only=True)
class Came:
    """So many people of a kind who came to the workshops."""

    sex: str
    sector: str
    many: int


@dataclass(frozen=True, kw_only=True)
class Published:
    """A whole file."""

    key: str
    title: str
    source: str
    method: str
    web: int
    workshop: int
    related: int
    without_goal: int
    share: Sequence[Share]
    figure: Sequence[Printed]
    group: Sequence[Grouped] = ()
    attendance: Sequence[Came] = ()
    workshops: int = 0

    def __post_init__(self) -> None:
        if self.group and sum(part.many * part.size for part in self.group) != self.related:
            raise Unreadable(f"group no suma {self.related}")
        sizes = {"web": self.web, "workshop": self.workshop}
        for channel, by in {(share.channel, share.by): None for share in self.share}:
            said = [s.many for s in self.share if (s.channel, s.by) == (channel, by)]
            if sum(said) != sizes[channel]:
                raise Unreadable(f"share {by} suma {sum(said)} y no {sizes[channel]}")


class Match(StrEnum):
    SAME = "same"
    ROUNDING = "rounding"  # nothing gives what is printed; this comes nearest
    OTHER = "other"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside what was counted, and which whole numbers give what is printed."""

    printed: Printed
    computed: str
    interval: str
    match: Match


def compared(printed: Printed, rows: Sequence[Mapping[str, str]]) -> Compared:
    if not _taken(printed.read, rows) or any(
        row["many"] == "" for row in _taken(printed.read, rows)
    ):
        return Compared(printed, "", "", Match.MISSING)
    many, over = _sum(printed, rows), _total(printed.over, rows)
    if not printed.over:
        match = Match.SAME if many == printed.value else Match.OTHER
        return Compared(printed, str(many), "", match)
    computed = _written(many, over, printed.decimals)
    fit = [n for n in range(over + 1) if _written(n, over, printed.decimals) == _plain(printed)]
    interval = f"{fit[0]}" if len(fit) == 1 else f"{fit[0]} a {fit[-1]}" if fit else "ninguna"
    return Compared(
        printed, f"{computed} %", f"{interval} de {over}", _match(printed, many, over, fit)
    )


def _match(printed: Printed, many: int, over: int, fit: Sequence[int]) -> Match:
    if many in fit:
        return Match.SAME
    nearest = min(range(over + 1), key=lambda n: abs(Fraction(100 * n, over) - printed.value))
    return Match.ROUNDING if not fit and many == nearest else Match.OTHER


def _taken(picks: Iterable[Pick], rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return [row for pick in picks for row in rows if pick.takes(row)]


def _total(picks: Iterable[Pick], rows: Sequence[Mapping[str, str]]) -> int:
    return sum(int(row["many"] or 0) for row in _taken(picks, rows))


def _sum(printed: Printed, rows: Sequence[Mapping[str, str]]) -> int:
    if printed.kinds:
        taken = _taken(printed.read, rows)
        return len({row["value"] for row in taken if row["many"] not in ("", "0")})
    return _total(printed.read, rows) - _total(printed.less, rows)


def _plain(printed: Printed) -> str:
    return printed.published.removesuffix("%").strip()


def _written(many: int, over: int, decimals: int) -> str:
    """A part in a hundred with as many decimals as the document prints; half goes up."""
    if not over:
        return ""
    steps = 100 * 10**decimals
    scaled = (2 * steps * many + over) // (2 * over)
    whole, rest = divmod(scaled, 10**decimals)
    return f"{whole},{rest:0{decimals}}" if decimals else str(whole)
