"""One proposal from the idea to the milestone: what happened to it, and what became of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case as Switch
from django.db.models import (
    CharField,
    Count,
    Exists,
    Expression,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minga.kernel.base.text import Text
from minga.kernel.cases.declaration import Phase, case_types
from minga.kernel.catalogue.models import Link
from minga.kernel.plans.models import Milestone
from minga.kernel.trust import queries as trust
from minga.services.cocreation import rules
from minga.services.cocreation.models import (
    Confirmation,
    Cycle,
    Integrated,
    Join,
    Placement,
    Proposal,
)
from minga.services.cocreation.queries import integration
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules.following import CATEGORIES, GROUPED, TAKEN_IN, Outcome
from minga.services.cocreation.rules.integration import INTEGRATED
from minga.services.cocreation.rules.screening import OUTCOMES as SCREENED
from minga.services.cocreation.rules.screening import Outcome as Screened

EXCLUDED = SCREENED[Screened.NOT_RELATED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One step on the way, as everybody reads it: by a body, never by a person."""

    at: datetime
    label: Text
    by: Text = ""
    note: Text = ""
    url: str = ""
    current: bool = False


def _in_group(**which: object) -> Exists:
    """Whether a proposal is now in an integrated one that is so."""
    said = {f"integrated__{name}": value for name, value in which.items()}
    return Exists(Join.objects.filter(proposal=OuterRef("pk"), left_at=None, **said))


def _in_category(number: int) -> Exists:
    return _in_group(placements__current=True, placements__category=number)


def _outcome() -> Expression:
    """The furthest that a proposal came, by itself or in any of its groups."""
    by_group = [
        When(_in_group(node__isnull=False), then=Value(Outcome.COMMITMENT)),
        *(When(_in_category(n), then=Value(said)) for n, said in CATEGORIES.items()),
        When(_in_group(score__isnull=False), then=Value(Outcome.SCORED)),
        When(_in_group(), then=Value(Outcome.INTEGRATED)),
    ]
    by_case = [
        When(case__state=rules.State.RELATED, then=Value(Outcome.RELATED)),
        When(case__state__in=EXCLUDED, then=Value(Outcome.NOT_RELATED)),
        When(case__phase=Phase.CLOSED, then=Value(Outcome.SET_ASIDE)),
        When(case__public=True, then=Value(Outcome.ACCEPTED)),
    ]
    ways = [*by_group, *by_case]
    return Switch(*ways, default=Value(Outcome.IN_REVIEW), output_field=CharField())


def with_outcome(found: QuerySet[Proposal]) -> QuerySet[Any, Any]:
    """Each with what became of it, as `outcome`."""
    return found.annotate(outcome=_outcome())


@dataclass(frozen=True, slots=True)
class Funnel:
    """A cycle in figures, from what was received to what was promised."""

    by_channel: Mapping[str, int]
    by_outcome: Mapping[Outcome, int]
    integrated: int
    by_category: Mapping[int, int]
    scored: int
    commitments: int

    @property
    def received(self) -> int:
        return sum(self.by_channel.values())

    @property
    def accepted(self) -> int:
        return sum(self.by_outcome[outcome] for outcome in TAKEN_IN)

    @property
    def related(self) -> int:
        return sum(self.by_outcome[outcome] for outcome in (Outcome.RELATED, *GROUPED))


def funnel(cycle: Cycle) -> Funnel:
    """Two statements at any size."""
    channels: Counter[str] = Counter()
    became: Counter[Outcome] = Counter()
    found = Proposal.objects.filter(cycle=cycle).order_by().values_list("channel", _outcome())
    for channel, outcome, many in found.annotate(many=Count("pk")):
        channels[channel] += many
        became[Outcome(outcome)] += many
    placed = Placement.objects.filter(integrated=OuterRef("pk"), current=True)
    counted = {"integrated": Count("pk"), "scored": Count("score"), "commitments": Count("node")}
    groups = (
        Integrated.objects.filter(cycle=cycle)
        .order_by()
        .annotate(category=Subquery(placed.values("category")))
    )
    by_category, whole = dict[int, int](), Counter(dict.fromkeys(counted, 0))
    rows: QuerySet[Any, Any] = groups.values("category").annotate(**counted)
    for row in rows:
        if category := row.pop("category"):
            by_category[category] = row["integrated"]
        whole.update(row)
    return Funnel(by_channel=channels, by_outcome=became, by_category=by_category, **whole)


def of_proposal(proposal: Proposal) -> list[Happened]:
    """All that everybody may know of what happened to it, the first first: six statements,
    with the bodies of its cycle at hand."""
    belongings = integration.groups_of(proposal)
    for one in belongings:
        one.join.integrated.cycle = proposal.cycle
    now = {b.join.integrated_id: b.join.integrated for b in belongings if b.join.left_at is None}
    steps = [_received(proposal), *_decided(proposal), *_joined(proposal.cycle, belongings)]
    return _in_order([*steps, *_after(proposal.cycle, list(now.values()))])


def of_integrated(integrated: Integrated) -> list[Happened]:
    """What happened to an integrated proposal once it was evaluated."""
    return _in_order(_after(integrated.cycle, [integrated]))


def _in_order(steps: Iterable[Happened]) -> list[Happened]:
    steps = sorted(steps, key=lambda step: step.at)
    return [*steps[:-1], *(replace(step, current=True) for step in steps[-1:])]


