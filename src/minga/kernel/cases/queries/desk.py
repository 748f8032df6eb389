"""The cases an institution works on, as its officials find them, read them and share them out."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import models
from django.db.models import Count, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from minga.kernel.base.pages import Order, beyond, complete, value
from minga.kernel.base.text import Text, plain, unaccented
from minga.kernel.cases import rules
from minga.kernel.cases.declaration import Turn, case_types
from minga.kernel.cases.models import Answer, Case, Note
from minga.kernel.cases.rules import Outcome, Seat
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person, Post
from minga.kernel.jurisdiction import declaration as terms
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, moment, readable

from . import APPLICANT, held_by, label, moves_for, timeline, titles_of, type_of

MOST = 1_000  # where a count stops
LOOKED_IN = 500  # cases, the first of a list, in whose titles words are looked for
WORDS = 100  # letters
LIST = "lista"  # on the page of a case: the filters of the list its reader came from
TICKS = 100  # cases that are changed at once
STAFF = 200  # colleagues to choose from, those of one's own unit first
TURNS = {"": Turn.OURS, "espera": Turn.THEIRS, "terminados": Turn.OVER}
TABS = ("mios", "unidad", "nadie", "")
DUE = ("", "hoy", "vencidos", "sin")
ORDERS: Mapping[str, Order] = {"": Order("moved_at"), "vence": Order("due_sort")}


NONE: Mapping[str, QuerySet[Any]] = {}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases somebody at the desk wants to see, in the words of its address."""

    de: str = ""
    ver: str = ""
    plazo: str = ""
    tipo: str = ""
    palabras: str = ""
    orden: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Filters":
        """What an address asks for; what nobody offers is left out."""
        types = [case_type.key for case_type in case_types]
        offered = {"de": TABS, "ver": TURNS, "plazo": DUE, "tipo": types, "orden": ORDERS}
        asked = {name: str(query.get(name, "")) for name in offered}
        words = " ".join(plain(str(query.get("palabras", ""))).split())[:WORDS].strip()
        chosen = {name: said for name, said in asked.items() if said in offered[name]}
        return cls(**chosen, palabras=words)

    @property
    def said(self) -> dict[str, str]:
        return {name: said for name, said in asdict(self).items() if said}

    @property
    def query(self) -> str:
        return urlencode(self.said)

    def on_tab(self, tab: str) -> "Filters":
        return Filters(**{**asdict(self), "de": tab})

    @property
    def order(self) -> Order:
        """What waits longest comes first; of what is over, what ended last; of what is late,
        what is latest."""
        if self.ver == "terminados" and not self.orden:
            return Order("moved_at", descending=True)
        return ORDERS["vence" if self.plazo in ("hoy", "vencidos") else self.orden]


def _narrowed(posts: Sequence[Post], filters: Filters, on: date) -> QuerySet[Case]:
    """The one predicate of list, counts and next case; words apart, which need titles."""
    tab = {
        "mios": Q(assigned__in=posts),
        "unidad": Q(unit__in={post.unit_id for post in posts if post.unit_id}),
        "nadie": Q(assigned__isnull=True),
    }
    due = {"hoy": Q(due_sort=on), "vencidos": Q(due_sort__lt=on), "sin": Q(due_on=None)}
    found = held_by(posts).filter(tab.get(filters.de, Q()), due.get(filters.plazo, Q()))
    found = found.filter(turn=TURNS[filters.ver])
    return found.filter(type=filters.tipo) if filters.tipo else found


def listed(posts: Sequence[Post], filters: Filters, *, on: date) -> QuerySet[Case]:
    """The cases of a list, each with the name of who holds its post (`held_by`)."""
    found = _narrowed(posts, filters, on)
    if filters.palabras:
        found = found.filter(pk__in=_named(found.order_by(filters.order.field), filters.palabras))
    return _with_holders(found, on)


def _with_holders(found: QuerySet[Case], on: date) -> QuerySet[Case]:
    members = identity.held(on=on).filter(post=OuterRef("assigned"))
    name = Subquery(members.values("person__name")[:1])
    return found.select_related("holder", "assigned").annotate(held_by=name)


