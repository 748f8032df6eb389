"""What the working group said of each proposal, and what it still has to say."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minga.kernel.assemblies import queries as assemblies
from minga.kernel.cases import rules as case_rules
from minga.kernel.conversation import queries as conversation
from minga.kernel.identity.models import Person, Seat
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, readable
from minga.services.cocreation.models import Cycle, Proposal, Screening
from minga.services.cocreation.rules import PROPOSAL, SCREENABLE, State
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.screening import Member, Standing


def member(cycle: Cycle, person: Person, *, on: date) -> Seat:
    """The seat of the working group in which somebody speaks."""
    seat = assemblies.seat_in(cycle.working_group, person, on=on)
    if seat is None:
        raise Breach(Rule.NOT_A_MEMBER)
    return seat


def is_member(cycle: Cycle, person: Person | None, *, on: date) -> bool:
    body = cycle.working_group
    return bool(person and body and assemblies.seat_in(body, person, on=on))


def as_member(seat: Seat) -> Member:
    return Member(seat.pk, seat.sector)


def group(cycle: Cycle, *, on: date) -> list[Member]:
    """The seats of the working group in which somebody speaks on a day."""
    speaks = assemblies.in_force(on=on).filter(seat=OuterRef("pk"))
    seats = Seat.objects.filter(Exists(speaks), body=cycle.working_group).order_by("pk")
    return [as_member(seat) for seat in seats]


def _with_sight(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Each with whether its text was taken out of sight, as `unread`: members decide on it like
    on the others, or it would keep its cycle from going on, and read no word of it."""
    return found.annotate(unread=Q(pk__in=conversation.hidden(PROPOSAL)))


def waiting(cycle: Cycle, kind: str = "") -> QuerySet[Proposal]:
    """What the group has to do: screen, agree with what was proposed, look at an answer."""
    found = _with_sight(Proposal.objects.filter(cycle=cycle))
    found = found.select_related("case", "territory")
    proposed = Exists(Screening.objects.filter(proposal=OuterRef("pk"), standing="proposed"))
    if kind == "conformidad":
        return found.filter(proposed, case__state__in=SCREENABLE)
    state = State.OBJECTED if kind == "respuestas" else State.ACCEPTED
    return found.filter(~proposed, case__state=state)


def proposal(cycle: Cycle, number: int) -> Proposal | None:
    """One that is in the process, for whoever screens."""
    whole = _with_sight(Proposal.objects.all())
    whole = whole.select_related("case__definition", "case__holder", "cycle__convener", "territory")
    return whole.filter(cycle=cycle, number=number, case__public=True).first()


def of(proposal: Proposal) -> list[Screening]:
    """All that was said of a proposal, the first first."""
    whole = Screening.objects.filter(proposal=proposal).order_by("pk")
    return list(whole.select_related("seat__member", "second_seat__member", "person", "second"))


def proposed(proposal: Proposal) -> Screening | None:
    """What waits for another member."""
    return next((one for one in of(proposal) if one.standing == Standing.PROPOSED), None)


def decisions(proposal: Proposal) -> tuple[Screening | None, Screening | None]:
    """What was decided at first, and after the person answered it."""
    taken = {one.again: one for one in of(proposal) if one.standing == Standing.CONFIRMED}
    return taken.get(False), taken.get(True)


def first_two(decision: Screening | None) -> list[Member]:
    """Who took a decision that is looked at again."""
    if decision is None or decision.second_seat is None:
        return []
    return [as_member(decision.seat), as_member(decision.second_seat)]


def said(screening: Screening) -> dict[str, object]:
    """What is sealed of it."""
    names = ("again", "met", "pillars", "related", "reason", "explanation")
    return {name: getattr(screening, name) for name in names}


def seal(screening: Screening) -> str:
    return case_rules.seal(screening.salt, said(screening))


def facts(screening: Screening) -> dict[str, str | int | bool | None]:
    """What the history keeps of it at each step."""
    until = screening.answer_until
    return {
        "screening": screening.pk,
        "seal": seal(screening),
        "seat": screening.seat_id,
        "second_seat": screening.second_seat_id,
        "standing": str(screening.standing),
        "until": until.isoformat() if until else None,
    }


def verify() -> Iterator[Fault]:
    """What stands of a screening that is not what its history says last."""
    told: dict[int, tuple[str, dict[str, object]]] = {}
    entries = Entry.objects.filter(stream__startswith="screening:").order_by("stream", "seq")
    for entry in entries.iterator():
        last = readable(entry.body)
        told[int(last.pop("screening", 0))] = (entry.stream, last)
    for screening in Screening.objects.iterator():
        stream, last = told.pop(screening.pk, ("", {}))
        now = facts(screening)
        if stream != screening.stream or any(
            last.get(k) != now[k] for k in now.keys() - {"screening"}
        ):
            yield Fault(screening.stream, _("la clasificación no es la que se decidió"))
    for stream, _last in told.values():
        yield Fault(stream, _("falta una clasificación que se hizo"))
