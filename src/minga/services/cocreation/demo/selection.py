"""An invented cycle that came before: its forum selected, one commitment is confirmed and in its
plan, another waits for its counterpart. Only where the country has a method."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from minga.kernel.assemblies.rules import Choice
from minga.kernel.base.text import sort_key
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Organisation, Person, Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import actions, queries
from minga.services.cocreation.actions import confirmation, selection, sessions, stages
from minga.services.cocreation.demo.forum import BRUNO, CARLA, DIEGO, INES, SOURCE, bodies
from minga.services.cocreation.models import Aim, Cycle, Integrated, Party, Score, Step
from minga.services.cocreation.queries import selection as selected
from minga.services.cocreation.rules.confirmation import Answer
from minga.services.cocreation.rules.selection import INCLUDE, LATER, OUTSIDE, RESERVE, Place

CYCLE = "demostracion-anterior"
MEMBERS = (CARLA, BRUNO, DIEGO, INES)


class Merged(NamedTuple):
    """An invented integrated proposal, and where the forum put it."""

    title: str
    solution: str
    goal: int
    total: str
    place: dict[str, object]


MERGED = (
    Merged(
        "Obras del cantón en datos abiertos (demostración)",
        "Publicar cada tres meses, en datos abiertos, las obras del cantón, su dinero y su avance.",
        16,
        "2.5",
        {"category": INCLUDE, "axis": "open-data"},
    ),
    Merged(
        "Escuela de datos en las bibliotecas (demostración)",
        "Un taller mensual en cada biblioteca para leer y usar los datos que ya son públicos.",
        4,
        "2.25",
        {"category": INCLUDE, "axis": "capacities"},
    ),
    Merged(
        "Mapa de la calidad del agua (demostración)",
        "Un mapa abierto con los análisis de agua de cada sector y lo que significan.",
        6,
        "1.5",
        {"category": RESERVE, "reserve_for": LATER},
    ),
    Merged(
        "Código de conducta de las ventanillas (demostración)",
        "Escribir con la gente un código de conducta para todas las ventanillas.",
        16,
        "2.1",
        {
            "category": OUTSIDE,
            "reason": "Por su enfoque institucional.",
            "anchor": "Plan de mejora de las ventanillas de Villa Minga (demostración)",
            "entity": "Dirección de Atención de Villa Minga (demostración)",
        },
    ),
    Merged(
        "Registro único de siniestros viales (demostración)",
        "Un registro único de los siniestros viales, con datos por esquina y por hora.",
        3,
        "0.75",
        {"category": LATER, "deferral": "Depende de otros cantones."},
    ),
)


def build(convener: Post, at: datetime) -> None:
    """The same again changes nothing."""
    file = next((f for f in jurisdiction.files("cocreation") if f.stem == "paga-1"), None)
    if file is None or queries.cycle(CYCLE):
        return
    start = at - timedelta(days=300)
    forum, group, commission = bodies(start)
    cycle = actions.convene(
        key=CYCLE,
        title="Proceso anterior de demostración",
        convener=convener,
        opens=start,
        closes=start + timedelta(days=60),
    )
    stages.follow(
        cycle=cycle,
        method=stages.load_method(file=file, at=start),
        forum=forum,
        working_group=group,
        commission=commission,
        by="house",
        at=start,
    )
    _scored(cycle, _head(start), start)
    told_at = at - timedelta(days=30)
    for stage in ("integracion", "evaluacion", "seleccion"):
        stages.advance(cycle=cycle, to=stage, by="house", at=told_at)
    _select(cycle, forum, told_at)
    stages.advance(cycle=cycle, to="confirmacion", by="house", at=told_at)
    _confirm(cycle, told_at + timedelta(days=2))


def _head(at: datetime) -> Post:
    """The invented highest authority that answers for what is promised."""
    body = identity.know_organisation(
        key="villa-minga-obras",
        name="Dirección de Obras de Villa Minga (demostración)",
        source=SOURCE,
        demo=True,
        at=at,
    )
    told = {"title": "Dirección general", "heads": True}
    head = Post.objects.filter(organisation=body, heads=True).first() or identity.enter_post(
        organisation=body, said=told, instead_of=None, by="house", at=at
    )
    identity.appoint(
        email="marta@demo.minga",
        name="Marta Anchundia",
        password=identity.DEMO_PASSWORD,
        post=head,
        since=at.date(),
    )
    return head


def _scored(cycle: Cycle, head: Post, at: datetime) -> None:
    """What integrating and evaluating came to."""
    counterpart = Organisation.objects.get(key=BRUNO.key)
    first, last = date(at.year + 1, 1, 1), date(at.year + 2, 12, 31)
    for number, merged in enumerate(MERGED, start=1):
        one = Integrated.objects.create(
            cycle=cycle,
            number=number,
            title=merged.title,
            sort_title=sort_key(merged.title)[:200],
            problem="Un problema inventado.",
            solution=merged.solution,
            starts_on=first,
            ends_on=last,
            made_at=at,
        )
        Score.objects.create(
            integrated=one,
            total=Decimal(merged.total),
            criteria=dict.fromkeys(("feasibility", "relevance"), merged.total),
            indicators={},
            published_at=at,
        )
        Step.objects.create(
            integrated=one, number=1, title="Un hito inventado", starts_on=first, ends_on=last
        )
        Aim.objects.create(integrated=one, goal=merged.goal)
        Party.objects.create(integrated=one, organisation=head.organisation, role="responsible")
        Party.objects.create(integrated=one, organisation=counterpart, role="counterpart")
    Cycle.objects.filter(pk=cycle.pk).update(joined=len(MERGED))


def _person(email: str) -> Person:
    return Person.objects.get(email=f"{email}@demo.minga")


def _select(cycle: Cycle, forum: Organisation, at: datetime) -> None:
    """The forum meets, decides the whole selection, and approves its minutes."""
    carla = _person(CARLA.email)
    selection.propose(cycle=cycle, person=carla, at=at)
    places = dict(enumerate((merged.place for merged in MERGED), start=1))
    for pick in selected.picks(cycle):
        number = pick.integrated.number
        place = Place(by_score=pick.by_score, **places[number])  # type: ignore[arg-type]
        told = {"place": place, "person": carla, "rev": pick.rev, "at": at}
        selection.place(cycle=cycle, number=number, **told)  # type: ignore[arg-type]
    day = timezone.localdate(at)
    session = sessions.call(body=forum, person=carla, held_on=day, virtual=True, at=at)
    for member in MEMBERS:
        sessions.attend(session=session, person=_person(member.email), at=at)
    item = selection.put(cycle=cycle, session=session, person=carla, at=at)
    for member in MEMBERS:
        sessions.vote(item=item, person=_person(member.email), choice=Choice.FOR, at=at)


def _confirm(cycle: Cycle, at: datetime) -> None:
    confirmation.ask(cycle=cycle, person=_person(CARLA.email), at=at)
    told = {"cycle": cycle, "said": Answer.CONFIRMED, "at": at}
    for number, email in ((1, "marta"), (1, BRUNO.email), (2, "marta")):
        confirmation.answer(number=number, person=_person(email), **told)  # type: ignore[arg-type]
