"""What is known of the evaluation of a cycle, and who may be asked for a score."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from minga.kernel.assemblies import queries as assemblies
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person
from minga.kernel.rubrics import queries as rubrics
from minga.kernel.rubrics.actions import Thing
from minga.kernel.rubrics.models import Assessment, Round, Subject
from minga.kernel.trust.rules import Fault
from minga.services.cocreation.models import Cycle, Integrated, Join, Party, Score
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import evaluation as rule
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.evaluation import Candidate, Table
from minga.services.cocreation.rules.method import Fact, Rater

PREFIX = "integrated:"


def round_of(cycle: Cycle) -> Round | None:
    return rubrics.round_of(cycle.stream)


def running(cycle: Cycle) -> Round:
    """The round of a cycle, for something that cannot be done before it was opened."""
    found = round_of(cycle)
    if found is None:
        raise Breach(Rule.STAGE, "evaluation", cycle.stage)
    return found


def number_of(subject: Subject) -> int:
    """The key of the integrated proposal that is judged."""
    return int(subject.reference.removeprefix(PREFIX))


def integrated(cycle: Cycle) -> QuerySet[Integrated]:
    return Integrated.objects.filter(cycle=cycle).order_by("number")


def facts(cycle: Cycle) -> dict[Integrated, dict[Fact, Fraction | None]]:
    """What indicators are computed from, of each integrated proposal."""
    parties = Counter(_parties(cycle).values_list("integrated", flat=True))
    joins = Counter(_joins(cycle).values_list("integrated", flat=True))
    return {
        one: {
            Fact.MONTHS: rule.months(one.starts_on, one.ends_on)
            if one.starts_on and one.ends_on
            else None,
            Fact.ENTITIES: Fraction(parties[one.pk]),
            Fact.REITERATIONS: Fraction(joins[one.pk]),
        }
        for one in integrated(cycle)
    }


def _parties(cycle: Cycle) -> QuerySet[Party]:
    return Party.objects.filter(integrated__cycle=cycle)


def _joins(cycle: Cycle) -> QuerySet[Join]:
    return Join.objects.filter(integrated__cycle=cycle, left_at=None)


def unready(cycle: Cycle) -> list[tuple[Integrated, list[str]]]:
    """The integrated proposals that nobody can score yet, and what each of them lacks."""
    roles = defaultdict(set)
    for one, role in _parties(cycle).values_list("integrated", "role"):
        roles[one].add(role)
    found = [(one, rule.lacking(known, roles[one.pk])) for one, known in facts(cycle).items()]
    return [(one, lacks) for one, lacks in found if lacks]


def things(cycle: Cycle) -> list[Thing]:
    """What is judged: all integrated proposals, with what is computed of them now."""
    method = methods.needed(cycle)
    made = []
    for one, known in facts(cycle).items():
        whole = {str(fact): value for fact, value in known.items() if value is not None}
        told = rule.of_indicators(method, whole), rule.computed(method, whole)
        made.append(Thing(reference=one.stream, facts=told[0], computed=told[1]))
    return made


def pool(cycle: Cycle, *, on: date) -> dict[str, list[Candidate]]:
    """Who may be asked in each role: people with an account who speak for an organisation."""
    delegates = assemblies.in_force(on=on).select_related("seat")
    spoken = [(one.person_id, one.seat.member_id, one.seat.body_id) for one in delegates]
    posts = identity.held(on=on).values_list("person", "post__organisation")
    belongs: dict[int, set[int]] = defaultdict(set)
    for person, organisation in [*((p, o) for p, o, _body in spoken), *posts]:
        belongs[person].add(organisation)
    runs = {person for person, _member, body in spoken if body == cycle.commission_id}

    def candidates(pairs: Iterable[tuple[int, int]]) -> list[Candidate]:
        return [
            Candidate(person, organisation, frozenset(belongs[person]), person in runs)
            for person, organisation in sorted(set(pairs))
        ]

    bodies = {Rater.WORKING_GROUP: cycle.working_group_id, Rater.CORE_GROUP: cycle.forum_id}
    seated: dict[str, list[Candidate]] = {
        rater: candidates((person, member) for person, member, body in spoken if body == known)
        for rater, known in bodies.items()
    }
    involved = set(_parties(cycle).values_list("organisation", flat=True))
    parties = candidates((p, o) for p, mine in belongs.items() for o in mine if o in involved)
    return {**seated, Rater.RESPONSIBLE: parties, Rater.COUNTERPART: parties}


def tables(cycle: Cycle, found: Round) -> dict[str, Table]:
    """Who is around each thing that is judged, by its reference."""
    parties: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one, role, organisation in _parties(cycle).values_list(
        "integrated", "role", "organisation"
    ):
        parties[one][role].add(organisation)
    authors = defaultdict(set)
    for one, person in _joins(cycle).values_list("integrated", "proposal__case__applicant"):
        authors[one].add(person)
    made = {
        f"{PREFIX}{one}": Table(
            {role: frozenset(all_) for role, all_ in parties[one].items()},
            frozenset(authors[one] - {None}),
        )
        for one in integrated(cycle).values_list("pk", flat=True)
    }
    rows = Assessment.objects.filter(subject__round=found).order_by("pk")
    names = ("subject__reference", "assessor", "criterion", "organisation", "recused_at")
    for reference, person, criterion, organisation, recused in rows.values_list(*names):
        made[reference].sat.add(person)
        if recused is None:
            made[reference].members.setdefault(criterion, set()).add(organisation)
    return made


def load(found: Round) -> Counter[int]:
    """How much each person was asked for."""
    rows = Assessment.objects.filter(subject__round=found, recused_at=None)
    return Counter(rows.values_list("assessor", flat=True))


def is_author(one: Integrated, person: Person) -> bool:
    own = Join.objects.filter(integrated=one, left_at=None)
    return own.filter(proposal__case__applicant=person).exists()


def takes_part(cycle: Cycle, person: Person, *, on: date) -> bool:
    """Whether somebody scores in a cycle, or sits in a body that does."""
    bodies = [cycle.forum_id, cycle.working_group_id, cycle.commission_id]
    if assemblies.seats_of(person, on=on).filter(body__in=bodies).exists():
        return True
    found = round_of(cycle)
    return found is not None and rubrics.takes_part(found, person)


def assigned(cycle: Cycle, one: Integrated, person: Person) -> Assessment | None:
    """What somebody was asked to score of one integrated proposal."""
    found = round_of(cycle)
    if found is None:
        return None
    whole = rubrics.mine(found, person).select_related("subject__round", "organisation")
    return whole.filter(subject__reference=one.stream).first()


def numbered(cycle: Cycle, subjects: Iterable[Subject]) -> dict[int, Integrated]:
    """The integrated proposals that are judged, by the key of the subject."""
    keys = {subject.pk: number_of(subject) for subject in subjects}
    found = Integrated.objects.in_bulk(list(keys.values()))
    return {subject: found[key] for subject, key in keys.items()}


def scores(cycle: Cycle) -> QuerySet[Score]:
    """What was published of a cycle."""
    return Score.objects.filter(integrated__cycle=cycle).select_related("integrated")


def decimal(value: Fraction) -> str:
    """As `Score.total` keeps it."""
    whole = Decimal(value.numerator) / Decimal(value.denominator)
    return str(whole.quantize(Decimal("0.00001"), ROUND_HALF_UP))


def came_to(found: Round) -> Mapping[int, tuple[str, dict[str, str], object]]:
    """What a round comes to, as `Score` keeps it, by the key of the integrated proposal."""
    return {
        number_of(subject): (
            decimal(one.total or Fraction(0)),
            {key: str(score) for key, score in one.criteria.items()},
            {key: dict(said) for key, said in one.indicators.items()},
        )
        for subject, one in rubrics.judged(found).items()
    }


def verify() -> Iterator[Fault]:
    """Published scores that are not what those who evaluated handed in."""
    published = Q(about__startswith="cocreation:", published_at__isnull=False)
    came: dict[int, tuple[str, dict[str, str], object]] = {}
    for found in Round.objects.filter(published).order_by("pk"):
        came |= came_to(found)
    for row in Score.objects.order_by("pk").iterator():
        if came.pop(row.pk, None) != (str(row.total), row.criteria, row.indicators):
            yield Fault(f"{PREFIX}{row.pk}", _("su puntaje no es el que dan las evaluaciones"))
    for pk in sorted(came):
        yield Fault(f"{PREFIX}{pk}", _("falta el puntaje que se publicó"))