def _named(found: QuerySet[Case], words: str) -> list[int]:
    """The cases whose titles have all the words, among the first of a list."""
    wanted = unaccented(words).split()
    rows = list(found.only("type")[:LOOKED_IN])
    titles = titles_of(rows)
    return [case.pk for case in rows if _has(unaccented(titles.get(case.pk, "")), wanted)]


def _has(title: str, wanted: Sequence[str]) -> bool:
    return all(word in title for word in wanted)


class _Counted(Subquery):
    """How many rows of a statement there are, up to its limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0


def counts(
    posts: Sequence[Post], filters: Filters, *, on: date, also: Mapping[str, QuerySet[Any]] = NONE
) -> dict[str, int]:
    """How many cases each tab has, and rows whatever else is counted, none further than one
    over MOST: one statement."""
    asked = {tab: _narrowed(posts, filters.on_tab(tab), on) for tab in TABS} | {**also}
    counted = [_Counted(found.values("pk")[: MOST + 1]) for found in asked.values()]
    row = Post.objects.filter(pk=posts[0].pk)  # any one row would do
    return dict(zip(asked, row.values_list(*counted).get(), strict=True))


def after(case: Case, posts: Sequence[Post], filters: Filters, *, on: date) -> Case | None:
    """The case that follows in a list; of the last one, and of one that left the list, its
    first."""
    order = complete(Case, [filters.order])
    way = [column.expression() for column in order]
    others = listed(posts, filters, on=on).exclude(pk=case.pk).order_by(*way)
    place = [value(case, column.field) for column in order]
    later = Subquery(others.filter(beyond(order, place)).values("pk")[:1])
    first = Subquery(others.values("pk")[:1])
    return Case.objects.filter(pk=Coalesce(later, first)).first()


def address(case: Case) -> str:
    return reverse(case_types[case.type].page, args=[case.pk])


def acting(posts: Iterable[Post], case: Case) -> Post:
    """The post in which somebody acts on a case: where they supervise, if they do."""
    here = [post for post in posts if post.organisation_id == case.holder_id]
    return max(here, key=lambda post: (post.supervises, -post.pk))


def seat(post: Post) -> Seat:
    return Seat(post.pk, post.unit_id, post.supervises)


def held(case: int, posts: Sequence[Post]) -> Case | None:
    """A case of the desk of somebody with these posts."""
    whole = held_by(posts).select_related("definition", "holder", "assigned")
    return whole.filter(pk=case).first()


def staff(case: Case, by: Post, *, on: date) -> list[Any]:
    """The posts that may be given a case or told of it: whose it is, those near, the others."""
    near = models.Case(
        When(pk=case.assigned_id or 0, then=0), When(unit=by.unit_id, then=1), default=2
    )
    found = identity.staff(case.holder_id, on=on).order_by(near, "unit__name", "title", "pk")
    return list(found[:STAFF])


def people(staff: Iterable[Any], by: Post) -> dict[int, str]:
    """Who may be told of a note: whoever else works here."""
    held = [post for post in staff if post.held_by_id and post != by]
    return {post.held_by_id: f"{post.held_by} · {post}" for post in held}


def assignment(*, now: Post | None, to: Post | None, by: Post, shown: int | None) -> Outcome:
    """What becomes of giving a case to a post, or to nobody; asked before it is done, too."""
    seats = {"to": seat(to) if to else None, "now": seat(now) if now else None}
    return rules.assignment(by=seat(by), **seats, shown=shown)


def offered(posts: Iterable[Post], by: Post, now: Post | None) -> list[Post]:
    """To which of these posts somebody may give a case that is now with one, or with none."""
    mine = seat(by)
    if now and not mine.reaches(seat(now)):
        return []
    return [post for post in posts if post != now and mine.reaches(seat(post))]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing done with several cases: they are given to a post or back, or a day is set."""

    to: Post | None = None
    on: date | None = None

    def outcome(self, case: Case, by: Post) -> Outcome:
        """What will become of a case that is as it was just read."""
        if case.holder_id != by.organisation_id:
            return Outcome.ELSEWHERE
        if self.on:
            law, now = law_day_of(case), case.due_on
            return rules.due_change(on=self.on, law=law, now=now, shown=now)
        return assignment(now=case.assigned, to=self.to, by=by, shown=case.assigned_id)


