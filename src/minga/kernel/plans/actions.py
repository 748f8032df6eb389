from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from minga.kernel.base.files import Unreadable
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Organisation, Post
from minga.kernel.trust import actions as trust

from . import declaration, queries
from .declaration import InvolvedFile, NodeFile, NoteFile, PlanFile
from .models import Alignment, Edition, Involvement, Milestone, Node, Note, Plan


@transaction.atomic
def load(*, file: Path, at: datetime) -> Edition:
    """Bring in a plan's file; the same again changes nothing, while the tables say what it
    says. What is corrected in the file, or was changed here by other means, is corrected
    here, and the history says that the edition was loaded again."""
    digest = sha256(file.read_bytes()).hexdigest()
    said = declaration.read(file)
    editions = Edition.objects.filter(plan__key=said.key).select_related("plan")
    newest = not editions.filter(number__gt=said.edition.number).exists()
    edition = editions.filter(number=said.edition.number).first()
    if edition and edition.digest == digest and queries.stands(edition):
        return edition
    edition = _edition(said, digest, newest)
    _nodes(edition, said.node, at)
    _notes(edition, said)
    _tell(edition, newest, at)
    return edition


def _tell(edition: Edition, newest: bool, at: datetime) -> None:
    """Seal what was loaded, as it stands in the tables. The plan is called as its newest
    edition says: only that one answers for it."""
    facts: dict[str, str | int] = {
        "edition": edition.number,
        "hash": edition.digest,
        "rows": queries.seals(edition),
    }
    if newest:
        facts |= {"plan": queries.cover(edition.plan)}
    trust.record(stream=edition.plan.stream, kind="load", actor="house", at=at, facts=facts)


