"""A small world for tests, made with the actions: it can never be illegal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import minga
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Person, Post
from minga.kernel.jurisdiction import actions as jurisdiction
from minga.kernel.jurisdiction import queries as places
from minga.services.cocreation import actions, queries
from minga.services.cocreation.actions import screening, stages, workshops
from minga.services.cocreation.demo.forum import bodies
from minga.services.cocreation.models import Cycle, Method, Proposal, Registration, Workshop
from minga.services.cocreation.queries.method import parsed
from minga.services.cocreation.rules.screening import Verdict

METHODS = Path(minga.__file__).parent.glob("jurisdictions/*/data/cocreation/*.toml")
PAGA_1 = next(file for file in METHODS if file.stem == "paga-1")
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)


def a_post(name: str = "Secretaría inventada", email: str = "ines@prueba.minga") -> Post:
    organisation = identity.know_organisation(
        key=name.lower().replace(" ", "-"), name=name, source="prueba", demo=True
    )
    post = identity.know_post(organisation=organisation, title="Analista")
    identity.appoint(email=email, name="Inés", password="x" * 12, post=post, since=NOON.date())
    return post


def a_cycle(post: Post | None = None) -> Cycle:
    jurisdiction.load()
    return actions.convene(
        key="prueba",
        title="Convocatoria de prueba",
        convener=post or a_post(),
        opens=NOON - timedelta(days=30),
        closes=NOON + timedelta(days=30),
    )


def words(**changed: object) -> dict[str, object]:
    """What somebody wrote, complete."""
    return {
        "cycle": "prueba",
        "title": "Presupuesto del barrio",
        "problem": "Nadie sabe cuánto dinero se destina a cada obra.",
        "solution": "Publicar cada tres meses una hoja con las obras.",
        "goal": 16,
        "territory": places.territories()[0].iso,
        "sector": "citizen",
    } | changed


def a_proposal(at: datetime = NOON, person: Person | None = None, **changed: object) -> Proposal:
    if not queries.open_cycles(on=at.date()).exists():
        a_cycle()
    draft = uuid4()
    actions.keep(draft=draft, words=words(**changed), at=at, person=person)
    found = queries.by_code(actions.send(draft=draft, at=at, person=person).code)
    assert found
    return found


def decided(proposal: Proposal, move: str, **more: Any) -> Proposal:
    """One step by the institution that holds it."""
    post = Post.objects.filter(organisation=proposal.case.holder)[0]
    actions.decide(proposal=proposal, move=move, post=post, rev=proposal.case.rev, at=NOON, **more)
    found = queries.by_code(proposal.case.code)
    assert found
    return found


def accepted(**changed: object) -> Proposal:
    return decided(a_proposal(**changed), "accept")  # type: ignore[arg-type]  # words only


def related(**changed: object) -> Proposal:
    """One that two members of the working group sorted in; its cycle is in that stage."""
    proposal = accepted(**changed)
    met = dict.fromkeys(("clarity", "collaboration", "pillars", "policy"), True)
    told = {"proposal": proposal, "at": NOON}
    made = screening.propose(
        person=speaks("elena"),
        verdict=Verdict(met, ["integrity"]),
        rev=proposal.case.rev,
        **told,  # type: ignore[arg-type]
    )
    screening.agree(person=speaks("felix"), shown=made.pk, **told)  # type: ignore[arg-type]
    found = queries.by_code(proposal.case.code)
    assert found
    return found


def a_method() -> Method:
    """The method of the first cycle, whichever country this is."""
    return stages.load_method(file=PAGA_1, at=NOON)


def a_whole_cycle(stage: str = "recepcion") -> Cycle:
    """A cycle with the method of the first one and invented bodies, in one of its stages."""
    cycle = a_cycle()
    forum, group, commission = bodies(NOON - timedelta(days=30))
    method = a_method()
    told = {"by": "house", "at": NOON}
    stages.follow(
        cycle=cycle,
        method=method,
        forum=forum,
        working_group=group,
        commission=commission,
        **told,  # type: ignore[arg-type]
    )
    for key in parsed(method.text).stages:
        if cycle.stage == stage:
            break
        if key != cycle.stage:
            stages.advance(cycle=cycle, to=key, **told)  # type: ignore[arg-type]
    found = queries.cycle(cycle.key)
    assert found
    return found


def speaks(email: str) -> Person:
    """One of the invented people who sit in the bodies: carla, bruno, diego and ines in the
    forum; elena, felix and nadia in the working group."""
    return Person.objects.get(email=f"{email}@demo.minga")


def a_workshop(**changed: Any) -> Workshop:
    """On the day of the tests."""
    cycle = queries.cycle("prueba") or a_cycle()
    said = {
        "sort": "territorial",
        "title": "Mesa de prueba",
        "city": "Villa Minga",
        "territory_id": places.territories()[0].iso,
        "on": NOON.date(),
        "hours": "08h00 a 13h00",
    } | changed
    return workshops.create(cycle=cycle, key=str(uuid4()), said=said, by="house", at=NOON)


def registered(workshop: Workshop, **changed: Any) -> Registration:
    said: dict[str, Any] = {
        "key": uuid4(),
        "name": "Rosa",
        "sex": "woman",
        "sector": "citizen",
    } | changed
    return workshops.register(workshop=workshop, at=NOON - timedelta(days=3), **said)
