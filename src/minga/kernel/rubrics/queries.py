import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from minga.kernel.identity.models import Person
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, readable

from . import rules
from .models import Approval, Assessment, Round, Subject
from .rules import State


def round_of(about: str) -> Round | None:
    return Round.objects.filter(about=about).first()


def rubric(of: Round) -> rules.Rubric:
    return rules.read(of.rubric)


def visible_to(person: Person | None) -> QuerySet[Assessment]:
    """Of which assessments somebody may read the scores and the words: until a round is
    published, whoever wrote them, and nobody else. Whatever shows a score stands on this."""
    published = Q(subject__round__state=State.PUBLISHED)
    seen = published | Q(assessor=person) if person else published
    return Assessment.objects.filter(seen)


def mine(of: Round, person: Person) -> QuerySet[Assessment]:
    """What somebody has to score in a round, in the order of the things themselves."""
    own = visible_to(person).filter(assessor=person, subject__round=of)
    return own.select_related("subject").order_by("subject__position")


def takes_part(of: Round, person: Person) -> bool:
    return Assessment.objects.filter(subject__round=of, assessor=person).exists()


@dataclass(frozen=True)
class Slot:
    """How far one score is: who gives it, and nothing of what it says."""

    subject: int
    criterion: str
    rater: str
    third: bool
    person: int
    assessor: str
    organisation: str
    locked: bool


def slots(subjects: Iterable[int]) -> dict[int, list[Slot]]:
    """How far each thing is, for the body that runs the round: no score is even read."""
    found: dict[int, list[Slot]] = defaultdict(list)
    rows = Assessment.objects.filter(subject__in=list(subjects), recused_at=None)
    names = ("subject", "criterion", "rater", "third", "assessor", "assessor__name")
    for row in rows.order_by("pk").values(*names, "organisation__name", "locked_at"):
        names_of = {"assessor": row["assessor__name"], "organisation": row["organisation__name"]}
        place = {name: row[name] for name in ("subject", "criterion", "rater", "third")}
        is_in = row["locked_at"] is not None
        slot = Slot(**place, **names_of, person=row["assessor"], locked=is_in)
        found[slot.subject].append(slot)
    return found


@dataclass(frozen=True)
class Progress:
    """Of one role: how many handed in, of how many that were asked."""

    criterion: str
    rater: str
    third: bool
    asked: int
    locked: int


def progress(of: Round) -> list[Progress]:
    rows = Assessment.objects.filter(subject__round=of, recused_at=None)
    counted = rows.values_list("criterion", "rater", "third").annotate(
        asked=Count("pk"), locked=Count("locked_at")
    )
    return [Progress(*row) for row in counted.order_by("third", "criterion", "rater")]


def empty(of: Round) -> list[tuple[Subject, str, str]]:
    """Whose first score nobody was asked for: the thing, the criterion, the role."""
    rows = Assessment.objects.filter(subject__round=of, recused_at=None, third=False)
    there = set(rows.values_list("subject", "criterion", "rater"))
    return [
        (subject, part.key, rater)
        for subject in of.subjects.order_by("position")
        for part in rubric(of).criteria
        for rater in part.raters
        if (subject.pk, part.key, rater) not in there
    ]


def waits(of: Round) -> bool:
    """Whether somebody who was asked has not handed in."""
    rows = Assessment.objects.filter(subject__round=of, recused_at=None)
    return rows.filter(locked_at=None).exists()


def disputed(of: Round) -> list[tuple[Subject, str]]:
    """Where two differ so much that a third decides, and there is none yet: told once every
    first score is in."""
    if of.state == State.OPEN:
        return []
    asked = Assessment.objects.filter(subject__round=of, recused_at=None, third=True)
    there = set(asked.values_list("subject", "criterion"))
    return [
        (subject, key)
        for subject, found in judged(of).items()
        for key in found.disputed
        if (subject.pk, key) not in there
    ]


def judged(of: Round) -> dict[Subject, rules.Judged]:
    """What everything came to. For whoever publishes and whoever verifies: no page shows it
    before."""
    given: dict[int, list[rules.Given]] = defaultdict(list)
    rows = Assessment.objects.filter(subject__round=of).exclude(locked_at=None)
    for subject, *told in rows.values_list("subject", "criterion", "rater", "values", "third"):
        criterion, rater, values, third = told
        given[subject].append(
            rules.Given(criterion=criterion, rater=rater, values=values, third=third)
        )
    by = rubric(of)
    subjects = of.subjects.order_by("position")
    return {one: rules.judged(by, one.computed, given[one.pk]) for one in subjects}


def approvals(of: Round, step: State) -> QuerySet[Approval]:
    found = Approval.objects.filter(round=of, step=step)
    return found.select_related("seat__member").order_by("pk")


def verify() -> Iterator[Fault]:
    """Rounds and handed-in scores that are not what was sealed."""
    told: dict[str, dict[int, str]] = defaultdict(dict)
    opened: dict[str, Mapping[str, object]] = {}
    entries = Entry.objects.filter(stream__startswith="round:", kind__in=["open", "hand_in"])
    for entry in entries.iterator():
        facts = readable(entry.body)
        if entry.kind == "open":
            opened[entry.stream] = facts
        else:
            told[entry.stream][facts.get("assessment", 0)] = facts.get("seal", "")
    for found in Round.objects.order_by("pk").iterator():
        if opened.get(found.stream, {}).get("rubric") != sealed_list(found):
            yield Fault(found.stream, _("no se evalúa lo que se dijo, o no con esos criterios"))
        yield from _changed(found, told.pop(found.stream, {}))
    for stream in told:
        yield Fault(stream, _("falta, y su historia está"))


def sealed_list(of: Round) -> str:
    """The rubric and everything that is judged by it, with what was computed."""
    rows = of.subjects.order_by("position").values_list("reference", "facts", "computed")
    return rules.digest(json.dumps([of.rubric, *rows], sort_keys=True, ensure_ascii=False))


def _changed(of: Round, told: dict[int, str]) -> Iterator[Fault]:
    rows = Assessment.objects.filter(subject__round=of).exclude(locked_at=None)
    for row in rows.order_by("pk").iterator():
        said = told.pop(row.pk, "")
        if not said == row.seal == rules.seal(row.salt, row.values, row.comment):
            yield Fault(f"{of.stream} {row.pk}", _("una evaluación no es la que se entregó"))
    for pk in sorted(told):
        yield Fault(f"{of.stream} {pk}", _("falta una evaluación que se entregó"))
