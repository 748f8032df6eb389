"""Somebody with the keys of the database edits one row behind everybody's back: does
`./minga verify` find it, and name the place? Thousands of times, each forgotten again."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, transaction
from django.db.models import Field, GeneratedField, Max, Model
from django.utils import timezone

from minga.kernel.cases import queries as cases
from minga.kernel.cases.queries import attachments, desk
from minga.kernel.plans import queries as plans
from minga.kernel.trust import queries as trust
from minga.kernel.trust import rules
from minga.kernel.trust.actions import keys, register
from minga.kernel.trust.models import AppendOnly
from minga.kernel.trust.queries import register as registered
from minga.kernel.trust.rules import Fault
from minga.project.commands import work
from minga.services.action_plans import queries as action_plans
from minga.services.cocreation import queries as cocreation
from minga.services.institutions import queries as institutions

Check = Callable[[], Iterable[Fault]]
OF_CASES: list[Check] = [cases.verify, desk.verify, attachments.verify, cocreation.verify]
CHECKS: dict[str, list[Check]] = {
    "trust": [trust.verify, registered.verify],
    "cases": OF_CASES,
    "cocreation": OF_CASES,
    "plans": [plans.verify],
    "action_plans": [action_plans.verify],
    "identity": [institutions.verify],
}
Place = Callable[[Any], list[str]]
PLACES: dict[str, Place] = {
    "trust.Entry": lambda row: [row.stream],
    "trust.Stream": lambda row: [row.key],
    "trust.Leaf": lambda row: [f"leaf:{row.index}", f"{row.stream} {row.seq}"],
    "trust.Checkpoint": lambda row: [f"checkpoint:{row.size}"],
    "cases.Definition": lambda row: [f"{row.key} {row.number}", f"definition:{row.key}"],
    "cases.Case": lambda row: [f"case:{row.pk}", f"desk:{row.pk}"],
    "cases.Message": lambda row: [f"case:{row.case_id}"],
    "cases.Note": lambda row: [f"desk:{row.case_id}"],
    "cases.Attachment": lambda row: [f"case:{row.case_id}", f"desk:{row.case_id}"],
    "cocreation.Proposal": lambda row: [f"case:{row.pk}", row.cycle.stream],
    "plans.Plan": lambda row: [row.stream],
    "plans.Edition": lambda row: [row.plan.stream, row.plan.key],
    "plans.Node": lambda row: [row.edition.plan.key],
    "plans.Milestone": lambda row: [row.node.edition.plan.key],
    "plans.Involvement": lambda row: [row.node.edition.plan.key],
    "plans.Alignment": lambda row: [row.node.edition.plan.key],
    "plans.Note": lambda row: [row.edition.plan.key],
    "action_plans.Commitment": lambda row: [row.node.edition.plan.key],
    "action_plans.Value": lambda row: [row.commitment.node.edition.plan.key],
    "action_plans.Instrument": lambda row: [row.commitment.node.edition.plan.key],
    "identity.Organisation": lambda row: [row.stream],
    "identity.Post": lambda row: [row.stream],
    "identity.Membership": lambda row: [f"post:{row.post_id}"],
    "identity.Deputy": lambda row: [f"post:{row.post_id}"],
    "identity.Unit": lambda row: [f"unit:{row.pk}"],
    "identity.Succession": lambda row: [f"succession:{row.pk}"],
}
# What no history can contradict, and why.
BY_DESIGN = {
    "trust.Checkpoint.at": "solo espacia las firmas; lo firmado es el día",
    "trust.Checkpoint -": "un punto borrado lo nota quien lo guardó",
    "cases.Attachment.name": "no está en la historia: puede nombrar a alguien",
    "cases.Attachment.media_type": "se dedujo del contenido, que sí está",
    "cases.Attachment.size": "lo ve ./minga verify --files",
    "cases.Attachment.place": "lo ve ./minga verify --files",
    "cases.Attachment.role": "lo dice el puesto, que sí está",
    "cases.Case.code": "es una llave, y no está en la historia",
    "identity.Organisation +": "lo que la historia nunca contó no lo contradice",
    "identity.Post +": "lo que la historia nunca contó no lo contradice",
    "identity.Unit": "las del pueblo inventado no nacieron de un acto",
    "identity.Organisation.rev": "cuenta cambios para dos ventanas a la vez",
    "identity.Post.rev": "cuenta cambios para dos ventanas a la vez",
    "identity.Organisation.sort_name": "ordena la lista; lo que se lee es el nombre",
    "identity.Succession.act": "las palabras del acto no están en la historia",
    "identity.Succession.source": "las palabras de la fuente no están en la historia",
}
KINDS = ("=", "=", "=", "=", "=", "=", "=", "=", "-", "+")  # changed, deleted, put in


@dataclass
class Tally:
    done: int = 0
    refused: int = 0  # by the database itself: no such row can be
    found: int = 0
    located: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)


def world() -> None:
    """All that happened in the invented town is placed, in two parts, and signed twice."""
    work.place()
    work.sign()
    work.place_all()
    register.sign(key=keys.at_hand(), at=timezone.now() + timedelta(minutes=2))
    work.place()


def tried(times: int) -> Tally:
    dice, tally = random.Random(2026), Tally()  # noqa: S311  # seeded: each run does the same
    models = [model for model in map(apps.get_model, PLACES) if model._default_manager.exists()]
    keys = {model: list(model._default_manager.values_list("pk", flat=True)) for model in models}
    while tally.done < times:
        model = dice.choice(models)
        row = model._default_manager.get(pk=dice.choice(keys[model]))
        _once(row, dice.choice(KINDS), dice, tally)
    return tally


def _once(row: Model, kind: str, dice: random.Random, tally: Tally) -> None:
    column = dice.choice(list(_columns(type(row)))) if kind == "=" else None
    name = f"{row._meta.label}.{column.name}" if column else f"{row._meta.label} {kind}"
    if name in BY_DESIGN or row._meta.label in BY_DESIGN:
        return
    places = _places(row)
    with transaction.atomic():
        try:
            with transaction.atomic(), _unguarded(type(row)):
                changed = _edit(row, kind, column, dice)
        except DatabaseError:
            tally.refused += 1
            return
        if changed is not None:
            places += _places(changed)
            _judge(name, places, tally)
        transaction.set_rollback(True)


def _judge(name: str, places: Sequence[str], tally: Tally) -> None:
    tally.done += 1
    try:
        faults = [fault for check in _checks(name) for fault in check()]
    except Exception as error:  # whoever verifies is told nothing then
        tally.missed[f"{name}: {type(error).__name__}"] += 1
        return
    if not faults:
        tally.missed[name] += 1
        return
    tally.found += 1
    if any(place in fault.place for fault in faults for place in places):
        tally.located += 1
    else:
        tally.elsewhere[f"{name}: {faults[0].place}"] += 1


def _checks(name: str) -> list[Check]:
    return CHECKS[name.partition(".")[0]]


def _places(row: Model) -> list[str]:
    try:
        return PLACES[row._meta.label](row)
    except (ObjectDoesNotExist, AttributeError):
        return []  # it points to nothing any more


def _columns(model: type[Model]) -> Iterator["Field[Any, Any]"]:
    for column in model._meta.concrete_fields:
        is_number = column.primary_key and column.name == "id"  # a number of the table's own
        if not (is_number or isinstance(column, GeneratedField)):
            yield column


@contextmanager
def _unguarded(model: type[Model]) -> Iterator[None]:
    """Without triggers, and as if they had never been away."""
    table = model._meta.db_table
    is_kept = issubclass(model, AppendOnly)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
        made = rules.triggers("sqlite", table) if is_kept else {}
        for trigger in made:
            cursor.execute(f"DROP TRIGGER {trigger}")
        yield
        for statement in made.values():
            cursor.execute(statement)


def _edit(row: Model, kind: str, column: Any, dice: random.Random) -> Model | None:
    """The row as it is now; None when there is nothing to change it into."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    if kind == "-":
        rows._raw_delete(rows.db)  # without cascades
        return row
    if kind == "+":
        return None if row._meta.pk.is_relation else _put_in(row, dice)
    value = _other(column, getattr(row, column.attname), dice)
    if value == getattr(row, column.attname):
        return None
    rows.update(**{column.attname: value})
    setattr(row, column.attname, value)
    return row


