"""My space: what somebody asked for and began, over all services."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse

from minga.kernel.base.text import Text
from minga.kernel.cases import queries as cases
from minga.kernel.cases.declaration import Phase, case_types
from minga.kernel.cases.models import Case, Draft
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person

TONES = {Phase.WAITING_FOR_APPLICANT: "wait", Phase.ANSWERED: "good", Phase.CLOSED: "stop"}


@dataclass(frozen=True, slots=True)
class SpaceRow:
    """One case as its applicant lists it."""

    case: Case
    title: str
    kind: Text
    label: Text
    tone: str
    step: Text
    url: str
    is_asked: bool


def case_rows(found: Sequence[Case]) -> list[SpaceRow]:
    """One statement for each type of case among them, and one for their last steps."""
    titles = cases.titles_of(found)
    steps = cases.last_steps(found)
    return [
        SpaceRow(
            case=case,
            title=titles.get(case.pk, ""),
            kind=case_types[case.type].name,
            label=cases.label(case),
            tone=TONES.get(Phase(case.phase), "plain"),
            step=steps[case.pk],
            url=reverse(case_types[case.type].applicant_page, args=[case.pk]),
            is_asked=case.phase == Phase.WAITING_FOR_APPLICANT,
        )
        for case in found
    ]


@dataclass(frozen=True, slots=True)
class DraftRow:
    draft: Draft
    title: str
    kind: Text
    url: str


def draft_rows(found: Sequence[Draft]) -> list[DraftRow]:
    return [
        DraftRow(
            draft=draft,
            title=str(draft.words.get("title", "")),
            kind=case_types[draft.type].name,
            url=reverse(case_types[draft.type].draft_page, args=[draft.pk]),
        )
        for draft in found
    ]


def shown(person: Person, **more: Any) -> dict[str, Any]:
    """What every page of the space shows besides its own."""
    return {"demo": settings.MINGA_DEMO or identity.is_invented(person), **more}
