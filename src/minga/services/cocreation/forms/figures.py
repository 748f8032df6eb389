"""What is counted of a cycle, in words and pictures."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from minga.kernel.base.goals import GOALS
from minga.kernel.base.text import Text
from minga.kernel.design.pictures.figures import Figure
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation.forms import AGE_GROUPS, ETHNIC_GROUPS, SECTORS, SEXES
from minga.services.cocreation.forms.screening import OUTCOMES
from minga.services.cocreation.queries.figures import NONE, Counted
from minga.services.cocreation.rules import Channel

CHANNELS = {Channel.WEB: _("Por la página"), Channel.WORKSHOP: _("En talleres")}
NOT_SAID = {NONE: _("No lo dijo")}
TITLES: Mapping[str, tuple[Text, Callable[[], Mapping[Any, Text]]]] = {
    "all": (_("Por dónde llegaron"), lambda: {**CHANNELS}),
    "outcome": (_("Cómo se clasificaron"), lambda: {**OUTCOMES}),
    "goal": (
        _("A qué Objetivo de Desarrollo Sostenible ayudan"),
        lambda: {
            **{str(number): f"{number}. {name}" for number, name in GOALS.items()},
            NONE: _("Muy general para elegir uno"),
        },
    ),
    "place": (
        _("De qué lugar llegaron"),
        lambda: dict(jurisdiction.territories().values_list("iso", "name")),
    ),
    "sector": (_("En nombre de quién"), lambda: {**SECTORS}),
    "sex": (_("Sexo de quien propuso"), lambda: {**SEXES, **NOT_SAID}),
    "age_group": (_("Edad de quien propuso"), lambda: {**AGE_GROUPS, **NOT_SAID}),
    "ethnic_group": (_("Cómo se identifica quien propuso"), lambda: {**ETHNIC_GROUPS, **NOT_SAID}),
}


@dataclass(frozen=True)
class Chart:
    """One picture of the page, and what is not said in it."""

    title: Text
    figures: list[Figure]
    hidden: list[Text]


def charts(counted: Iterable[Counted]) -> list[Chart]:
    """What is counted by each thing, both channels together."""
    found: dict[str, dict[str, int | None]] = {}
    for one in counted:
        of = found.setdefault(one.by, {})
        key = one.channel if one.by == "all" else one.value
        of[key] = None if one.many is None else (of.get(key) or 0) + one.many
    return [
        _chart(title, found[by], words()) for by, (title, words) in TITLES.items() if by in found
    ]


def _chart(title: Text, said: Mapping[str, int | None], words: Mapping[Any, Text]) -> Chart:
    """Those of which there are most first."""
    known = sorted(((key, many) for key, many in said.items() if many), key=lambda pair: -pair[1])
    hidden = [words.get(key, key) for key, many in said.items() if many is None]
    return Chart(title, [Figure(words.get(key, key), many) for key, many in known], hidden)
