import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case as Switch
from django.db.models import Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from minga.kernel.base.text import Text
from minga.kernel.cases import rules
from minga.kernel.cases.declaration import CaseType, DraftUnknown, Move, Phase, case_types
from minga.kernel.cases.models import Case, Definition, Draft, Message
from minga.kernel.identity.models import Person, Post
from minga.kernel.jurisdiction import declaration as jurisdiction
from minga.kernel.jurisdiction.declaration import TermsT
from minga.kernel.trust import queries as trust
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, readable

Names = Mapping[Any, Text]  # what the reader calls each role
HAND_OVER = "hand_over"  # the entry of a case that passed to another institution
RENEW = "renew"  # the entry of a case that goes on under newer rules
APPLICANT = "applicant"  # the role of whoever opened the case, in every service


def definition(key: str) -> Definition | None:
    """The one that new cases are opened under."""
    return Definition.objects.filter(key=key).order_by("-number").first()


def unsent(draft: UUID, *, case_type: str, person: Person | None = None) -> Draft | None:
    """A draft by its id, which only its writer knows; its case, if it became one. What
    somebody else keeps in their account is not there (DraftUnknown)."""
    found = Draft.objects.select_related("case").filter(pk=draft, type=case_type).first()
    if found and not rules.opens(found.person_id, person.pk if person else None):
        raise DraftUnknown
    return found


def drafts_of(person: Person) -> QuerySet[Draft]:
    """What somebody began and has not sent."""
    return Draft.objects.filter(person=person, case=None)


def asked_by(person: Person) -> QuerySet[Case]:
    """The cases that somebody opened or added: list, page, download stand on this. Those
    that wait for them can be put first."""
    waits = Switch(When(phase=Phase.WAITING_FOR_APPLICANT, then=Value(0)), default=Value(1))
    return Case.objects.filter(applicant=person).annotate(waits=waits).select_related("holder")


def applicant(case: Case) -> Person | None:
    """Who is told about it; nobody once they closed their account."""
    return Person.objects.filter(cases=case, closed_at=None).first() if case.applicant_id else None


def terms_of(case: Case, kind: type[TermsT]) -> TermsT:
    """The terms the case was opened under, whatever the law says today."""
    return jurisdiction.read(kind, json.loads(case.definition.snapshot)["terms"])


def type_of(case: Case) -> CaseType:
    return case_types[case.type]


def label(case: Case) -> Text:
    return case_types[case.type].states[case.state].label


def titles_of(found: Sequence[Case]) -> dict[int, str]:
    """What each case is called: one statement a type."""
    titles: dict[int, str] = {}
    for key in sorted({case.type for case in found}):
        titles |= case_types[key].titles([case.pk for case in found if case.type == key])
    return titles


def held_by(posts: Sequence[Post]) -> QuerySet[Case]:
    """The cases that somebody with these posts sees: those their organisations hold."""
    return Case.objects.filter(holder__in={post.organisation_id for post in posts})


def moves_for(case: Case, role: str) -> dict[str, Move]:
    """The steps a role may take now: what the frozen definition allows, in today's words."""
    allowed = rules.steps(case.definition.snapshot, case.state)
    words = case_types[case.type].moves.get(case.state, {})
    return {key: words[key] for key, step in allowed.items() if step.by == role and key in words}


def last_steps(found: Sequence[Case]) -> dict[int, Text]:
    """What the history says last of each of these cases: one statement."""
    where = reduce(or_, (Q(stream=case.stream, seq=case.rev) for case in found), Q(pk__in=[]))
    kinds = dict(Entry.objects.filter(where).values_list("stream", "kind"))
    return {case.pk: _done(case, kinds.get(case.stream, ""))[1] for case in found}


def _done(case: Case, kind: str) -> tuple[Move | None, Text]:
    """The step of this kind in today's declaration, and what people read of it."""
    declared = case_types[case.type]
    step = next((moves[kind] for moves in declared.moves.values() if kind in moves), None)
    return step, step.done if step else declared.opened


