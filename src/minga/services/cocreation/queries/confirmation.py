"""Who must confirm a commitment that was selected, and what they said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from minga.kernel.assemblies import queries as assemblies
from minga.kernel.assemblies.models import Item
from minga.kernel.catalogue.declaration import record_types
from minga.kernel.catalogue.models import Record
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Organisation, Person, Post, Seat
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Facts, Fault
from minga.services.cocreation.models import Confirmation, Cycle, Integrated, Party
from minga.services.cocreation.queries import selection
from minga.services.cocreation.rules import confirmation as rules
from minga.services.cocreation.rules.confirmation import Standing
from minga.services.cocreation.rules.selection import INCLUDE


@dataclass(frozen=True)
class Commitment:
    """A proposal that was selected as a commitment, and where it is between both sides."""

    integrated: Integrated
    asked: Sequence[Confirmation]
    missing: Sequence[Party]  # whom nobody speaks for here

    @property
    def standing(self) -> Standing:
        said = [(one.side, one.answer) for one in self.asked]
        return rules.standing(said + [(party.role, "") for party in self.missing])

    @property
    def contradicted(self) -> bool:
        return rules.contradicted(self.integrated.starts_on, self.integrated.ends_on)


def _whole() -> Sequence[Any]:
    asked = Confirmation.objects.filter(current=True).select_related("organisation", "post")
    sides = Party.objects.filter(role__in=rules.Side).select_related("organisation")
    return [
        Prefetch("confirmations", asked.order_by("-side", "pk"), to_attr="asked"),
        Prefetch("parties", sides.order_by("-role", "pk"), to_attr="sides"),
    ]


def commitments(cycle: Cycle) -> list[Commitment]:
    """What was put in category 1, the best scored first: three statements."""
    chosen = Integrated.objects.filter(placements__in=_chosen(cycle))
    found = chosen.select_related("node__edition__plan").prefetch_related(*_whole())
    return [_commitment(one) for one in found.order_by("placements__rank", "number")]


def _chosen(cycle: Cycle) -> Any:
    return selection.placements(cycle).filter(category=INCLUDE).values("pk")


def commitment(cycle: Cycle, number: int) -> Commitment | None:
    chosen = Integrated.objects.filter(placements__in=_chosen(cycle), number=number)
    found = chosen.select_related("node__edition__plan").prefetch_related(*_whole()).first()
    return _commitment(found) if found else None


def _commitment(one: Any) -> Commitment:
    asked = {said.organisation_id for said in one.asked}
    missing = [party for party in one.sides if one.asked and party.organisation_id not in asked]
    return Commitment(one, one.asked, missing)


def speaks_for(
    organisation: Organisation, side: str, cycle: Cycle
) -> tuple[Post | None, list[Seat]]:
    """Who answers for an organisation: the post of its highest authority; and for a counterpart
    also whoever speaks in its seats of the cycle's bodies."""
    seats: list[Seat] = []
    if side == rules.Side.COUNTERPART:
        here = Q(body=cycle.forum_id) | Q(body=cycle.working_group_id)
        seats = list(Seat.objects.filter(here, member=organisation, ends_on=None))
    return identity.head(organisation), seats


def may_answer(
    asked: Confirmation, cycle: Cycle, person: Person, *, on: date
) -> tuple[bool, Post | None]:
    """Whether somebody answers for who was asked, and from which post."""
    head, seats = speaks_for(asked.organisation, asked.side, cycle)
    if head and head in identity.posts_of(person, on=on):
        return True, head
    mine = assemblies.in_force(on=on).filter(person=person, seat__in=seats)
    return mine.exists(), None


def asked_of(cycle: Cycle, person: Person, *, on: date) -> list[Integrated]:
    """What somebody was asked to confirm and did not answer yet."""
    here = Confirmation.objects.filter(integrated__cycle=cycle, current=True, answer="")
    waiting = here.select_related("integrated", "organisation").order_by("integrated__number")
    return [one.integrated for one in waiting if may_answer(one, cycle, person, on=on)[0]]


def pages_of(commitments: Iterable[Commitment]) -> Mapping[int, str]:
    """Where commitments are followed, by their nodes, once they can be found: one statement."""
    types = [record.key for record in record_types if record.of == "plans.Node"]
    nodes = [str(one.integrated.node_id) for one in commitments if one.integrated.node_id]
    found = Record.objects.filter(type__in=types, reference__in=nodes)
    return {int(node): page for node, page in found.values_list("reference", "address")}


def point(integrated: Integrated, kind: str, about: int) -> Item | None:
    """The point by which the forum decides what an answer brought up, while it waits."""
    points = Item.objects.filter(subject=f"{kind}:{about}", outcome="")
    return points.filter(session__body=integrated.cycle.forum_id).select_related("session").first()


def facts(asked: Confirmation) -> Facts:
    """What the history tells of an answer; its words by their digest."""
    words = sha256(asked.message.encode()).hexdigest() if asked.message else ""
    return {"confirmation": asked.pk, "answer": asked.answer, "words": words}


def verify() -> Iterator[Fault]:
    """Answers that are not those that were given, and commitments that nobody confirmed."""
    told: dict[int, Mapping[str, Any]] = {}
    nodes: dict[str, int] = {}
    entries = Entry.objects.filter(stream__startswith="integrated:")
    for entry in entries.filter(kind__in=["answer", "commit"]).order_by("stream", "seq"):
        if entry.kind == "answer":
            told[entry.facts["confirmation"]] = entry.facts
        else:
            nodes[entry.stream] = entry.facts["node"]
    for row in Confirmation.objects.exclude(answer="").select_related("integrated").iterator():
        if not selection.agrees(told.pop(row.pk, {}), facts(row)):
            yield Fault(row.integrated.stream, _("una respuesta no es la que se dio"))
    for number in told:
        yield Fault(f"confirmation {number}", _("falta una respuesta que se dio"))
    for one in Integrated.objects.exclude(node=None).iterator():
        if nodes.pop(one.stream, None) != one.node_id:
            yield Fault(one.stream, _("nadie confirmó el compromiso en que se convirtió"))
    for stream in nodes:
        yield Fault(stream, _("falta el compromiso en que se convirtió"))
