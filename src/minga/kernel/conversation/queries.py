from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from minga.kernel.base.pages import Order, Page, Query, keyset
from minga.kernel.catalogue import queries as catalogue
from minga.kernel.catalogue.models import Record
from minga.kernel.identity.models import Person, Post
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, digest

from . import rules
from .models import Comment, Decision, Matter, Report, Thread
from .rules import State

ORDER = (Order("root"), Order("number"))  # each answer below what it answers to
NUMBER = Cast("thread__reference", BigIntegerField())
TO_DECIDE = (State.OPEN, State.CONTESTED)


def thread(*, type: str, reference: str) -> Thread | None:
    return Thread.objects.filter(type=type, reference=reference).first()


def open_thread(pk: int) -> tuple[Thread, Record] | None:
    """What people may talk about now, with what the catalogue shows of it."""
    there = Record.objects.filter(type=OuterRef("type"), reference=OuterRef("reference"))
    found = Thread.objects.select_related("holder").filter(Exists(there), pk=pk).first()
    record = found and catalogue.record(type=found.type, reference=found.reference)
    return (found, record) if found and record else None


def hidden(type: str) -> QuerySet[Matter, int]:
    """The numbers of the things of a type whose own text is out of sight: for the one predicate
    of whoever shows them (`pk__in`)."""
    return _out_of_sight(type).values_list(NUMBER, flat=True)


def reasons_of_hidden(type: str) -> dict[int, str]:
    """The same, each with why."""
    return dict(_out_of_sight(type).values_list(NUMBER, "reason"))


def _out_of_sight(type: str) -> QuerySet[Matter]:
    return Matter.objects.filter(hidden=True, comment=None, thread__type=type)


def visible() -> QuerySet[Comment]:
    """Comments with what everybody may read of them in `said`: nothing of one that is hidden,
    and its words are not even fetched."""
    shown = Case(
        When(matter__hidden=True, then=Value("")), default=F("body"), output_field=TextField()
    )
    return Comment.objects.select_related("person", "matter").defer("body").annotate(said=shown)


def thread_of(type: str) -> Subquery:
    """The number of the thread about a row of a type, for whoever reads the row."""
    reference = Cast(OuterRef("pk"), TextField())
    return Subquery(Thread.objects.filter(type=type, reference=reference).values("pk"))


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said about something: a page of it."""

    thread: int
    page: Page[Comment]


def talk(thread: int | None, *, query: Query) -> Talk | None:
    """One statement, however many comments there are; None: nobody may talk about it."""
    if thread is None:
        return None
    return Talk(thread, keyset(visible().filter(thread=thread), order=ORDER, query=query))


def comment(thread: Thread, number: int) -> Comment | None:
    """One that everybody may read now."""
    shown = visible().exclude(matter__hidden=True).exclude(body="")
    return shown.filter(thread=thread, number=number).first()


def own_comment(thread: int, number: int, person: Person) -> Comment | None:
    found = Comment.objects.select_related("thread").exclude(body="")
    return found.filter(thread=thread, number=number, person=person).first()


@dataclass(frozen=True, slots=True)
class Written:
    """How much somebody wrote, or reported, and how much of it lately."""

    all: int
    lately: int


def written(kept: QuerySet[Comment] | QuerySet[Report], at: datetime) -> Written:
    lately = Count("pk", filter=Q(at__gt=at - rules.HOUR))
    return Written(**kept.aggregate(all=Count("pk"), lately=lately))


def whole() -> QuerySet[Matter]:
    """Matters with all that is needed to decide them."""
    return Matter.objects.select_related("thread__holder", "thread__author", "comment__person")


def to_decide(posts: Iterable[Post]) -> QuerySet[Matter]:
    """What waits for a decision of these posts' institutions."""
    held = {post.organisation_id for post in posts}
    waits = whole().filter(thread__holder__in=held, state__in=TO_DECIDE)
    return waits.annotate(reported=Count("reports"))


def held(matter: int, posts: Iterable[Post]) -> Matter | None:
    organisations = {post.organisation_id for post in posts}
    return whole().filter(pk=matter, thread__holder__in=organisations).first()


def author(matter: Matter) -> Person | None:
    return matter.comment.person if matter.comment else matter.thread.author


def concerns(matter: int, person: Person) -> Matter | None:
    """A matter of whoever wrote the text or reported it."""
    own = Q(comment__person=person) | Q(comment=None, thread__author=person)
    theirs = Q(pk__in=Report.objects.filter(person=person).values("matter"))
    return whole().filter(own | theirs, pk=matter).first()


def objection_to_review(matter: Matter, person: Person) -> rules.Objection | None:
    """What speaks against another look that somebody asks for."""
    return rules.to_review(
        matter.state,
        reviewed=matter.reviewed,
        is_author=author(matter) == person,
        has_reported=matter.reports.filter(person=person).exists(),
    )


def reasons(matter: Matter) -> list[str]:
    """For what it was reported: each reason once."""
    return sorted(set(matter.reports.values_list("reason", flat=True)))


def text(matter: Matter) -> tuple[str, str]:
    """What was reported, its title and its words, for whoever decides: out of the catalogue,
    or out of what was taken from there."""
    if matter.comment:
        return "", matter.comment.body
    if matter.withheld:
        return matter.withheld["title"], matter.withheld["text"]
    record = catalogue.record(type=matter.thread.type, reference=matter.thread.reference)
    return (record.title, record.text) if record else ("", "")


def decisions() -> QuerySet[Decision]:
    """All that was decided; the text and who wrote, reported or decided are not among it."""
    return Decision.objects.select_related("matter__thread__holder", "matter__comment").only(
        "hides",
        "reason",
        "review",
        "at",
        "matter__comment__number",
        "matter__hidden",
        *(f"matter__thread__{name}" for name in ("type", "address", "demo", "holder__name")),
    )


def of_person(person: Person) -> Iterator[Mapping[str, object]]:
    """What somebody wrote here, for the file of their data."""
    rows = Comment.objects.filter(person=person).select_related("thread").order_by("pk")
    for row in rows.iterator():
        yield {"donde": row.thread.address, "numero": row.number, "texto": row.body, "dia": row.at}


def seal(comment: Comment) -> str:
    return digest(comment.salt, comment.body)


def verify() -> Iterator[Fault]:
    """Comments that do not say what was said, and texts that are hidden, or seen, against what
    was decided."""
    sealed: dict[int, str] = {}
    stands: dict[int, bool] = {}
    told = Entry.objects.filter(stream__startswith="conversation:").order_by("stream", "seq")
    for entry in told.iterator():
        facts = entry.facts
        if entry.kind in ("comment", "withdraw"):
            sealed[facts.get("comment", 0)] = facts.get("seal", "")
        if entry.kind == "decide":
            stands[facts.get("matter", 0)] = bool(facts.get("hides"))
    for comment in Comment.objects.order_by("pk").iterator():
        if sealed.pop(comment.pk, None) != (seal(comment) if comment.body else ""):
            yield Fault(f"comment:{comment.pk}", _("no dice lo que se dijo"))
    for matter in Matter.objects.order_by("pk").iterator():
        if matter.hidden != stands.pop(matter.pk, False):
            yield Fault(f"matter:{matter.pk}", _("no está como se decidió"))
    for pk in (*sealed, *stands):
        yield Fault(f"conversation {pk}", _("falta, y su historia está"))