@dataclass(frozen=True, slots=True)
class Happened:
    """One step of a case as people read it."""

    at: datetime
    label: Text
    by: Text
    note: Text  # the reason of the list, or what was written
    current: bool


def timeline(case: Case, names: Names) -> list[Happened]:
    """All that happened to a case, the first first, with the names its reader knows the
    roles by. Two statements at any length."""
    messages = {message.rev: message for message in case.messages.all()}
    entries = list(trust.entries(case.stream).exclude(kind__in=rules.OF_FILES))
    return [_happened(case, entry, messages.get(entry.facts["rev"]), names) for entry in entries]


def _happened(case: Case, entry: Entry, message: Message | None, names: Names) -> Happened:
    facts = entry.facts
    done, label = _done(case, entry.kind)
    role = done.by if done else APPLICANT
    reason = done.reasons.get(facts["reason"], "") if done and "reason" in facts else ""
    house = {HAND_OVER: _("Pasó a otra institución"), RENEW: _("Sigue con las reglas de ahora")}
    return Happened(
        at=entry.at,
        label=house.get(entry.kind, label),
        by="" if entry.kind in house else names.get(role, ""),
        note=message.body if message else reason,
        current=facts["rev"] == case.rev,
    )


def opening_hash(case: Case) -> str:
    """Of the entry that opened it: it covers the seal of what was said, and whoever holds it
    finds it in the public register."""
    return trust.entries(case.stream).values_list("hash", flat=True)[0]


def verify() -> Iterator[Fault]:
    """Cases, definitions and words that are not what the history says. What cannot be read
    at all is named by trust.verify, and here by what it leaves without its history."""
    frozen = _frozen()
    yield from _forged(frozen.values())
    told: dict[str, tuple[Entry, Entry]] = {}
    held: dict[str, Any] = {}  # by which organisation, as was said last
    told_of = Entry.objects.filter(kind=rules.ADDED).values_list("stream", "body")
    added = {(stream, readable(body).get("case")) for stream, body in told_of}
    seals: dict[tuple[str, int | None], str] = {}
    said: dict[tuple[str, int], Entry] = {}
    entries = Entry.objects.filter(stream__startswith="case:").exclude(kind__in=rules.OF_FILES)
    for entry in entries.order_by("stream", "seq").iterator():
        facts = readable(entry.body)
        told[entry.stream] = (told.get(entry.stream, (entry,))[0], entry)
        held[entry.stream] = facts.get("holder", held.get(entry.stream))
        if "seal" in facts:
            seals[entry.stream, None] = facts["seal"]
        if "message" in facts:
            seals[entry.stream, facts["rev"]] = facts["message"]
            said[entry.stream, facts["rev"]] = entry
    yield from _wandered(frozen, told, held)
    yield from _taken(told, added)
    yield from _rewritten(seals)
    yield from _by_another(frozen.values(), said)


def _frozen() -> dict[int, Definition]:
    return {definition.pk: definition for definition in Definition.objects.all()}


def _forged(frozen: Iterable[Definition]) -> Iterator[Fault]:
    """Each definition is one that the history saw being frozen, and none of those is gone."""
    seen = {
        (entry.stream, facts.get("number")): facts.get("hash")
        for entry in Entry.objects.filter(stream__startswith="definition:")
        for facts in [readable(entry.body)]
    }
    for definition in frozen:
        digest = sha256(definition.snapshot.encode()).hexdigest()
        told = seen.pop((f"definition:{definition.key}", definition.number), "")
        if not told == digest == definition.hash:
            yield Fault(str(definition), _("la definición no es la que se congeló"))
    for stream, number in seen:
        yield Fault(f"{stream} {number}", _("falta una definición que se congeló"))


