"""Integrated proposals with published scores, and a forum that decides, made with the actions
where this part has them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from minga.kernel.assemblies.models import Item, Session
from minga.kernel.assemblies.rules import Choice
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Organisation, Person, Post
from minga.services.cocreation import queries
from minga.services.cocreation.actions import confirmation, selection, sessions, stages
from minga.services.cocreation.models import Aim, Cycle, Integrated, Party, Score, Step
from minga.services.cocreation.queries import selection as placed
from minga.services.cocreation.rules.selection import INCLUDE, LATER, OUTSIDE, RESERVE, Place

from .build import NOON, a_whole_cycle, speaks

FORUM = ("carla", "bruno", "diego", "ines")


def scored(cycle: Cycle, number: int, total: str, at: datetime = NOON) -> Integrated:
    """One with the same score in both criteria."""
    told = {"problem": "Un problema.", "solution": f"Lo que se haría, {number}.", "made_at": at}
    one = Integrated.objects.create(
        cycle=cycle,
        number=number,
        title=f"Propuesta integrada {number}",
        sort_title=f"propuesta integrada {number}",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
        **told,
    )
    both = str(Fraction(total))
    Score.objects.create(
        integrated=one,
        total=Decimal(total),
        criteria={"feasibility": both, "relevance": both},
        indicators={},
        published_at=at,
    )
    first, last = date(2027, 1, 1), date(2027, 6, 30)
    Step.objects.create(integrated=one, number=1, title="Un hito", starts_on=first, ends_on=last)
    Aim.objects.create(integrated=one, goal=16)
    Party.objects.create(
        integrated=one, organisation=responsible().organisation, role="responsible"
    )
    Party.objects.create(integrated=one, organisation=counterpart(), role="counterpart")
    return one


def responsible() -> Post:
    """The highest authority of an invented institution."""
    body = identity.know_organisation(key="obras", name="Obras", source="prueba", demo=True)
    post = identity.know_post(organisation=body, title="Dirección general", at=NOON)
    Post.objects.filter(pk=post.pk, heads=False).update(heads=True)
    if not post.memberships.exists():
        told = {"name": "Olga", "password": "x" * 12, "since": NOON.date() - timedelta(days=90)}
        identity.appoint(email="olga@prueba.minga", post=post, **told)  # type: ignore[arg-type]
    return post


def counterpart() -> Organisation:
    return Organisation.objects.get(key="datos-del-rio")  # bruno speaks for it


def olga() -> Person:
    responsible()
    return Person.objects.get(email="olga@prueba.minga")


def a_scored_cycle(*totals: str) -> Cycle:
    cycle = a_whole_cycle("seleccion")
    for number, total in enumerate(totals or ("2.5", "1.5", "0.5", "2.1"), start=1):
        scored(cycle, number, total)
    return cycle


def prepared(cycle: Cycle) -> None:
    """Each where its score puts it, with what its category asks for."""
    selection.propose(cycle=cycle, person=speaks("carla"), at=NOON)
    for pick in placed.picks(cycle):
        asked = {
            INCLUDE: {"axis": "open-data"},
            RESERVE: {"reserve_for": LATER},
            OUTSIDE: {"anchor": "Un proyecto", "entity": "Una entidad"},
        }[pick.category]
        told = {"category": pick.category, "by_score": pick.by_score}
        selection.place(
            cycle=cycle,
            number=pick.integrated.number,
            place=Place(**told, **asked),  # type: ignore[arg-type]
            person=speaks("carla"),
            rev=pick.rev,
            at=NOON,
        )


def a_session(cycle: Cycle, *present: str) -> Session:
    assert cycle.forum
    told = {"held_on": NOON.date(), "virtual": True, "at": NOON}
    session = sessions.call(body=cycle.forum, person=speaks("carla"), **told)  # type: ignore[arg-type]
    for name in present or FORUM:
        sessions.attend(session=session, person=speaks(name), at=NOON)
    return session


def voted(item: Item, *names: str) -> Item:
    for name in names or FORUM:
        item = sessions.vote(item=item, person=speaks(name), choice=Choice.FOR, at=NOON)
    return item


def selected(*totals: str) -> Cycle:
    """A cycle whose forum selected, in the stage of the confirmations."""
    cycle = a_scored_cycle(*totals)
    prepared(cycle)
    session = a_session(cycle)
    voted(selection.put(cycle=cycle, session=session, person=speaks("carla"), at=NOON))
    stages.advance(cycle=cycle, to="confirmacion", by="house", at=NOON)
    found = queries.cycle(cycle.key)
    assert found
    return found


def asked(*totals: str) -> Cycle:
    cycle = selected(*totals)
    confirmation.ask(cycle=cycle, person=speaks("carla"), at=NOON)
    return cycle
