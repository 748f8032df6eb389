"""The institutions that the country's documents name.

The format is `data/institutions/*.toml`: bodies, what became of them, who sits in them and what
is said of each. A body's key is made of its name; a level, a function and a sector are keys of
the country's Terms. A day that no document gives is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from minga.kernel.base import files
from minga.kernel.base.files import Unreadable, once, one_of
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Organisation, Seat
from minga.kernel.identity.rules import Form
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.trust import actions as trust
from minga.kernel.trust.models import Entry

from . import actions, queries
from .models import Mention

FORMAT = "1"  # raised when what is made of a file changes: everything is then read anew
FORMS = ("", *Form)
ACTORS = ("", *queries.ACTORS)


@dataclass(frozen=True, kw_only=True)
class BodyFile:
    name: str
    source: str
    acronym: str = ""
    kind: str = ""
    form: str = ""
    level: str = ""
    function: str = ""
    sector: str = ""
    parent: str = ""
    starts_on: str = ""
    ends_on: str = ""

    def __post_init__(self) -> None:
        lists = queries.lists()
        one_of("form", self.form, FORMS)
        one_of("kind", self.kind, ACTORS)
        one_of("level", self.level, ["", *lists.levels])
        one_of("function", self.function, ["", *lists.functions])
        one_of("sector", self.sector, ["", *lists.sectors])

    @property
    def said(self) -> Mapping[str, object]:
        names = ("name", "acronym", "kind", "form", "level", "function", "sector")
        said: dict[str, object] = {name: getattr(self, name) for name in (*names, "source")}
        return said | {"starts_on": _day(self.starts_on), "ends_on": _day(self.ends_on)}


@dataclass(frozen=True, kw_only=True)
class SuccessionFile:
    original: str
    resulting: str
    source: str
    on: str = ""
    act: str = ""


@dataclass(frozen=True, kw_only=True)
class SeatFile:
    body: str
    member: str
    source: str
    sector: str = ""
    role: str = ""
    invited: bool = False
    starts_on: str = ""

    def __post_init__(self) -> None:
        one_of("sector", self.sector, ACTORS)
        one_of("role", self.role, ("", *queries.SEATS))


@dataclass(frozen=True, kw_only=True)
class MentionFile:
    body: str
    kind: str
    title: str
    source: str
    printed: str = ""

    def __post_init__(self) -> None:
        one_of("kind", self.kind, list(queries.MENTIONS))


@dataclass(frozen=True, kw_only=True)
class RegisterFile:
    body: Sequence[BodyFile] = ()
    succession: Sequence[SuccessionFile] = ()
    seat: Sequence[SeatFile] = ()
    mention: Sequence[MentionFile] = ()

    def __post_init__(self) -> None:
        once("name", [slugify(body.name) for body in self.body])
        names = {body.name for body in self.body}
        said = [body.parent for body in self.body if body.parent]
        said += [name for part in self.seat for name in (part.body, part.member)]
        said += [name for part in self.succession for name in (part.original, part.resulting)]
        said += [part.body for part in self.mention]
        if strange := sorted({name for name in said if name not in names}):
            raise Unreadable(f"no se conoce {', '.join(strange)}")


@transaction.atomic
def load(at: datetime) -> None:
    """Bring in the country's files; the same again changes nothing. What was changed here
    since stays, until a file says something else."""
    for file in jurisdiction.files("institutions"):
        if file.suffix == ".toml":
            _load(file, at)
    actions.publish_the_rest(at=at)


def _load(file: Path, at: datetime) -> None:
    digest = sha256(FORMAT.encode() + file.read_bytes()).hexdigest()
    stream = f"institutions:{file.stem}"
    last = Entry.objects.filter(stream=stream).order_by("-seq").first()
    if last and last.facts.get("hash") == digest:
        return
    said = files.read(file, RegisterFile)
    bodies = {body.name: _body(body, at) for body in said.body}
    for body in said.body:
        if body.parent:
            told: dict[str, Any] = {"source": body.source, "by": identity.HOUSE, "at": at}
            above = bodies[body.parent]
            identity.depend(organisation=bodies[body.name], parent=above, **told)
    for change in said.succession:
        identity.succeed(
            original=bodies[change.original],
            resulting=bodies[change.resulting],
            on=_day(change.on),
            act=change.act,
            source=change.source,
            by=identity.HOUSE,
            at=at,
        )
    _seats(said.seat, bodies)
    _mentions(said.mention, bodies)
    facts = {"hash": digest, "rows": queries.file_seal()}
    trust.record(stream=stream, kind="load", actor=identity.HOUSE, at=at, facts=facts)


def _body(said: BodyFile, at: datetime) -> Organisation:
    key = slugify(said.name)[:200]
    known = Organisation.objects.filter(key=key).first()
    told: dict[str, Any] = {"said": said.said, "by": identity.HOUSE, "at": at}
    if known is None:
        return identity.enter_organisation(key=key, **told)
    identity.change_organisation(organisation=known, rev=known.rev, **told)
    return known


def _seats(said: Sequence[SeatFile], bodies: Mapping[str, Organisation]) -> None:
    for name in dict.fromkeys(part.body for part in said):
        of_body = [part for part in said if part.body == name]
        seats = [
            Seat(
                body=bodies[name],
                member=bodies[part.member],
                position=position,
                sector=part.sector,
                role=part.role,
                invited=part.invited,
                starts_on=_day(part.starts_on),
                source=part.source,
            )
            for position, part in enumerate(of_body, start=1)
        ]
        identity.seat(body=bodies[name], seats=seats)


def _mentions(said: Sequence[MentionFile], bodies: Mapping[str, Organisation]) -> None:
    Mention.objects.all().delete()
    Mention.objects.bulk_create(
        Mention(
            organisation=bodies[part.body],
            position=position,
            kind=part.kind,
            title=part.title,
            printed=part.printed,
            source=part.source,
        )
        for position, part in enumerate(said)
    )


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None
