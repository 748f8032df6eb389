"""The blind evaluation of a cycle: who scores what, and when it may be seen."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.kernel.assemblies import queries as assemblies
from minga.kernel.base.language import prevailing
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity.models import Person, Seat
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.kernel.rubrics import actions as rubrics
from minga.kernel.rubrics import queries as rounds
from minga.kernel.rubrics.actions import Asked
from minga.kernel.rubrics.models import Assessment, Round, Subject
from minga.kernel.rubrics.rules import Locked, NotNow, Recused, State
from minga.kernel.trust import actions as trust
from minga.services.cocreation.models import Cycle, Score
from minga.services.cocreation.queries import evaluation as queries
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import evaluation as rule
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.method import Kind, Open


class Unready(Exception):
    """Some integrated proposals lack what is needed to score them, or there is none."""


@contextmanager
def by_the_method() -> Iterator[None]:
    """What the round refuses is a breach of the method."""
    try:
        yield
    except Locked:
        raise Breach(Rule.LOCKED) from None
    except Recused:
        raise Breach(Rule.CONFLICT_OF_INTEREST) from None
    except NotNow:
        raise Breach(Rule.STAGE, "evaluation") from None


def _runs(cycle: Cycle, person: Person, at: datetime) -> Seat:
    """The seat of who acts for the commission, while the cycle evaluates."""
    seat = assemblies.seat_in(cycle.commission, person, on=timezone.localdate(at))
    if seat is None:
        raise Breach(Rule.NOT_A_MEMBER, "commission")
    methods.require(cycle, Kind.EVALUATION)
    return seat


@transaction.atomic
def open_round(*, cycle: Cycle, person: Person, at: datetime) -> Round:
    """The commission closes the list of what is evaluated, and of what is computed."""
    _runs(cycle, person, at)
    if known := queries.round_of(cycle):
        return known
    if queries.unready(cycle) or not (things := queries.things(cycle)):
        raise Unready
    rubric = rule.rubric_of(methods.needed(cycle))
    told = {"about": cycle.stream, "rubric": rubric, "things": things}
    made = rubrics.open_round(**told, by=person.stream, at=at)  # type: ignore[arg-type]
    catalogue.touch()
    return made


@transaction.atomic
def assign(*, cycle: Cycle, person: Person, at: datetime) -> int:
    """Ask somebody for every score that nobody was asked for, and for a third one where two
    differ: for how many there is nobody who may."""
    _runs(cycle, person, at)
    return _fill(cycle, queries.running(cycle), person.stream, at)


@transaction.atomic
def ask(  # noqa: PLR0913  # who is asked for what has this many facts
    *,
    cycle: Cycle,
    number: int,
    criterion: str,
    rater: str,
    assessor: Person,
    person: Person,
    at: datetime,
) -> None:
    """The commission asks somebody it chose for a first score, if the method lets them give it."""
    _runs(cycle, person, at)
    found, one = queries.running(cycle), queries.integrated(cycle).get(number=number)
    subject = found.subjects.get(reference=one.stream)
    pool = queries.pool(cycle, on=timezone.localdate(at)).get(rater, [])
    table = queries.tables(cycle, found)[subject.reference]
    own = [candidate for candidate in pool if candidate.person == assessor.pk]
    fit = rule.chosen(own, table, criterion, rater, Counter())
    if fit is None:
        raise Breach(Rule.CONFLICT_OF_INTEREST, number, assessor.pk)
    asked = Asked(
        subject=subject,
        criterion=criterion,
        rater=rater,
        assessor=fit.person,
        organisation=fit.organisation,
    )
    with by_the_method():
        rubrics.assign(of=found, asked=[asked], by=person.stream, at=at)
    _tell(cycle, {fit.person}, at)


@transaction.atomic
def replace(*, cycle: Cycle, assessment: Assessment, person: Person, at: datetime) -> int:
    """Ask somebody else in place of who does not answer."""
    _runs(cycle, person, at)
    with by_the_method():
        rubrics.recuse(assessment=assessment, by=person.stream, at=at, declared=False)
    return _fill(cycle, queries.running(cycle), person.stream, at)


def _fill(cycle: Cycle, found: Round, by: str, at: datetime) -> int:
    wanted = list(_wanted(found))
    if not wanted:
        return 0
    pool, tables = queries.pool(cycle, on=timezone.localdate(at)), queries.tables(cycle, found)
    load, third = queries.load(found), found.state == State.CONSOLIDATED
    asked = []
    for subject, criterion, raters in wanted:
        table = tables[subject.reference]
        fit = (
            (rater, one)
            for rater in raters
            if (one := rule.chosen(pool[rater], table, criterion, rater, load))
        )
        if first := next(fit, None):
            rater, one = first
            table.seat(one, criterion)
            load[one.person] += 1
            who = {"assessor": one.person, "organisation": one.organisation}
            asked.append(
                Asked(subject=subject, criterion=criterion, rater=rater, third=third, **who)
            )
    rubrics.assign(of=found, asked=asked, by=by, at=at)
    _tell(cycle, {one.assessor for one in asked}, at)
    return len(wanted) - len(asked)


def _wanted(found: Round) -> Iterator[tuple[Subject, str, list[str]]]:
    """What nobody was asked for: the thing, the criterion, the roles that may score it."""
    if found.state == State.OPEN:
        for subject, criterion, rater in rounds.empty(found):
            yield subject, criterion, [rater]
    for subject, criterion in rounds.disputed(found):
        yield subject, criterion, list(rounds.rubric(found).criterion(criterion).raters)


@prevailing()
def _tell(cycle: Cycle, people: set[int], at: datetime) -> None:
    """Each once, however many they were given."""
    place = reverse("cocreation:my_scores", args=[cycle.key])
    for person in Person.objects.filter(pk__in=people).order_by("pk"):
        title = _("Te pidieron evaluar propuestas de «%(cycle)s»") % {"cycle": cycle.title}
        body = _("La evaluación es a ciegas: hasta que se publique, solo tú ves lo que pones.")
        mailbox.notify(
            person=person, topic=Topic.DESK, title=title, body=body, address=place, at=at
        )


def mine(*, cycle: Cycle, number: int, person: Person, at: datetime) -> Assessment | None:
    """What somebody was asked to score; who looks for another's score runs against a rule,
    and of a stranger nothing is said at all (None)."""
    one = queries.integrated(cycle).filter(number=number).first()
    if one is None:
        return None
    found = queries.assigned(cycle, one, person)
    if found and found.recused_at:
        raise Breach(Rule.CONFLICT_OF_INTEREST if found.declared else Rule.NOT_YOURS, number)
    on = timezone.localdate(at)
    if found is None and not queries.takes_part(cycle, person, on=on):
        return None
    if queries.is_author(one, person):
        raise Breach(Rule.OWN_PROPOSAL, number)
    if found is None:
        raise Breach(Rule.BLIND, number)
    return found


def _to_score(cycle: Cycle, number: int, person: Person, at: datetime) -> Assessment:
    methods.require(cycle, Kind.EVALUATION)
    found = mine(cycle=cycle, number=number, person=person, at=at)
    if found is None:
        raise Breach(Rule.BLIND, number)
    return found


def keep(  # noqa: PLR0913  # scores have this many facts
    *,
    cycle: Cycle,
    number: int,
    person: Person,
    values: Mapping[str, object],
    comment: str,
    rev: int,
    at: datetime,
) -> None:
    """Keep scores as far as they are, to go on with them on any device."""
    found = _to_score(cycle, number, person, at)
    with by_the_method():
        rubrics.keep(assessment=found, values=values, comment=comment, rev=rev, at=at)


def hand_in(  # noqa: PLR0913  # scores have this many facts
    *,
    cycle: Cycle,
    number: int,
    person: Person,
    values: Mapping[str, object],
    comment: str,
    rev: int,
    at: datetime,
) -> None:
    """The last word of who scores, who declares that they have no conflict of interest."""
    found = _to_score(cycle, number, person, at)
    with by_the_method():
        rubrics.hand_in(assessment=found, values=values, comment=comment, rev=rev, at=at)


@transaction.atomic
def declare(*, cycle: Cycle, number: int, person: Person, conflict: str, at: datetime) -> None:
    """Somebody has a conflict of interest: another is asked in their place, if there is one."""
    found = _to_score(cycle, number, person, at)
    with by_the_method():
        rubrics.recuse(assessment=found, by=person.stream, at=at, conflict=conflict)
    _fill(cycle, queries.running(cycle), "house", at)


@transaction.atomic
def agree(*, cycle: Cycle, step: State, person: Person, at: datetime) -> bool:
    """A member of the commission agrees to consolidate, or to publish: it is done once as many
    sectors agree as the method asks for. False: it waits for another sector."""
    seat, found = _runs(cycle, person, at), queries.running(cycle)
    sectors = methods.needed(cycle).whole(Open.SECTORS_NEEDED)
    with by_the_method():
        done = rubrics.approve(
            of=found, step=step, seat=seat, person=person, sectors=sectors, at=at
        )
    if done and step == State.PUBLISHED:
        _publish(cycle, found, person.stream, at)
    return done


def _publish(cycle: Cycle, found: Round, by: str, at: datetime) -> None:
    """All scores at once, and nothing of who gave which."""
    Score.objects.bulk_create(
        Score(
            integrated_id=key,
            total=total,
            criteria=criteria,
            indicators=indicators,
            published_at=at,
        )
        for key, (total, criteria, indicators) in queries.came_to(found).items()
    )
    trust.record(stream=cycle.stream, kind="scores", actor=by, at=at, facts={"round": found.stream})
    catalogue.touch()
