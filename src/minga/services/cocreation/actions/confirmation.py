"""What was selected becomes a commitment when both sides confirm it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from minga.kernel.assemblies import queries as seats
from minga.kernel.assemblies.models import Item, Session
from minga.kernel.assemblies.rules import Verdict
from minga.kernel.base.language import prevailing
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.catalogue import queries as records
from minga.kernel.catalogue.declaration import record_types
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person, Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.kernel.plans import actions as plans
from minga.kernel.plans.models import Node
from minga.kernel.public_service.declaration import services
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts
from minga.services.cocreation.actions import integration, selection
from minga.services.cocreation.models import Confirmation, Cycle, Integrated, Party
from minga.services.cocreation.queries import confirmation as queries
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import selection as placed
from minga.services.cocreation.queries import sessions
from minga.services.cocreation.rules import confirmation as rules
from minga.services.cocreation.rules import selection as places
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.confirmation import Answer, Standing
from minga.services.cocreation.rules.method import Kind, Open
from minga.services.cocreation.rules.selection import Place

INTEGRATED = "cocreation.integrated"  # the type of its public record, where it has one
BECAME = "became"


@transaction.atomic
def ask(*, cycle: Cycle, person: Person, at: datetime) -> int:
    """Ask both sides of each proposal that was selected, who were not asked yet: how many
    organisations. Whom nobody speaks for is not asked; their side stays open, for all to see,
    until somebody does and it is asked again."""
    methods.require(cycle, Kind.CONFIRMATION)
    selection.member(cycle, person, at)
    trust.head(cycle.stream)
    begin_plan(cycle=cycle, at=at)
    open_ones = [one.integrated for one in queries.commitments(cycle) if not one.integrated.node]
    return sum(_ask(cycle, one, person.stream, at) for one in open_ones)


def begin_plan(*, cycle: Cycle, at: datetime) -> Cycle:
    """The plan in which the commitments of a cycle are written; begun when it has none."""
    if cycle.plan is None:
        first, last = cycle.opens_on.year, cycle.closes_on.year
        with prevailing():
            title = _("Plan de Acción: %(cycle)s") % {"cycle": cycle.title}
        edition = plans.begin(
            key=f"plan-{cycle.key}"[:60],
            title=title,
            period=f"{first}-{last}" if last > first else str(first),
            source=cycle.title[:200],
            demo=cycle.convener.demo,
            at=at,
        )
        cycle.plan = edition.plan
        cycle.save(update_fields=["plan"])
    return cycle


def _ask(cycle: Cycle, integrated: Integrated, by: str, at: datetime) -> int:
    days = methods.needed(cycle).whole(Open.DAYS_TO_CONFIRM)
    today = localdate(at)
    due_on = jurisdiction.calendar(known_on=today).add_working_days(today, days)
    known = integrated.confirmations.filter(current=True).values("organisation")
    parties = Party.objects.filter(integrated=integrated, role__in=rules.Side)
    parties, asked = parties.exclude(organisation__in=known), 0
    for party in parties.select_related("organisation").order_by("-role", "pk"):
        head, held = queries.speaks_for(party.organisation, party.role, cycle)
        if head is None and not held:
            continue
        one = Confirmation.objects.create(
            integrated=integrated,
            organisation=party.organisation,
            side=party.role,
            asked_at=at,
            due_on=due_on,
        )
        _tell_who_answers(cycle, one, at)
        facts: Facts = {
            "confirmation": one.pk,
            "organisation": party.organisation_id,
            "due_on": due_on.isoformat(),
        }
        trust.record(stream=integrated.stream, kind="ask", actor=by, at=at, facts=facts)
        asked += 1
    return asked


def _tell_who_answers(cycle: Cycle, asked: Confirmation, at: datetime) -> None:
    head, held = queries.speaks_for(asked.organisation, asked.side, cycle)
    address = reverse("cocreation:confirm", args=[cycle.key, asked.integrated.number])
    with prevailing():
        title = _("Confirmar un compromiso: %(title)s") % {"title": asked.integrated.title}
    told: dict[str, Any] = {"title": title[:300], "address": address, "at": at}
    if head:
        mailbox.owe(
            post=head, kind=rules.TASK, reference=str(asked.pk), due_on=asked.due_on, **told
        )
        if holder := identity.holder(head, on=localdate(at)):
            mailbox.notify(person=holder, topic=Topic.DESK, **told)
    for delegate in seats.in_force(on=localdate(at)).filter(seat__in=held).select_related("person"):
        mailbox.notify(person=delegate.person, topic=Topic.DESK, **told)


@transaction.atomic
def answer(  # noqa: PLR0913  # an answer has this many facts
    *, cycle: Cycle, number: int, person: Person, said: Answer, message: str = "", at: datetime
) -> Standing:
    """Who speaks for an organisation that was asked confirms, wants another text, or declines
    and says why; once. When the last one of both sides confirmed, it is a commitment."""
    methods.require(cycle, Kind.CONFIRMATION)
    found = queries.commitment(cycle, number)
    if found is None:
        raise Breach(Rule.STAGE, number)
    trust.head(found.integrated.stream)  # one answer at a time
    asked, post = yours(cycle, found, person, at)
    if asked.answer:
        if asked.answer == said:
            return found.standing
        raise Breach(Rule.SETTLED, number)
    asked.answer, asked.message, asked.answered_at, asked.post = said, message, at, post
    asked.save(update_fields=["answer", "message", "answered_at", "post"])
    trust.record(
        stream=found.integrated.stream,
        kind="answer",
        actor=f"post:{post.pk}" if post else person.stream,
        at=at,
        facts=queries.facts(asked),
    )
    mailbox.done(kind=rules.TASK, reference=str(asked.pk), at=at)
    now = queries.commitment(cycle, number)
    assert now
    if now.standing == Standing.CONFIRMED and now.integrated.node_id is None:
        commit(cycle=cycle, integrated=now.integrated, at=at)
    elif said != Answer.CONFIRMED:
        _tell_forum(cycle, asked, at)
    catalogue.touch()
    return now.standing


def yours(
    cycle: Cycle, found: queries.Commitment, person: Person, at: datetime
) -> tuple[Confirmation, Post | None]:
    """Which of those who were asked somebody answers for; one that has no answer first."""
    for asked in sorted(found.asked, key=lambda one: bool(one.answer)):
        may, post = queries.may_answer(asked, cycle, person, on=localdate(at))
        if may:
            return asked, post
    raise Breach(Rule.NOT_YOURS, found.integrated.number)


def _tell_forum(cycle: Cycle, asked: Confirmation, at: datetime) -> None:
    with prevailing():
        title = _("Hay una respuesta que decidir: %(title)s") % {"title": asked.integrated.title}
    address = reverse("cocreation:commitment", args=[cycle.key, asked.integrated.number])
    told = {"topic": Topic.DESK, "title": title[:300], "address": address, "at": at}
    for delegate in seats.in_force(on=localdate(at)).filter(seat__body=cycle.forum_id):
        mailbox.notify(person=delegate.person, **told)  # type: ignore[arg-type]  # as named


@transaction.atomic
def commit(*, cycle: Cycle, integrated: Integrated, at: datetime) -> Node:
    """Both sides confirmed: it is written into the plan, with its milestones."""
    begin_plan(cycle=cycle, at=at)
    assert cycle.plan
    demo, axis = cycle.convener.demo, integrated.axis
    axes = {axis.key: axis.title for axis in methods.needed(cycle).axis}
    with prevailing():
        if demo:  # so that nobody takes it for the theme of a plan that is not invented
            axes = {key: _("%(theme)s (demostración)") % {"theme": axes[key]} for key in axes}
        source = _("Acta del compromiso, propuesta integrada %(number)s") % {
            "number": integrated.number
        }
    said = plans.Promise(
        title=integrated.title,
        summary=integrated.solution,
        theme=(axis, axes[axis]) if axis in axes else None,
        starts_on=integrated.starts_on,
        ends_on=integrated.ends_on,
        source=source[:200],
        milestones=[(s.title, s.starts_on, s.ends_on) for s in integrated.steps.order_by("number")],
        involved=[
            (party.role, party.organisation)
            for party in integrated.parties.select_related("organisation").order_by("pk")
        ],
        goals=list(integrated.aims.order_by("goal").values_list("goal", flat=True)),
    )
    node = plans.promise(plan=cycle.plan, said=said, demo=demo, at=at)
    Integrated.objects.filter(pk=integrated.pk).update(node=node)
    integrated.node = node
    facts = {"node": node.pk}
    trust.record(stream=integrated.stream, kind="commit", actor="house", at=at, facts=facts)
    _make_findable(integrated, node, at)
    return node


def _make_findable(integrated: Integrated, node: Node, at: datetime) -> None:
    """Whoever shows the parts of plans brings the new one in, as with a file that changed; the
    proposal's record gave rise to the one of its commitment."""
    types = {record.key for record in record_types if record.of == "plans.Node"}
    for service in services:
        if service.load and types & {record.key for record in service.records}:
            service.load(at)
    mine = records.record(type=INTEGRATED, reference=str(integrated.pk))
    for kind in sorted(types) if mine else ():
        if theirs := records.record(type=kind, reference=str(node.pk)):
            assert mine
            told = {"kind": BECAME, "reason": node.source, "by": "house", "at": at}
            catalogue.link(from_record=mine, to_record=theirs, **told)  # type: ignore[arg-type]


