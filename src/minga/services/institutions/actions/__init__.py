"""The register's acts with what follows from them: the page, the search, whoever is told and
whoever has something to do. The register itself is kept by identity.actions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from minga.kernel.base.language import prevailing
from minga.kernel.cases import actions as cases
from minga.kernel.cases.declaration import Actor
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.conversation import actions as conversation
from minga.kernel.identity import actions as identity
from minga.kernel.identity import queries as people
from minga.kernel.identity.actions import Thing
from minga.kernel.identity.models import Deputy, Organisation, Person, Post, Succession, Unit
from minga.kernel.identity.rules import Form
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.services.institutions import queries, rules
from minga.services.institutions.models import Upload
from minga.services.institutions.rules import Fate, Line

Said = Mapping[str, object]


class Changed(Exception):
    """The register is not as it was when a spreadsheet was looked at."""


class HoldsCases(Exception):
    """An institution cannot end while it holds open cases: how many."""

    def __init__(self, many: int) -> None:
        super().__init__(many)
        self.many = many


def reference(post: Post) -> str:
    return f"post:{post.pk}"


@transaction.atomic
def enter(
    *, said: Said, parent: Organisation | None, by: str, at: datetime, key: str = ""
) -> Organisation:
    """A new institution, that everybody finds from now on."""
    key = key or slugify(str(said["name"]))[:200]
    entered = identity.enter_organisation(key=key, said=said, by=by, at=at)
    if parent:
        told: dict[str, Any] = {"source": str(said["source"]), "on": None}
        identity.depend(organisation=entered, parent=parent, by=by, at=at, **told)
    _publish(entered, at)
    return entered


@transaction.atomic
def change(  # noqa: PLR0913  # a change has this many facts
    *,
    organisation: Organisation,
    rev: int,
    said: Said,
    parent: Organisation | None,
    by: str,
    at: datetime,
) -> None:
    """Say something else of an institution. It ends only by `close`."""
    told: dict[str, Any] = {
        "organisation": organisation,
        "rev": rev,
        "said": said,
        "by": by,
        "at": at,
    }
    identity.change_organisation(**told)
    source = str(said.get("source", organisation.source))
    on = timezone.localdate(at)
    identity.depend(organisation=organisation, parent=parent, source=source, on=on, by=by, at=at)
    _publish(Organisation.objects.get(pk=organisation.pk), at)


@transaction.atomic
def close(  # noqa: PLR0913  # an end has this many facts
    *,
    organisation: Organisation,
    rev: int,
    last_day: date,
    to: Organisation | None,
    post: Post,
    at: datetime,
) -> int:
    """An institution ends. What it still holds passes to another one: how many cases."""
    held = list(queries.open_cases(organisation))
    if held and to is None:
        raise HoldsCases(len(held))
    by = Actor(reference=reference(post), role="institution")
    for case in held:
        assert to
        cases.hand_over(case=case, to=to, by=by, rev=case.rev, at=at)
    if to:
        conversation.hand_over(holder=organisation, to=to, by=by.reference, at=at)
    said: dict[str, Any] = {"ends_on": last_day}
    told: dict[str, Any] = {"by": by.reference, "at": at}
    identity.change_organisation(organisation=organisation, rev=rev, said=said, **told)
    catalogue.touch()
    return len(held)


@transaction.atomic
def succeed(  # noqa: PLR0913  # an act has this many facts
    *, original: Organisation, resulting: Organisation, on: date, act: str, by: str, at: datetime
) -> Succession:
    """One institution became another, by an act."""
    told: dict[str, Any] = {"on": on, "act": act, "source": act, "by": by, "at": at}
    made = identity.succeed(original=original, resulting=resulting, **told)
    catalogue.touch()
    return made


@transaction.atomic
def know_unit(*, organisation: Organisation, name: str, by: str, at: datetime) -> Unit:
    unit = identity.know_unit(organisation=organisation, name=name, by=by, at=at)
    catalogue.touch()
    return unit


@transaction.atomic
def change_unit(  # noqa: PLR0913  # an act has this many facts
    *, unit: Unit, name: str, ends_on: date | None, shown: str, by: str, at: datetime
) -> None:
    identity.change_unit(unit=unit, name=name, ends_on=ends_on, shown=shown, by=by, at=at)
    catalogue.touch()


@transaction.atomic
def enter_post(
    *, organisation: Organisation, said: Said, instead_of: int | None, by: str, at: datetime
) -> Post:
    """A new post, which somebody has to be appointed to."""
    told: dict[str, Any] = {"said": said, "instead_of": instead_of, "by": by, "at": at}
    post = identity.enter_post(organisation=organisation, **told)
    _owe(post, at)
    catalogue.touch()
    return post


@transaction.atomic
def change_post(  # noqa: PLR0913  # an act has this many facts
    *, post: Post, rev: int, said: Said, instead_of: int | None, by: str, at: datetime
) -> None:
    told: dict[str, Any] = {"said": said, "instead_of": instead_of, "by": by, "at": at}
    identity.change_post(post=post, rev=rev, **told)
    catalogue.touch()


@transaction.atomic
def appoint(  # noqa: PLR0913  # an act has this many facts
    *,
    post: Post,
    email: str,
    name: str,
    since: date,
    act: str,
    rev: int,
    instead: bool,
    by: str,
    at: datetime,
) -> Person:
    """Somebody holds a post from a day on; `instead` of whoever holds it, until the day before.
    Everyone concerned is told."""
    person = identity.known_person(email=email, name=name)
    told: dict[str, Any] = {"post": post, "person": person, "since": since, "act": act}
    left = None
    if instead:
        left = identity.replace(**told, rev=rev, by=by, at=at)[0].person
    else:
        identity.hold(**told, rev=rev, by=by, at=at)
    mailbox.done(kind=rules.VACANT, reference=reference(post), at=at)
    gone = [left] if left else []
    _notify(post, "hold", [person, *gone], {"came": person, "left": left, "day": since}, at)
    return person


@transaction.atomic
def leave(*, post: Post, last_day: date, rev: int, by: str, at: datetime) -> Person:
    """Whoever holds a post does so until a day; then somebody has to be appointed."""
    left = identity.leave(post=post, last_day=last_day, rev=rev, by=by, at=at).person
    _owe(post, at, due_on=last_day + timedelta(days=1))
    _notify(post, "leave", [left], {"left": left, "day": last_day}, at)
    return left


@transaction.atomic
def deputise(  # noqa: PLR0913  # an act has this many facts
    *,
    post: Post,
    email: str,
    name: str,
    starts_on: date,
    ends_on: date,
    act: str,
    rev: int,
    named_by: Person,
    by: str,
    at: datetime,
) -> Deputy:
    """Somebody stands in for the holder of a post from a day to a day."""
    person = identity.known_person(email=email, name=name)
    days: dict[str, Any] = {"starts_on": starts_on, "ends_on": ends_on}
    told: dict[str, Any] = {
        "post": post,
        "person": person,
        "act": act,
        "rev": rev,
        "by": by,
        "at": at,
    }
    deputy = identity.deputise(**told, **days, named_by=named_by)
    _notify(post, "deputise", [person], {"came": person, **days}, at)
    return deputy


@transaction.atomic
def undo(*, thing: Thing, rev: int, by: str, at: datetime) -> None:
    """Take back the last thing that happened to an institution or a post."""
    entry = identity.undo(thing=thing, rev=rev, by=by, at=at)
    if isinstance(thing, Organisation):
        _publish(Organisation.objects.get(pk=thing.pk), at)
        return
    facts = entry.facts
    concerned = {int(facts[n]) for n in ("person", "left_by") if facts.get(n)}
    if concerned:
        _settle(thing, at)
        _notify(thing, "undo", Person.objects.filter(pk__in=concerned), {}, at)
    catalogue.touch()


def _settle(post: Post, at: datetime) -> None:
    """Whether somebody has to be appointed is as the post stands now."""
    if queries.next_holders([post], on=timezone.localdate(at)):
        mailbox.done(kind=rules.VACANT, reference=reference(post), at=at)
    else:
        _owe(post, at)


@prevailing()
def _owe(post: Post, at: datetime, due_on: date | None = None) -> None:
    """Whoever administers the institution has to appoint somebody."""
    runs = Post.objects.filter(organisation=post.organisation_id, administers=True, ends_on=None)
    for administrator in runs.exclude(pk=post.pk):
        mailbox.owe(
            post=administrator,
            kind=rules.VACANT,
            reference=reference(post),
            title=_("Nombrar a alguien en el puesto «%(post)s»") % {"post": post},
            address=_post_address(post),
            at=at,
            due_on=due_on,
        )


@prevailing()
def _notify(post: Post, act: str, concerned: Iterable[Person], shown: Said, at: datetime) -> None:
    """Tell whoever comes, whoever leaves, and those who run the institution, once each."""
    runs = people.administrators(post.organisation, on=timezone.localdate(at))
    told = {person.pk: person for person in [*concerned, *runs] if person.is_active}
    for person in told.values():
        words = render_to_string(
            f"institutions/letters/{act}.txt",
            {
                "post": post,
                "organisation": post.organisation,
                "person": person,
                "site": settings.MINGA_ADDRESS,
                **shown,
            },
        ).strip()
        title, _line, body = words.partition("\n")
        mailbox.notify(
            person=person,
            topic=Topic.POSTS,
            title=title,
            body=body.strip(),
            address=queries.address(post.organisation),
            at=at,
        )


def _post_address(post: Post) -> str:
    return reverse("institutions:post", args=[post.organisation.key, post.pk])


@prevailing()
def _publish(found: Organisation, at: datetime) -> None:
    if found.form == Form.COLLECTIVE:
        catalogue.hide(type=rules.RECORD, reference=found.key)
        return
    catalogue.publish(
        type=rules.RECORD,
        reference=found.key,
        title=found.name,
        text=queries.record_text(found),
        address=queries.address(found),
        demo=found.demo,
        at=at,
    )


@transaction.atomic
def publish_the_rest(*, at: datetime) -> None:
    """Whatever came from elsewhere is found too."""
    for found in queries.unpublished():
        _publish(found, at)


# A spreadsheet


@transaction.atomic
def keep(
    *, key: UUID, person: Person, name: str, rows: Sequence[Sequence[str]], at: datetime
) -> Upload:
    """The rows of a spreadsheet wait until somebody confirms them; sent again, they wait once."""
    said: dict[str, Any] = {"person": person, "name": name[:200], "rows": rows, "kept_at": at}
    return Upload.objects.get_or_create(pk=key, defaults=said)[0]


@transaction.atomic
def apply(*, upload: Upload, lines: Sequence[Line], by: str, at: datetime) -> int:
    """All rows of a spreadsheet that nobody refuses, or none: how many changed something.
    Whoever confirms the same one again changes nothing."""
    if not Upload.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=at):
        return 0
    if any(line.fate is Fate.REFUSED for line in lines):
        raise Changed
    todo = [line for line in lines if line.fate is not Fate.SAME]
    bodies = {line.key: _row(line, by, at) for line in todo}
    for line in todo:
        _row_parent(line, bodies[line.key], by, at)
    for line in todo:
        _publish(Organisation.objects.get(key=line.key), at)
    return len(todo)


def _row(line: Line, by: str, at: datetime) -> Organisation:
    said: dict[str, Any] = {name: line.said[name] for name in queries.WORDS}
    days: dict[str, Any] = {name: queries.read_day(line.said[name]) for name in queries.DAYS}
    if line.fate is Fate.NEW:
        return identity.enter_organisation(key=line.key, said={**said, **days}, by=by, at=at)
    known = Organisation.objects.get(key=line.key)
    told: dict[str, Any] = {"rev": known.rev, "said": {**said, **days}, "by": by, "at": at}
    identity.change_organisation(organisation=known, **told)
    return known


def _row_parent(line: Line, body: Organisation, by: str, at: datetime) -> None:
    above = Organisation.objects.filter(key=line.said["parent"]).first()
    on = None if line.fate is Fate.NEW else timezone.localdate(at)
    source = line.said["source"]
    identity.depend(organisation=body, parent=above, source=source, on=on, by=by, at=at)
