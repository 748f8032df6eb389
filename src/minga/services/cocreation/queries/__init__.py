from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.calendar import months_over
from minga.kernel.base.goals import GOALS
from minga.kernel.base.text import Text, sort_key
from minga.kernel.cases import queries as cases
from minga.kernel.cases import rules as case_rules
from minga.kernel.cases.declaration import case_types
from minga.kernel.cases.models import Contact
from minga.kernel.catalogue import queries as catalogue
from minga.kernel.conversation import queries as conversation
from minga.kernel.design.pictures.charts import StackRow
from minga.kernel.design.pictures.figures import Figure
from minga.kernel.identity.models import Person, Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault
from minga.services.cocreation import rules
from minga.services.cocreation.models import Cycle, Proposal
from minga.services.cocreation.queries import following


def open_cycles(*, on: date) -> QuerySet[Cycle]:
    """The calls that take proposals on a day, the one that closes first before the others."""
    now = Cycle.objects.filter(opens_on__lte=on, closes_on__gte=on)
    return now.select_related("convener").order_by("closes_on", "pk")


def cycles() -> QuerySet[Cycle]:
    """All calls, the one that closes last first."""
    return Cycle.objects.select_related("convener").order_by("-closes_on", "pk")


def cycle(key: str) -> Cycle | None:
    bodies = ("convener", "method", "forum", "working_group", "commission")
    return Cycle.objects.select_related(*bodies).filter(key=key).first()


def _whole() -> QuerySet[Proposal]:
    return Proposal.objects.select_related(
        "case__definition", "case__holder", "cycle__convener", "cycle__method", "territory"
    )


def by_code(code: str) -> Proposal | None:
    """The proposal of somebody who knows its code."""
    return _whole().filter(case__code=code).first()


def visible_to(posts: Iterable[Post]) -> QuerySet[Proposal]:
    """What everybody sees, and what the posts' own organisations hold."""
    held = {post.organisation_id for post in posts}
    seen = Q(case__public=True) & ~Q(pk__in=conversation.hidden(rules.PROPOSAL))
    return Proposal.objects.filter(seen | Q(case__holder__in=held))


def public() -> QuerySet[Proposal]:
    """What everybody sees: list, page, search, export and feed stand on this."""
    return visible_to([]).select_related("territory", "cycle__convener")


def in_process() -> QuerySet[Proposal]:
    """What was accepted: with those whose text was taken out of sight, which count like the
    others. For figures, never for words."""
    return Proposal.objects.filter(case__public=True)


def withdrawn() -> dict[int, str]:
    """Of which proposals the text was taken out of sight, and why."""
    return conversation.reasons_of_hidden(rules.PROPOSAL)


def withdrawn_reason(cycle: str, number: int) -> str:
    """Why the text of an accepted proposal is out of sight; "" when it is not."""
    found = in_process().filter(cycle__key=cycle, number=number).values_list("pk", flat=True)
    return withdrawn().get(found.first() or 0, "")


def references() -> Iterable[str]:
    return map(str, public().values_list("pk", flat=True))


def mine(case: int, person: Person) -> Proposal | None:
    """A proposal that somebody sent with their account, or added to it."""
    return _whole().filter(pk=case, case__in=cases.asked_by(person).values("pk")).first()


def held(case: int, posts: Iterable[Post]) -> Proposal | None:
    """A proposal that one of these posts answers for."""
    organisations = {post.organisation_id for post in posts}
    return _whole().filter(pk=case, case__holder__in=organisations).first()


def narrowed(  # noqa: PLR0913  # a list is narrowed in this many ways
    found: QuerySet[Proposal],
    *,
    goal: int | None = None,
    territory: str = "",
    sector: str = "",
    words: str = "",
    outcome: str = "",
) -> QuerySet[Proposal]:
    """The list as a reader filters it; goal 0 is «too general for one», and words may be the
    number of one."""
    if goal is not None:
        found = found.filter(goal=goal or None)
    if territory:
        found = found.filter(territory__iso=territory)
    if words.isdecimal():
        found = found.filter(number=int(words[:9]))
    elif words:
        found = found.filter(pk__in=catalogue.having(words, type=rules.PROPOSAL))
    if outcome:
        found = following.with_outcome(found).filter(outcome=outcome)
    return found.filter(sector=sector) if sector else found


def said(proposal: Proposal) -> dict[str, object]:
    """What was sealed when the proposal was received."""
    return rules.said(
        {
            "title": proposal.title,
            "problem": proposal.problem,
            "solution": proposal.solution,
            "goal": proposal.goal,
            "territory": proposal.territory_id,
            "sector": proposal.sector,
        }
    )


def mark(words: Mapping[str, object]) -> str:
    """Differs when anything that would be sent differs."""
    return case_rules.seal("", {**words})[:16]


def public_once(cycle: str, number: int) -> bool:
    """Whether a proposal had this public number and is not shown any more."""
    return Proposal.objects.filter(cycle__key=cycle, number=number, case__public=False).exists()