@transaction.atomic
def put(*, cycle: Cycle, number: int, session: Session, person: Person, at: datetime) -> Item:
    """A member puts to the forum what an answer brought up: the other text that somebody wants,
    or the reserve that comes forward for one that was declined."""
    method = methods.require(cycle, Kind.CONFIRMATION)
    selection.member(cycle, person, at)
    found = queries.commitment(cycle, number)
    if found is None or session.body_id != cycle.forum_id:
        raise Breach(Rule.STAGE, number)
    title, text, subject = _question(cycle, found)
    if waits := queries.point(found.integrated, *_split(subject)):
        return waits
    return selection.point(
        session=session,
        person=person,
        title=title[:200],
        text=text,
        terms=sessions.terms(method),
        subject=subject,
        at=at,
    )


def _split(subject: str) -> tuple[str, int]:
    kind, _colon, about = subject.partition(":")
    return kind, int(about)


def _question(cycle: Cycle, found: queries.Commitment) -> tuple[str, str, str]:
    one = found.integrated
    named = {"number": one.number, "title": one.title}
    with prevailing():
        if found.standing == Standing.COUNTERED:
            other = next(said for said in found.asked if said.answer == Answer.COUNTERED)
            title = _("Otro texto para la propuesta %(number)s: %(title)s") % named
            return title, other.message, f"{rules.TEXT}:{other.pk}"
        if found.standing == Standing.DECLINED:
            declined = next(said for said in found.asked if said.answer == Answer.DECLINED)
            reserve = placed.reserve(cycle)
            instead = _("La reserva que entra es la %(number)s: %(title)s") % {
                "number": reserve.integrated.number if reserve else 0,
                "title": reserve.integrated.title if reserve else "",
            }
            title = _("Retirar la propuesta %(number)s: %(title)s") % named
            text = "\n".join([declined.message, instead if reserve else _("No queda reserva.")])
            return title, text, f"{rules.RESERVE}:{one.pk}"
    raise Breach(Rule.STAGE, one.number)


