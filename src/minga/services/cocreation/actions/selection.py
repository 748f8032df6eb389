"""The forum selects: each placement is prepared by its members, and all are decided at once."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from minga.kernel.assemblies import actions as assemblies
from minga.kernel.assemblies import queries as seats
from minga.kernel.assemblies.models import Item, Session
from minga.kernel.assemblies.rules import Verdict
from minga.kernel.base.language import prevailing
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity.models import Person
from minga.kernel.trust import actions as trust
from minga.services.cocreation.models import Cycle, Integrated, Pick, Placement
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import selection as queries
from minga.services.cocreation.queries import sessions
from minga.services.cocreation.rules import selection as rules
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.method import Kind
from minga.services.cocreation.rules.selection import Place


class Unready(Exception):
    """Some placements lack something: their integrated proposals' numbers."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(numbers)
        self.numbers = numbers


class Outdated(Exception):
    """Somebody else changed it since it was shown."""


def member(cycle: Cycle, person: Person, at: datetime) -> None:
    """Only those who sit in the forum select."""
    if cycle.forum is None or seats.seat_in(cycle.forum, person, on=localdate(at)) is None:
        raise Breach(Rule.NOT_A_MEMBER, "forum")


@transaction.atomic
def propose(*, cycle: Cycle, person: Person, at: datetime) -> int:
    """Rank what was scored and put each where the scores alone put it: how many were new. What
    a member changed before stays."""
    method = methods.require(cycle, Kind.SELECTION)
    member(cycle, person, at)
    _open(cycle)
    scores = list(queries.scored(cycle))
    totals = {score.integrated.number: score.total for score in scores}
    ranks = rules.ranked(totals)
    known = {pick.integrated_id: pick for pick in queries.picks(cycle)}
    new = []
    for score in scores:
        category = queries.by_score(score, method)
        told = {"rank": ranks[score.integrated.number], "by_score": category}
        if pick := known.get(score.integrated_id):
            Pick.objects.filter(pk=pick.pk).update(**told)
        else:
            new.append(Pick(integrated=score.integrated, category=category, **told))
    Pick.objects.bulk_create(new)
    if new:
        facts = {"picks": len(new)}
        trust.record(stream=cycle.stream, kind="rank", actor=person.stream, at=at, facts=facts)
    return len(new)


def _open(cycle: Cycle) -> None:
    """A selection that the forum is deciding, or decided, is not changed under its eyes."""
    trust.head(cycle.stream)  # who changes it at the same moment waits
    if queries.waiting(cycle) or queries.decided(cycle):
        raise Breach(Rule.SETTLED, rules.SUBJECT)


@transaction.atomic
def place(  # noqa: PLR0913  # a placement has this many facts
    *, cycle: Cycle, number: int, place: Place, person: Person, rev: int, at: datetime
) -> Pick:
    """A member puts one elsewhere, or says what is missing of it."""
    methods.require(cycle, Kind.SELECTION)
    member(cycle, person, at)
    _open(cycle)
    pick = queries.picks(cycle).get(integrated__number=number)
    names = (*queries.NAMES, "axis")
    said = {name: getattr(place, name) for name in names if name != "by_score"}
    if not Pick.objects.filter(pk=pick.pk, rev=rev).update(**said, rev=rev + 1):
        raise Outdated
    facts = {"number": number, "category": place.category, "rev": rev + 1}
    trust.record(stream=cycle.stream, kind="pick", actor=person.stream, at=at, facts=facts)
    pick.refresh_from_db()
    return pick


def point(**told: Any) -> Item:
    """A point of the forum; whoever spoke for none of its seats on the day of a session puts
    none in it."""
    try:
        return assemblies.put(**told)
    except assemblies.NotAMember:
        raise Breach(Rule.NOT_A_MEMBER, "forum") from None


@transaction.atomic
def put(*, cycle: Cycle, session: Session, person: Person, at: datetime) -> Item:
    """The whole selection is put to the seats of the forum as one point."""
    method = methods.require(cycle, Kind.SELECTION)
    member(cycle, person, at)
    if session.body_id != cycle.forum_id:
        raise Breach(Rule.NOT_A_MEMBER, "forum")
    trust.head(cycle.stream)
    if waits := queries.waiting(cycle):
        return waits
    _open(cycle)
    found = list(queries.picks(cycle))
    axes = [axis.key for axis in method.axis]
    lacking = [p.integrated.number for p in found if rules.lacks(queries.place(p), axes)]
    if lacking or not found:
        raise Unready(lacking)
    with prevailing():
        title = _("Selección de las propuestas: %(cycle)s") % {"cycle": cycle.title}
    return point(
        session=session,
        person=person,
        title=title[:200],
        terms=sessions.terms(method),
        subject=queries.subject(cycle),
        seal=queries.seal(found),
        at=at,
    )


def settle(item: Item, at: datetime) -> None:
    """What was decided of a selection is carried out, all of it; what was not approved goes
    back to those who prepare it."""
    cycle = Cycle.objects.get(pk=int(item.subject.partition(":")[2]))
    methods.require(cycle, Kind.SELECTION)
    if item.outcome != Verdict.CARRIED:
        return
    for pick in queries.picks(cycle):
        say = queries.place(pick)
        put_in(integrated=pick.integrated, place=say, rank=pick.rank, by=f"item:{item.pk}", at=at)
        Integrated.objects.filter(pk=pick.pk).update(axis=pick.axis)
    queries.picks(cycle).delete()
    catalogue.touch()


def put_in(*, integrated: Integrated, place: Place, rank: int, by: str, at: datetime) -> Placement:
    """The category of one from now on; those it had before stay in its history."""
    Placement.objects.filter(integrated=integrated, current=True).update(current=False)
    said = {name: getattr(place, name) for name in queries.NAMES} | {"reason": place.why()}
    made = Placement.objects.create(
        integrated=integrated, rank=rank, decision=by, placed_at=at, **said
    )
    facts = queries.facts(made)
    trust.record(stream=integrated.stream, kind="place", actor="house", at=at, facts=facts)
    return made
