"""The bodies that decide in a cycle: what everybody sees of them, and the room of their members."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.assemblies import queries, rules
from minga.kernel.assemblies.models import Item, Session
from minga.kernel.assemblies.rules import Choice, Verdict
from minga.kernel.base.pages import Order, keyset
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.documents import actions as documents
from minga.kernel.documents import queries as issued
from minga.kernel.documents.views import at_press
from minga.kernel.identity.middleware import person
from minga.kernel.identity.models import Organisation, Seat
from minga.services.cocreation.actions import sessions as actions
from minga.services.cocreation.forms.bodies import ROLES, WAITS, CallForm, PointForm, VoteForm
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.papers import minutes as papers
from minga.services.cocreation.papers.words import CHOICES, OUTCOMES, SECTORS
from minga.services.cocreation.queries import sessions
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.views.cycles import by_the_rules

everyone, personal = open_to(Audience.EVERYONE), open_to(Audience.PERSON)


@everyone
@public_page
@require_safe
def body(request: HttpRequest, body: str) -> HttpResponse:
    """Who sits in a body, by sector, and what it decided in which session."""
    found = queries.bodies().filter(key=body).first()
    if found is None:
        raise Http404
    seats, cycles = queries.seats(found), sessions.cycles_of(found)
    works = any(cycle.working_group_id == found.pk for cycle in cycles)
    order = [Order("number", descending=True)]
    shown = {
        "body": found,
        "sectors": _by_sector(seats),
        "unbalanced": works and not rules.balanced(seat.sector for seat in seats),
        "page": keyset(queries.sessions(found), order=order, query=request.GET),
        "cycles": cycles,
        "demo": found.demo,
    }
    return render(request, "cocreation/body.html", shown)


def _by_sector(seats: list[Seat]) -> list[tuple[object, list[Seat]]]:
    """Every sector with its seats; one of the three that must be balanced is said when empty."""
    many = rules.balance(seat.sector for seat in seats)
    return [
        (SECTORS.get(sector, sector), [seat for seat in seats if seat.sector == sector])
        for sector in many
    ]


@everyone
@public_page
@require_safe
def session(request: HttpRequest, body: str, session: int) -> HttpResponse:
    found = _session(body, session)
    return render(request, "cocreation/session.html", _told(found))


@everyone
def minutes(request: HttpRequest, body: str, session: int) -> HttpResponse:
    """Asks for the minutes on paper, and waits until they came out of the press."""
    found = _session(body, session)
    paper, about = papers.minutes(found), papers.reference(found)
    if request.method == "POST":
        told = {"paper": paper, "issuer": found.body, "public": True, "at": timezone.now()}
        documents.issue(kind=papers.MINUTES, reference=about, **told)  # type: ignore[arg-type]
        return redirect("cocreation:minutes", body=body, session=session)
    standing = issued.standing(kind=papers.MINUTES, reference=about, seal=paper.seal)
    file = reverse("documents:file", args=[standing.code]) if standing else ""
    shown = {"file": file, **at_press(request, standing), **_told(found)}
    return render(request, "cocreation/minutes.html", shown)


def _session(body: str, number: int) -> Session:
    found = queries.session(body, number)
    if found is None:
        raise Http404
    return found


def _told(found: Session) -> dict[str, Any]:
    """A session as everybody sees it: how each seat voted, once it is decided."""
    points = [
        {
            "item": item,
            "key": str(item.number),
            "outcome": OUTCOMES.get(item.outcome, ""),
            "votes": [(vote.seat.member, CHOICES[vote.choice]) for vote in item.votes.all()],
        }
        for item in found.items.all()
    ]
    there = [(row, SECTORS.get(row.seat.sector, "")) for row in found.attendances.all()]
    return {
        "session": found,
        "body": found.body,
        "points": points,
        "there": there,
        "demo": found.body.demo,
    }


@personal
@by_the_rules
def room(request: HttpRequest, cycle: Any, body: str) -> HttpResponse:
    """Where the members of a body call a session, and see who speaks for each seat."""
    found, _seat = _mine(request, cycle, body)
    form = CallForm(request.POST or None)
    if form.is_valid():
        now = timezone.now()
        made = actions.call(body=found, person=person(request), at=now, **form.cleaned_data)
        return redirect("cocreation:room_session", cycle.key, found.key, made.number)
    today = timezone.localdate()
    speaks = queries.in_force(on=today).filter(seat__body=found)
    speakers = speaks.select_related("person", "seat__member")
    shown = {
        "cycle": cycle,
        "body": found,
        "role": _role(cycle, found),
        "form": form,
        "delegates": speakers.order_by("seat__position", "alternate"),
        "sessions": list(queries.sessions(found)[:20]),
        "demo": found.demo,
    }
    return render(request, "cocreation/room.html", shown)


@personal
@by_the_rules
def room_session(request: HttpRequest, cycle: Any, body: str, session: int) -> HttpResponse:
    """A session for those who sit in it: they say they are there, put points and vote."""
    found, seat = _mine(request, cycle, body)
    held = queries.session(found.key, session)
    if held is None:
        raise Http404
    done = _do(request, cycle, held) if request.method == "POST" else None
    if isinstance(done, HttpResponse):
        return done
    told, today = _told(held), timezone.localdate()
    for point in told["points"]:
        point.update(_open(point["item"], seat, done))
    shown = {
        "cycle": cycle,
        "seat": seat,
        "is_there": any(row.seat_id == seat.pk for row in held.attendances.all()),
        "form": done if isinstance(done, PointForm) else PointForm(),
        "unapproved": [(str(one.number), one) for one in _unapproved(held) if one.held_on <= today],
    }
    return render(request, "cocreation/room_session.html", told | shown)


def _unapproved(held: Session) -> list[Session]:
    """The sessions whose minutes this one may approve: up to itself, with nothing undecided."""
    earlier = held.body.sessions.filter(approved_at=None, number__lte=held.number)
    return list(earlier.exclude(items__outcome="").order_by("-number")[:5])


def _open(item: Item, seat: Seat, done: object) -> dict[str, Any]:
    """What a member may still do about a point, and what it waits for."""
    if item.outcome:
        return {}
    mine = [vote for vote in item.votes.all() if vote.seat_id == seat.pk]
    closing = queries.verdict(item, closing=True)
    wrong = isinstance(done, tuple) and done[0] == item.number
    return {
        "mine": CHOICES[Choice(mine[0].choice)] if mine else "",
        "voted": len(item.votes.all()),
        "waits": WAITS[queries.verdict(item)],
        "closes": closing in (Verdict.CARRIED, Verdict.REJECTED),
        "form": done[1] if wrong else VoteForm(prefix=str(item.number)),  # type: ignore[index]
    }


def _do(request: HttpRequest, cycle: Cycle, held: Session) -> object:
    """What a member did; the form again when it must be mended."""
    told: dict[str, Any] = {"person": person(request), "at": timezone.now()}
    what, _colon, number = request.POST.get("do", "").partition(":")
    item = next((item for item in held.items.all() if str(item.number) == number), None)
    match what:
        case "attend":
            actions.attend(session=held, **told)
        case "put":
            form = PointForm(request.POST)
            if not form.is_valid():
                return form
            actions.put(cycle=cycle, session=held, **form.cleaned_data, **told)
        case "minutes":
            for one in _unapproved(held):
                if str(one.number) == number:
                    actions.put_minutes(cycle=cycle, session=held, of=one, **told)
        case "vote" if item:
            vote = VoteForm(request.POST, prefix=number)
            if not vote.is_valid():
                return item.number, vote
            actions.vote(item=item, choice=Choice(vote.cleaned_data["choice"]), **told)
        case "conclude" if item:
            actions.conclude(item=item, **told)
    return redirect("cocreation:room_session", cycle.key, held.body.key, held.number)


def _mine(request: HttpRequest, cycle: Cycle, body: str) -> tuple[Organisation, Seat]:
    """A body of the cycle in which whoever asks speaks for a seat."""
    found, today = sessions.body(cycle, body), timezone.localdate()
    speaks = queries.speaker(found, person(request), on=today) if found else None
    if found is None or speaks is None:
        raise Breach(Rule.NOT_A_MEMBER, body)
    return found, speaks.seat


def _role(cycle: Cycle, body: Organisation) -> object:
    roles = sessions.bodies(cycle)
    return next((ROLES[role] for role, one in roles.items() if one == body), "")
