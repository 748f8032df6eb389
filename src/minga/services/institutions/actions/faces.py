"""What an institution changes of how it shows itself. Each change is told in its history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from minga.kernel.catalogue import actions as catalogue
from minga.kernel.design.queries import schemes
from minga.kernel.identity.actions import Outdated
from minga.kernel.identity.models import Organisation
from minga.kernel.trust import actions as trust
from minga.services.institutions.models import Face
from minga.services.institutions.queries import faces as queries
from minga.services.institutions.rules import themes
from minga.services.institutions.rules.logos import Logo
from minga.services.institutions.rules.themes import Choice


class Unreadable(Exception):
    """These colours cannot be read: on what, and by how little."""


def dress(
    *, organisation: Organisation, choice: Choice | None, rev: int, by: str, at: datetime
) -> None:
    """Its own colours, if everybody can read them; without a choice, the house's."""
    if choice and (faults := themes.faults(choice, schemes())):
        raise Unreadable(faults)
    sheet = queries.drawn(choice) if choice else ""
    said: dict[str, Any] = {name: getattr(choice, name, None) for name in queries.COLOURS}
    said |= {"sheet": sheet, "sheet_digest": themes.digest(sheet.encode()) if sheet else ""}
    _change(organisation, said, rev, by, at)


def put_logo(  # noqa: PLR0913  # an act has this many facts
    *, organisation: Organisation, logo: Logo, words: str, rev: int, by: str, at: datetime
) -> None:
    said = {
        "logo": logo.png,
        "logo_digest": logo.digest,
        "logo_width": logo.width,
        "logo_height": logo.height,
        "logo_words": words,
    }
    _change(organisation, said, rev, by, at)


def take_logo_away(*, organisation: Organisation, rev: int, by: str, at: datetime) -> None:
    said = {"logo": b"", "logo_digest": "", "logo_width": 0, "logo_height": 0, "logo_words": ""}
    _change(organisation, said, rev, by, at)


def let_show(
    *, organisation: Organisation, hosts: Sequence[str], rev: int, by: str, at: datetime
) -> None:
    """Which sites may show its frame; none: nobody."""
    _change(organisation, {"hosts": list(hosts)}, rev, by, at)


@transaction.atomic
def _change(
    organisation: Organisation, said: Mapping[str, Any], rev: int, by: str, at: datetime
) -> None:
    """What was shown is what is changed: of two who do it at once, the second is told, unless
    they say the same."""
    if _says(queries.face(organisation), said):
        return
    if rev:
        kept = Face.objects.filter(organisation=organisation, rev=rev)
        if not kept.update(**said, rev=F("rev") + 1, changed_at=at):
            raise Outdated
    else:
        _begin(organisation, said, at)
    face = Face.objects.get(organisation=organisation)
    facts: dict[str, Any] = {name: getattr(face, name) for name in queries.COLOURS}
    facts |= {"logo": face.logo_digest, "hosts": " ".join(face.hosts), "seal": queries.seal(face)}
    stream = organisation.stream
    trust.record(stream=stream, kind=queries.ENTRY, actor=by, at=at, facts=facts)
    catalogue.touch()


def _says(face: Face, said: Mapping[str, Any]) -> bool:
    """Files are known by their digests."""
    names = said.keys() - {"logo", "sheet"}
    return all(getattr(face, name) == said[name] for name in names)


def _begin(organisation: Organisation, said: Mapping[str, Any], at: datetime) -> None:
    try:
        with transaction.atomic():
            Face.objects.create(organisation=organisation, changed_at=at, **said)
    except IntegrityError as problem:  # somebody began at the same moment
        raise Outdated from problem
