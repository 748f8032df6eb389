from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.kernel.base.text import Text, refused, sort_key
from minga.kernel.cases.declaration import Phase
from minga.kernel.cases.models import Case
from minga.kernel.catalogue.models import Record
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import (
    Dependence,
    Membership,
    Organisation,
    Person,
    Post,
    Seat,
    Succession,
    Unit,
)
from minga.kernel.identity.rules import Form, is_central
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.jurisdiction.declaration import NotOffered
from minga.kernel.trust import queries as trust
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, readable
from minga.services.institutions import rules
from minga.services.institutions.models import Mention, Upload
from minga.services.institutions.rules import Verdict

ACTORS = {
    "public": gettext_lazy("Sector público"),
    "civil_society": gettext_lazy("Sociedad civil"),
    "academia": gettext_lazy("Academia"),
    "private": gettext_lazy("Sector privado"),
    "international": gettext_lazy("Organismo internacional"),
    "mixed": gettext_lazy("Espacio de varios sectores"),
}
SEATS = {
    "chair": gettext_lazy("Preside"),
    "member": gettext_lazy("Miembro"),
    "delegate": gettext_lazy("Delegado"),
}
FORMS = {
    Form.PRESIDENCY: gettext_lazy("Presidencia o vicepresidencia"),
    Form.MINISTRY: gettext_lazy("Ministerio"),
    Form.ATTACHED: gettext_lazy("Entidad adscrita o dependiente"),
    Form.GOVERNED: gettext_lazy("Entidad con un órgano de dirección propio"),
    Form.OTHER: gettext_lazy("Otra clase de entidad"),
}
MENTIONS = {
    "rector": gettext_lazy("Rectoría"),
    "coordinator": gettext_lazy("Regulación y coordinación"),
    "responsible": gettext_lazy("Responsable de"),
    "coordination": gettext_lazy("Coordina en"),
    "executor": gettext_lazy("Ejecución"),
    "online": gettext_lazy("Trámites en línea"),
    "information": gettext_lazy("Servicios de información"),
    "participation": gettext_lazy("Participación ciudadana"),
}


@dataclass(frozen=True, slots=True)
class Lists:
    """The country's closed lists, by key."""

    levels: Mapping[str, str]
    functions: Mapping[str, str]
    sectors: Mapping[str, str]


def terms() -> rules.Terms:
    answer = jurisdiction.terms_for(rules.Terms)
    assert not isinstance(answer, NotOffered)  # every country has institutions
    return answer


def lists() -> Lists:
    said = terms()
    names = (said.levels, said.functions, said.sectors)
    return Lists(*(dict(legal.value or ()) for legal in names))


# What everybody sees


def listed() -> QuerySet[Organisation]:
    """Every institution that is one; not what documents say of many at once."""
    return Organisation.objects.exclude(form=Form.COLLECTIVE)


def references() -> Iterable[str]:
    return listed().values_list("key", flat=True)


def narrowed(
    found: QuerySet[Organisation],
    *,
    words: str = "",
    level: str = "",
    function: str = "",
    sector: str = "",
) -> QuerySet[Organisation]:
    """The list as a reader asks for it; `words` are a part of the name, or of the acronym."""
    if key := sort_key(words):
        found = found.filter(Q(sort_name__contains=key) | Q(acronym__icontains=words.strip()))
    wanted = {"level": level, "function": function, "sector": sector}
    return found.filter(**{name: value for name, value in wanted.items() if value})


