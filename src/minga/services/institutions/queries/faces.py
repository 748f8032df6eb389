"""How an institution shows itself: its colours and emblem, and what is public of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.kernel.base.text import Text
from minga.kernel.cases.models import Case
from minga.kernel.catalogue.declaration import record_types
from minga.kernel.catalogue.models import Record
from minga.kernel.design.colours import poor, tokens_of
from minga.kernel.design.queries import schemes, static_file
from minga.kernel.identity.models import Organisation
from minga.kernel.plans import queries as plans
from minga.kernel.plans.models import Involvement
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, readable
from minga.services.institutions.models import Face
from minga.services.institutions.rules import themes
from minga.services.institutions.rules.themes import Choice

from . import listed
from . import verify as verify_register

MOST_SHOWN = 10  # of what an institution attends to
IN_A_FRAME = 5
ENTRY = "face"  # of the organisation's stream
CASE, NODE = "cases.Case", "plans.Node"
HEAVY = ("face__sheet", "face__logo")
ROLES = {"responsible": gettext_lazy("Responde"), "counterpart": gettext_lazy("Contraparte")}
TAKES_PART = gettext_lazy("Participa")
COLOURS = ("hue", "strength", "lightness", "accent")


def faced(key: str) -> Organisation | None:
    """An institution with its face, but not the files of that: one statement."""
    return listed().select_related("face").defer(*HEAVY).filter(key=key).first()


def face(organisation: Organisation) -> Face:
    """As it stands, or one that has chosen nothing yet (rev 0)."""
    light = Face.objects.defer("sheet", "logo").filter(organisation=organisation).first()
    return light or Face(organisation=organisation, rev=0)


def choice(face: Face) -> Choice | None:
    said = {name: getattr(face, name) for name in COLOURS}
    return None if None in said.values() else Choice(**said)


def sheet(key: str, digest: str) -> str | None:
    """The colours under exactly this address; an older address names nothing any more."""
    found = Face.objects.filter(organisation__key=key, sheet_digest=digest)
    return found.exclude(sheet="").values_list("sheet", flat=True).first()


def logo(key: str, digest: str) -> bytes | None:
    found = Face.objects.filter(organisation__key=key, logo_digest=digest)
    content = found.exclude(logo_digest="").values_list("logo", flat=True).first()
    return None if content is None else bytes(content)


def drawn(choice: Choice) -> str:
    band, weave = (static_file(name).decode() for name in ("band.svg", "weave.svg"))
    return themes.sheet(choice, band=band, weave=weave)


# What it answers for, as far as everybody may read it


class Answers(NamedTuple):
    """A part of a plan in force, and what the institution is in it."""

    title: str
    address: str
    role: Text
    plan: str


@dataclass(frozen=True, slots=True)
class Doings:
    """What is public of what an institution promised and attends to."""

    answers: Sequence[Answers]
    takes_part: Sequence[Answers]
    attends: Sequence[Record]


def doings(found: Organisation) -> Doings:
    """Three statements, whatever the institution."""
    cases = [str(pk) for pk in public_cases(found).values_list("pk", flat=True)[:MOST_SHOWN]]
    involved = list(involvements(found))
    nodes = [str(one.node_id) for one in involved]
    records = list(Record.objects.filter(_of(CASE, cases) | _of(NODE, nodes)).only(*SHOWN))
    kinds = _kinds(CASE)
    by_node = {record.reference: record for record in records if record.type not in kinds}
    by_case = {record.reference: record for record in records if record.type in kinds}
    said = list(_answers(involved, by_node))
    first = [one for role, one in said if role in ROLES]
    rest = [one for role, one in said if role not in ROLES]
    return Doings(first, rest, [by_case[pk] for pk in cases if pk in by_case])


SHOWN = ("type", "reference", "title", "address", "published_at", "demo")


def _answers(
    involved: Iterable[Involvement], records: Mapping[str, Record]
) -> Iterator[tuple[str, Answers]]:
    for one in involved:
        record, plan = records.get(str(one.node_id)), one.node.edition.plan.short_title
        if record:
            role = ROLES.get(one.role, TAKES_PART)
            yield one.role, Answers(record.title, record.address, role, plan)


def _kinds(table: str) -> list[str]:
    return [kind.key for kind in record_types if kind.of == table]


def _of(table: str, references: Sequence[str]) -> Q:
    return Q(type__in=_kinds(table), reference__in=references)


def public_cases(found: Organisation) -> QuerySet[Case]:
    """The last first: what it holds and everybody may read."""
    return Case.objects.filter(holder=found, public=True).order_by("-moved_at", "-pk")


def involvements(found: Organisation) -> QuerySet[Involvement]:
    """Where plans in force name it, in their own order."""
    named = Involvement.objects.filter(organisation=found, node__edition__in=plans.in_force())
    return named.select_related("node__edition__plan").order_by(
        "node__edition__plan__key", "node__position", "position"
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing in a frame: what it is called, and what kind of thing it is."""

    title: str
    address: str
    label: Text


def last_public(found: Organisation) -> list[Shown]:
    """What it attends to first, then what it answers for: three statements."""
    said = doings(found)
    shown = [Shown(r.title, r.address, record_types[r.type].label) for r in said.attends]
    shown += [Shown(one.title, one.address, one.plan) for one in said.answers]
    return shown[:IN_A_FRAME]


# What the history contradicts


def verify() -> Iterator[Fault]:
    """What the history contradicts of the register and of the faces, and colours that the style
    sheet of today makes unreadable."""
    yield from verify_register()
    last: dict[str, Mapping[str, object]] = {}
    told = Entry.objects.filter(stream__startswith="organisation:", kind=ENTRY)
    for entry in told.order_by("stream", "seq").iterator():
        last[entry.stream] = readable(entry.body)
    for one in Face.objects.select_related("organisation").order_by("pk").iterator():
        if last.pop(one.organisation.stream, {}).get("seal") != seal(one):
            yield Fault(one.organisation.stream, _("su apariencia no es la que se anotó"))
        yield from _unreadable(one)
    for stream in last:
        yield Fault(stream, _("falta su apariencia, y su historia está"))


def _unreadable(face: Face) -> Iterator[Fault]:
    for scheme, said in tokens_of(face.sheet).items():
        if poor({**schemes()[scheme], **said}):
            yield Fault(face.organisation.stream, _("sus colores ya no se leen bien"))


def seal(face: Face) -> str:
    """Of all that a face is, its files too."""
    said = [getattr(face, name) for name in (*COLOURS, "logo_words", "hosts")]
    files = [themes.digest(face.sheet.encode()), themes.digest(bytes(face.logo))]
    return themes.digest(repr([said, files]).encode())
