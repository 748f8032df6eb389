from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from minga.kernel.base.registry import Registry
from minga.kernel.base.text import Text


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """An open dataset (DCAT): its columns, the rows behind them, and what is left out."""

    key: str
    title: Text
    columns: Mapping[str, Text]
    rows: Callable[[], Iterable[Mapping[str, Any]]]
    omits: Text  # what is left out, and why
    licence: str = "CC-BY-4.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordType:
    """A kind of public thing that people find; each record carries its own address."""

    key: str
    label: Text
    page: str  # the URL name of its page
    public: Callable[[], Iterable[str]]  # the references of all that everybody may see now
    of: str = ""  # the kernel's table, when a reference is the number of one of its rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """What somebody typed may be the name of one thing: its label and its address."""

    key: str
    find: Callable[[str], tuple[Text, str] | None]


datasets: Registry[Dataset] = Registry("datasets")
record_types: Registry[RecordType] = Registry("record types")
shortcuts: Registry[Shortcut] = Registry("shortcuts")