def _wandered(
    frozen: Mapping[int, Definition],
    told: Mapping[str, tuple[Entry, Entry]],
    held: Mapping[str, Any],
) -> Iterator[Fault]:
    rules_of = {pk: readable(definition.snapshot) for pk, definition in frozen.items()}
    gone = {*told}
    for case in Case.objects.iterator():
        gone.discard(case.stream)
        definition = frozen.get(case.definition_id)
        if definition is None:
            yield Fault(case.stream, _("falta la definición bajo la que se abrió"))
            continue
        snapshot = rules_of[case.definition_id]
        phase = snapshot.get("phases", {}).get(case.state)
        due = (definition.key, phase, case.state in snapshot.get("public", ()))
        first_and_last, holder = told.get(case.stream), held.get(case.stream)
        if not first_and_last or not _stands(case, definition, holder, *first_and_last):
            yield Fault(case.stream, _("el caso no está donde dice su historia"))
        elif (case.type, case.phase, case.public) != due:
            yield Fault(case.stream, _("el caso no está como dice su definición"))
        elif case.type not in case_types or case.state not in case_types[case.type].states:
            yield Fault(case.stream, _("ningún programa conoce este estado"))
    for stream in sorted(gone):
        yield Fault(stream, _("falta el caso, y su historia está"))


def _taken(
    told: Mapping[str, tuple[Entry, Entry]], added: Collection[tuple[str, int | None]]
) -> Iterator[Fault]:
    """Each applicant is whoever the history saw opening the case, or adding it."""
    owned = Case.objects.exclude(applicant=None).select_related("applicant")
    for case in owned.iterator():
        person = case.applicant
        opened = case.stream in told and person and told[case.stream][0].actor == person.stream
        if not (opened or (person and (person.stream, case.pk) in added)):
            yield Fault(case.stream, _("no es de quien dice su historia"))


def _stands(case: Case, definition: Definition, holder: Any, first: Entry, last: Entry) -> bool:
    """Whether a case is dated and placed as the first and last entries tell, and held by
    whom the history said last."""
    opened, moved = readable(first.body), readable(last.body)
    if "at" not in opened or "at" not in moved:
        return False
    closed_at = last.at if case.phase == Phase.CLOSED else None
    said = (holder, first.at, last.at, closed_at)
    place = (moved.get("rev"), moved.get("state"), moved.get("definition"))
    return said == (case.holder_id, case.opened_at, case.moved_at, case.closed_at) and place == (
        case.rev,
        case.state,
        definition.number,
    )


def _by_another(
    frozen: Iterable[Definition], said: Mapping[tuple[str, int], Entry]
) -> Iterator[Fault]:
    """Each message is of whoever took its step."""
    roles = {
        (definition.pk, kind, move.get("by"))
        for definition in frozen
        for moves in readable(definition.snapshot).get("moves", {}).values()
        for kind, move in moves.items()
    }
    for message in Message.objects.select_related("case").iterator():
        entry = said.get((message.case.stream, message.rev))
        post = f"post:{message.post_id}"
        if entry and not (
            (message.case.definition_id, entry.kind, message.role) in roles
            and (entry.actor == post or not (message.post_id or entry.actor.startswith("post:")))
        ):
            place = f"{message.case.stream} {message.rev}"
            yield Fault(place, _("el mensaje no es de quien lo envió"))


def _rewritten(seals: dict[tuple[str, int | None], str]) -> Iterator[Fault]:
    for case_type in case_types:
        for case, seal in case_type.seals():
            if seals.pop((f"case:{case}", None), seal) != seal:
                yield Fault(f"case:{case}", _("lo que se dijo no es lo que se recibió"))
    for message in Message.objects.iterator():
        seal = rules.seal(message.salt, {"body": message.body})
        if seals.pop((f"case:{message.case_id}", message.rev), "") != seal:
            place = f"case:{message.case_id} {message.rev}"
            yield Fault(place, _("el mensaje no es el que se envió"))
    for stream, rev in seals:
        yield Fault(f"{stream} {rev or ''}".strip(), _("falta lo que se dijo"))
