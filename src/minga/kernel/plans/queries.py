import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, digest

from .models import Alignment, Edition, Involvement, Milestone, Node, Note, Plan

Told = Mapping[str, Any]  # the facts of an entry


def plans() -> QuerySet[Plan]:
    return Plan.objects.order_by("-period", "key")


def current(plan: str) -> Edition | None:
    """The edition in force of a plan: the last one."""
    editions = Edition.objects.filter(plan__key=plan).select_related("plan")
    return editions.order_by("-number").first()


def in_force() -> QuerySet[Edition]:
    """The last edition of each plan."""
    last = Edition.objects.filter(plan=OuterRef("plan")).order_by("-number").values("pk")[:1]
    return Edition.objects.filter(pk=Subquery(last)).select_related("plan")


def nodes(edition: Edition) -> QuerySet[Node]:
    """The whole tree in the document's own order."""
    return edition.nodes.order_by("position")


@dataclass(frozen=True, slots=True)
class Sealed:
    """A table whose rows an edition holds: the way from a row to its edition and to the code
    of its node, and the names that stand for the ids of what it points to."""

    model: type[Model]
    edition: str
    node: str = ""
    names: Sequence[str] = ()

    def rows(self, edition: Edition) -> Iterator[tuple[str, str]]:
        """The code of its node, and a row as it stands: all its columns but ids."""
        rows = self.model._default_manager.filter(**{self.edition: edition.pk}).order_by("pk")
        code = [self.node] if self.node else []
        for row in rows.values(*columns(self.model), *self.names, *code):
            yield row.get(self.node) or "", canonical(self.model, row)


def _same_plan(node: str) -> list[str]:
    """What a node is called, whichever edition it is in: it may be moved to another one."""
    return [f"{node}__{name}" for name in ("code", "edition__number", "edition__plan__key")]


TABLES = (
    Sealed(Edition, "pk"),
    Sealed(Node, "edition", "code", _same_plan("parent")),
    Sealed(Milestone, "node__edition", "node__code"),
    Sealed(
        Involvement,
        "node__edition",
        "node__code",
        ["organisation__key", "post__organisation__key", "post__title", "post__unit__name"],
    ),
    Sealed(Alignment, "node__edition", "node__code"),
    Sealed(Note, "edition", "node__code", _same_plan("node")),
)


def columns(model: type[Model]) -> list[str]:
    every = model._meta.concrete_fields
    return [field.name for field in every if not field.primary_key and not field.is_relation]


def canonical(model: type[Model], row: Mapping[str, object]) -> str:
    facts = {**row, "": model._meta.db_table}
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)


def cover(plan: Plan) -> str:
    """A digest of the plan itself, which is as its newest edition says."""
    return digest(canonical(Plan, {name: getattr(plan, name) for name in columns(Plan)}))


def seals(edition: Edition, tables: Iterable[Sealed] = TABLES) -> str:
    """A digest of what stands at each node of an edition, a line each; that of the edition
    itself has no code. A statement for each table."""
    rows: dict[str, list[str]] = {}
    for table in tables:
        for code, row in table.rows(edition):
            rows.setdefault(code, []).append(row)
    return "\n".join(f"{code} {digest(*sorted(said))}" for code, said in rows.items())


def difference(edition: Edition, told: Told, tables: Iterable[Sealed] = TABLES) -> str | None:
    """The code of the first node that is not as it was told ("" for the edition itself)."""
    said, found = _by_code(str(told.get("rows", ""))), _by_code(seals(edition, tables))
    return next((code for code in found | said if found.get(code) != said.get(code)), None)


def _by_code(seals: str) -> dict[str, str]:
    lines = (line.rpartition(" ") for line in seals.splitlines())
    return {code: seal for code, _space, seal in lines}


def told(stream: str) -> dict[tuple[str, int], Told]:
    """What the history said last of each edition, in the streams that begin so; what cannot
    be read is named by trust.verify, and here by what it leaves without its history."""
    last: dict[tuple[str, int], Told] = {}
    for entry in Entry.objects.filter(stream__startswith=stream).order_by("stream", "seq"):
        try:
            last[entry.stream, entry.facts["edition"]] = entry.facts
        except (ValueError, KeyError, TypeError):
            continue
    return last


def faults(edition: Edition, told: Told | None, *, newest: bool) -> Iterator[Fault]:
    """What of an edition is not as the history says: its first node that differs."""
    place = f"{edition.plan.stream} {edition.number}"
    if told is None:
        yield Fault(place, _("nadie cargó esta edición"))
        return
    if newest and told.get("plan") != cover(edition.plan):
        yield Fault(edition.plan.stream, _("el plan no se llama como se cargó"))
    if (code := difference(edition, told)) is not None:
        yield Fault(f"{place} {code}".strip(), _("no es lo que se cargó"))


def stands(edition: Edition) -> bool:
    """Whether an edition is as it was loaded."""
    stream, newest = edition.plan.stream, current(edition.plan.key) == edition
    said = told(stream).get((stream, edition.number))
    return not any(faults(edition, said, newest=newest))


def verify() -> Iterator[Fault]:
    """Plans that are not as they were loaded."""
    history = told("plan:")
    editions = Edition.objects.select_related("plan").order_by("plan__key", "number")
    newest = {edition.plan_id: edition.pk for edition in editions}
    for edition in editions:
        said = history.pop((edition.plan.stream, edition.number), None)
        yield from faults(edition, said, newest=newest[edition.plan_id] == edition.pk)
    for stream, number in history:
        yield Fault(f"{stream} {number}", _("falta una edición que se cargó"))
    for plan in Plan.objects.filter(editions=None):
        yield Fault(plan.stream, _("este plan no tiene ninguna edición"))