def _received(proposal: Proposal) -> Happened:
    by_workshop = proposal.channel == rules.Channel.WORKSHOP
    return Happened(
        at=proposal.received_at,
        label=_("Se recibió en un taller") if by_workshop else _("Se recibió por la web"),
        by=proposal.cycle.convener.name,
    )


def _decided(proposal: Proposal) -> Iterator[Happened]:
    """The steps of its case that made it public or kept it so: what is asked and answered
    between the institution and the person is theirs."""
    declared = case_types[rules.PROPOSAL]
    moves = {key: move for of in declared.moves.values() for key, move in of.items()}
    public = {key for key, move in moves.items() if declared.states[move.to].public}
    group = proposal.cycle.working_group
    by = {
        rules.Role.APPLICANT: _("Quien la envió"),
        rules.Role.INSTITUTION: proposal.case.holder.name,
        rules.Role.FORUM: group.name if group else "",
    }
    for entry in trust.entries(proposal.case.stream).filter(kind__in=public):
        move, reason = moves[entry.kind], entry.facts.get("reason", "")
        note = move.reasons.get(reason, "") if move.reasons else ""
        who = by[rules.Role(move.by)]
        yield Happened(at=entry.at, label=move.done, by=who, note=note)


def _joined(cycle: Cycle, belongings: Iterable[integration.Belonging]) -> Iterator[Happened]:
    group = cycle.working_group.name if cycle.working_group else ""
    for one in belongings:
        integrated, join = one.join.integrated, one.join
        said = {"title": integrated.title, "url": address(integrated)}
        yield Happened(
            at=join.joined_at,
            label=_("Se juntó en «%(title)s»") % said,
            by=_by(group, one.joined_by),
            note=join.reason,
            url=said["url"],
        )
        if join.left_at:
            yield Happened(
                at=join.left_at,
                label=_("Se separó de «%(title)s»") % said,
                by=_by(group, one.left_by),
                note=join.left_reason,
                url=said["url"],
            )


def _by(group: str, member: str) -> str:
    return f"{group}: {member}" if member else group


def address(integrated: Integrated) -> str:
    return reverse("cocreation:integrated", args=[integrated.cycle.key, integrated.number])


def _after(cycle: Cycle, groups: Sequence[Integrated]) -> list[Happened]:
    """What is public of how groups were evaluated, placed, confirmed and promised."""
    if not groups:
        return []
    numbers = [group.pk for group in groups]
    return [
        *_scores(cycle, groups),
        *_placements(cycle, numbers),
        *_confirmations(numbers),
        *_promises(groups),
    ]


def _scores(cycle: Cycle, groups: Sequence[Integrated]) -> Iterator[Happened]:
    said = _("Se publicó su puntaje: %(total)s de 3")
    for score in (group.score for group in groups if hasattr(group, "score")):
        yield Happened(
            at=score.published_at,
            label=said % {"total": floatformat(score.total, 2)},
            by=cycle.commission.name if cycle.commission else "",
        )


def _placements(cycle: Cycle, groups: Sequence[int]) -> Iterator[Happened]:
    method = methods.method(cycle)
    titles = {category.number: category.title for category in method.category} if method else {}
    for placed in Placement.objects.filter(integrated__in=groups).order_by("placed_at", "pk"):
        said = {"number": placed.category, "title": titles.get(placed.category, "")}
        yield Happened(
            at=placed.placed_at,
            label=_("Quedó en la categoría %(number)s: %(title)s") % said,
            by=cycle.forum.name if cycle.forum else "",
            note="\n\n".join(filter(None, [placed.reason, _anchored(placed), placed.deferral])),
        )


def _anchored(placed: Placement) -> str:
    parts = [part for part in (placed.anchor, placed.entity) if part]
    return _("Pasa a: %(where)s") % {"where": ", ".join(parts)} if parts else ""


ANSWERS = {
    "confirmed": lambda: _("Se confirmó"),
    "countered": lambda: _("Se propuso un cambio"),
    "declined": lambda: _("No se confirmó"),
}


def _confirmations(groups: Sequence[int]) -> Iterator[Happened]:
    asked = Confirmation.objects.filter(integrated__in=groups).select_related("organisation")
    for one in asked.order_by("asked_at", "pk"):
        if one.answered_at and one.answer in ANSWERS:
            label, by = ANSWERS[one.answer](), one.organisation.name
            yield Happened(at=one.answered_at, label=label, by=by, note=one.message)


def _promises(groups: Sequence[Integrated]) -> Iterator[Happened]:
    """The commitment that each became, by the link to its page, and its milestones: two
    statements."""
    nodes = {str(group.pk): group.node_id for group in groups if group.node_id}
    dates: dict[int, list[str]] = {}
    for step in Milestone.objects.filter(node__in=nodes.values()).order_by("number"):
        dates.setdefault(step.node_id, []).append(_milestone(step))
    links = Link.objects.filter(from_record__type=INTEGRATED, from_record__reference__in=nodes)
    for link in links.select_related("from_record", "to_record").order_by("at", "pk"):
        node = nodes[link.from_record.reference]
        if link.to_record.reference == str(node):
            yield Happened(
                at=link.at,
                label=_("Es el compromiso «%(title)s»") % {"title": link.to_record.title},
                note="\n".join(dates.get(node, ())),
                url=link.to_record.address,
            )


def _milestone(step: Milestone) -> str:
    until = date_format(step.ends_on, r"F \d\e Y")
    said = {"number": step.number, "title": step.title, "until": until}
    return _("Hito %(number)s: %(title)s. Hasta %(until)s.") % said
