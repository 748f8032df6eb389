"""From a selected proposal to a commitment: what both sides said, and where they say it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.assemblies import queries as assemblies
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.documents import actions as documents
from minga.kernel.documents import queries as issued
from minga.kernel.documents.views import at_press
from minga.kernel.identity.middleware import person
from minga.services.cocreation.actions import confirmation as actions
from minga.services.cocreation.actions.selection import member
from minga.services.cocreation.forms.confirmation import ANSWERS, STANDINGS, AnswerForm
from minga.services.cocreation.forms.selection import SessionForm
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.papers import act as papers
from minga.services.cocreation.papers.words import SIDES
from minga.services.cocreation.queries import confirmation as queries
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries.confirmation import Commitment
from minga.services.cocreation.rules.confirmation import CONTRADICTED, Answer, Standing
from minga.services.cocreation.rules.method import Kind
from minga.services.cocreation.views.cycles import by_the_rules

everyone, personal = open_to(Audience.EVERYONE), open_to(Audience.PERSON)


def _each(found: Sequence[Commitment]) -> list[dict[str, Any]]:
    pages = queries.pages_of(found)
    return [_told(one, pages) for one in found]


def _said(found: Commitment) -> dict[str, Any]:
    return _each([found])[0]


def _told(found: Commitment, pages: Mapping[int, str]) -> dict[str, Any]:
    """Where it is and what each side said: everybody sees a silence too."""
    today = timezone.localdate()
    words, tone = STANDINGS[found.standing]
    sides = [
        {
            "asked": one,
            "side": SIDES[one.side],
            "answer": ANSWERS[Answer(one.answer)] if one.answer else "",
            "late": not one.answer and one.due_on and one.due_on < today,
        }
        for one in found.asked
    ]
    missing = [(party.organisation, SIDES[party.role]) for party in found.missing]
    one = found.integrated
    return {
        "key": str(one.number),
        "commitment": found,
        "integrated": one,
        "words": words,
        "tone": tone,
        "sides": sides,
        "missing": missing,
        "page_of_node": pages.get(one.node_id or 0, ""),
    }


@everyone
@public_page
@require_safe
@by_the_rules
def commitments(request: HttpRequest, cycle: Any) -> HttpResponse:
    shown = {"cycle": cycle, "rows": _each(queries.commitments(cycle)), "demo": cycle.convener.demo}
    return render(request, "cocreation/commitments.html", shown)


@everyone
@public_page
@require_safe
@by_the_rules
def commitment(request: HttpRequest, cycle: Any, number: int) -> HttpResponse:
    found = _found(cycle, number)
    shown = {
        "cycle": cycle,
        "steps": list(found.integrated.steps.order_by("number")),
        "notes": _notes(cycle, found),
        "waits": any(not one.answer for one in found.asked),
        "demo": cycle.convener.demo,
    }
    said = _said(found)
    return render(request, "cocreation/commitment.html", {**shown, **said, "this": said})


def _notes(cycle: Cycle, found: Commitment) -> list[str]:
    """Where the method contradicts itself about how long this one lasts."""
    about = f"{CONTRADICTED} meses"
    every = methods.needed(cycle).note if found.contradicted else ()
    return [note for note in every if about in note]


def _found(cycle: Cycle, number: int) -> Commitment:
    found = queries.commitment(cycle, number)
    if found is None:
        raise Http404
    return found


@everyone
@by_the_rules
def act(request: HttpRequest, cycle: Any, number: int) -> HttpResponse:
    """Asks for the act of a commitment on paper, and waits until it came out of the press."""
    found = _found(cycle, number)
    if found.integrated.node is None:
        raise Http404
    paper, about = papers.act(cycle, found), papers.reference(found)
    if request.method == "POST":
        _issue(cycle, found)
        return redirect("cocreation:act", cycle.key, number)
    standing = issued.standing(kind=papers.ACT, reference=about, seal=paper.seal)
    file = reverse("documents:file", args=[standing.code]) if standing else ""
    shown = {"cycle": cycle, "file": file, **at_press(request, standing), **_said(found)}
    return render(request, "cocreation/act.html", shown | {"demo": cycle.convener.demo})


def _issue(cycle: Cycle, found: Commitment) -> None:
    documents.issue(
        kind=papers.ACT,
        reference=papers.reference(found),
        paper=papers.act(cycle, found),
        issuer=cycle.convener,
        public=True,
        at=timezone.now(),
    )


@personal
@by_the_rules
def confirm(request: HttpRequest, cycle: Any, number: int) -> HttpResponse:
    """Who answers for a side says it, from their own account."""
    found, now, who = _found(cycle, number), timezone.now(), person(request)
    asked, _post = actions.yours(cycle, found, who, now)
    methods.require(cycle, Kind.CONFIRMATION)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        said, message = Answer(form.cleaned_data["said"]), form.cleaned_data["message"]
        told = {"cycle": cycle, "number": number, "person": who, "at": now}
        actions.answer(said=said, message=message, **told)
        if (answered := _found(cycle, number)).integrated.node:
            _issue(cycle, answered)
        return redirect("cocreation:commitment", cycle.key, number)
    shown = {
        "cycle": cycle,
        "form": form,
        "mine": asked,
        "notes": _notes(cycle, found),
        "steps": list(found.integrated.steps.order_by("number")),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/confirm.html", _said(found) | shown)


@personal
@by_the_rules
def confirmation_desk(request: HttpRequest, cycle: Any) -> HttpResponse:
    """Where the members of the forum ask both sides, and put to it what an answer brought up."""
    now, who = timezone.now(), person(request)
    member(cycle, who, now)
    form = SessionForm(sessions=list(assemblies.sessions(cycle.forum)[:20]))
    if request.method == "POST":
        form = SessionForm(request.POST, sessions=list(form.known.values()))
        what, _colon, number = request.POST.get("do", "").partition(":")
        if what == "ask":
            actions.ask(cycle=cycle, person=who, at=now)
            return redirect("cocreation:confirmation_desk", cycle.key)
        if number.isdecimal() and len(number) < 10 and form.is_valid():
            told = {"cycle": cycle, "number": int(number), "person": who, "at": now}
            item = actions.put(session=form.chosen, **told)
            return redirect(
                "cocreation:room_session", cycle.key, cycle.forum.key, item.session.number
            )
    rows = _each(queries.commitments(cycle))
    back = (Standing.COUNTERED, Standing.DECLINED)
    shown = {
        "cycle": cycle,
        "rows": rows,
        "form": form,
        "to_ask": sum(
            bool(row["missing"]) or row["commitment"].standing == Standing.NOT_ASKED for row in rows
        ),
        "to_decide": [row for row in rows if row["commitment"].standing in back],
        "now": methods.needed(cycle).allows(cycle.stage, Kind.CONFIRMATION),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/confirmation_desk.html", shown)
