from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.base.codes import spoken
from minga.kernel.base.goals import GOALS
from minga.kernel.base.language import prevailing
from minga.kernel.base.pages import keyset
from minga.kernel.cases import queries as cases
from minga.kernel.cases.actions import desk as drafts
from minga.kernel.cases.declaration import CodeUnknown, Move
from minga.kernel.cases.forms import StepForm
from minga.kernel.cases.models import Case, Draft
from minga.kernel.cases.queries import attachments, desk
from minga.kernel.cases.rules import read_code
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.conversation import queries as conversation
from minga.kernel.conversation.forms import REASONS as WITHDRAWN
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.documents import actions as documents
from minga.kernel.documents import queries as issued
from minga.kernel.documents.views import at_press, served
from minga.kernel.forms.backend import takes_files
from minga.kernel.forms.rules import MOST
from minga.kernel.identity.middleware import person, posts, reader
from minga.kernel.identity.models import Person
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.public_service.views.desk import at_desk, back_to
from minga.services.cocreation import actions, datasets, papers, queries, rules
from minga.services.cocreation.actions import screening as decisions
from minga.services.cocreation.forms import (
    FORMS,
    ORDERS,
    REASONS,
    SECTORS,
    AboutYouForm,
    FilterForm,
    FollowForm,
    ReplyForm,
)
from minga.services.cocreation.forms.following import GOOD, OUTCOMES, TONES
from minga.services.cocreation.forms.screening import AnswerForm
from minga.services.cocreation.models import Proposal
from minga.services.cocreation.queries import following
from minga.services.cocreation.queries import support as supporters
from minga.services.cocreation.queries.alike import like
from minga.services.cocreation.queries.similar import text_of
from minga.services.cocreation.rules.breaches import Breach
from minga.services.cocreation.rules.following import Outcome
from minga.services.cocreation.rules.similar import Text
from minga.services.cocreation.views.cycles import refused
from minga.services.cocreation.views.screening import decided

HALF = "half:"  # before the name of a field: what was typed there and is not an answer yet
FIELDS = [name for form in FORMS.values() for name in form.base_fields]
everyone, applicant = open_to(Audience.EVERYONE), open_to(Audience.APPLICANT)
official, personal = open_to(Audience.OFFICIAL), open_to(Audience.PERSON)
DESK = {"role": rules.Role.INSTITUTION, "step": "cocreation:take_step"}


@everyone
@public_page
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    if code := read_code(wanted.get("busca", "")):
        return redirect("cocreation:followed", code=code)
    found = queries.narrowed(
        queries.public(),
        words=wanted.get("busca", ""),
        outcome=wanted.get("resultado", ""),
        goal=int(wanted["objetivo"]) if wanted.get("objetivo") else None,
        territory=wanted.get("lugar", ""),
        sector=wanted.get("sector", ""),
    )
    page = keyset(found, order=ORDERS[wanted.get("orden", "")], query=request.GET)
    shown = {
        "filters": form,
        "page": page,
        "narrowed": any(wanted.values()),
        "demo": any(row.cycle.convener.demo for row in page.rows),
    }
    return render(request, "cocreation/proposals.html", shown)


@everyone
@require_safe
def proposals_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(datasets.proposals)


@everyone
@public_page
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    shown = {
        "places": queries.by_place(),
        "shape": jurisdiction.shape(),
        "goals": queries.by_goal(),
        "sectors": queries.by_sector(SECTORS),
        "months": queries.by_month(),
        "calls": queries.by_call(),
        "demo": queries.any_invented(),
    }
    return render(request, "cocreation/figures.html", shown)


@everyone
@public_page
@require_safe
def figures_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(datasets.counts)


@everyone
@public_page
@require_safe
def proposal(request: HttpRequest, cycle: str, number: int) -> HttpResponse:
    public = queries.public().filter(cycle__key=cycle, number=number)
    bodies = ("case__holder", "cycle__method", "cycle__forum", "cycle__working_group")
    whole = public.select_related(*bodies, "cycle__convener", "cycle__commission", "territory")
    thread = conversation.thread_of(actions.RECORD)
    found = following.with_outcome(whole).annotate(thread=thread).first()
    if found is None:
        return _gone(request, cycle, number)
    outcome = Outcome(found.outcome)
    shown = {
        **decided(found),
        "proposal": found,
        "became": OUTCOMES[outcome],
        "tone": TONES.get(outcome, GOOD),
        "steps": following.of_proposal(found),
        "talk": conversation.talk(found.thread, query=request.GET),
        "alike": like(text_of(found), but=found.pk),
        "supportable": supporters.is_open(found.cycle, on=timezone.localdate()),
        **_words(found),
    }
    return render(request, "cocreation/proposal.html", shown)


