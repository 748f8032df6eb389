"""Writing an integrated proposal: its parts, each kept alone, and when they become its text."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from minga.kernel.base.text import Text
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person
from minga.services.cocreation.actions import integration as actions
from minga.services.cocreation.forms.breaches import NEEDS
from minga.services.cocreation.forms.writing import ADDRESSES, FORMS, PARTS, PartForm
from minga.services.cocreation.models import Cycle, Integrated, Passage
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import screening, writing
from minga.services.cocreation.queries.writing import Written
from minga.services.cocreation.rules.evaluation import months, on_the_edge
from minga.services.cocreation.rules.integration import WHERE, Part, Structure, Typed, missing
from minga.services.cocreation.rules.method import Fact, Method
from minga.services.cocreation.views.cycles import by_the_rules, whole
from minga.services.cocreation.views.integration import back_to, by_whom, one

personal = open_to(Audience.PERSON)
BEFORE = 5  # passages that were kept before the one that counts, on the page of their part


class Fate(StrEnum):
    """What became of what somebody sent."""

    KEPT = "kept"
    CROSSED = "crossed"  # somebody else wrote in between
    TOO_MUCH = "too_much"


@dataclass(frozen=True)
class Shown:
    """One part in the list of all."""

    label: Text
    address: str
    form: PartForm
    draft: Passage | None
    lacks: list[Text]

    @property
    def is_wrong(self) -> bool:
        return self.draft is not None and not self.form.is_valid()


@personal
@by_the_rules
def write_group(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    """What is written, what is missing and what is wrong; and making it the text that counts."""
    screening.member(cycle, person(request), on=timezone.localdate())
    found, method = one(cycle, number), methods.needed(cycle)
    parts, structure = _parts(found, method)
    is_wrong, was_overtaken = any(part.is_wrong for part in parts), False
    if request.method == "POST" and not is_wrong:
        last, rev = whole(request.POST.get("last", "")), whole(request.POST.get("rev", ""))
        seen = {key for key in writing.keys(found) if key <= last}
        told = {"said": structure, "rev": rev, "passages": seen, **by_whom(request)}
        try:
            return back_to(actions.write(integrated=found, **told))
        except actions.Overtaken:
            was_overtaken = True
    shown = {
        "cycle": cycle,
        "integrated": found,
        "parts": parts,
        "is_wrong": is_wrong,
        "last": max((part.draft.pk for part in parts if part.draft), default=0),
        "whole": not missing(structure),
        "version": writing.version_by(found),
        "on_the_edge": _on_the_edge(structure.starts_on, structure.ends_on, method),
        "was_kept": "guardado" in request.GET,
        "was_overtaken": was_overtaken,
        "demo": cycle.convener.demo,
    }
    status = 409 if was_overtaken else 200
    return render(request, "cocreation/write_group.html", shown, status=status)


def _parts(found: Integrated, method: Method) -> tuple[list[Shown], Structure]:
    """Each part, and all of it as it would be read; of a part that is wrong, as it is read."""
    written = writing.parts(found)
    forms = {part: FORMS[part](now.words, method=method) for part, now in written.items()}
    said: dict[str, Any] = {}
    for part, now in written.items():
        if now.draft and forms[part].is_valid():
            said |= forms[part].said
    structure = replace(writing.structure(found), **said)
    needs = missing(structure)
    shown = [
        Shown(
            label=PARTS[part],
            address=word,
            form=forms[part],
            draft=written[part].draft,
            lacks=[NEEDS[need] for need in needs if WHERE[need] == part],
        )
        for word, part in ADDRESSES.items()
    ]
    return shown, structure


def _on_the_edge(starts: date | None, ends: date | None, method: Method) -> bool:
    """Whether it takes exactly as long as is worth less."""
    if not (starts and ends):
        return False
    takes = months(starts, ends)
    indicators = [one for criterion in method.criterion for one in criterion.indicator]
    return any(on_the_edge(one, takes) for one in indicators if one.fact == Fact.MONTHS)


@personal
@by_the_rules
def write_part(request: HttpRequest, cycle: Cycle, number: int, part: str) -> HttpResponse:
    """One part as it stands; what is sent is kept, right or wrong."""
    screening.member(cycle, person(request), on=timezone.localdate())
    found, method, which = one(cycle, number), methods.needed(cycle), ADDRESSES.get(part)
    if which is None:
        raise Http404
    now, kind, fate = writing.parts(found)[which], FORMS[which], None
    if request.method == "POST":
        form = kind(kind.typed(request.POST), method=method)
        now, fate = _kept(request, found, which, form.data, now)
        if fate == Fate.KEPT and form.is_valid():
            address = reverse("cocreation:write_group", args=[cycle.key, number])
            return redirect(f"{address}?guardado#{part}")
    else:
        form = kind(now.words, method=method)
    crossed, said = fate == Fate.CROSSED, form.cleaned_data if form.is_valid() else {}
    shown = {
        "cycle": cycle,
        "integrated": found,
        "label": PARTS[which],
        "form": form,
        "now": now,
        "fate": fate,
        "theirs": kind(now.words, method=method) if crossed else None,
        "version": writing.version_by(found) if crossed else None,
        "before": [(old, kind(old.words, method=method)) for old in now.passages[1 : BEFORE + 1]],
        "on_the_edge": _on_the_edge(said.get("starts_on"), said.get("ends_on"), method),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/write_part.html", shown, status=409 if crossed else 200)


def _kept(
    request: HttpRequest, found: Integrated, part: Part, words: Typed, now: Written
) -> tuple[Written, Fate]:
    """How the part stands after somebody sent theirs, and what became of it."""
    told = {"words": words, "seen": request.POST.get("seen", ""), **by_whom(request)}
    try:
        kept = actions.keep(integrated=found, part=part, **told)
    except actions.Crossed as behind:
        return behind.now, Fate.CROSSED
    return (kept, Fate.KEPT) if kept else (now, Fate.TOO_MUCH)