def ticked(chosen: Iterable[int], posts: Sequence[Post], *, on: date) -> list[Case]:
    """The cases that somebody chose, and sees."""
    found = _with_holders(held_by(posts), on).select_related("definition")
    return list(found.filter(pk__in=list(chosen)[:TICKS]).order_by("pk"))


def with_whom(case: int, *, on: date) -> tuple[Post | None, str]:
    """The post that has a case now, and the name of who holds it."""
    now = Post.objects.filter(case=case).select_related("unit").first()
    holder = identity.holder(now, on=on) if now else None
    return now, holder.name if holder else ""


def law_day(kind: str, frozen: Any, *, opened: date) -> date | None:
    """The day by which the law wants an answer to what was opened on a day under frozen terms;
    None when its service knows no term. The calendar is read only when it is asked."""
    declared = case_types[kind]
    if declared.due is None or declared.terms is None or frozen is None:
        return None
    calendar: Any = SimpleLazyObject(partial(jurisdiction.calendar, known_on=opened))
    return declared.due(opened, terms.read(declared.terms, frozen), calendar)


def law_day_of(case: Case) -> date | None:
    frozen = json.loads(case.definition.snapshot)["terms"]
    return law_day(case.type, frozen, opened=timezone.localdate(case.opened_at))


@dataclass(frozen=True, slots=True)
class Step:
    """A step that its reader may take: its words, its page, and what is half written of it."""

    label: Text
    url: str
    draft: Answer | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page of a case shows to officials around the words of its service."""

    case: Case
    title: str
    label: Text
    steps: Sequence[Step]
    timeline: Sequence[object]
    notes: Sequence[Note]
    staff: Sequence[Any]  # posts, with `held_by` and `held_by_id`
    by: Post
    next: str  # the page of the next case of the list; "" when there is no other
    list: str  # the filters of the list its reader came from
    today: date
    done: str | None  # what was just done: a step is ""

    @property
    def assigned(self) -> Post | None:
        return next((post for post in self.staff if post.pk == self.case.assigned_id), None)

    @property
    def is_mine(self) -> bool:
        return self.case.assigned_id == self.by.pk

    @property
    def can_take(self) -> bool:
        return bool(offered([self.by], self.by, self.assigned))

    @property
    def can_give_back(self) -> bool:
        return bool(self.assigned and seat(self.by).reaches(seat(self.assigned)))

    @property
    def is_late(self) -> bool:
        due = self.case.due_on
        return due is not None and due < self.today and self.case.turn != Turn.OVER

    @property
    def people(self) -> dict[int, str]:
        return people(self.staff, self.by)

    @property
    def query(self) -> str:
        """What an address of this case carries on, so that the list is not lost."""
        return f"?{urlencode({LIST: self.list})}" if self.list else ""


def frame(  # noqa: PLR0913  # a page has this many parts
    case: Case,
    posts: Sequence[Post],
    *,
    title: str,
    role: str,
    step: str,
    query: Mapping[str, str],
    on: date,
) -> Frame:
    """The frame of a service's page of a case, for a `role` whose steps have the page `step`."""
    filters = Filters.of(QueryDict(query.get(LIST, "")))
    by = acting(posts, case)
    drafts = {answer.move: answer for answer in answers(case)}
    moves = moves_for(case, role)
    following = after(case, posts, filters, on=on)
    carried = f"?{urlencode({LIST: filters.query})}" if filters.query else ""
    return Frame(
        case=case,
        title=title,
        label=label(case),
        steps=[
            Step(move.label, reverse(step, args=[case.pk, key]) + carried, drafts.get(key))
            for key, move in moves.items()
        ],
        timeline=timeline(case, _names(case)),
        notes=notes(case),
        staff=staff(case, by, on=on),
        by=by,
        next=address(following) + carried if following else "",
        list=filters.query,
        today=on,
        done=query.get("hecho"),
    )


