from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate, make_aware

from minga.kernel.base.text import sort_key
from minga.kernel.identity import queries, rules
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import (
    Dependence,
    Deputy,
    Membership,
    Organisation,
    Person,
    Post,
    Seat,
    Succession,
    Unit,
)
from minga.kernel.identity.rules import Problem
from minga.kernel.trust import actions as trust
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Facts

DEMO_PASSWORD = "minga-demo"  # noqa: S105  # of invented people only; `start` prints it
DAY = timedelta(days=1)
HOUSE = "house"
Thing = Organisation | Post


class Refused(Exception):
    """The register does not take this: why, and the names of what stands in the way."""

    def __init__(self, problem: Problem, *names: object) -> None:
        super().__init__(problem)
        self.problem, self.names = problem, [str(name) for name in names]


class Outdated(Exception):
    """Somebody changed it after it was shown."""


def know_organisation(  # noqa: PLR0913  # an organisation has this many facts
    *,
    key: str,
    name: str,
    source: str,
    acronym: str = "",
    kind: str = "",
    demo: bool = False,
    at: datetime | None = None,
) -> Organisation:
    """The organisation of this key, entered when nobody named it before. With a moment, the
    history tells it."""
    named = {
        "name": name,
        "sort_name": sort_key(name)[:300],
        "acronym": acronym,
        "kind": kind,
        "source": source,
        "demo": demo,
    }
    known, new = Organisation.objects.get_or_create(key=key, defaults=named)
    told = {"acronym": acronym or known.acronym, "kind": kind or known.kind}
    if new and at:
        _tell(known, "enter", HOUSE, at)
    elif not new and told != {"acronym": known.acronym, "kind": known.kind}:
        _change(known, told, "change", HOUSE, at)
    return known


def know_post(
    *, organisation: Organisation, title: str, unit: str = "", at: datetime | None = None
) -> Post:
    """The post of this title, in a unit of this name; both entered when nobody knew them."""
    part = Unit.objects.get_or_create(organisation=organisation, name=unit)[0] if unit else None
    post, new = Post.objects.get_or_create(organisation=organisation, title=title, unit=part)
    if new and at:
        _tell(post, "enter", HOUSE, at)
    return post


class PostHeld(Exception):
    """Somebody else holds the post on one of these days."""

    def __init__(self, membership: Membership) -> None:
        super().__init__(str(membership))
        self.membership = membership


@transaction.atomic
def appoint(  # noqa: PLR0913  # an official has this many facts
    *,
    email: str,
    name: str,
    password: str | None,
    post: Post,
    since: date,
    at: datetime | None = None,
) -> Person:
    """Enter an official who holds a post from a day on; the same again changes nothing.
    Without a password they choose one by e-mail."""
    person = known_person(email=email, name=name, password=password)
    if post not in queries.posts_of(person, on=since):
        hold(post=post, person=person, since=since, at=at)
    return person


def known_person(*, email: str, name: str, password: str | None = None) -> Person:
    """Whoever has this address; entered when nobody does."""
    person = accounts.enter_person(email=email, name=name, password=password)
    if not person.is_active:
        raise Refused(Problem.CLOSED)
    return person


@transaction.atomic
def hold(  # noqa: PLR0913  # a membership has this many facts
    *,
    post: Post,
    person: Person,
    since: date,
    act: str = "",
    by: str = HOUSE,
    at: datetime | None = None,
    rev: int | None = None,
) -> Membership:
    """Somebody holds a post from a day on. One at a time: PostHeld says who already does."""
    post = _taken(post, rev)
    if already := _holders(post, since).first():
        raise PostHeld(already)
    _to_last_day(post, since)
    began = Membership.objects.create(person=person, post=post, starts_on=since, act=act)
    moment = at or make_aware(datetime.combine(since, time.min))
    _told(post, "hold", by, moment, _beginning(began))
    return began


def _holders(post: Post, since: date) -> QuerySet[Membership]:
    """Who holds a post on a day or later, the first first."""
    later = Q(ends_on__isnull=True) | Q(ends_on__gte=since)
    found = post.memberships.filter(later, undone=False).select_related("person")
    return found.order_by("starts_on", "pk")