def settle_text(item: Item, at: datetime) -> None:
    """The forum took the other text, or did not: both sides are asked again, with what stands."""
    asked = Confirmation.objects.select_related("integrated").get(pk=_split(item.subject)[1])
    one, cycle = asked.integrated, _cycle(asked.integrated)
    methods.require(cycle, Kind.CONFIRMATION)
    if item.outcome == Verdict.CARRIED:
        Confirmation.objects.filter(pk=asked.pk).update(replaced=one.solution)
        integration.amend(integrated=one, solution=asked.message, by=f"item:{item.pk}", at=at)
    Confirmation.objects.filter(integrated=one, current=True).update(current=False)
    _ask(cycle, one, f"item:{item.pk}", at)
    catalogue.touch()


def settle_reserve(item: Item, at: datetime) -> None:
    """The forum withdraws what was declined, and the best scored reserve comes forward: its
    sides are asked. Not approved: the declined stays as it is, and may be put again."""
    if item.outcome != Verdict.CARRIED:
        return
    one = Integrated.objects.get(pk=_split(item.subject)[1])
    cycle = _cycle(one)
    methods.require(cycle, Kind.CONFIRMATION)
    was = placed.placements(cycle).get(integrated=one)
    declined = one.confirmations.filter(current=True, answer=Answer.DECLINED).first()
    by = f"item:{item.pk}"
    with prevailing():
        reason = declined.message if declined else item.title
        instead = _("Entra en lugar de la propuesta %(number)s, que no se confirmó.") % {
            "number": one.number
        }
    gone = Place(category=places.LATER, by_score=was.by_score, deferral=reason)
    reserve = placed.reserve(cycle)
    selection.put_in(integrated=one, place=gone, rank=was.rank, by=by, at=at)
    one.confirmations.filter(current=True).update(current=False)
    if reserve:
        into = Place(category=places.INCLUDE, by_score=reserve.by_score, reason=instead)
        told = {"rank": reserve.rank, "by": by, "at": at}
        selection.put_in(integrated=reserve.integrated, place=into, **told)  # type: ignore[arg-type]
        _ask(cycle, reserve.integrated, by, at)
    catalogue.touch()


def _cycle(integrated: Integrated) -> Cycle:
    bodies = ("convener", "method", "forum", "working_group", "commission", "plan")
    return Cycle.objects.select_related(*bodies).get(pk=integrated.cycle_id)


def release(*, cycle: Cycle, at: datetime) -> None:
    """The confirmations are over: what is left of category 2 goes where it was marked to go
    (PAGA I, l. 553 and 820)."""
    with prevailing():
        reason = _("Quedó en reserva y no hizo falta.")
    for left in list(placed.placements(cycle).filter(category=places.RESERVE)):
        place = Place(
            category=left.reserve_for or places.LATER,
            by_score=left.by_score,
            reason=reason,
            anchor=left.anchor,
            entity=left.entity,
            deferral=left.deferral,
        )
        told = {"rank": left.rank, "by": left.decision, "at": at}
        selection.put_in(integrated=left.integrated, place=place, **told)  # type: ignore[arg-type]
    catalogue.touch()
