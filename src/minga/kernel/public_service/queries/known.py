"""All that the house holds on a person: the page and the file tell the same."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import CharField, Count, DateTimeField, Model, OuterRef, QuerySet, Subquery
from django.db.models import Value as Said
from django.db.models.functions import Coalesce

from minga.kernel.cases import queries as cases
from minga.kernel.cases.declaration import case_types
from minga.kernel.cases.models import Case, Draft, Message
from minga.kernel.conversation import queries as conversation
from minga.kernel.conversation.models import Comment
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Assurance, Deputy, Membership, Person
from minga.kernel.mailbox import queries as mailbox
from minga.kernel.mailbox.models import Notice, Silence
from minga.kernel.public_service.models import SavedView
from minga.kernel.trust import queries as trust

from . import space

# The small tables, as the file names their rows.
LETTER, LEVEL, ADDRESS, SILENT, VIEW = "carta", "nivel", "direccion", "silencio", "vista"
MANY = 50  # of each kind, on the page; the file has every one
BATCH = 200  # cases that are read at a time for a file
SEEN = 4  # the last figures of a document that are shown
UNSAID = {"salt"}  # columns that are the house's, and say nothing of anybody


class Counted(NamedTuple):
    """How much there is of somebody, and the document they gave: one statement."""

    document: tuple[str, str] | None  # its kind, and its number but for the end masked
    cases: int
    drafts: int
    notices: int
    comments: int
    sign_in: Mapping[str, int]  # what the sign-in library keeps, by the name of its table


def counted(person: Person) -> Counted:
    kept = {relation.related_model: relation.field.name for relation in identity.kept_to_sign_in()}
    own = {Draft: "person", Notice: "person", Comment: "person"}
    wanted = {Case: "applicant", **own, **kept}
    numbers = {f"n_{model._meta.model_name}": _count(model, at) for model, at in wanted.items()}
    found = Person.objects.select_related("identitydocument").annotate(**numbers).get(pk=person.pk)
    document = getattr(found, "identitydocument", None)
    n = {name.removeprefix("n_"): getattr(found, name) for name in numbers}
    return Counted(
        document=(document.kind, masked(document.number)) if document else None,
        cases=n.pop("case"),
        drafts=n.pop("draft"),
        notices=n.pop("notice"),
        comments=n.pop("comment"),
        sign_in=n,
    )


def masked(number: str) -> str:
    return f"•••••{number[-SEEN:]}" if len(number) > SEEN else "•••••"


def _count(model: type[Model], field: str) -> Coalesce:
    unsent = {"case": None} if model is Draft else {}
    same = model._base_manager.filter(**{field: OuterRef("pk")}, **unsent).order_by().values(field)
    return Coalesce(Subquery(same.annotate(n=Count("*")).values("n")), 0)


class Short(NamedTuple):
    """One row of a small table."""

    kind: str
    text: str
    at: datetime | None


def shorts(person: Person) -> list[Short]:
    """What small tables keep of somebody: one statement."""
    rows = _short(mailbox.letters_to(person.email), LETTER, "subject", "written_at")
    more = [
        _short(Assurance.objects.filter(person=person), LEVEL, "method", "given_at"),
        _short(EmailAddress.objects.filter(user=person), ADDRESS, "email"),
        _short(Silence.objects.filter(person=person), SILENT, "topic"),
        _short(SavedView.objects.filter(person=person), VIEW, "name"),
    ]
    return [Short(*row) for row in rows.union(*more, all=True)]


def _short(rows: QuerySet[Any], kind: str, text: str, at: str = "") -> QuerySet[Any, Any]:
    moment = at or Said(None, DateTimeField())
    return rows.order_by().values_list(Said(kind, CharField()), text, moment)


def seen(person: Person) -> dict[str, Any]:
    """What the page shows."""
    asked = list(cases.asked_by(person).order_by("-opened_at", "-pk")[:MANY])
    begun = list(cases.drafts_of(person).order_by("-kept_at", "pk")[:MANY])
    kinds: dict[str, list[Short]] = {kind: [] for kind in (LETTER, LEVEL, ADDRESS, SILENT, VIEW)}
    for short in shorts(person):
        kinds[short.kind].append(short)
    return {
        "counted": counted(person),
        "titles": list(cases.titles_of(asked).values()),
        "drafts": space.draft_rows(begun),
        "shorts": kinds,
        "places": places(person),
        "history": list(trust.entries(person.stream)),
    }


class Place(NamedTuple):
    """A post somebody holds or held, or in which they stand in for its holder."""

    post: str
    organisation: str
    starts_on: date
    ends_on: date | None
    act: str
    as_what: str


def places(person: Person) -> list[Place]:
    """One statement."""
    columns = ("post__title", "post__organisation__name", "starts_on", "ends_on", "act")
    holds = Membership.objects.filter(person=person).values_list(*columns, Said("titular"))
    stands_in = Deputy.objects.filter(person=person).values_list(*columns, Said("suplente"))
    return sorted((Place(*row) for row in holds.union(stands_in)), key=lambda p: p.starts_on)


def file_of(person: Person) -> Iterator[str]:
    """The file to download, written while it is read."""
    between = "{"
    for name, said in _parts(person):
        yield f'{between}\n"{name}": '
        yield from [_json(said)] if isinstance(said, Mapping) else _listed(said)
        between = ","
    yield "\n}\n"


def _listed(rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    between = "["
    for row in rows:
        yield f"{between}\n  {_json(row)}"
        between = ","
    yield "[]" if between == "[" else "\n]"


def _json(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


Row = Mapping[str, object]


def _parts(person: Person) -> Iterator[tuple[str, Row | Iterable[Row]]]:
    yield "persona", _person(person)
    yield "puestos", (place._asdict() for place in places(person))
    yield "casos", _cases(person)
    yield "borradores", _drafts(person)
    yield "avisos", _notices(person)
    yield "comentarios", conversation.of_person(person)
    yield "otros", (short._asdict() for short in shorts(person))
    yield "historia", ({"que": e.kind, **e.facts} for e in trust.entries(person.stream))


def _person(person: Person) -> Row:
    found = counted(person)
    return {
        "nombre": person.name,
        "correo": person.email,
        "documento": dict(zip(("clase", "numero"), found.document, strict=True))
        if found.document
        else None,
        "para_entrar": found.sign_in,
    }


def _drafts(person: Person) -> Iterator[Row]:
    for draft in cases.drafts_of(person):
        yield {"clase": draft.type, "guardado": draft.kept_at, "palabras": draft.words}


def _notices(person: Person) -> Iterator[Row]:
    for notice in mailbox.notices_of(person).order_by("pk").iterator():
        yield {
            "tema": notice.topic,
            "titulo": notice.title,
            "texto": notice.body,
            "escrito": notice.at,
            "leido": notice.read_at,
            "correo": mailbox.delivery(notice),
        }


def _cases(person: Person) -> Iterator[Row]:
    asked = cases.asked_by(person).select_related("holder", "contact").order_by("pk")
    batch = list(asked[:BATCH])
    while batch:
        words, messages = words_of(batch), _messages(batch)
        for case in batch:
            contact = getattr(case, "contact", None)
            yield {
                "clase": case.type,
                "codigo": case.code,
                "estado": cases.label(case),
                "atiende": case.holder.name,
                "recibido": case.opened_at,
                "ultimo_paso": case.moved_at,
                "correo": contact.email if contact else "",
                "lo_que_dijiste": words.get(case.pk, {}),
                "mensajes": messages.get(case.pk, []),
            }
        more = len(batch) == BATCH
        batch = list(asked.filter(pk__gt=batch[-1].pk)[:BATCH]) if more else []


def words_of(found: Sequence[Case]) -> dict[int, Row]:
    """What people said in these cases, as the tables of their services keep it, with what
    hangs on it: one statement a type."""
    words: dict[int, Row] = {}
    for key in sorted({case.type for case in found}):
        model = apps.get_model(case_types[key].model)
        parts = [str(r.get_accessor_name()) for r in model._meta.related_objects if r.one_to_one]
        rows = model._base_manager.filter(pk__in=[case.pk for case in found if case.type == key])
        for row in rows.select_related(*parts):
            more = (getattr(row, part, None) for part in parts)
            words[row.pk] = {k: v for part in (row, *more) if part for k, v in _columns(part)}
    return words


def _columns(row: Model) -> Iterator[tuple[str, object]]:
    for field in row._meta.concrete_fields:
        if not field.primary_key and field.name not in UNSAID:
            yield field.attname, getattr(row, field.attname)


def _messages(found: Sequence[Case]) -> dict[int, list[Row]]:
    said: dict[int, list[Row]] = {}
    for message in Message.objects.filter(case__in=found).order_by("case", "rev"):
        row = {"de": message.role, "texto": message.body}
        said.setdefault(message.case_id, []).append(row)
    return said
