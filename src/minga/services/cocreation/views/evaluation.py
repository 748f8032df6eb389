"""The blind evaluation: for everybody, for the commission, and for each who scores."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from minga.kernel.assemblies import queries as assemblies
from minga.kernel.base.pages import Order, Page, keyset
from minga.kernel.base.text import Text
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person, reader
from minga.kernel.identity.models import Person
from minga.kernel.rubrics import queries as rounds
from minga.kernel.rubrics import rules as rubrics
from minga.kernel.rubrics.models import Assessment, Round, Subject
from minga.kernel.rubrics.rules import Stale, State, Unfinished
from minga.services.cocreation.actions import evaluation as actions
from minga.services.cocreation.datasets.evaluation import scores as dataset
from minga.services.cocreation.forms.evaluation import (
    LACKS,
    PARTY_ROLES,
    RATERS,
    ConflictForm,
    ScoreForm,
    chosen,
)
from minga.services.cocreation.models import Cycle, Score
from minga.services.cocreation.queries import evaluation as queries
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import evaluation as rule
from minga.services.cocreation.rules import method as method_rules
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.views.cycles import by_the_rules, whole

everyone, personal = open_to(Audience.EVERYONE), open_to(Audience.PERSON)
ORDER = (Order("total", descending=True),)
STEPS = {"consolidar": State.CONSOLIDATED, "publicar": State.PUBLISHED}


def _frame(cycle: Cycle) -> dict[str, object]:
    return {"cycle": cycle, "demo": cycle.convener.demo}


# For everybody


@everyone
@public_page
@require_safe
@by_the_rules
def evaluation(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    found, method = queries.round_of(cycle), methods.method(cycle)
    shown: dict[str, object] = {**_frame(cycle), "round": found, "method": method}
    shown |= _ways(cycle, reader(request))
    if found and found.is_published:
        rubric = rounds.rubric(found)
        page = keyset(queries.scores(cycle), order=ORDER, query=request.GET, size=50)
        shown |= {"page": page, "rows": [_ranked(row, rubric) for row in page.rows]}
    return render(request, "cocreation/evaluation.html", shown)


def _ways(cycle: Cycle, who: Person | None) -> dict[str, object]:
    """Where who is signed in goes on: to what they score, to what the commission does."""
    if who is None:
        return {}
    today = localdate()
    return {
        "scores": queries.round_of(cycle) and queries.takes_part(cycle, who, on=today),
        "runs": assemblies.seat_in(cycle.commission, who, on=today) is not None,
    }


@everyone
@require_safe
def scores_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(dataset)


class Ranked(NamedTuple):
    score: Score
    criteria: Sequence[tuple[str, float]]


def _ranked(row: Score, rubric: rubrics.Rubric) -> Ranked:
    return Ranked(row, [(p.title, float(Fraction(row.criteria[p.key]))) for p in rubric.criteria])


@everyone
@public_page
@require_safe
@by_the_rules
def evaluation_of(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    """How the score of one was computed. Before that, of who evaluates it is kept that they
    looked for it; of anybody else nothing is said."""
    found = queries.round_of(cycle)
    score = queries.scores(cycle).filter(integrated__number=number).first()
    if found is None or score is None or not found.is_published:
        somebody = reader(request)
        if found and somebody and queries.takes_part(cycle, somebody, on=localdate()):
            raise Breach(Rule.BLIND, number)
        raise Http404
    rubric = rounds.rubric(found)
    subject = found.subjects.get(reference=score.integrated.stream)
    shown = {"score": score, "rubric": rubric, "parts": _parts(cycle, rubric, subject, score)}
    return render(request, "cocreation/evaluation_of.html", _frame(cycle) | shown)


class Line(NamedTuple):
    """One indicator as it was scored: the fact it is computed from, or who gave it what."""

    title: str
    scores: Sequence[tuple[Text, int, str]]  # who, the score, what it stands for
    fact: str = ""
    on_the_edge: bool = False


class Part(NamedTuple):
    criterion: rubrics.Criterion
    lines: Sequence[Line]
    score: float
    raters: Sequence[tuple[Text, float]]  # what each one's scores come to
    third: bool


def _parts(cycle: Cycle, rubric: rubrics.Rubric, subject: Subject, score: Score) -> list[Part]:
    facts = {line.title: line for line in _computed(cycle, subject)}
    return [_part(part, subject, score, facts) for part in rubric.criteria]


def _part(
    part: rubrics.Criterion, subject: Subject, score: Score, facts: Mapping[str, Line]
) -> Part:
    lines = [
        facts[one.title]
        if one.computed
        else Line(
            one.title,
            [(RATERS[k], v, one.levels[str(v)]) for k, v in score.indicators[one.key].items()],
        )
        for one in part.indicators
    ]
    said = {one.key: score.indicators[one.key] for one in part.rated}
    given = {
        rater: {key: by[rater] for key, by in said.items() if rater in by}
        for rater in (*part.raters, "third")
    }
    came = [
        (RATERS[rater], rubrics.of_criterion(part, {**subject.computed, **values}))
        for rater, values in given.items()
        if values
    ]
    raters = [(who, float(mean)) for who, mean in came if mean is not None]
    score_ = float(Fraction(score.criteria[part.key]))
    return Part(part, lines, score_, raters, bool(given["third"]))


def _computed(cycle: Cycle, subject: Subject, criterion: str = "") -> list[Line]:
    """The indicators that nobody rates: from what, and what that is worth."""
    found = []
    for part in methods.needed(cycle).criterion:
        for one in part.indicator:
            if one.fact and part.key == (criterion or part.key):
                value, score = Fraction(subject.facts[one.key]), subject.computed[one.key]
                words = next(level.words for level in one.level if level.score == score)
                scored = [(RATERS["fact"], score, words)]
                fact = _fact(one.fact, value)
                found.append(Line(one.title, scored, fact, rule.on_the_edge(one, value)))
    return found


def _fact(fact: str, value: Fraction) -> str:
    """A fact in words: months that are not whole are said as more than those before."""
    many = int(value)
    match fact:
        case method_rules.Fact.MONTHS if value != many:
            words = ngettext("más de %(n)d mes", "más de %(n)d meses", many)
        case method_rules.Fact.MONTHS:
            words = ngettext("%(n)d mes", "%(n)d meses", many)
        case method_rules.Fact.ENTITIES:
            words = ngettext("%(n)d entidad", "%(n)d entidades", many)
        case _:
            words = ngettext("%(n)d propuesta reunida", "%(n)d propuestas reunidas", many)
    return words % {"n": many}


# For the commission


@personal
@by_the_rules
def commission(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    _sits(request, cycle)
    fault = ""
    if request.method == "POST":
        try:
            return _did(request, cycle, request.POST.get("do", ""))
        except (Unfinished, actions.Unready) as left:
            fault = _left(left)
    found = queries.round_of(cycle)
    shown: dict[str, object] = {**_frame(cycle), "round": found, "fault": fault}
    shown["done"] = request.GET.get("hecho", "")
    if found is None:
        shown |= {"many": queries.integrated(cycle).count(), "unready": _unready(cycle)}
    else:
        shown |= _progress(request, cycle, found)
    return render(request, "cocreation/commission.html", shown)


def _left(left: Exception) -> str:
    if isinstance(left, Unfinished):
        return _("Todavía falta que alguien entregue su evaluación. Nada cambió.")
    return _("Todavía no se puede empezar: mira qué les falta a las propuestas. Nada cambió.")


def _sits(request: HttpRequest, cycle: Cycle) -> None:
    if assemblies.seat_in(cycle.commission, person(request), on=localdate()) is None:
        raise Breach(Rule.NOT_A_MEMBER, "commission")


def _did(request: HttpRequest, cycle: Cycle, do: str) -> HttpResponse:
    """One of the things that the commission does, and what came of it for the page to say."""
    told = {"cycle": cycle, "person": person(request), "at": timezone.now()}
    done = do
    match do:
        case "abrir":
            actions.open_round(**told)  # type: ignore[arg-type]
        case "pedir":
            left = actions.assign(**told)  # type: ignore[arg-type]
            done = "faltan" if left else do
        case "consolidar" | "publicar":
            taken = actions.agree(step=STEPS[do], **told)  # type: ignore[arg-type]
            done = do if taken else "conformidad"
        case _:
            raise Http404
    return redirect(f"{reverse('cocreation:commission', args=[cycle.key])}?hecho={done}")


def _unready(cycle: Cycle) -> list[tuple[object, list[Text]]]:
    return [(one, [LACKS[key] for key in lacks]) for one, lacks in queries.unready(cycle)]


def _progress(request: HttpRequest, cycle: Cycle, found: Round) -> dict[str, object]:
    """How far it is. Of scores: nothing, but where two differ once all of them are in."""
    subjects = Subject.objects.filter(round=found)
    page = keyset(subjects, order=(Order("position"),), query=request.GET, size=50)
    counts, by = rounds.progress(found), rounds.rubric(found)
    firsts = sum(one.asked for one in counts if not one.third)
    wanted = subjects.count() * sum(len(part.raters) for part in by.criteria)
    disputed = rounds.disputed(found) if found.state == State.CONSOLIDATED else []
    step = State.CONSOLIDATED if found.state == State.OPEN else State.PUBLISHED
    return {
        "counts": [(one, _role(one)) for one in counts],
        "empty": wanted - firsts,
        "waits": any(one.asked > one.locked for one in counts),
        "disputed": len(disputed),
        "page": page,
        "rows": _rows(cycle, page),
        "agreed": rounds.approvals(found, step),
        "step": next(do for do, state in STEPS.items() if state == step),
        "is_open": found.state == State.OPEN,
    }


def _role(one: rounds.Progress | rounds.Slot) -> Text:
    return RATERS["third" if one.third else one.rater]


def _rows(cycle: Cycle, page: Page[Subject]) -> list[tuple[object, list[tuple[Text, object]]]]:
    slots = rounds.slots(subject.pk for subject in page.rows)
    numbered = queries.numbered(cycle, page.rows)
    return [
        (numbered[one.pk], [(_role(slot), slot) for slot in slots.get(one.pk, [])])
        for one in page.rows
    ]


@personal
@by_the_rules
def commission_of(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    """Who was asked to score one of them; the commission may ask somebody else."""
    _sits(request, cycle)
    found = queries.round_of(cycle)
    one = queries.integrated(cycle).filter(number=number).first()
    subject = found.subjects.filter(reference=one.stream).first() if found and one else None
    if subject is None or found is None:
        raise Http404
    if request.method == "POST":
        place = reverse("cocreation:commission_of", args=[cycle.key, number])
        return redirect(f"{place}?hecho={_replaced(request, cycle, subject)}")
    slots = [(_role(slot), slot) for slot in rounds.slots([subject.pk]).get(subject.pk, [])]
    shown: dict[str, object] = {"one": one, "slots": slots, "round": found}
    shown["done"] = request.GET.get("hecho", "")
    if found.is_published:
        said = rounds.visible_to(None).filter(subject=subject).exclude(comment="")
        shown["comments"] = [(RATERS[row.rater], row.comment) for row in said.order_by("pk")]
    return render(request, "cocreation/commission_of.html", _frame(cycle) | shown)


def _replaced(request: HttpRequest, cycle: Cycle, subject: Subject) -> str:
    chosen_one = Assessment.objects.filter(subject=subject, recused_at=None).filter(
        criterion=request.POST.get("criterion", ""),
        rater=request.POST.get("rater", ""),
        third=request.POST.get("third") == "True",
    )
    assessment = chosen_one.filter(assessor=whole(request.POST.get("who", ""))).first()
    if assessment is None:  # somebody else was asked already
        return "pedir"
    told = {"cycle": cycle, "person": person(request), "at": timezone.now()}
    left = actions.replace(assessment=assessment, **told)  # type: ignore[arg-type]
    return "faltan" if left else "pedir"


# For who scores


@personal
@require_safe
@by_the_rules
def my_scores(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    found, who = queries.round_of(cycle), person(request)
    if found is None or not queries.takes_part(cycle, who, on=localdate()):
        raise Http404
    mine = rounds.mine(found, who)
    rubric = rounds.rubric(found)
    numbered = queries.numbered(cycle, [one.subject for one in mine])
    rows = [(numbered[one.subject_id], one, rubric.criterion(one.criterion)) for one in mine]
    shown = {"rows": rows, "round": found, "left": sum(_is_open(one) for one in mine)}
    return render(request, "cocreation/my_scores.html", _frame(cycle) | shown | _ways(cycle, who))


def _is_open(one: Assessment) -> bool:
    return one.locked_at is None and one.recused_at is None


def _mine(request: HttpRequest, cycle: Cycle, number: int) -> Assessment:
    told = {"cycle": cycle, "number": number, "person": person(request)}
    found = actions.mine(**told, at=timezone.now())  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


@personal
@by_the_rules
def my_score(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    found = _mine(request, cycle, number)
    criterion = rounds.rubric(found.subject.round).criterion(found.criterion)
    typed = request.POST if request.method == "POST" else None
    kept = {**chosen(found.values), "comment": found.comment, "rev": found.rev}
    form = ScoreForm(typed, initial=kept, criterion=criterion, draft="draft" in request.POST)
    if form.is_valid():
        try:
            return _scored(request, cycle, number, form)
        except Stale:
            again = request.POST.copy()
            again["rev"] = str(found.rev)
            form = ScoreForm(again, criterion=criterion, draft="draft" in request.POST)
            form.add_error(None, _changed())
    shown = {"form": form, "assessment": found, "criterion": criterion}
    return render(
        request, "cocreation/my_score.html", _frame(cycle) | shown | _read(cycle, number, found)
    )


def _changed() -> str:
    return _(
        "Guardaste otra cosa en otra ventana mientras escribías aquí. Revisa lo que ves: si lo"
        " envías otra vez, queda esto."
    )


def _scored(request: HttpRequest, cycle: Cycle, number: int, form: ScoreForm) -> HttpResponse:
    do, done = (
        (actions.keep, "borrador") if "draft" in request.POST else (actions.hand_in, "entregada")
    )
    do(
        cycle=cycle,
        number=number,
        person=person(request),
        values=form.values,
        comment=form.cleaned_data["comment"],
        rev=form.cleaned_data["rev"],
        at=timezone.now(),
    )
    place = reverse("cocreation:my_score", args=[cycle.key, number])
    return redirect(f"{place}?hecho={done}")


def _read(cycle: Cycle, number: int, found: Assessment) -> dict[str, object]:
    """What is scored, as everybody who scores it reads it: not who proposed it."""
    one = queries.integrated(cycle).get(number=number)
    parties = one.parties.select_related("organisation").order_by("role", "pk")
    return {
        "one": one,
        "parties": [(PARTY_ROLES.get(p.role, p.role), p.organisation.name) for p in parties],
        "steps": one.steps.order_by("number"),
        "computed": _computed(cycle, found.subject, found.criterion),
        "given": _given(found),
    }


def _given(found: Assessment) -> list[tuple[str, int, str]]:
    """What who reads it handed in."""
    by = rounds.rubric(found.subject.round).criterion(found.criterion)
    there = [(one, found.values.get(one.key)) for one in by.rated]
    return [(one.title, v, one.levels[str(v)]) for one, v in there if v is not None]


@personal
@by_the_rules
def my_conflict(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    found = _mine(request, cycle, number)
    form = ConflictForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = {"cycle": cycle, "number": number, "person": person(request)}
        actions.declare(**told, **form.cleaned_data, at=timezone.now())  # type: ignore[arg-type]
        return redirect(f"{reverse('cocreation:my_scores', args=[cycle.key])}?hecho=conflicto")
    if found.locked_at:
        raise Breach(Rule.LOCKED, number)
    one = queries.integrated(cycle).get(number=number)
    return render(
        request, "cocreation/my_conflict.html", _frame(cycle) | {"form": form, "one": one}
    )