def _gone(request: HttpRequest, cycle: str, number: int) -> HttpResponse:
    """Of a number that was given once: why nobody reads it now."""
    if reason := queries.withdrawn_reason(cycle, number):
        told = {"number": number, "reason": WITHDRAWN[reason]}
        return render(request, "cocreation/withdrawn.html", told, status=410)
    if queries.public_once(cycle, number):
        return render(request, "cocreation/not_public_now.html", status=410)
    raise Http404


@everyone
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    cycle = queries.open_cycles(on=timezone.localdate()).first()
    terms = jurisdiction.terms_for(rules.Terms)
    return render(
        request,
        "cocreation/how.html",
        {"cycle": cycle, "terms": terms, "reasons": REASONS.values()},
    )


@everyone
@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """A draft's address is made here; nothing is kept until something is written."""
    if not queries.open_cycles(on=timezone.localdate()).exists():
        return render(request, "cocreation/closed.html")
    return redirect("cocreation:draft_step", draft=uuid4(), step=rules.STEPS[0])


@applicant
@require_safe
def draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Where a draft goes on: the first step that lacks something, or the review."""
    kept = cases.unsent(draft, case_type=rules.PROPOSAL, person=reader(request))
    step = rules.first_unfinished(kept.words if kept else {}) or rules.STEPS[-1]
    return redirect("cocreation:draft_step", draft=draft, step=step)


@applicant
def draft_step(request: HttpRequest, draft: UUID, step: str) -> HttpResponse:
    if step not in FORMS:
        raise Http404
    if request.method == "POST" and step == rules.STEPS[-1]:
        return _sent(request, draft)
    writer = reader(request)
    kept = cases.unsent(draft, case_type=rules.PROPOSAL, person=writer)
    if kept and kept.case:
        return _became(kept.case)
    form = _form(request, step, kept)
    if request.method == "POST" and "back" in request.POST:
        return _went_back(request, draft, step, form)
    if request.method == "POST" and form.is_valid():
        return _went_on(draft, step, kept, form.cleaned_data, writer)
    shown = _draft_shown(draft, step, form, kept)
    return render(request, "cocreation/draft.html", {**shown, "writer": writer})


def _form(request: HttpRequest, step: str, kept: Draft | None) -> Form:
    typed = request.POST if request.method == "POST" else None
    if step == "sobre-ti":
        return AboutYouForm(typed, initial=_kept(kept), has_mailbox=reader(request) is not None)
    return FORMS[step](typed, initial=_kept(kept))


def _kept(draft: Draft | None) -> dict[str, object]:
    """What was written, for a form: a goal that was left general is an answer too, and what
    was half written when its writer went back is still there."""
    words = dict(draft.words) if draft else {}
    if "goal" in words:
        words["goal"] = words["goal"] or 0
    half = {name: words[HALF + name] for name in FIELDS if words.get(HALF + name)}
    return words | half


def _whole(said: dict[str, object]) -> dict[str, object]:
    """What was said of a step in full takes the place of what was half written there."""
    return said | {HALF + name: "" for name in said}


def _went_back(request: HttpRequest, draft: UUID, step: str, form: Form) -> HttpResponse:
    """Back to the step before, and nothing that was typed here is lost."""
    half = {HALF + name: request.POST.get(name, "") for name in form.fields}
    said = _whole(form.cleaned_data) if form.is_valid() else half
    actions.keep(draft=draft, words=said, at=timezone.now(), person=reader(request))
    return redirect("cocreation:draft_step", draft=draft, step=rules.step_before(step))


def _became(case: Case) -> HttpResponse:
    """A draft that was sent: its writer may have lost the line, so for a while its address
    leads to the receipt. Later only the code does: addresses stay in borrowed telephones."""
    if timezone.now() - case.opened_at < rules.RECEIPT_AGAIN:
        return redirect("cocreation:receipt", code=case.code)
    return redirect(f"{reverse('cocreation:follow')}?enviada")


def _went_on(
    draft: UUID, step: str, kept: Draft | None, said: dict[str, object], writer: Person | None
) -> HttpResponse:
    if step == "sobre-ti":
        said.setdefault("email", "")  # not asked: there is a mailbox
    if not kept or not kept.words.get("cycle"):
        cycle = queries.open_cycles(on=timezone.localdate()).first()
        said["cycle"] = cycle.key if cycle else ""
    actions.keep(draft=draft, words=_whole(said), at=timezone.now(), person=writer)
    after = rules.next_step(step, {**(kept.words if kept else {}), **said})
    return redirect("cocreation:draft_step", draft=draft, step=after)


def _sent(request: HttpRequest, draft: UUID) -> HttpResponse:
    """The last step has nothing to fill in: send what there is, or say what is missing, or
    that it is no longer what was looked at."""
    if "back" in request.POST:
        before = rules.step_before(rules.STEPS[-1])
        return redirect("cocreation:draft_step", draft=draft, step=before)
    try:
        shown, writer = request.POST.get("shown", ""), reader(request)
        case = actions.send(draft=draft, at=timezone.now(), shown=shown, person=writer)
        return _became(case)
    except actions.Unfinished as unfinished:
        return redirect("cocreation:draft_step", draft=draft, step=unfinished.step)
    except actions.Changed:
        here = reverse("cocreation:draft_step", args=[draft, rules.STEPS[-1]])
        return redirect(f"{here}?cambio")


def _draft_shown(draft: UUID, step: str, form: object, kept: Draft | None) -> dict[str, object]:
    words = kept.words if kept else {}
    return {
        "form": form,
        "draft": draft,
        "step": step,
        "position": rules.STEPS.index(step) + 1,
        "steps": len(rules.STEPS),
        "first": step == rules.STEPS[0],
        "mark": queries.mark(words),
        "kept": words,
        "is_nobodys": kept is not None and kept.person_id is None,
        "alike": _alike(words) if step == "solucion" else [],
        "cycle": queries.cycle(words.get("cycle", "")),
        "goal": GOALS.get(words.get("goal") or 0, ""),
        "sector": SECTORS.get(words.get("sector", ""), ""),
        "place": dict(jurisdiction.territories().values_list("iso", "name")).get(
            words.get("territory", "")
        ),
        "missing": rules.first_unfinished(words) if step == rules.STEPS[-1] else None,
    }


def _alike(words: Mapping[str, Any]) -> list[Proposal]:
    """Public proposals like the problem that was told, for its writer to know of."""
    return like(Text(0, words.get("title", ""), words.get("problem", ""), ""))


@applicant
@require_safe
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    found = _known(code)
    shown = {
        "proposal": found,
        "spoken": spoken(code),
        "seal": cases.opening_hash(found.case),
        "told_at": queries.masked_contact(found),
        "is_mine": _is_applicant(found, reader(request)),
    }
    return render(request, "cocreation/receipt.html", shown | _words(found))


@applicant
def receipt_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for the receipt on paper, and waits until it came out of the press."""
    found = _known(code)
    with prevailing():  # in whichever language its page is read: one paper
        paper = papers.receipt(found, **_labels(found))
    kind, about = papers.RECEIPT, found.case.stream
    if request.method == "POST":
        issuer, now = found.cycle.convener, timezone.now()
        documents.issue(kind=kind, reference=about, paper=paper, issuer=issuer, at=now)
        return redirect("cocreation:receipt_pdf", code=found.case.code)
    standing = issued.standing(kind=kind, reference=about, seal=paper.seal)
    file = reverse("cocreation:receipt_file", args=[found.case.code])
    shown = {"proposal": found, "file": file, **at_press(request, standing), **_words(found)}
    return render(request, "cocreation/receipt_pdf.html", shown)


