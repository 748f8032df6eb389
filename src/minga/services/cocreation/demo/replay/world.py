"""In whose hands an invented cycle is, when things happen in it, and what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from math import gcd
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from minga.kernel.cases.models import Draft
from minga.kernel.identity.models import Person, Post
from minga.kernel.identity.rules import DEMO
from minga.services.cocreation import actions
from minga.services.cocreation.actions import stages
from minga.services.cocreation.demo import forum
from minga.services.cocreation.demo.convener import convener
from minga.services.cocreation.models import Cycle, Method, Proposal
from minga.services.cocreation.queries.method import needed
from minga.services.cocreation.rules import Channel
from minga.services.cocreation.rules.published import Came, Published

DAYS = 41  # before now, a cycle begins, and with the first one the invented institution


class Group(NamedTuple):
    """An integrated proposal of the script: how many are in it, how it scores, where it goes."""

    size: int
    level: str
    category: int


@dataclass(frozen=True)
class Script:
    """What an invented cycle is made of: as many as the document says, or fewer in the same
    proportions."""

    published: Published
    key: str
    title: str
    web: int
    workshop: int
    related: int
    without_goal: int
    days: int = DAYS

    @classmethod
    def whole(cls, published: Published) -> "Script":
        return cls(
            published=published,
            key=f"repeticion-{published.key}",
            title=f"Repetición inventada de un proceso ({published.key})",
            web=published.web,
            workshop=published.workshop,
            related=published.related,
            without_goal=published.without_goal,
        )

    @classmethod
    def small(
        cls, published: Published, key: str, title: str, many: int, days: int = DAYS
    ) -> "Script":
        whole = published.web + published.workshop

        def part(size: int) -> int:
            return max(1, round(many * size / whole))

        return cls(
            published=published,
            key=key,
            title=title,
            web=many - part(published.workshop),
            workshop=part(published.workshop),
            related=part(published.related),
            without_goal=part(published.without_goal),
            days=days,
        )

    @property
    def size(self) -> int:
        return self.web + self.workshop

    @cached_property
    def drafts(self) -> list[UUID]:
        """Each proposal of the script by the id of its draft: sent again, it is the same."""
        return [uuid5(NAMESPACE_URL, f"minga:replay:{self.key}:{n}") for n in range(self.size)]

    @cached_property
    def groups(self) -> list[Group]:
        """All groups of the document; of a smaller script one for each category, if there are
        as many proposals: the first has two, and what is left stands alone beside it."""
        said = self.published.group
        if self.related == self.published.related:
            return [Group(g.size, g.level, g.category) for g in said for _ in range(g.many)]
        of = {group.category: group for group in reversed(said)}
        few = [of[key] for key in sorted(of)][: self.related]
        rest = self.related - len(few)
        sizes = [1 + (rest > 0), *[1] * (len(few) - 1), *[1] * max(0, rest - 1)]
        few += few[:1] * max(0, rest - 1)
        return [Group(n, g.level, g.category) for n, g in zip(sizes, few, strict=True)]

    @property
    def attendance(self) -> list[Came]:
        """Who came to the workshops: of a smaller script, a part of them."""
        part = max(1, (self.published.web + self.published.workshop) // self.size)
        return [replace(came, many=came.many // part) for came in self.published.attendance]

    @property
    def workshops(self) -> int:
        return min(self.published.workshops, self.workshop)

    def channel(self, number: int) -> Channel:
        return Channel.WEB if number < self.web else Channel.WORKSHOP

    def value(self, by: str, number: int) -> str:
        """What a proposal has of something that the document counts."""
        channel = self.channel(number)
        many = self.web if channel == Channel.WEB else self.workshop
        place = number if channel == Channel.WEB else number - self.web
        parts = [s for s in self.published.share if (s.by, s.channel) == (by, channel)]
        left = Mixed(many, by).place(place) * sum(part.many for part in parts) // max(many, 1)
        for part in parts:
            if left < part.many:
                return part.value
            left -= part.many
        return ""

    def has_goal(self, number: int) -> bool:
        return Mixed(self.size, "goal").place(number) >= self.without_goal

    def is_related(self, number: int) -> bool:
        return Mixed(self.size, "related").place(number) < self.related


@dataclass(frozen=True)
class Mixed:
    """The numbers below a size in another order, the same each time: so that what is counted
    by one thing does not go with what is counted by another."""

    size: int
    by: str

    def place(self, number: int) -> int:
        step = 7 + 4 * sum(map(ord, self.by)) % max(self.size, 1)
        while gcd(step, self.size) != 1:
            step += 1
        return number * step % self.size


@dataclass
class World:
    """The cycle, who attends to it, and when."""

    script: Script
    cycle: Cycle
    post: Post
    begin: datetime
    people: dict[str, Person] = field(default_factory=dict)

    def at(self, day: int, minute: int = 0) -> datetime:
        return self.begin + timedelta(days=day, minutes=minute)

    def speaks(self, name: str) -> Person:
        """Who sits in the bodies, by the first part of their address."""
        if name not in self.people:
            self.people[name] = Person.objects.get(email=f"{name}{DEMO}")
        return self.people[name]

    def advance(self, to: str, *, day: int) -> None:
        """To a stage, through those before it; once there or beyond, nothing."""
        keys = list(needed(self.cycle).stages)
        while keys.index(self.cycle.stage) < keys.index(to):
            after = keys[keys.index(self.cycle.stage) + 1]
            by = f"post:{self.post.pk}"
            stages.advance(cycle=self.cycle, to=after, by=by, at=self.at(day))

    def is_past(self, stage: str) -> bool:
        keys = list(needed(self.cycle).stages)
        return keys.index(self.cycle.stage) > keys.index(stage)

    def numbers(self) -> Mapping[int, int]:
        """Which proposal is which number of the script."""
        place = {draft: number for number, draft in enumerate(self.script.drafts)}
        sent = Draft.objects.filter(pk__in=place, case__isnull=False)
        return {case: place[draft] for draft, case in sent.values_list("pk", "case")}

    def proposals(self, *states: str) -> list[Proposal]:
        """Those in some states, as they were received."""
        whole = Proposal.objects.select_related(
            "case__definition", "case__holder", "cycle__convener", "cycle__method", "territory"
        )
        found = whole.filter(cycle=self.cycle, case__state__in=states)
        return list(found.order_by("received_at", "pk"))


def a_world(script: Script, at: datetime) -> World:
    """A cycle that an invented institution convenes, by the method of the document; the same
    again is the same one."""
    known = Cycle.objects.filter(key=script.key).first()
    day = known.opens_on if known else timezone.localdate(at - timedelta(days=script.days))
    begin = timezone.make_aware(datetime.combine(day, time(9)))
    _ines, post = convener(begin)
    closes = begin + timedelta(days=10)
    cycle = actions.convene(
        key=script.key, title=script.title, convener=post, opens=begin, closes=closes
    )
    bodies = dict(zip(("forum", "working_group", "commission"), forum.bodies(begin), strict=True))
    method = Method.objects.filter(key=script.published.method).latest("pk")
    cycle = stages.follow(cycle=cycle, method=method, by="house", at=begin, **bodies)
    cycle.refresh_from_db()
    return World(script, cycle, post, begin)
