"""Proposals written as one by the working group. The proposals themselves never change: who
belongs to which is a `Join`, and each one and its end are kept, in both histories."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from minga.kernel.base.text import sort_key
from minga.kernel.cases import rules as case_rules
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.catalogue.models import Record
from minga.kernel.conversation import actions as conversation
from minga.kernel.identity.models import Person, Seat
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts
from minga.services.cocreation.models import (
    Agreement,
    Aim,
    Cycle,
    Integrated,
    Join,
    Party,
    Passage,
    Proposal,
    Step,
)
from minga.services.cocreation.queries import integration as queries
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import screening, writing
from minga.services.cocreation.queries.writing import Written
from minga.services.cocreation.rules import PROPOSAL
from minga.services.cocreation.rules import integration as rule
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.integration import INTEGRATED, Part, Structure, Typed
from minga.services.cocreation.rules.method import Kind, Open

JOINED = "joined"  # the link from a proposal to what it was joined to


class Crossed(Exception):
    """Somebody else wrote this part since it was opened: it says something else now."""

    def __init__(self, now: Written) -> None:
        super().__init__(now.seen)
        self.now = now


class Overtaken(Exception):
    """Somebody else wrote it since it was opened."""

    def __init__(self, now: Integrated) -> None:
        super().__init__(now.pk)
        self.now = now


@transaction.atomic
def begin(  # noqa: PLR0913  # a group has this many facts
    *,
    cycle: Cycle,
    title: str,
    person: Person,
    at: datetime,
    proposals: Sequence[Proposal] = (),
    reason: str = "",
) -> Integrated:
    """A new integrated proposal with a name, and those that are its first."""
    seat = _at_work(cycle, person, at)
    if proposals and (known := _begun(cycle, title, proposals)):  # pressed twice
        return known
    Cycle.objects.filter(pk=cycle.pk).update(joined=F("joined") + 1)
    number = Cycle.objects.get(pk=cycle.pk).joined
    made = Integrated.objects.create(
        cycle=cycle, number=number, title=title, sort_title=sort_key(title)[:200], made_at=at
    )
    facts: Facts = {"cycle": cycle.pk, "number": number, "seal": queries.seal(made)}
    trust.begin(stream=made.stream, kind="begin", actor=person.stream, at=at, facts=facts)
    _stand_behind(made, seat, at)
    _publish(made, at)
    if proposals:
        join(integrated=made, proposals=proposals, reason=reason, person=person, at=at)
    return made


def _begun(cycle: Cycle, title: str, proposals: Sequence[Proposal]) -> Integrated | None:
    """The one of this name that is made of these and nothing else, and nobody wrote yet."""
    wanted = {proposal.pk for proposal in proposals}
    for one in Integrated.objects.filter(cycle=cycle, title=title, problem="", solution=""):
        inside = one.joins.filter(left_at=None).values_list("proposal_id", flat=True)
        if set(inside) == wanted:
            return one
    return None


@transaction.atomic
def join(
    *,
    integrated: Integrated,
    proposals: Sequence[Proposal],
    reason: str,
    person: Person,
    at: datetime,
) -> int:
    """Join proposals to an integrated one: how many are new in it; said again, none."""
    seat = _at_work(integrated.cycle, person, at)
    here = set(integrated.joins.filter(left_at=None).values_list("proposal_id", flat=True))
    new = [proposal for proposal in proposals if proposal.pk not in here]
    _may_be_joined(integrated.cycle, new)
    told = {"joined_at": at, "joined_by": f"seat:{seat.pk}", "reason": reason}
    for proposal in new:
        joined = Join(integrated=integrated, proposal=proposal, **told)
        joined.save(force_insert=True)
        _record(joined, "join", person, at)
    if new:
        _changed(integrated, seat, at)
        link(proposals=[proposal.pk for proposal in new])
    return len(new)


@transaction.atomic
def split(
    *, integrated: Integrated, proposal: Proposal, reason: str, person: Person, at: datetime
) -> bool:
    """Take a proposal out again; False: it was not in it. It is then as it was before."""
    seat = _at_work(integrated.cycle, person, at)
    joined = integrated.joins.filter(proposal=proposal, left_at=None).first()
    if joined is None:
        return False
    joined.left_at, joined.left_by, joined.left_reason = at, f"seat:{seat.pk}", reason
    joined.save(update_fields=["left_at", "left_by", "left_reason"])
    _record(joined, "split", person, at)
    _changed(integrated, seat, at)
    ends = {"origin": (PROPOSAL, str(proposal.pk)), "outcome": (INTEGRATED, str(integrated.pk))}
    catalogue.unlink(kind=JOINED, **ends)
    conversation.unlink(kind=JOINED, **ends)
    return True


@transaction.atomic
def keep(  # noqa: PLR0913  # who wrote what, over what they had seen
    *, integrated: Integrated, part: Part, words: Typed, seen: str, person: Person, at: datetime
) -> Written | None:
    """Keep what was typed of one part for its group: how it stands now; None: too much of it.
    Over words that its writer did not see it is not kept (`Crossed`)."""
    seat = _at_work(integrated.cycle, person, at)
    now = writing.parts(writing.fresh(integrated))[part]
    if words == now.words:  # pressed twice
        return now
    if now.seen != seen:
        raise Crossed(now)
    if rule.letters(words) > rule.MOST_TYPED:
        return None
    told = {"part": part, "words": words, "seat": seat, "at": at}
    made = Passage.objects.create(integrated=integrated, **told)
    return writing.Written(words, [made, *now.passages])


@transaction.atomic
def write(  # noqa: PLR0913  # who says what, over what they had seen
    *,
    integrated: Integrated,
    said: Structure,
    rev: int,
    person: Person,
    at: datetime,
    passages: Collection[int] = (),
) -> Integrated:
    """Say what it says, over the revision that its writer had opened, and the passages that
    they had seen: these become its text."""
    seat = _at_work(integrated.cycle, person, at)
    now = Integrated.objects.select_related("cycle").get(pk=integrated.pk)
    before = queries.said(now)
    _put(now, said)
    is_new = queries.said(now) != before  # or pressed twice
    if is_new and (now.rev, writing.keys(now)) != (rev, set(passages)):
        raise Overtaken(now)
    now.passages.filter(pk__in=passages).delete()
    if not is_new:
        return now
    facts: Facts = {"rev": rev + 1, "seal": queries.seal(now)}
    trust.record(stream=now.stream, kind="write", actor=person.stream, at=at, facts=facts)
    _changed(now, seat, at)
    _publish(now, at)
    return now


@transaction.atomic
def agree(*, integrated: Integrated, rev: int, person: Person, at: datetime) -> None:
    """A member stands behind it as it is, whole; from another sector than who wrote it, or it
    counts for nothing."""
    seat = _at_work(integrated.cycle, person, at)
    if integrated.rev != rev:
        raise Overtaken(integrated)
    behind = queries.agreements(integrated)
    if behind.filter(seat=seat).exists() and behind.count() > 1:  # pressed twice
        return
    if behind.filter(sector=seat.sector).exists():
        raise Breach(Rule.ALONE, seat.sector)
    if missing := rule.missing(writing.structure(integrated)):
        raise Breach(Rule.INCOMPLETE, *missing)
    _stand_behind(integrated, seat, at)
    facts: Facts = {"rev": rev, "seat": seat.pk, "sector": seat.sector}
    trust.record(stream=integrated.stream, kind="agree", actor=person.stream, at=at, facts=facts)
    catalogue.touch()


@transaction.atomic
def amend(*, integrated: Integrated, solution: str, by: str, at: datetime) -> None:
    """The forum decided on another solution, after it was evaluated: nobody of the working
    group agrees to it again."""
    integrated.solution, integrated.rev = solution, integrated.rev + 1
    integrated.save(update_fields=["solution", "rev"])
    facts: Facts = {"rev": integrated.rev, "seal": queries.seal(integrated)}
    trust.record(stream=integrated.stream, kind="amend", actor=by, at=at, facts=facts)
    _publish(integrated, at)


def _at_work(cycle: Cycle, person: Person, at: datetime) -> Seat:
    """The seat of somebody who may integrate now. One at a time does, in each cycle."""
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    seat = screening.member(cycle, person, on=timezone.localdate(at))
    methods.require(cycle, Kind.INTEGRATION)
    return seat


def _may_be_joined(cycle: Cycle, proposals: Collection[Proposal]) -> None:
    wanted = [proposal.pk for proposal in proposals]
    if queries.joinable(cycle).filter(pk__in=wanted).count() != len(set(wanted)):
        raise Breach(Rule.STAGE, "join")
    allowed = methods.needed(cycle).whole(Open.GROUPS_PER_PROPOSAL)
    groups = dict.fromkeys(wanted, 0)
    now = Join.objects.filter(left_at=None, proposal__in=wanted)
    for proposal in now.values_list("proposal_id", flat=True):
        groups[proposal] += 1
    if full := [pk for pk, many in groups.items() if not rule.has_room(many, allowed)]:
        raise Breach(Rule.ONE_GROUP, *full)


def _record(join: Join, kind: str, person: Person, at: datetime) -> None:
    """In the history of the integrated proposal and in that of the one it is made of."""
    reason = case_rules.seal("", {"reason": join.left_reason or join.reason})
    facts: Facts = {"integrated": join.integrated_id, "proposal": join.proposal_id}
    for stream in (f"integrated:{join.integrated_id}", f"proposal:{join.proposal_id}"):
        told = {**facts, "reason": reason}
        trust.record(stream=stream, kind=kind, actor=person.stream, at=at, facts=told)


def _changed(integrated: Integrated, seat: Seat, at: datetime) -> None:
    """It is not what was agreed to any more; whoever changed it stands behind it."""
    Integrated.objects.filter(pk=integrated.pk).update(rev=F("rev") + 1)
    integrated.refresh_from_db(fields=["rev"])
    _stand_behind(integrated, seat, at)
    catalogue.touch()


def _stand_behind(integrated: Integrated, seat: Seat, at: datetime) -> None:
    behind = Agreement(integrated=integrated, rev=integrated.rev, seat=seat, at=at)
    behind.sector = seat.sector
    Agreement.objects.bulk_create([behind], ignore_conflicts=True)


def _put(integrated: Integrated, said: Structure) -> None:
    names = ("title", "problem", "solution", "cooperation", "budget", "starts_on", "ends_on")
    for name in names:
        setattr(integrated, name, getattr(said, name))
    integrated.pillars = sorted(said.pillars)
    integrated.sort_title = sort_key(said.title)[:200]
    integrated.save(update_fields=[*names, "pillars", "sort_title"])
    for rows in (integrated.steps, integrated.parties, integrated.aims):
        rows.all().delete()
    steps = enumerate(said.steps, start=1)
    Step.objects.bulk_create(
        Step(
            integrated=integrated,
            number=number,
            title=step.title,
            starts_on=step.starts_on,
            ends_on=step.ends_on,
        )
        for number, step in steps
    )
    Party.objects.bulk_create(
        Party(integrated=integrated, role=role, organisation_id=organisation)
        for role, organisation in said.parties
    )
    Aim.objects.bulk_create(Aim(integrated=integrated, goal=goal) for goal in set(said.goals))


def _publish(integrated: Integrated, at: datetime) -> None:
    catalogue.publish(
        type=INTEGRATED,
        reference=str(integrated.pk),
        title=integrated.title,
        text="\n".join([integrated.problem, integrated.solution]),
        address=reverse("cocreation:integrated", args=[integrated.cycle.key, integrated.number]),
        demo=integrated.cycle.convener.demo,
        at=at,
    )


def link(*, proposals: Collection[int]) -> None:
    """Say what public proposals gave rise to: when they are joined, and when they are public
    again after they were not."""
    joins = list(Join.objects.filter(left_at=None, proposal__in=proposals))
    ends = {(PROPOSAL, str(join.proposal_id)) for join in joins}
    ends |= {(INTEGRATED, str(join.integrated_id)) for join in joins}
    found = Record.objects.filter(reference__in=[reference for _type, reference in ends])
    records = {(record.type, record.reference): record for record in found}
    for join in joins:
        proposal = records.get((PROPOSAL, str(join.proposal_id)))
        integrated = records.get((INTEGRATED, str(join.integrated_id)))
        if proposal and integrated:
            catalogue.link(
                from_record=proposal,
                to_record=integrated,
                kind=JOINED,
                reason=join.reason,
                by=join.joined_by,
                at=join.joined_at,
            )
