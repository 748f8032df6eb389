"""Invented comments, supports and reports on the invented proposals, and a map of actors."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils.timezone import localdate

from minga.kernel.conversation import actions as conversation
from minga.kernel.conversation import queries as talk
from minga.kernel.conversation.models import Comment, Decision, Thread
from minga.kernel.conversation.rules import Reason
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person
from minga.kernel.identity.rules import DEMO
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import queries
from minga.services.cocreation.actions import actors, support
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.rules import Sector
from minga.services.cocreation.rules.actors import Reach

# Who says what, and to which comment of the same proposal.
SAID = [
    ("eusebio", "En mi comunidad pasó lo mismo: nos enteramos cuando ya estaban las máquinas.", 0),
    ("rosa", "¿Y si la hoja se pega también en la escuela? Ahí pasa todo el barrio.", 0),
    ("eusebio", "Sí, y en la tienda. Nosotros podemos ayudar a repartirla.", 2),
    ("rosa", "Compren mis ollas, están en oferta toda la semana.", 0),
]
ADVERTISING, DOUBTFUL = 4, 3  # numbers of comments
ACTORS = [
    (
        "Red de Veedurías del Páramo (demostración)",
        "Acompaña a los barrios que vigilan las obras y enseña a leer un presupuesto.",
        (Sector.CIVIL_SOCIETY, Reach.SUBNATIONAL, "16"),
    ),
    (
        "Universidad del Páramo (demostración)",
        "Estudia la calidad del agua y publica sus datos cada semestre.",
        (Sector.ACADEMIA, Reach.NATIONAL, "6"),
    ),
    (
        "Agencia de Datos de Villa Minga (demostración)",
        "Abre los datos de las instituciones y responde a quienes los piden.",
        (Sector.PUBLIC, Reach.NATIONAL, "16"),
    ),
]


def build(cycle: str, at: datetime) -> None:
    """The same again changes nothing."""
    found = queries.public().filter(cycle__key=cycle).order_by("number")[:3]
    rosa, eusebio = (Person.objects.get(email=f"{name}{DEMO}") for name in ("rosa", "eusebio"))
    for proposal in found:
        support.support(proposal=proposal, person=eusebio, at=at)
    support.support(proposal=found[0], person=rosa, at=at)
    thread = talk.thread(type="cocreation.proposal", reference=str(found[0].pk))
    assert thread
    _talk(thread, {"rosa": rosa, "eusebio": eusebio}, at - timedelta(days=1))
    if not Decision.objects.filter(matter__thread=thread).exists():
        _judge(thread, {ADVERTISING: eusebio, DOUBTFUL: rosa}, at)
    _map(found[0].cycle, at)


def _talk(thread: Thread, people: dict[str, Person], at: datetime) -> None:
    for position, (name, body, to) in enumerate(SAID):
        key = uuid5(NAMESPACE_URL, f"minga:demo:comment:{position}")
        told = {"key": key, "at": at + timedelta(minutes=20 * position)}
        conversation.say(thread=thread, person=people[name], body=body, to=to or None, **told)  # type: ignore[arg-type]


def _judge(thread: Thread, reporters: dict[int, Person], at: datetime) -> None:
    """One comment was reported and taken out of sight; another one waits to be decided."""
    for number, reporter in reporters.items():
        comment = Comment.objects.get(thread=thread, number=number)
        matter = conversation.report(
            thread=thread, comment=comment, person=reporter, reason=Reason.ADVERTISING, at=at
        )
        if number == ADVERTISING:
            post = thread.holder.posts.order_by("pk")[0]
            ines = identity.holder(post, on=localdate(at))
            assert ines
            told = {"post": post, "person": ines, "rev": matter.rev, "at": at}
            conversation.decide(matter=matter, reason=Reason.ADVERTISING, **told)  # type: ignore[arg-type]


def _map(cycle: Cycle, at: datetime) -> None:
    place, post = jurisdiction.territories()[0].iso, cycle.convener.posts.order_by("pk")[0]
    for name, does, (sector, reach, goal) in ACTORS:
        said = {"name": name, "does": does, "sector": sector, "reach": reach, "themes": [goal]}
        said["territory"] = place if reach == Reach.SUBNATIONAL else ""
        try:
            actors.enter(cycle=cycle, said=said, post=post, at=at)
        except actors.Known:
            return