@transaction.atomic
def begin(  # noqa: PLR0913  # a plan has this many facts
    *, key: str, title: str, period: str, source: str, demo: bool, at: datetime
) -> Edition:
    """A plan that is written here, commitment by commitment, and not brought in by a file; the
    same again is the same one."""
    said = {"title": title[:300], "short_title": title[:200], "period": period, "source": source}
    plan, new = Plan.objects.get_or_create(
        key=key, defaults={**said, "kind": "action_plan", "demo": demo}
    )
    edition = plan.editions.order_by("-number").first()
    if not new and edition:
        return edition
    edition = Edition.objects.create(plan=plan, number=1, title=title[:200], source=source)
    _tell(edition, newest=True, at=at)
    return edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A commitment that somebody took on, and all that hangs from it."""

    title: str
    summary: str
    theme: tuple[str, str] | None  # its code and its title
    starts_on: date | None
    ends_on: date | None
    source: str
    milestones: Sequence[tuple[str, date, date]]
    involved: Sequence[tuple[str, Organisation]]
    goals: Sequence[int]


@transaction.atomic
def promise(*, plan: Plan, said: Promise, demo: bool, at: datetime) -> Node:
    """Write a commitment into the newest edition of a plan that was begun here, under its theme,
    with its milestones. An edition that a document says is as the document says, and what is
    invented is never written into a plan that is not: refused."""
    edition = plan.editions.order_by("-number").first()
    if edition is None or edition.digest or plan.demo != demo:
        raise Unreadable(f"{plan.key}: en este plan no se escriben compromisos de este proceso")
    trust.head(plan.stream)  # one number at a time
    place = _last_place(edition)
    theme = None
    if said.theme:
        code, title = said.theme
        theme, new = Node.objects.get_or_create(
            edition=edition,
            code=code,
            defaults={
                **{"kind": "theme", "title": title, "position": place, "source": said.source},
                "number": str(edition.nodes.filter(kind="theme").count() + 1),
            },
        )
        place += new
    number = edition.nodes.filter(kind="commitment").count() + 1
    node = Node.objects.create(
        edition=edition,
        parent=theme,
        position=place,
        kind="commitment",
        code=f"compromiso-{number}",
        number=str(number),
        title=said.title,
        summary=said.summary,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        source=said.source,
    )
    _promised(node, said)
    _tell(edition, newest=True, at=at)
    return node


def _last_place(edition: Edition) -> int:
    last = edition.nodes.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _promised(node: Node, said: Promise) -> None:
    Milestone.objects.bulk_create(
        Milestone(
            node=node, number=n, title=title, starts_on=first, ends_on=last, source=said.source
        )
        for n, (title, first, last) in enumerate(said.milestones, start=1)
    )
    Involvement.objects.bulk_create(
        Involvement(node=node, position=n, role=role, organisation=body)
        for n, (role, body) in enumerate(said.involved)
    )
    Alignment.objects.bulk_create(
        Alignment(node=node, scheme="sdg", code=str(goal)) for goal in said.goals
    )


def _edition(said: PlanFile, digest: str, newest: bool) -> Edition:
    names = ("kind", "title", "short_title", "period", "summary", "source")
    known = Plan.objects.update_or_create if newest else Plan.objects.get_or_create
    plan, _new = known(key=said.key, defaults={name: getattr(said, name) for name in names})
    told = ("title", "published", "replaces", "source")
    return Edition.objects.update_or_create(
        plan=plan,
        number=said.edition.number,
        defaults={name: getattr(said.edition, name) for name in told} | {"digest": digest},
    )[0]


def _nodes(edition: Edition, said: Iterable[NodeFile], at: datetime) -> None:
    said = list(said)
    codes = {part.code for part in said}
    if gone := set(edition.nodes.values_list("code", flat=True)) - codes:
        raise Unreadable(f"faltan {', '.join(sorted(gone))}: lo que una edición dijo no se quita")
    known: dict[str, Node] = {}
    names = ("kind", "number", "title", "summary", "target", "unit", "source")
    for position, part in enumerate(said):
        known[part.code], _ = Node.objects.update_or_create(
            edition=edition,
            code=part.code,
            defaults={name: getattr(part, name) for name in names}
            | {
                "parent": known[part.parent] if part.parent else None,
                "position": position,
                "starts_on": part.starts_on,
                "ends_on": part.ends_on,
            },
        )
        _parts(known[part.code], part, at)


def _parts(node: Node, said: NodeFile, at: datetime) -> None:
    for step in said.milestone:
        Milestone.objects.update_or_create(
            node=node,
            number=step.number,
            defaults={
                "title": step.title,
                "starts_on": step.starts_on,
                "ends_on": step.ends_on,
                "source": step.source,
            },
        )
    node.milestones.exclude(number__in=[step.number for step in said.milestone]).delete()
    node.alignments.all().delete()
    Alignment.objects.bulk_create(
        Alignment(node=node, scheme="sdg", code=str(goal)) for goal in said.goals
    )
    node.involved.all().delete()
    for position, body in enumerate(said.involved):
        organisation, post = _body(body, node.source, at)
        Involvement.objects.create(
            node=node, position=position, role=body.role, organisation=organisation, post=post
        )


def _body(said: InvolvedFile, source: str, at: datetime) -> tuple[Organisation, Post | None]:
    organisation = identity.know_organisation(
        key=slugify(said.name)[:200],
        name=said.name,
        acronym=said.acronym,
        kind=said.kind,
        source=source,
        at=at,
    )
    if not said.post and not said.unit:
        return organisation, None
    return organisation, identity.know_post(
        organisation=organisation, title=said.post, unit=said.unit, at=at
    )


def _notes(edition: Edition, said: PlanFile) -> None:
    edition.notes.all().delete()
    nodes = {node.code: node for node in edition.nodes.all()}
    every: list[tuple[Node | None, NoteFile]] = [(None, note) for note in said.note]
    every += [(nodes[part.code], note) for part in said.node for note in part.note]
    Note.objects.bulk_create(
        Note(
            edition=edition,
            node=node,
            position=position,
            kind=note.kind,
            text=note.text,
            source=note.source,
        )
        for position, (node, note) in enumerate(every)
    )