def masked_contact(proposal: Proposal) -> str:
    """Where the person is told, as they recognise it and nobody else: r…@correo.com"""
    contact = Contact.objects.filter(case=proposal.pk).first()
    name, _at, domain = contact.email.partition("@") if contact else ("", "", "")
    return f"{name[0]}…@{domain}" if contact else ""


def seal(proposal: Proposal) -> str:
    return case_rules.seal(proposal.salt, said(proposal))


def seals() -> Iterable[tuple[int, str]]:
    for proposal in Proposal.objects.iterator():
        yield proposal.pk, seal(proposal)


def titles(case_ids: Iterable[int]) -> Mapping[int, str]:
    return dict(Proposal.objects.filter(pk__in=list(case_ids)).values_list("pk", "title"))


def verify() -> Iterator[Fault]:
    """Public numbers that are not those the history gave."""
    given: dict[tuple[str, int], int] = {}
    numbers = Entry.objects.filter(stream__startswith="cocreation:", kind="number")
    for entry in numbers.iterator():
        given[entry.stream, entry.facts["case"]] = entry.facts["number"]
    for proposal in Proposal.objects.exclude(number=None).select_related("cycle").iterator():
        if given.pop((proposal.cycle.stream, proposal.pk), None) != proposal.number:
            yield Fault(f"case:{proposal.pk}", _("su número público no es el que se le dio"))
    for proposal in Proposal.objects.select_related("case").iterator():
        sorted_as = sort_key(proposal.title)[: rules.TITLE]
        if (proposal.received_at, proposal.sort_title) != (proposal.case.opened_at, sorted_as):
            yield Fault(f"case:{proposal.pk}", _("no está ordenada como se recibió"))
    for stream, case in given:
        yield Fault(f"{stream} {case}", _("falta una propuesta que tuvo un número público"))


COUNTED: Mapping[str, Any] = {
    "place": F("territory"),
    "goal": F("goal"),
    "sector": F("sector"),
    "month": TruncMonth("received_at"),
    "call": F("cycle__key"),
}


def counted(by: str, goal: int | None = None) -> dict[Any, int]:
    """How many public proposals there are of each kind, in the order of the kinds; of one goal,
    or of all."""
    kinds = narrowed(in_process(), goal=goal).annotate(kind=COUNTED[by])
    return dict(kinds.values_list("kind").annotate(many=Count("pk")).order_by("kind"))


def _listed(**narrow: object) -> str:
    """The address of the list with a filter."""
    return f"{reverse('cocreation:proposals')}?{urlencode(narrow)}"


def by_place(goal: int | None = None) -> dict[str, Figure]:
    """Every part of the country, with how many come from it: for one goal, or for all."""
    more = {} if goal is None else {"objetivo": goal}
    many, places = counted("place", goal), jurisdiction.territories().values_list("iso", "name")
    return {
        iso: Figure(name, many.get(iso, 0), _listed(lugar=iso, **more) if iso in many else "")
        for iso, name in places
    }


def by_goal() -> list[Figure]:
    """The goals that some proposal serves, the one with most of them first."""
    names = {goal: f"{goal}. {name}" for goal, name in GOALS.items()}
    found = sorted(counted("goal").items(), key=lambda pair: (-pair[1], pair[0] or 0))
    general = _("Es muy general para elegir uno")
    return [Figure(names.get(goal, general), n, _listed(objetivo=goal or 0)) for goal, n in found]


def by_sector(names: Mapping[rules.Sector, Text]) -> list[Figure]:
    many = counted("sector")
    return [
        Figure(name, many.get(key, 0), _listed(sector=key) if key in many else "")
        for key, name in names.items()
    ]


def by_month() -> list[Figure]:
    """Every month from the first to the last; one without proposals has none."""
    many = {localdate(month): n for month, n in counted("month").items()}
    return [Figure(date_format(month, "b Y"), many.get(month, 0)) for month in months_over(many)]


def by_call() -> list[StackRow]:
    """Where the public proposals of each call stand."""
    rows = in_process().values_list("cycle", "cycle__title", "case__state")
    calls: dict[tuple[int, str], list[Figure]] = {}
    for pk, title, state, n in rows.annotate(many=Count("pk")).order_by(
        "cycle__closes_on", "cycle"
    ):
        label = case_types[rules.PROPOSAL].states[state].label
        calls.setdefault((pk, title), []).append(Figure(label, n))
    return [StackRow(title, parts) for (_pk, title), parts in calls.items()]


def any_invented() -> bool:
    return in_process().filter(cycle__convener__demo=True).exists()


def home() -> Mapping[str, object]:
    """What the first page shows: the newest proposals, and where all of them come from."""
    proposals = list(public().order_by("-received_at", "-pk")[:3])
    return {"proposals": proposals, "places": by_place(), "shape": jurisdiction.grid()}


def shortcut(words: str) -> tuple[Text, str] | None:
    """Where somebody who typed a code into the search box wants to go. Nothing is looked
    up: the answer is the same whether the code exists or not."""
    if case_rules.read_code(words) is None:
        return None
    return _("Seguir mi propuesta con un código"), reverse("cocreation:follow")
