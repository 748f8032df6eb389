from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from minga.kernel.identity.models import Person, Seat
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts

from . import queries, rules
from .models import Approval, Assessment, Round, Subject
from .rules import Declared, Locked, NotNow, Recused, Stale, State, Unfinished


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What is to be judged: its reference, and what is computed of it."""

    reference: str
    facts: Mapping[str, str]
    computed: Mapping[str, int]


@transaction.atomic
def open_round(
    *, about: str, rubric: rules.Rubric, things: Iterable[Thing], by: str, at: datetime
) -> Round:
    """The list is closed and the rubric stays; the same again finds the round there is."""
    made, new = Round.objects.get_or_create(
        about=about, defaults={"rubric": rules.written(rubric), "opened_at": at}
    )
    if new:
        Subject.objects.bulk_create(
            Subject(
                round=made,
                reference=thing.reference,
                position=position,
                facts=dict(thing.facts),
                computed=dict(thing.computed),
            )
            for position, thing in enumerate(things, start=1)
        )
        _tell(made, "open", by, at, {"about": about, "rubric": queries.sealed_list(made)})
    return made


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who is to score what."""

    subject: Subject
    criterion: str
    rater: str
    assessor: int
    organisation: int
    third: bool = False


@transaction.atomic
def assign(*, of: Round, asked: Iterable[Asked], by: str, at: datetime) -> None:
    """Ask people for scores. Thirds are asked for once the first ones are in, and not before."""
    _taken(of, State.OPEN, State.CONSOLIDATED)
    for one in asked:
        if one.third is not (of.state == State.CONSOLIDATED):
            raise NotNow
        made = Assessment.objects.create(
            subject=one.subject,
            criterion=one.criterion,
            rater=one.rater,
            third=one.third,
            assessor_id=one.assessor,
            organisation_id=one.organisation,
            assigned_at=at,
        )
        facts: Facts = {"assessment": made.pk, "subject": one.subject.reference}
        who: Facts = {"criterion": one.criterion, "rater": one.rater, "person": one.assessor}
        _tell(of, "assign", by, at, {**facts, **who, "third": one.third})


@transaction.atomic
def keep(
    *, assessment: Assessment, values: Mapping[str, object], comment: str, rev: int, at: datetime
) -> None:
    """Keep scores that are not handed in yet: nothing is said of them anywhere."""
    now = _own(assessment, rev)
    by = queries.rubric(now.subject.round).criterion(now.criterion)
    now.values, now.comment = rules.fitting(by, values), comment[: rules.COMMENT]
    now.rev += 1
    now.save(update_fields=["values", "comment", "rev"])


@transaction.atomic
def hand_in(
    *, assessment: Assessment, values: Mapping[str, object], comment: str, rev: int, at: datetime
) -> None:
    """The last word of whoever scores, who says that they have no conflict of interest. Sealed
    with a salt: the history can tell that it changed, and nobody what it says. Twice is once."""
    by = queries.rubric(assessment.subject.round).criterion(assessment.criterion)
    said = rules.fitting(by, values)
    if _same(assessment, said, comment):
        return
    now = _own(assessment, rev)
    if rules.missing(by, said):
        raise Unfinished
    now.values, now.comment = said, comment[: rules.COMMENT]
    now.declared, now.locked_at, now.rev = Declared.NONE, at, now.rev + 1
    now.salt = rules.new_salt()
    now.seal = rules.seal(now.salt, now.values, now.comment)
    now.save()
    facts: Facts = {"assessment": now.pk, "seal": now.seal}
    _tell(now.subject.round, "hand_in", now.assessor.stream, at, facts)


def _same(assessment: Assessment, values: Mapping[str, int], comment: str) -> bool:
    now = Assessment.objects.get(pk=assessment.pk)
    return bool(now.locked_at) and (now.values, now.comment) == (values, comment)


@transaction.atomic
def recuse(
    *, assessment: Assessment, by: str, at: datetime, conflict: str = "", declared: bool = True
) -> None:
    """Whoever was asked scores it no more: they say that they have a conflict of interest, or
    it is given to somebody else. What they had written is erased; twice is once."""
    now = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if now.recused_at:
        return
    if now.locked_at:
        raise Locked
    now.declared = Declared.CONFLICT if declared else Declared.NOTHING
    now.conflict, now.recused_at = conflict, at
    now.values, now.comment = {}, ""
    now.save()
    facts: Facts = {"assessment": now.pk, "conflict": declared}
    _tell(now.subject.round, "recuse", by, at, facts)


def _own(assessment: Assessment, rev: int) -> Assessment:
    """As it stands, taken for writing: still to be handed in, and as its writer saw it."""
    whole = Assessment.objects.select_for_update(of=("self",)).select_related(
        "subject__round", "assessor"
    )
    now = whole.get(pk=assessment.pk)
    if now.locked_at:
        raise Locked
    if now.recused_at:
        raise Recused
    if now.rev != rev:
        raise Stale
    return now


@transaction.atomic
def approve(  # noqa: PLR0913  # an approval has this many facts
    *, of: Round, step: State, seat: Seat, person: Person, sectors: int, at: datetime
) -> bool:
    """A seat agrees to the next step of a round: whether so many sectors did that it is taken.
    One that agreed agrees no more by saying it again."""
    _taken(of, State.OPEN if step == State.CONSOLIDATED else State.CONSOLIDATED)
    _ready(of, step)
    _made, new = Approval.objects.get_or_create(
        round=of, step=step, seat=seat, defaults={"person": person, "at": at}
    )
    if new:
        facts: Facts = {"step": str(step), "seat": seat.pk}
        _tell(of, "approve", person.stream, at, facts)
    if len({one.seat.sector for one in queries.approvals(of, step)}) < sectors:
        return False
    moment = {State.CONSOLIDATED: "consolidated_at", State.PUBLISHED: "published_at"}[step]
    of.state = step
    setattr(of, moment, at)
    of.save(update_fields=["state", moment])
    _tell(of, str(step), person.stream, at, {"step": str(step)})
    return True


def _ready(of: Round, step: State) -> None:
    """Every first score is in; then every third one that is needed is."""
    if queries.waits(of) or queries.empty(of):
        raise Unfinished
    if step == State.PUBLISHED and any(one.total is None for one in queries.judged(of).values()):
        raise Unfinished


def _taken(of: Round, *states: State) -> None:
    """The round as it stands, taken for writing."""
    now = Round.objects.select_for_update().get(pk=of.pk)
    of.state = now.state
    if now.state not in states:
        raise NotNow


def forget_person(*, person: Person) -> None:
    """In their words: why they did not score something. What they scored stays."""
    Assessment.objects.filter(assessor=person).exclude(conflict="").update(conflict="")


def _tell(of: Round, kind: str, by: str, at: datetime, facts: Facts) -> None:
    trust.record(stream=of.stream, kind=kind, actor=by, at=at, facts=facts)