def institution(key: str) -> Organisation | None:
    return Organisation.objects.filter(key=key).first()


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that the page of an institution says."""

    organisation: Organisation
    parent: Dependence | None
    dependants: Sequence[Dependence]
    origins: Sequence[Succession]
    outcomes: Sequence[Succession]
    seats: Sequence[Seat]
    seats_held: Sequence[Seat]
    mentions: Mapping[Text, Sequence[Mention]]
    units: Sequence[Unit]
    posts: Sequence[Post]
    verdict: Verdict

    @property
    def officer(self) -> Post | None:
        return next((post for post in self.posts if post.is_egov_officer), None)


def described(portrait: Portrait) -> Mapping[str, object]:
    """An institution for programs that read (schema.org), as far as its source says."""
    here, above = portrait.organisation, portrait.parent
    said = {
        "@type": "GovernmentOrganization" if here.kind == "public" else "Organization",
        "name": here.name,
        "alternateName": here.acronym,
        "url": f"{settings.MINGA_ADDRESS}{address(here)}",
        "foundingDate": here.starts_on and here.starts_on.isoformat(),
        "dissolutionDate": here.ends_on and here.ends_on.isoformat(),
        "parentOrganization": above
        and {"@type": "GovernmentOrganization", "name": above.parent.name},
    }
    return {name: value for name, value in said.items() if value}


def portrait(found: Organisation) -> Portrait:
    """Seven statements, whatever the institution."""
    above, below = _dependences(found)
    origins, outcomes = _successions(found)
    held, seats = _seats(found)
    units = list(found.units.filter(ends_on=None).order_by("name"))
    posts = found.posts.filter(ends_on=None).select_related("unit")
    return Portrait(
        organisation=found,
        parent=above,
        dependants=below,
        origins=origins,
        outcomes=outcomes,
        seats=seats,
        seats_held=held,
        mentions=_mentions(found),
        units=units,
        posts=list(posts.order_by("unit__name", "title", "pk")),
        verdict=verdict(found, seats),
    )


def _dependences(found: Organisation) -> tuple[Dependence | None, list[Dependence]]:
    mine = Q(organisation=found) | Q(parent=found)
    rows = Dependence.objects.filter(mine, ends_on=None).select_related("organisation", "parent")
    every = list(rows.order_by("organisation__sort_name", "pk"))
    above = next((row for row in every if row.organisation_id == found.pk), None)
    return above, [row for row in every if row.parent_id == found.pk]


def _successions(found: Organisation) -> tuple[list[Succession], list[Succession]]:
    mine = Q(original=found) | Q(resulting=found)
    rows = Succession.objects.filter(mine).select_related("original", "resulting")
    every = list(rows.order_by("on", "pk"))
    origins = [row for row in every if row.resulting_id == found.pk]
    return origins, [row for row in every if row.original_id == found.pk]


def _seats(found: Organisation) -> tuple[list[Seat], list[Seat]]:
    """Those it holds elsewhere, and those in it."""
    mine = Q(body=found) | Q(member=found)
    rows = Seat.objects.filter(mine).select_related("body", "member")
    every = list(rows.order_by("body", "position"))
    here = [row for row in every if row.body_id == found.pk]
    return [row for row in every if row.member_id == found.pk], here


def _mentions(found: Organisation) -> Mapping[Text, list[Mention]]:
    kinds: dict[str, list[Mention]] = {}
    for mention in found.mentions.order_by("position"):
        kinds.setdefault(mention.kind, []).append(mention)
    return {label: kinds[kind] for kind, label in MENTIONS.items() if kind in kinds}


def verdict(found: Organisation, seats: Sequence[Seat]) -> Verdict:
    """Whether it is of the central administration, as far as its form and its seats say."""
    delegates = [is_central(seat.member.form, ()) for seat in seats if seat.ends_on is None]
    sure, unsure = delegates.count(True), delegates.count(None)
    central = is_central(found.form, delegates)
    return Verdict(central, len(delegates), sure, unsure)


def verdicts() -> Mapping[int, Verdict]:
    """Of every institution: two statements."""
    seats: dict[int, list[Seat]] = {}
    of_governed = Seat.objects.filter(body__form=Form.GOVERNED).select_related("member")
    for seat in of_governed.order_by("position"):
        seats.setdefault(seat.body_id, []).append(seat)
    return {body.pk: verdict(body, seats.get(body.pk, [])) for body in listed()}


def holders(posts: Iterable[Post], *, on: date) -> Mapping[int, Membership]:
    """Who holds each post on a day: one statement."""
    found = identity.held(on=on).filter(post__in=[post.pk for post in posts])
    return {held.post_id: held for held in found.select_related("person")}


def officers() -> QuerySet[Organisation]:
    """Public institutions with the post that answers for e-government, when one is named."""
    named = Post.objects.filter(organisation=OuterRef("pk"), is_egov_officer=True)
    return listed().filter(kind="public", ends_on=None).annotate(has_officer=Exists(named))


def officer_posts(bodies: Iterable[Organisation]) -> Mapping[int, Post]:
    named = Post.objects.filter(organisation__in=bodies, is_egov_officer=True)
    return {post.organisation_id: post for post in named.select_related("unit")}


def unpublished() -> QuerySet[Organisation]:
    """Institutions that cannot be found by search."""
    found = Record.objects.filter(type=rules.RECORD).values_list("reference", flat=True)
    return listed().exclude(key__in=list(found))


def record_text(found: Organisation) -> str:
    names = lists()
    said = [found.acronym, str(ACTORS.get(found.kind, ""))]
    said += [names.levels.get(found.level, ""), names.functions.get(found.function, "")]
    said.append(names.sectors.get(found.sector, ""))
    return "\n".join(part for part in said if part)


def file_seal() -> str:
    """Of what only the country's files say: who sits where, and what is said of each."""
    seats = Seat.objects.filter(body__demo=False).order_by("body__key", "position")
    names = ("position", "sector", "role", "invited", "starts_on", "ends_on", "source")
    said = [*seats.values_list("body__key", "member__key", *names)]
    words = ("kind", "title", "printed", "source")
    mentions = Mention.objects.order_by("position").values_list("organisation__key", *words)
    return sha256(repr([said, [*mentions]]).encode()).hexdigest()


