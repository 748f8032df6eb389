"""Integrated proposals that can be evaluated, and a round of scoring among invented people."""

from datetime import date, datetime, timedelta

from minga.kernel.base.text import sort_key
from minga.kernel.identity.models import Organisation, Person
from minga.kernel.rubrics import queries as rounds
from minga.kernel.rubrics.models import Assessment, Round
from minga.kernel.rubrics.rules import State
from minga.services.cocreation.actions import evaluation
from minga.services.cocreation.models import Cycle, Integrated, Join, Party, Step
from minga.services.cocreation.queries import evaluation as queries

from .build import NOON, a_whole_cycle, accepted, speaks

RESPONSIBLE, COUNTERPART = "villa-minga-participacion", "puente-claro"


def an_integrated(cycle: Cycle, number: int = 1, **changed: object) -> Integrated:
    """Of one accepted proposal, for exactly 24 months, between a public body and a foundation."""
    said: dict[str, object] = {
        "title": f"Presupuestos del barrio {number}",
        "problem": "Nadie sabe cuánto dinero se destina a cada obra.",
        "solution": "Publicar cada tres meses una hoja con las obras.",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 12, 31),
        "made_at": NOON,
    }
    said |= changed
    title = sort_key(str(said["title"]))
    made = Integrated.objects.create(cycle=cycle, number=number, sort_title=title, **said)
    for key, role in ((RESPONSIBLE, "responsible"), (COUNTERPART, "counterpart")):
        body = Organisation.objects.get(key=key)
        Party.objects.create(integrated=made, organisation=body, role=role)
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 3, 31)}
    Step.objects.create(integrated=made, number=1, title="Diseñar la hoja", **days)
    proposal = accepted(title=f"Una idea del barrio {number}")
    told = {"joined_at": NOON, "joined_by": "house", "reason": "Dicen lo mismo."}
    Join.objects.create(integrated=made, proposal=proposal, **told)
    return made


def a_round(many: int = 1, at: datetime = NOON) -> Cycle:
    """A cycle in which everybody was asked for their scores; `at` a moment in which they speak for
    their organisations."""
    cycle = a_whole_cycle("evaluacion")
    for number in range(1, many + 1):
        an_integrated(cycle, number)
    evaluation.open_round(cycle=cycle, person=speaks("carla"), at=at)
    assert evaluation.assign(cycle=cycle, person=speaks("carla"), at=at) == 0
    return cycle


def the_round(cycle: Cycle) -> Round:
    found = queries.round_of(cycle)
    assert found
    return found


def waiting(cycle: Cycle) -> list[Assessment]:
    """What was asked for and is not handed in."""
    rows = Assessment.objects.filter(subject__round=the_round(cycle), recused_at=None)
    whole = rows.filter(locked_at=None).select_related("subject", "assessor")
    return list(whole.order_by("pk"))


def handed_in(
    cycle: Cycle, one: Assessment, score: int, comment: str = "", at: datetime = NOON
) -> None:
    """Every indicator of it scored alike."""
    by = rounds.rubric(the_round(cycle)).criterion(one.criterion)
    number = Integrated.objects.get(pk=queries.number_of(one.subject)).number
    told = {"cycle": cycle, "number": number, "person": one.assessor, "rev": one.rev}
    values = {part.key: score for part in by.rated}
    evaluation.hand_in(**told, values=values, comment=comment, at=at)  # type: ignore[arg-type]


def all_handed_in(cycle: Cycle, score: int = 2) -> None:
    for one in waiting(cycle):
        handed_in(cycle, one, score)


def agreed(cycle: Cycle, step: State, *emails: str, at: datetime = NOON) -> bool:
    """Whether the last of them made it so."""
    done = False
    for minute, email in enumerate(emails or ("carla", "ines")):
        then = at + timedelta(minutes=minute)
        done = evaluation.agree(cycle=cycle, step=step, person=speaks(email), at=then)
    return done


def published(cycle: Cycle) -> None:
    agreed(cycle, State.CONSOLIDATED)
    assert agreed(cycle, State.PUBLISHED)


def assessor(cycle: Cycle, rater: str) -> Person:
    found = Assessment.objects.filter(subject__round=the_round(cycle), recused_at=None)
    return found.select_related("assessor").filter(rater=rater)[0].assessor
