"""Who a page is for, and its line in the menu. Pure: nothing is looked up here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from minga.kernel.base.text import Text

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    EVERYONE = "everyone"
    APPLICANT = "applicant"
    OFFICIAL = "official"


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