def _to_last_day(post: Post, day: date) -> None:
    if post.ends_on and post.ends_on < day:
        raise Refused(Problem.ENDED, post.title)


def _beginning(began: Membership) -> Facts:
    return {
        "membership": began.pk,
        "person": began.person_id,
        "starts_on": began.starts_on.isoformat(),
        "act": queries.act_seal(began.act),
    }


@transaction.atomic
def leave(*, post: Post, last_day: date, rev: int, by: str, at: datetime) -> Membership:
    """Whoever holds a post does so until a day."""
    post = _taken(post, rev)
    left = _ended(post, last_day)
    _told(post, "leave", by, at, _ending(left))
    return left


def _ended(post: Post, last_day: date) -> Membership:
    left = post.memberships.filter(ends_on=None, undone=False).select_related("person").first()
    if left is None:
        raise Refused(Problem.NO_HOLDER, post.title)
    if last_day < left.starts_on:
        raise Refused(Problem.BACKWARDS, left.starts_on)
    left.ends_on = last_day
    left.save(update_fields=["ends_on"])
    return left


def _ending(left: Membership) -> Facts:
    return {"left": left.pk, "left_by": left.person_id, "left_on": _iso(left.ends_on)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@transaction.atomic
def replace(  # noqa: PLR0913  # an act has this many facts
    *, post: Post, person: Person, since: date, rev: int, act: str, by: str, at: datetime
) -> tuple[Membership, Membership]:
    """One act: whoever holds the post does so until the day before, and somebody else from
    that day on. Who left, and who came."""
    post = _taken(post, rev)
    _to_last_day(post, since)
    left = _ended(post, since - DAY)
    if left.person_id == person.pk:
        raise Refused(Problem.SAME)
    came = Membership.objects.create(person=person, post=post, starts_on=since, act=act)
    _told(post, "replace", by, at, {**_beginning(came), **_ending(left)})
    return left, came


@transaction.atomic
def deputise(  # noqa: PLR0913  # an act has this many facts
    *,
    post: Post,
    person: Person,
    starts_on: date,
    ends_on: date,
    rev: int,
    act: str,
    by: str,
    at: datetime,
    named_by: Person | None = None,
) -> Deputy:
    """Somebody stands in for the holder of a post from a day to a day, by an act. Whoever
    only stands in for the holder (`named_by`) cannot name another to do so."""
    post = _taken(post, rev)
    if named_by and post.deputies.filter(person=named_by, ends_on__gte=localdate(at)).exists():
        raise Refused(Problem.DEPUTY_OF_DEPUTY)
    if ends_on < starts_on:
        raise Refused(Problem.BACKWARDS, starts_on)
    holders = list(_holders(post, starts_on).filter(starts_on__lte=ends_on))
    if not holders:
        raise Refused(Problem.NO_HOLDER, post.title)
    if person.pk in {held.person_id for held in holders}:
        raise Refused(Problem.OWN_DEPUTY)
    _only_deputy(post, starts_on, ends_on)
    said = {"person": person, "starts_on": starts_on, "ends_on": ends_on, "act": act}
    deputy = Deputy.objects.create(post=post, **said)
    _told(post, "deputise", by, at, _standing_in(deputy))
    return deputy


def _only_deputy(post: Post, starts_on: date, ends_on: date) -> None:
    there = post.deputies.filter(undone=False, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if other := there.select_related("person").order_by("starts_on").first():
        raise Refused(Problem.DEPUTIES, other.person.name, other.starts_on, other.ends_on)


def _standing_in(deputy: Deputy) -> Facts:
    return {
        "deputy": deputy.pk,
        "person": deputy.person_id,
        "starts_on": deputy.starts_on.isoformat(),
        "ends_on": deputy.ends_on.isoformat(),
        "act": queries.act_seal(deputy.act),
    }


def _taken(post: Post, rev: int | None) -> Post:
    """The post as it stands, if that is what was shown; whoever else changes it waits, or
    finds that it was changed."""
    shown = Post.objects.filter(pk=post.pk)
    if not (shown if rev is None else shown.filter(rev=rev)).update(rev=F("rev") + 1):
        raise Outdated
    return Post.objects.select_related("organisation", "unit").get(pk=post.pk)


def _told(thing: Thing, kind: str, by: str, at: datetime, facts: Facts) -> Entry:
    return trust.record(stream=thing.stream, kind=kind, actor=by, at=at, facts=facts)


def _tell(thing: Thing, kind: str, by: str, at: datetime, more: Facts | None = None) -> Entry:
    """The whole of an organisation or a post as it is now, and what it was before."""
    return _told(thing, kind, by, at, {**queries.seen(thing), **(more or {})})


def _change(
    thing: Thing, said: Mapping[str, object], kind: str, by: str, at: datetime | None
) -> bool:
    """Write what differs and tell it, if nobody did since: whether anything differed."""
    before = queries.seen(thing)
    for name, value in said.items():
        setattr(thing, name, value)
    after = queries.seen(thing)
    was = {f"was_{name}": before[name] for name in after if after[name] != before[name]}
    if not was:
        return False
    written = {name: getattr(thing, name) for name in said}
    if isinstance(thing, Organisation):
        thing.sort_name = written["sort_name"] = sort_key(thing.name)[:300]
    kept = type(thing)._default_manager.filter(pk=thing.pk, rev=thing.rev)
    if not kept.update(**written, rev=F("rev") + 1):
        raise Outdated
    thing.rev += 1
    if at:
        _tell(thing, kind, by, at, was)
    return True


@transaction.atomic
def enter_organisation(
    *, key: str, said: Mapping[str, object], by: str, at: datetime
) -> Organisation:
    """A new institution, under a key that none has."""
    if Organisation.objects.filter(key=key).exists():
        raise Refused(Problem.KNOWN, said["name"])
    organisation = Organisation(key=key, sort_name=sort_key(str(said["name"]))[:300], **said)
    _in_order(organisation)
    organisation.save(force_insert=True)
    _tell(organisation, "enter", by, at)
    return organisation


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, rev: int, said: Mapping[str, object], by: str, at: datetime
) -> bool:
    """Say something else of an institution, as it was shown: whether anything differs."""
    now = Organisation.objects.get(pk=organisation.pk)
    if now.rev != rev:
        raise Outdated
    _in_order(Organisation(**{"starts_on": now.starts_on, "ends_on": now.ends_on} | dict(said)))
    return _change(now, said, "change", by, at)


def _in_order(organisation: Organisation) -> None:
    starts_on, ends_on = organisation.starts_on, organisation.ends_on
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused(Problem.BACKWARDS, starts_on)


@transaction.atomic
def depend(  # noqa: PLR0913  # a dependence has this many facts
    *,
    organisation: Organisation,
    parent: Organisation | None,
    source: str,
    by: str,
    at: datetime,
    on: date | None = None,
    kind: str = "depend",
) -> bool:
    """Say on which body an institution depends from a day on: whether that is new."""
    standing = organisation.dependences.filter(ends_on=None).first()
    old, new = standing.parent_id if standing else None, parent.pk if parent else None
    if old == new:
        return False
    _no_loop(organisation, parent)
    if standing and on:
        organisation.dependences.filter(pk=standing.pk, ends_on=None).update(ends_on=on)
    elif standing:  # the document says it otherwise now: it gives no day
        standing.delete()
    if parent:
        row = Dependence(organisation=organisation, parent=parent, starts_on=on, source=source)
        row.save(force_insert=True)
    Organisation.objects.filter(pk=organisation.pk).update(rev=F("rev") + 1)
    _told(organisation, kind, by, at, {"parent": new, "was_parent": old})
    return True


def _no_loop(organisation: Organisation, parent: Organisation | None) -> None:
    if parent is None:
        return
    both = Organisation.objects.select_for_update().filter(pk__in=[organisation.pk, parent.pk])
    list(both.order_by("pk"))
    ring = rules.loop(organisation.pk, parent.pk, queries.parents())
    if organisation.pk == parent.pk or ring:
        names = Organisation.objects.in_bulk(list(ring) or [parent.pk])
        raise Refused(Problem.LOOP, *(names[pk] for pk in ring or [parent.pk]))


@transaction.atomic
def succeed(  # noqa: PLR0913  # a succession has this many facts
    *,
    original: Organisation,
    resulting: Organisation,
    on: date | None,
    act: str,
    source: str,
    by: str,
    at: datetime,
) -> Succession:
    """One institution became another; said again, the first saying stands."""
    known = Succession.objects.filter(original=original, resulting=resulting).first()
    if known:
        return known
    if original == resulting or queries.comes_from(original, resulting):
        raise Refused(Problem.CIRCLE, original.name, resulting.name)
    made = Succession(original=original, resulting=resulting, on=on, act=act, source=source)
    made.save(force_insert=True)
    facts = {"succession": made.pk, "original": original.pk, "resulting": resulting.pk}
    for body in (original, resulting):
        _told(body, "succeed", by, at, {**facts, "on": _iso(on)})
    return made


@transaction.atomic
def seat(*, body: Organisation, seats: Sequence[Seat]) -> None:
    """The seats of a body as its document gives them, instead of those known before: a member
    who is still there keeps its seat, and with it who speaks in it. One who is not, and for whom
    somebody spoke, is not taken out in silence: the database refuses."""
    kept = [(seat.member_id, seat.position) for seat in seats]
    known = {(seat.member_id, seat.position): seat.pk for seat in body.seats.all()}
    moved = {member: pk for (member, place), pk in known.items() if (member, place) not in kept}
    body.seats.update(position=F("position") + 10_000)  # no two in one place meanwhile
    for seat in seats:
        seat.pk = known.get((seat.member_id, seat.position)) or moved.pop(seat.member_id, None)
        seat.save()
    body.seats.exclude(pk__in=[seat.pk for seat in seats]).delete()


@transaction.atomic
def know_unit(*, organisation: Organisation, name: str, by: str, at: datetime) -> Unit:
    """A part of an institution; entered when nobody knew it."""
    unit, new = Unit.objects.get_or_create(organisation=organisation, name=name)
    if new:
        _told(organisation, "unit", by, at, {"unit": unit.pk, "title": name})
    return unit


@transaction.atomic
def change_unit(  # noqa: PLR0913  # a change has this many facts
    *,
    unit: Unit,
    name: str,
    ends_on: date | None,
    shown: str,
    by: str,
    at: datetime,
    kind: str = "unit",
) -> None:
    """Call a part of an institution otherwise, or say its last day; `shown` is its old name."""
    others = Unit.objects.filter(organisation=unit.organisation_id, name=name)
    if others.exclude(pk=unit.pk).exists():
        raise Refused(Problem.KNOWN, name)
    was = unit.ends_on
    if not Unit.objects.filter(pk=unit.pk, name=shown).update(name=name, ends_on=ends_on):
        raise Outdated
    facts: Facts = {
        "unit": unit.pk,
        "title": name,
        "was_title": shown,
        "ends_on": _iso(ends_on),
        "was_ends_on": _iso(was),
    }
    _told(unit.organisation, kind, by, at, facts)


@transaction.atomic
def enter_post(
    *,
    organisation: Organisation,
    said: Mapping[str, object],
    instead_of: int | None,
    by: str,
    at: datetime,
) -> Post:
    """A new post. `instead_of` is the e-government officer's post that whoever enters it
    was shown and takes that from."""
    post = Post(organisation=organisation, **said)
    _one_of_a_title(post)
    if post.is_egov_officer:
        _take_officer(post, instead_of, by, at)
    _take_head(post, by, at)
    post.save(force_insert=True)
    _tell(post, "enter", by, at)
    return post


@transaction.atomic
def change_post(  # noqa: PLR0913  # a change has this many facts
    *,
    post: Post,
    rev: int,
    said: Mapping[str, object],
    instead_of: int | None,
    by: str,
    at: datetime,
    kind: str = "change",
) -> bool:
    """Say something else of a post, as it was shown: whether anything differs."""
    now = Post.objects.select_related("organisation").get(pk=post.pk)
    if now.rev != rev:
        raise Outdated
    wanted = Post(pk=now.pk, organisation=now.organisation, title=now.title, unit_id=now.unit_id)
    for name, value in said.items():
        setattr(wanted, name, value)
    _one_of_a_title(wanted)
    if wanted.is_egov_officer and not now.is_egov_officer:
        _take_officer(wanted, instead_of, by, at)
    _take_head(wanted, by, at)
    return _change(now, said, kind, by, at)


def _one_of_a_title(post: Post) -> None:
    same = Post.objects.filter(
        organisation=post.organisation_id, unit=post.unit_id, title=post.title
    )
    if same.exclude(pk=post.pk).exists():
        raise Refused(Problem.KNOWN, post.title)


def _take_officer(post: Post, instead_of: int | None, by: str, at: datetime) -> None:
    """One in each institution: naming another takes it from the one that was shown."""
    others = Post.objects.filter(organisation=post.organisation_id, is_egov_officer=True)
    other = others.exclude(pk=post.pk).select_related("unit").first()
    if other and other.pk != instead_of:
        raise Refused(Problem.OFFICER, other.pk, other)
    if other:
        _change(other, {"is_egov_officer": False}, "change", by, at)


def _take_head(post: Post, by: str, at: datetime) -> None:
    """An institution has one highest authority: naming another takes it from the one before."""
    others = Post.objects.filter(organisation=post.organisation_id, heads=True, ends_on=None)
    for other in others.exclude(pk=post.pk) if post.heads else ():
        _change(other, {"heads": False}, "change", by, at)


@transaction.atomic
def undo(*, thing: Thing, rev: int, by: str, at: datetime) -> Entry:
    """Take back the last thing that happened to an institution or to a post; that is one
    more thing that happened. What it was before says the history."""
    last = queries.undoable(thing)
    if last is None:
        raise Refused(Problem.NOTHING)
    if not type(thing)._default_manager.filter(pk=thing.pk, rev=rev).exists():
        raise Outdated
    if isinstance(thing, Organisation):
        _undo_of_organisation(thing, last, by, at)
    elif last.kind == "change":
        back = queries.before(Post, last.facts)
        change_post(post=thing, rev=rev, said=back, instead_of=None, by=by, at=at, kind="undo")
    else:
        _undo_of_holders(_taken(thing, rev), last, by, at)
    return _last(thing)


def _last(thing: Thing) -> Entry:
    return Entry.objects.filter(stream=thing.stream).order_by("-seq")[0]


def _undo_of_organisation(thing: Organisation, last: Entry, by: str, at: datetime) -> None:
    facts = last.facts
    now = Organisation.objects.get(pk=thing.pk)
    if last.kind == "change":
        back = queries.before(Organisation, facts)
        _in_order(Organisation(**{"starts_on": now.starts_on, "ends_on": now.ends_on} | back))
        _change(now, back, "undo", by, at)
    elif last.kind == "depend":
        parent = Organisation.objects.filter(pk=facts["was_parent"]).first()
        on = localdate(at)
        depend(organisation=now, parent=parent, source="", on=on, by=by, at=at, kind="undo")
    else:
        unit = Unit.objects.select_related("organisation").get(pk=facts["unit"])
        ends_on = facts["was_ends_on"] and date.fromisoformat(facts["was_ends_on"])
        name = {"name": facts["was_title"], "shown": facts["title"]}
        change_unit(unit=unit, ends_on=ends_on, **name, by=by, at=at, kind="undo")


def _undo_of_holders(post: Post, last: Entry, by: str, at: datetime) -> None:
    """What was written by mistake is marked; whoever left holds the post again."""
    if queries.acted(post, since=last):
        raise Refused(Problem.LATER, post.title)
    facts = last.facts
    told: dict[str, str | int | bool | None] = {}
    if "membership" in facts:
        post.memberships.filter(pk=facts["membership"]).update(undone=True)
        told |= {"membership": facts["membership"], "undone": True, "person": facts["person"]}
    if "deputy" in facts:
        post.deputies.filter(pk=facts["deputy"]).update(undone=True)
        told |= {"deputy": facts["deputy"], "undone": True, "person": facts["person"]}
    if "left" in facts:
        post.memberships.filter(pk=facts["left"]).update(ends_on=None)
        told |= {"left": facts["left"], "left_by": facts["left_by"], "left_on": None}
    _told(post, "undo", by, at, told)