def _put_in(row: Model, dice: random.Random) -> Model:
    """Another row like this one, as far as there may be two."""
    unique = {
        getattr(part, "name", "")
        for constraint in row._meta.constraints
        for part in getattr(constraint, "expressions", ())
    }
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.primary_key and isinstance(value, int):
            last = type(row)._default_manager.aggregate(last=Max("pk"))["last"]
            setattr(row, column.attname, last + 1)
        elif (column.unique or column.name in unique) and not column.is_relation:
            setattr(row, column.attname, _other(column, value, dice))
    row.save(force_insert=True)
    return row


def _other(column: Any, value: Any, dice: random.Random) -> Any:
    if column.is_relation:
        name = column.target_field.name
        others = column.related_model._default_manager.exclude(**{name: value})
        return dice.choice([*others.values_list(name, flat=True)[:50], value])
    kind = column.get_internal_type()
    if value is None:
        return {"DateField": date.today(), "DateTimeField": timezone.now()}.get(kind, 1)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + dice.choice((1, 2, 1_000))
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    at = dice.randrange(len(value)) if value else 0
    return (
        value[:at] + dice.choice([c for c in "abc123" if c != value[at : at + 1]]) + value[at + 1 :]
    )


def told(tally: Tally) -> Iterator[str]:
    yield f"{tally.done} cambios por detrás: {tally.found} encontrados, {tally.located} en su sitio"
    yield f"{tally.refused} más los rechazó la propia base"
    yield from (f"  NO se encontró: {name} ({n} veces)" for name, n in tally.missed.most_common())
    yield from (f"  con otro nombre: {name} ({n})" for name, n in tally.elsewhere.most_common())
    yield "Fuera, a propósito:"
    yield from (f"  {name}: {why}" for name, why in BY_DESIGN.items())
