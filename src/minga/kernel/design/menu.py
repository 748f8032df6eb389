"""Who a page is for, and its line in the menu. Pure: nothing is looked up here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from minga.kernel.base.text import Text

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """The closed list of whom a page may be for."""

    EVERYONE = "everyone"
    APPLICANT = "applicant"  # whoever shows the code of a case
    PERSON = "person"  # signed in
    OFFICIAL = "official"  # signed in, and holds a post today or stands in for its holder
    ADMINISTRATOR = "administrator"  # in a post that runs its institution's people and posts
    STEWARD = "steward"  # in a post that runs the register of all institutions


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    label: Text
    url_name: str
    audience: Audience = Audience.EVERYONE


def open_to(audience: Audience) -> Callable[[View], View]:
    """Say for whom a view is; what says nothing stays closed (identity.middleware)."""

    def mark(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]
        return view

    return mark