def verify() -> Iterator[Fault]:
    """What the history contradicts of the register, and of what was loaded beside it."""
    yield from identity.verify()
    loaded = Entry.objects.filter(stream__startswith="institutions:").order_by("-pk").first()
    if loaded and readable(loaded.body).get("rows") != file_seal():
        yield Fault(loaded.stream, _("asientos o menciones no son los que se cargaron"))


# What administrators see


def managed_by(posts: Iterable[Post]) -> QuerySet[Organisation]:
    """The institutions that somebody with these posts runs: all of them for a steward of the
    register. List, page and every form stand on this."""
    posts = list(posts)
    if any(post.stewards for post in posts):
        return Organisation.objects.all()
    own = {post.organisation_id for post in posts if post.administers}
    return Organisation.objects.filter(pk__in=own)


def run_by(posts: Iterable[Post], organisation: Organisation) -> Post:
    """The post in which somebody acts on an institution they run: their own one first."""
    able = [post for post in posts if post.stewards or post.administers]
    return min(able, key=lambda post: (post.organisation_id != organisation.pk, post.pk))


def all_posts(organisation: Organisation) -> list[Post]:
    """Those in force first, by unit and title."""
    posts = organisation.posts.select_related("unit", "organisation")
    return list(posts.order_by("ends_on", "unit__name", "title", "pk"))


def next_holders(posts: Iterable[Post], *, on: date) -> Mapping[int, Membership]:
    """Who holds each post on a day, or else is the next to: one statement."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    found = Membership.objects.filter(still, post__in=[p.pk for p in posts], undone=False)
    ordered = found.select_related("person").order_by("-starts_on", "-pk")
    return {held.post_id: held for held in ordered}


def find(words: str) -> list[Organisation]:
    """Those that somebody means by a name, an acronym or a key; several when it is not clear."""
    said = words.strip()
    if not said:
        return []
    exact = Q(sort_name=sort_key(said)) | Q(acronym__iexact=said) | Q(key=said)
    return list(Organisation.objects.filter(exact).order_by("sort_name")[:6])


def like(words: str) -> list[Organisation]:
    """Some whose name contains the words, to suggest."""
    key = sort_key(words)
    return list(listed().filter(sort_name__contains=key).order_by("sort_name")[:3]) if key else []


def open_cases(organisation: Organisation) -> QuerySet[Case]:
    return Case.objects.filter(holder=organisation).exclude(phase=Phase.CLOSED).order_by("pk")


def upload(key: UUID, person: Person) -> Upload | None:
    return Upload.objects.filter(pk=key, person=person).first()


def uploads(person: Person) -> QuerySet[Upload]:
    """Those that somebody has not confirmed yet, the newest first."""
    return Upload.objects.filter(person=person, applied_at=None).order_by("-kept_at")[:5]


# What happened


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to an institution or a post, as people read it."""

    at: object
    label: Text
    by: Text
    note: Text
    current: bool


