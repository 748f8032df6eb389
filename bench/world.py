"""Thousands of proposals, made with the same actions as real ones: what verifies a real
history verifies this one. Nothing is random that is not seeded."""

import random
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.db import connection, transaction

from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Person, Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import actions, queries
from minga.services.cocreation.rules import AgeGroup, Sector, Sex

CYCLE = "medida"
OFFICIAL = "medida@prueba.minga"
PENDING = 5  # to each so many accepted ones, one more that nobody has read yet
TOGETHER = 200  # proposals in one transaction
DAYS = 300
WHO = "la gente|las familias|los colegios|las parroquias|los talleres|las comunidades"
WHAT = "del agua|de los buses|del presupuesto|de las becas|de las compras|de los permisos"
HOW = "una hoja|un mapa|un aviso|un registro|una asamblea|un calendario|una tabla|una guía"
WHEN = "cada mes|cada semana|cada trimestre|antes de decidir|al terminar la obra"
WHERE = "en el barrio|en el cantón|en la provincia|en la ribera|en el mercado|en la escuela"
RARE = "páramo|quinua|trolebús|teleférico|biblioteca|manglar|telar|guagua|chasqui|totora"


def said(number: int) -> dict[str, object]:
    """What somebody proposes: goals, places and sectors as uneven as they are in life."""
    dice = random.Random(number)  # noqa: S311  # seeded, so that each run has the same words
    who, what, how, when, where, rare = (
        dice.choice(words.split("|")) for words in (WHO, WHAT, HOW, WHEN, WHERE, RARE)
    )
    sentences = [
        f"Aquí {where} {who} no saben {when} qué pasa con los datos {what}.",
        f"Los análisis {what} existen, pero se quedan en un archivador {where}.",
        f"Quien pregunta por lo {what} no recibe respuesta y vuelve {when}.",
        f"Por el {rare} nadie pasa a explicar las cuentas {what}.",
    ]
    places = territories()
    return {
        "cycle": CYCLE,
        "title": f"{how.capitalize()} {what} {where} para el {rare} {number}",
        "problem": " ".join(dice.choices(sentences, k=dice.randint(2, 12))),
        "solution": f"Publicar {when} {how} {what} y leerla {where}. " * dice.randint(1, 6),
        "goal": dice.choices([None, *range(1, 18)], weights=[40, *range(34, 0, -2)])[0],
        "territory": dice.choices(places, weights=[2**-n + 0.02 for n in range(len(places))])[0],
        "sector": dice.choices(list(Sector), weights=[600, 250, 100, 40, 9, 1])[0],
    }


@cache
def territories() -> list[str]:
    return [territory.iso for territory in jurisdiction.territories()]


def personal(number: int) -> dict[str, object]:
    """What a proponent may add: an address and three answers for the statistics."""
    email = f"persona{number}@prueba.minga"
    return {"email": email, "sex": Sex.WOMAN, "age_group": AgeGroup.FROM_26, "ethnic_group": ""}


def convener(at: datetime) -> Post:
    organisation = identity.know_organisation(
        key="medida", name="Secretaría de la medida", source="dato de prueba", demo=True
    )
    post = identity.know_post(organisation=organisation, title="Analista")
    name, password = "Analista", str(UUID(int=random.SystemRandom().getrandbits(128)))
    identity.appoint(email=OFFICIAL, name=name, password=password, post=post, since=at.date())
    return post


def official() -> Person:
    return Person.objects.get(email=OFFICIAL)


def build(accepted: int, at: datetime) -> None:
    """So many accepted proposals and a fifth more to be read; the same again adds nothing."""
    began = at - timedelta(days=DAYS)
    post = convener(began)
    closes = at + timedelta(days=365)
    if queries.cycle(CYCLE):
        return
    actions.convene(
        key=CYCLE, title="Convocatoria de la medida", convener=post, opens=began, closes=closes
    )
    total = accepted + accepted // PENDING
    for first in range(0, total, TOGETHER):
        with transaction.atomic():
            for number in range(first, min(total, first + TOGETHER)):
                moment = began + timedelta(days=DAYS) * number / total
                propose(number, moment, post if number % (PENDING + 1) < PENDING else None)
        if (first + TOGETHER) % 2_000 == 0:
            print(first + TOGETHER, end=" ", flush=True)
    if connection.vendor == "postgresql":  # what autovacuum does a minute later
        connection.cursor().execute("VACUUM ANALYZE")


def propose(number: int, at: datetime, reader: Post | None) -> None:
    """A person writes and sends; some leave an address; who reads it accepts it."""
    draft = UUID(int=number, version=4)
    words = said(number) | (personal(number) if number % 3 == 0 else {})
    actions.keep(draft=draft, words=words, at=at)
    case = actions.send(draft=draft, at=at)
    if reader:
        proposal = queries.by_code(case.code)
        assert proposal
        actions.decide(
            proposal=proposal, move="accept", post=reader, rev=1, at=at + timedelta(hours=5)
        )
