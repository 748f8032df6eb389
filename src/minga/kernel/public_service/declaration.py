from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from minga.kernel.base.registry import Registry
from minga.kernel.base.text import Text
from minga.kernel.cases.declaration import CaseType, case_types
from minga.kernel.catalogue.declaration import (
    Dataset,
    RecordType,
    Shortcut,
    datasets,
    record_types,
    shortcuts,
)
from minga.kernel.design.menu import MenuItem
from minga.kernel.trust.rules import Fault


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What a service shows of itself on the first page: a template and what it needs."""

    template: str
    shown: Callable[[], Mapping[str, object]]


@dataclass(frozen=True, kw_only=True)
class PublicService:
    """A public service (CPSV): everything it brings into the house, on one page."""

    key: str  # the folder's name; every key inside starts with it
    name: Text
    summary: Text
    path: str  # where the urls.py beside the declaration is mounted
    terms: type | None = None
    menu: Sequence[MenuItem] = ()
    panels: Sequence[Panel] = ()
    case_types: Sequence[CaseType] = ()
    records: Sequence[RecordType] = ()
    shortcuts: Sequence[Shortcut] = ()
    datasets: Sequence[Dataset] = ()
    load: Callable[[datetime], None] | None = None  # brings in the country's files, idempotent
    verify: Callable[[], Iterator[Fault]] | None = None  # its rows that history contradicts
    demo: Callable[[datetime], None] | None = None  # a small invented world, idempotent


services: Registry[PublicService] = Registry("services")


def open_service(service: PublicService) -> None:
    """Hand each part to the block that owns it."""
    services.add(service)
    for case_type in service.case_types:
        case_types.add(case_type)
    for record_type in service.records:
        record_types.add(record_type)
    for shortcut in service.shortcuts:
        shortcuts.add(shortcut)
    for dataset in service.datasets:
        datasets.add(dataset)