def _names(case: Case) -> Mapping[Any, Text]:
    """How officials know the roles of a case: the person, and their own institution."""
    roles = {move.by for moves in type_of(case).moves.values() for move in moves.values()}
    return dict.fromkeys(roles, case.holder.name) | {APPLICANT: _("La persona")}


def notes(case: Case) -> list[Note]:
    """What the institution that holds a case says of it; another that held it said its own."""
    own = case.notes.filter(post__organisation=case.holder_id)
    return list(own.select_related("person", "post").order_by("pk"))


def answers(case: Case) -> QuerySet[Answer]:
    return Answer.objects.filter(case=case).select_related("person")


def answer(case: Case, move: str) -> Answer | None:
    return answers(case).filter(move=move).first()


def colleagues(case: Case, *, on: date) -> QuerySet[Person]:
    """Who works where a case is held, and so sees it."""
    here = identity.held(on=on).filter(post__organisation=case.holder_id)
    return Person.objects.filter(pk__in=here.values("person"))


def workload(posts: Sequence[Post], *, on: date) -> Iterable[Mapping[str, Any]]:
    """What each post of the supervised institutions has open: one statement."""
    led = [post for post in posts if post.supervises]
    members = identity.held(on=on).filter(post=OuterRef("assigned"))
    open_cases = held_by(led).exclude(turn=Turn.OVER).order_by()
    by_post = open_cases.values("assigned", "assigned__title", "assigned__unit__name")
    return by_post.annotate(
        held_by=Subquery(members.values("person__name")[:1]),
        waiting=Count("pk", filter=Q(turn=Turn.OURS)),
        elsewhere=Count("pk", filter=Q(turn=Turn.THEIRS)),
        overdue=Count("pk", filter=Q(due_sort__lt=on)),
        oldest=Min("moved_at", filter=Q(turn=Turn.OURS)),
    ).order_by(F("assigned").asc(nulls_first=True))


def verify() -> Iterator[Fault]:
    """Cases that are not with whom, or due when, the history says; notes that were rewritten."""
    told: dict[str, dict[str, Any]] = {}
    notes: dict[int, tuple[object, ...]] = {}
    desks = Entry.objects.filter(stream__startswith="desk:").order_by("stream", "seq")
    for entry in desks.iterator():
        facts = readable(entry.body)
        if entry.kind == "note":
            by = (entry.actor, facts.get("person"), facts.get("at"))
            notes[facts.get("note", 0)] = entry.stream, facts.get("seal", ""), *by
        told.setdefault(entry.stream, {}).update(facts)
    opened = Entry.objects.filter(stream__startswith="case:", seq=1)
    law = {entry.stream: readable(entry.body).get("due") for entry in opened.iterator()}
    for case in Case.objects.iterator():
        said = told.get(case.desk_stream, {})
        if (case.assigned_id, case.unit_id) != (said.get("post"), said.get("unit")):
            yield Fault(case.desk_stream, _("el caso no está a cargo de quien dice su historia"))
        own, by_law = said.get("due_on"), law.get(case.stream)
        day = case.due_on.isoformat() if case.due_on else None
        if (day, case.due_by_law) != (own or by_law, bool(by_law and not own)):
            yield Fault(case.desk_stream, _("el caso no vence el día que dice su historia"))
    yield from _rewritten(notes)


def _rewritten(told: dict[int, tuple[object, ...]]) -> Iterator[Fault]:
    for note in Note.objects.iterator():
        seal = rules.seal(note.salt, {"body": note.body})
        by = (f"post:{note.post_id}", note.person_id, moment(note.at))
        if told.pop(note.pk, ()) != (f"desk:{note.case_id}", seal, *by):
            yield Fault(f"desk:{note.case_id} {note.pk}", _("la nota no es la que se escribió"))
    for pk, (stream, *_said) in told.items():
        yield Fault(f"{stream} {pk}", _("falta una nota que se escribió"))
