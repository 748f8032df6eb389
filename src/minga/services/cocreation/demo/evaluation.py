"""An invented process that is being evaluated: one proposal is almost done, another waits."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from minga.kernel.base.text import sort_key
from minga.kernel.identity.models import Organisation, Person, Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.rubrics.models import Assessment
from minga.services.cocreation import actions, queries
from minga.services.cocreation.actions import evaluation, stages
from minga.services.cocreation.demo.forum import CARLA, INES, bodies
from minga.services.cocreation.models import Cycle, Integrated, Join, Party, Proposal, Step

CYCLE = "demostracion-evaluacion"
STAGE = "evaluacion"


class Plan(NamedTuple):
    """An invented integrated proposal."""

    title: str
    problem: str
    solution: str
    ends_on: date
    goal: int


START = date(2027, 1, 1)
PLANS = [
    Plan(
        "Presupuestos de barrio que se entienden",
        "La gente no sabe cuánto dinero hay para cada obra ni quién lo decide.",
        "Publicar cada tres meses una hoja sencilla y leerla en la asamblea.",
        date(2027, 10, 31),
        16,
    ),
    Plan(
        "Agua segura, a la vista de todos",
        "Los análisis del agua existen y no se publican.",
        "Publicar cada mes los análisis de cada sector, con una explicación.",
        date(2028, 12, 31),
        6,
    ),
]


def build(at: datetime) -> None:
    """Only where the country brought a method that evaluates; the same again changes nothing."""
    files = jurisdiction.files("cocreation")
    if not files or queries.cycle(CYCLE):
        return
    start = at - timedelta(days=90)
    cycle = _cycle(start)
    proposals = [_proposal(cycle, plan, start + timedelta(days=5)) for plan in PLANS]
    forum, group, commission = bodies(start)
    told = {"cycle": cycle, "method": stages.load_method(file=files[0], at=start)}
    told |= {"forum": forum, "working_group": group, "commission": commission}
    stages.follow(**told, by="house", at=start)  # type: ignore[arg-type]
    for key in ("integracion", STAGE):
        stages.advance(cycle=cycle, to=key, by="house", at=start + timedelta(days=40))
    for number, (plan, proposal) in enumerate(zip(PLANS, proposals, strict=True), start=1):
        _integrated(cycle, number, plan, proposal, start + timedelta(days=45))
    _evaluated(cycle, start + timedelta(days=60))


def _cycle(start: datetime) -> Cycle:
    post = Post.objects.filter(organisation__key=INES.key).order_by("pk")[0]
    end = start + timedelta(days=30)
    title = "Proceso en evaluación (demostración)"
    return actions.convene(key=CYCLE, title=title, convener=post, opens=start, closes=end)


def _proposal(cycle: Cycle, plan: Plan, at: datetime) -> Proposal:
    draft = uuid5(NAMESPACE_URL, f"minga:demo:{CYCLE}:{plan.goal}")
    words = {"title": plan.title, "problem": plan.problem, "solution": plan.solution}
    words |= {"cycle": cycle.key, "territory": jurisdiction.territories()[0].iso}
    actions.keep(draft=draft, words={**words, "goal": plan.goal, "sector": "citizen"}, at=at)
    proposal = queries.by_code(actions.send(draft=draft, at=at).code)
    post = Post.objects.filter(organisation=cycle.convener).order_by("pk")[0]
    assert proposal
    actions.decide(proposal=proposal, move="accept", post=post, rev=1, at=at)
    return proposal


def _integrated(cycle: Cycle, number: int, plan: Plan, proposal: Proposal, at: datetime) -> None:
    made = Integrated.objects.create(
        cycle=cycle,
        number=number,
        title=plan.title,
        sort_title=sort_key(plan.title),
        problem=plan.problem,
        solution=plan.solution,
        starts_on=START,
        ends_on=plan.ends_on,
        made_at=at,
    )
    for key, role in ((INES.key, "responsible"), (CARLA.key, "counterpart")):
        body = Organisation.objects.get(key=key)
        Party.objects.create(integrated=made, organisation=body, role=role)
    days = {"starts_on": START, "ends_on": date(2027, 3, 31)}
    Step.objects.create(integrated=made, number=1, title="Acordar qué se publica", **days)
    said = {"joined_at": at, "joined_by": "house", "reason": "Dato de demostración."}
    Join.objects.create(integrated=made, proposal=proposal, **said)


def _evaluated(cycle: Cycle, at: datetime) -> None:
    """Of the first one everything but one score is in; of the other nothing is."""
    carla = Person.objects.get(email=f"{CARLA.email}@demo.minga")
    evaluation.open_round(cycle=cycle, person=carla, at=at)
    ines = Person.objects.get(email=f"{INES.email}@demo.minga")
    asked = {"number": 2, "criterion": "feasibility", "rater": "responsible", "assessor": ines}
    evaluation.ask(cycle=cycle, **asked, person=carla, at=at)  # type: ignore[arg-type]
    evaluation.assign(cycle=cycle, person=carla, at=at)
    rows = Assessment.objects.filter(subject__round__about=cycle.stream, subject__position=1)
    for one in rows.exclude(rater="responsible").select_related("assessor").order_by("pk"):
        keys = {"feasibility": ("resources", "willingness"), "relevance": ("impact", "alignment")}
        evaluation.hand_in(
            cycle=cycle,
            number=1,
            person=one.assessor,
            values=dict.fromkeys(keys[one.criterion], 2),
            comment="",
            rev=1,
            at=at + timedelta(days=1),
        )