KINDS = {
    "enter": gettext_lazy("Se registró"),
    "change": gettext_lazy("Se cambió"),
    "depend": gettext_lazy("Cambió de quién depende"),
    "succeed": gettext_lazy("Una institución pasó a ser otra"),
    "unit": gettext_lazy("Se registró o cambió una unidad"),
    "hold": gettext_lazy("Alguien empezó a ocupar el puesto"),
    "replace": gettext_lazy("Una persona reemplazó a otra"),
    "leave": gettext_lazy("Quien lo ocupaba lo deja"),
    "deputise": gettext_lazy("Se nombró a quien subroga"),
    "undo": gettext_lazy("Se deshizo lo anterior"),
    "face": gettext_lazy("Cambió su apariencia"),
}
FIELDS = {
    "name": gettext_lazy("Nombre"),
    "acronym": gettext_lazy("Sigla"),
    "kind": gettext_lazy("Tipo"),
    "form": gettext_lazy("Forma"),
    "level": gettext_lazy("Nivel"),
    "function": gettext_lazy("Función"),
    "sector": gettext_lazy("Sector"),
    "starts_on": gettext_lazy("Desde"),
    "ends_on": gettext_lazy("Hasta"),
    "source": gettext_lazy("Fuente"),
    "title": gettext_lazy("Nombre"),
    "unit_id": gettext_lazy("Unidad"),
    "supervises": gettext_lazy("Reparte el trabajo"),
    "administers": gettext_lazy("Administra la institución"),
    "stewards": gettext_lazy("Rectora del registro"),
    "is_egov_officer": gettext_lazy("Responsable de gobierno electrónico"),
    "heads": gettext_lazy("Máxima autoridad"),
    "key": gettext_lazy("Clave"),
    "parent": gettext_lazy("Depende de"),
}


def history(thing: Organisation | Post) -> list[Happened]:
    """The first first, with the names as they are today: five statements at any length."""
    entries = list(trust.entries(thing.stream))
    names = Names(entries)
    last = entries[-1].pk if entries else 0
    return [
        Happened(
            at=entry.at,
            label=KINDS.get(entry.kind, entry.kind),
            by=names.actor(entry.actor),
            note="\n".join(names.told(entry.facts)),
            current=entry.pk == last,
        )
        for entry in entries
    ]


def can_undo(thing: Organisation | Post) -> bool:
    return identity.undoable(thing) is not None