@applicant
@require_safe
def receipt_file(request: HttpRequest, code: str) -> HttpResponseBase:
    found = _known(code)
    about = found.case.stream
    own = issued.visible_to(reference=about).filter(kind=papers.RECEIPT, reference=about)
    return served(own) or redirect("cocreation:receipt_pdf", code=found.case.code)


def _is_applicant(found: Proposal, person: Person | None) -> bool:
    return person is not None and found.case.applicant_id == person.pk


@applicant
def follow(request: HttpRequest) -> HttpResponse:
    form = FollowForm(request.POST or None)
    if form.is_valid():
        return redirect("cocreation:followed", code=form.cleaned_data["code"])
    shown = {"form": form, "was_sent": "enviada" in request.GET}
    return render(request, "cocreation/follow.html", shown)


@applicant
@takes_files
def followed(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a proposal, for whoever has its code; and the answer to a question."""
    found = _known(code)
    return _seen(request, found, reverse("cocreation:followed", args=[code]), None)


@personal
@takes_files
def mine(request: HttpRequest, case: int) -> HttpResponse:
    """The same, for whoever sent it with their account: no code in the address."""
    found = queries.mine(case, person(request))
    if found is None:
        raise Http404
    return _seen(request, found, reverse("cocreation:mine", args=[case]), person(request))


def _seen(
    request: HttpRequest, found: Proposal, here: str, applicant: Person | None
) -> HttpResponse:
    names = {
        rules.Role.APPLICANT: _("Tú"),
        rules.Role.INSTITUTION: found.case.holder.name,
        rules.Role.FORUM: _("El grupo de trabajo"),
    }
    files = _files(found, applicant, names)
    sent = (request.POST or None, request.FILES or None)
    open_to_them = cases.moves_for(found.case, rules.Role.APPLICANT)
    form: Form = ReplyForm(*sent, initial={"rev": found.case.rev}, room=files.room)
    if "answer" in request.POST or "answer" in open_to_them:
        form = AnswerForm(request.POST or None, initial={"rev": found.case.rev})
    if form.is_valid():  # even if nobody asks any more: then the action says what changed
        try:
            _said(form, found, applicant)
        except Breach as breach:
            return refused(request, found.cycle, breach)
        return redirect(f"{here}?hecho")
    shown = {
        **decided(found),
        "may_answer": form if "answer" in open_to_them else None,
        "proposal": found,
        "label": cases.label(found.case),
        "steps": cases.timeline(found.case, names),
        "files": files,
        "form": form if "reply" in open_to_them else None,
        "terms": cases.terms_of(found.case, rules.Terms),
        "done": "hecho" in request.GET,
        "is_mine": _is_applicant(found, reader(request)),
        "withdrawn": WITHDRAWN.get(queries.withdrawn().get(found.pk, "")),
    }
    return render(request, "cocreation/followed.html", shown | _words(found))


def _said(form: Form, found: Proposal, person: Person | None) -> None:
    """What whoever sent it says: to a question, or to a decision."""
    now, said = timezone.now(), form.cleaned_data
    if isinstance(form, AnswerForm):
        decisions.answer(proposal=found, at=now, person=person, **said)
    else:
        actions.reply(proposal=found, at=now, person=person, **said)


def _files(found: Proposal, person: Person | None, names: cases.Names) -> attachments.Files:
    """What its applicant sees attached: by their account, or by the code."""
    if person:
        return attachments.for_person(found.case, person, names)
    return attachments.for_code(found.case, names)


@official
@require_safe
def handle(request: HttpRequest, case: int) -> HttpResponse:
    found = _held(request, case)
    frame = at_desk(request, found.case, title=found.title, **DESK)
    names = {
        rules.Role.APPLICANT: _("La persona"),
        rules.Role.INSTITUTION: found.case.holder.name,
        rules.Role.FORUM: _("El grupo de trabajo"),
    }
    files = attachments.for_officials(found.case, names)
    shown = {"proposal": found, "label": cases.label(found.case), "files": files}
    return render(request, "cocreation/handle.html", shown | _words(found) | frame)


@official
@takes_files
def take_step(request: HttpRequest, case: int, move: str) -> HttpResponse:
    found = _held(request, case)
    declared, draft = _declared(found.case, move), desk.answer(found.case, move)
    if request.method == "GET" and move not in cases.moves_for(found.case, rules.Role.INSTITUTION):
        return redirect("cocreation:handle", case=case)
    room = MOST - attachments.taken(found.case, applicant=False)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = StepForm(*sent, move=declared, draft=draft, initial={"rev": found.case.rev}, room=room)
    if form.is_valid():
        return back_to(request, found.case, _taken(request, found, move, form))
    shown = {"proposal": found, "move": declared, "form": form, "draft": draft}
    words = {"label": cases.label(found.case), **_words(found)}
    return render(request, "cocreation/take_step.html", shown | words)


def _taken(request: HttpRequest, found: Proposal, move: str, form: StepForm) -> str:
    """The step, or its draft: which of them was done, for the page of the case to say."""
    said, now = form.cleaned_data, timezone.now()
    if form.is_draft:
        del said["rev"]
        files = said.pop("attached")
        drafts.keep_answer(case=found.case, move=move, person=person(request), at=now, **said)
        return "borrador-sin-archivos" if files else "borrador"
    post = desk.acting(posts(request), found.case)
    actions.decide(proposal=found, move=move, post=post, at=now, **said)
    return ""


def _declared(case: Case, move: str) -> Move:
    """A step of this case type, even if it can no longer be taken: then the action says so."""
    for moves in cases.type_of(case).moves.values():
        if move in moves and moves[move].by == rules.Role.INSTITUTION:
            return moves[move]
    raise Http404


def _known(code: str) -> Proposal:
    read = read_code(code)
    found = queries.by_code(read) if read else None
    if found is None:
        raise CodeUnknown
    return found


def _held(request: HttpRequest, case: int) -> Proposal:
    found = queries.held(case, posts(request))
    if found is None:
        raise Http404
    return found


def _words(found: Proposal) -> dict[str, object]:
    return {**_labels(found), "demo": found.cycle.convener.demo}


def _labels(found: Proposal) -> dict[str, str]:
    return {
        "goal": f"{found.goal}. {GOALS[found.goal]}" if found.goal else "",
        "sector": str(SECTORS[found.sector]),  # type: ignore[index]  # a key of Sector
    }
