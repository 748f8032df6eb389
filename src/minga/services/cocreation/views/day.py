"""The day of a workshop: what whoever leads it sees, and what each table writes. Short forms,
each saved alone: the line may be bad."""

from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from minga.kernel.base.goals import GOALS
from minga.kernel.base.text import Text
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.models import Post
from minga.services.cocreation.actions import day as actions
from minga.services.cocreation.forms.workshops import (
    PHASES,
    PROBLEMS,
    ROMAN,
    PhaseForm,
    RemarkForm,
    SketchForm,
    TableForm,
)
from minga.services.cocreation.models import Sketch, Table, Workshop
from minga.services.cocreation.queries import workshops as queries
from minga.services.cocreation.rules import workshops as rules
from minga.services.cocreation.rules.workshops import NotPossible, Phase
from minga.services.cocreation.views.workshops import at, at_workshop, by, explain, official

applicant = open_to(Audience.APPLICANT)


@official
@at_workshop
def day(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    """The eight steps, in their order; the tables, and who sits at them."""
    problem: Text = ""
    if request.method == "POST":
        try:
            _moved(request, workshop)
            return at("cocreation:day", workshop.pk, note="hecho")
        except NotPossible as refusal:
            problem = PROBLEMS[refusal.problem]
    done = {phase.key: phase for phase in workshop.phases.all()}
    now = rules.next_phase(done)
    tables = list(queries.tables(workshop))
    shown = {
        "workshop": workshop,
        "problem": problem,
        "steps": [
            {"key": key, "number": ROMAN[n], "label": PHASES[key], "done": done.get(key)}
            for n, key in enumerate(Phase)
        ],
        "now": now,
        "form": TableForm(initial={"key": uuid4()}),
        "tables": [{"row": table, "goal": goal_of(table)} for table in tables],
        "people": [
            {"row": one, "name": _name(one)} for one in queries.line(workshop).filter(attended=True)
        ],
        "demo": workshop.cycle.convener.demo,
    }
    return render(request, "cocreation/day.html", shown)


def _moved(request: HttpRequest, workshop: Workshop) -> None:
    """A table was laid, or somebody sat down at one."""
    pk = request.POST.get("registration", "")
    if pk:
        number = request.POST.get("table", "")
        row = workshop.registrations.filter(pk=int(pk[:9]) if pk.isdecimal() else 0).first()
        if row is None:
            raise Http404
        wanted = int(number[:4]) if number.isdecimal() else 0
        actions.seat(registration=row, table=workshop.tables.filter(number=wanted).first())
        return
    form = TableForm(request.POST)
    if form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        goal = int(said["goal"]) if said["goal"] else None
        actions.lay_table(workshop=workshop, key=said["key"], goal=goal, at=now)


def _name(one: object) -> str:
    guest = getattr(one, "guest", None)
    return Truncator(guest.name).chars(60) if guest else _("Sin nombre")


def goal_of(table: Table) -> str:
    return f"{table.goal}. {GOALS[table.goal]}" if table.goal else _("sin objetivo en especial")


@official
@at_workshop
def phase(request: HttpRequest, workshop: Workshop, post: Post, phase: str) -> HttpResponse:
    """One step was done: what was done in it."""
    if phase not in set(Phase):
        raise Http404
    key, done = Phase(phase), workshop.phases.filter(key=phase).first()
    form = PhaseForm(request.POST or None, initial={"note": done.note if done else ""})
    if request.method == "POST" and form.is_valid():
        told = {"note": form.cleaned_data["note"], "by": by(post)}
        try:
            actions.do(workshop=workshop, phase=key, at=timezone.now(), **told)
            place = "cocreation:slips" if key == Phase.HANDOVER else "cocreation:day"
            return at(place, workshop.pk, note="hecho")
        except NotPossible as refusal:
            explain(form, refusal)
    shown = {
        "workshop": workshop,
        "form": form,
        "label": PHASES[key],
        "number": ROMAN[list(Phase).index(key)],
        "hands_over": key == Phase.HANDOVER and not done,
        "plenary": key == Phase.PLENARY,
        "demo": workshop.cycle.convener.demo,
    }
    return render(request, "cocreation/phase.html", shown)


@applicant
def table(request: HttpRequest, table: UUID) -> HttpResponse:
    """What a table writes and reads, for whoever has its address."""
    found = _table(table)
    form = SketchForm(request.POST or None, initial={"key": uuid4()})
    if form.is_valid() and _written(found, form):
        return at("cocreation:table", table, note="hecho")
    shown = {
        **_at_table(found),
        "form": form,
        "own": list(queries.sketches(found)),
        "others": list(queries.read_by(found)),
    }
    return render(request, "cocreation/table.html", shown)


@applicant
def sketch(request: HttpRequest, table: UUID, sketch: int) -> HttpResponse:
    """One proposal: changed by the table that writes it, remarked by the one that reads it."""
    found = _table(table)
    row = queries.sketch(found, sketch)
    if row is None:
        raise Http404
    is_own = row.table_id == found.pk
    form = _own_form(request, row) if is_own else _remark_form(request)
    overtaken = False
    if form.is_valid():
        done = _written(found, form) if isinstance(form, SketchForm) else _said(found, row, form)
        if done:
            return at("cocreation:table", table, note="hecho")
        overtaken = is_own
        form.data = {**form.data.dict(), "rev": str(row.rev)}  # type: ignore[attr-defined]
    shown = {**_at_table(found), "form": form, "sketch": row, "own": is_own}
    shown["overtaken"] = overtaken
    return render(request, "cocreation/sketch.html", shown)


def _table(key: UUID) -> Table:
    found = queries.table(key)
    if found is None:
        raise Http404
    return found


def _at_table(found: Table) -> dict[str, object]:
    return {
        "table": found,
        "workshop": found.workshop,
        "goal": goal_of(found),
        "demo": found.workshop.cycle.convener.demo,
    }


def _own_form(request: HttpRequest, row: Sketch) -> SketchForm:
    now = {name: getattr(row, name) for name in ("key", "rev", *actions.WORDS)}
    return SketchForm(request.POST or None, initial=now)


def _remark_form(request: HttpRequest) -> RemarkForm:
    return RemarkForm(request.POST or None, initial={"key": uuid4()})


def _written(found: Table, form: SketchForm) -> bool:
    said = form.cleaned_data
    told = {"table": found, "key": said["key"], "rev": said["rev"]}
    try:
        actions.write(words=said, at=timezone.now(), **told)
    except NotPossible as refusal:
        explain(form, refusal)
        return False
    return True


def _said(found: Table, row: Sketch, form: RemarkForm) -> bool:
    try:
        actions.remark(sketch=row, table=found, at=timezone.now(), **form.cleaned_data)
    except NotPossible as refusal:
        explain(form, refusal)
        return False
    return True