class Names:
    """What the references of a history are called today."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        facts = [entry.facts for entry in entries]
        people = {said.get(name) for said in facts for name in ("person", "left_by")}
        self.people = Person.objects.in_bulk(sorted(pk for pk in people if pk))
        names = ("parent", "was_parent", "original", "resulting")
        bodies = {said.get(name) for said in facts for name in names}
        self.bodies = Organisation.objects.in_bulk(sorted(pk for pk in bodies if pk))
        units = {said.get(name) for said in facts for name in ("unit_id", "was_unit_id")}
        self.units = Unit.objects.in_bulk(sorted(pk for pk in units if pk))
        actors = {entry.actor.partition(":")[2] for entry in entries if ":" in entry.actor}
        posts = Post.objects.select_related("organisation", "unit")
        self.posts = posts.in_bulk(sorted(int(pk) for pk in actors))

    def actor(self, actor: str) -> str:
        kind, _colon, number = actor.partition(":")
        if kind == "post" and int(number) in self.posts:
            post = self.posts[int(number)]
            return f"{post}, {post.organisation}"
        return _("Archivo del país o instalación")

    def told(self, facts: Mapping[str, Any]) -> Iterator[str]:
        """What an entry says, a sentence for each thing."""
        if "left" in facts:
            yield self._left(facts)
        if "membership" in facts or "deputy" in facts:
            yield self._came(facts)
        if "succession" in facts:
            body = {name: self.bodies.get(facts[name]) for name in ("original", "resulting")}
            yield _("%(original)s pasó a ser %(resulting)s") % body
        if "unit" in facts:
            yield self._unit(facts)
        for name in facts:
            if name.startswith("was_") and name[4:] in FIELDS and "unit" not in facts:
                yield self._changed(name[4:], facts)

    def _left(self, facts: Mapping[str, Any]) -> str:
        who = self.people.get(facts["left_by"], "?")
        if not facts["left_on"]:
            return _("%(who)s vuelve a ocuparlo") % {"who": who}
        told = {"who": who, "day": day(facts["left_on"])}
        return _("%(who)s lo ocupa hasta el %(day)s") % told

    def _came(self, facts: Mapping[str, Any]) -> str:
        who = self.people.get(facts["person"], "?")
        if facts.get("undone"):
            return _("Lo de %(who)s queda sin efecto") % {"who": who}
        told = {"who": who, "first": day(facts["starts_on"]), "last": day(facts.get("ends_on"))}
        if "deputy" in facts:
            return _("%(who)s subroga del %(first)s al %(last)s") % told
        return _("%(who)s lo ocupa desde el %(first)s") % told

    def _unit(self, facts: Mapping[str, Any]) -> str:
        if facts.get("was_title", facts["title"]) == facts["title"]:
            return str(facts["title"])
        return _("«%(was)s» se llama ahora «%(now)s»") % {
            "was": facts["was_title"],
            "now": facts["title"],
        }

    def _changed(self, name: str, facts: Mapping[str, Any]) -> str:
        now = self._value(name, facts.get(name))
        told = {"what": FIELDS[name], "was": self._value(name, facts[f"was_{name}"]), "now": now}
        return _("%(what)s: antes «%(was)s», ahora «%(now)s»") % told

    def _value(self, name: str, value: Any) -> str:
        if value in (None, ""):
            return _("nada")
        if isinstance(value, bool):
            return _("sí") if value else _("no")
        if name == "parent":
            return str(self.bodies.get(value, "?"))
        if name == "unit_id":
            return str(self.units.get(value, "?"))
        return day(value) if name in ("starts_on", "ends_on") else label(name, value)


def label(name: str, value: str) -> str:
    """What a key of a list is called."""
    names = lists()
    known: Mapping[str, Mapping[Any, Text]] = {
        "kind": ACTORS,
        "form": FORMS,
        "level": names.levels,
        "function": names.functions,
        "sector": names.sectors,
    }
    return str(known.get(name, {}).get(value, value))


def day(said: str | None) -> str:
    return f"{date.fromisoformat(said):%d/%m/%Y}" if said else ""


def address(organisation: Organisation) -> str:
    return reverse("institutions:institution", args=[organisation.key])


# What a spreadsheet would do

WORDS = ("name", "acronym", "kind", "form", "level", "function", "sector", "source")
DAYS = ("starts_on", "ends_on")


def read_day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


def compared(rows: Sequence[Sequence[str]]) -> list[rules.Line]:
    """What each row of a spreadsheet would do to the register as it stands: three
    statements."""
    known = {body.key: body for body in Organisation.objects.all()}
    above = identity.parents()
    keys = {body.pk: body.key for body in known.values()}
    parents = {keys[child]: keys[parent] for child, parent in above.items()}
    holding = set(Case.objects.exclude(phase=Phase.CLOSED).values_list("holder_id", flat=True))
    reader = Reader(known, parents, {keys[pk] for pk in holding})
    lines = [reader.line(number, row) for number, row in enumerate(rows, start=2)]
    reader.find_parents(lines)
    reader.find_rings(lines)
    for line in lines:
        reader.settle(line)
    return lines


class Reader:
    """Reads rows beside what is known."""

    def __init__(
        self, known: Mapping[str, Organisation], parents: Mapping[str, str], holding: set[str]
    ) -> None:
        self.known, self.parents, self.holding = known, parents, holding
        self.seen: dict[str, int] = {}
        names = lists()
        self.lists: Mapping[str, Mapping[str, str]] = {
            "kind": {key: str(label) for key, label in ACTORS.items()},
            "form": {str(key): str(label) for key, label in FORMS.items()},
            "level": names.levels,
            "function": names.functions,
            "sector": names.sectors,
        }

    def line(self, number: int, row: Sequence[str]) -> rules.Line:
        cells = [*row, *[""] * len(rules.COLUMNS)]
        said = {name: cells[at].strip() for at, (name, _heading) in enumerate(rules.COLUMNS)}
        wrong = [fault for name in said for fault in self._wrong(name, said[name])]
        for name, known in self.lists.items():
            said[name] = self._listed(name, said[name], known, wrong)
        for name in DAYS:
            said[name] = self._day(name, said[name], wrong)
        if said["starts_on"] and said["ends_on"] and said["ends_on"] < said["starts_on"]:
            wrong.append(rules.Wrong("ends_on", rules.Fault.BACKWARDS))
        typed = said["key"]
        key = typed if typed in self.known else slugify(typed or said["name"])[:200]
        if typed and typed != key:
            wrong.append(rules.Wrong("key", rules.Fault.NO_KEY, typed))
        if key in self.seen:
            wrong.append(rules.Wrong("key", rules.Fault.TWICE, str(self.seen[key])))
        self.seen.setdefault(key, number)
        return rules.Line(number, key, said, rules.Fate.NEW, wrong)

    def _wrong(self, name: str, cell: str) -> Iterator[rules.Wrong]:
        if not cell and name in rules.NEEDED:
            yield rules.Wrong(name, rules.Fault.EMPTY)
        if cell.startswith("="):
            yield rules.Wrong(name, rules.Fault.FORMULA, cell[:60])
        most = {"acronym": 40, "source": 200}.get(name, rules.LONGEST_CELL)
        if len(cell) > most:
            yield rules.Wrong(name, rules.Fault.LONG, str(most))
        if refused(cell):
            yield rules.Wrong(name, rules.Fault.UNFIT)

    def _listed(
        self, name: str, cell: str, known: Mapping[str, str], wrong: list[rules.Wrong]
    ) -> str:
        """By its key or by its label, however it is written."""
        if not cell or cell in known:
            return cell
        found = [key for key, label in known.items() if sort_key(label) == sort_key(cell)]
        if not found:
            wrong.append(rules.Wrong(name, rules.Fault.NOT_LISTED, cell[:60]))
        return found[0] if found else cell

    def _day(self, name: str, cell: str, wrong: list[rules.Wrong]) -> str:
        for shape in ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d %H:%M:%S"):
            try:
                return datetime.strptime(cell, shape).date().isoformat()
            except ValueError:
                continue
        if cell:
            wrong.append(rules.Wrong(name, rules.Fault.NO_DAY, cell[:60]))
        return ""

    def find_parents(self, lines: Sequence[rules.Line]) -> None:
        """The key of the body that each row names: one of the file, or one that is known."""
        named: dict[str, list[str]] = {}
        for body in self.known.values():
            for word in {sort_key(body.name), sort_key(body.acronym), body.key} - {""}:
                named.setdefault(word, []).append(body.key)
        for line in lines:
            for word in {sort_key(line.said["name"]), line.key} - {""}:
                named[word] = [line.key]
        for line in lines:
            cell = line.said["parent"]
            found = named.get(cell) or named.get(sort_key(cell)) or []
            if cell and len(found) != 1:
                line.wrong.append(rules.Wrong("parent", rules.Fault.NO_PARENT, cell[:60]))
            line.said = {**line.said, "parent": found[0] if len(found) == 1 else ""}

    def find_rings(self, lines: Sequence[rules.Line]) -> None:
        said = {line.key: line.said["parent"] for line in lines}
        whole = {**self.parents, **said}
        rings = rules.rings({child: parent for child, parent in whole.items() if parent})
        names = {body.key: body.name for body in self.known.values()}
        names |= {line.key: line.said["name"] for line in lines}
        for line in lines:
            if ring := rings.get(line.key):
                told = " → ".join(names[key] for key in [*ring, ring[0]])
                line.wrong.append(rules.Wrong("parent", rules.Fault.LOOP, told))

    def settle(self, line: rules.Line) -> None:
        body = self.known.get(line.key)
        line.changes = list(self._changes(line, body)) if body and not line.wrong else []
        if line.key in self.holding and any(name == "ends_on" for name, *_said in line.changes):
            line.wrong.append(rules.Wrong("ends_on", rules.Fault.HOLDS_CASES))
        if line.wrong:
            line.fate = rules.Fate.REFUSED
        elif body:
            line.fate = rules.Fate.CHANGED if line.changes else rules.Fate.SAME

    def _changes(self, line: rules.Line, body: Organisation) -> Iterator[tuple[str, str, str]]:
        for name in (*WORDS, *DAYS):
            was = getattr(body, name)
            before = was.isoformat() if isinstance(was, date) else was or ""
            if before != line.said[name]:
                yield name, self._shown(name, before), self._shown(name, line.said[name])
        before = self.parents.get(body.key, "")
        if before != line.said["parent"]:
            yield "parent", before, line.said["parent"]

    def _shown(self, name: str, value: str) -> str:
        return self.lists.get(name, {}).get(value, value)


def mark(lines: Iterable[rules.Line]) -> str:
    """Differs when anything that would be done differs."""
    said = [(line.key, line.fate, sorted(line.said.items()), line.changes) for line in lines]
    return sha256(repr(said).encode()).hexdigest()[:16]


def is_invented(keys: Iterable[str]) -> bool:
    """Whether any of these institutions is."""
    return Organisation.objects.filter(demo=True, key__in=list(keys)).exists()


def counts(lines: Iterable[rules.Line]) -> Mapping[str, int]:
    found = Counter(line.fate for line in lines)
    return {fate.value: found[fate] for fate in rules.Fate}
