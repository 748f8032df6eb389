"""The same plans for machines: tables to open in a spreadsheet, and a whole plan in JSON."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse

from minga.kernel.catalogue.declaration import Dataset
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.plans import queries as plans
from minga.kernel.plans.models import Involvement, Note

from . import datasets, queries
from .datasets import Row, month
from .models import Commitment
from .queries import Part, Tree

everyone = open_to(Audience.EVERYONE)


@everyone
@public_page
def commitments_csv(request: HttpRequest, plan: str) -> StreamingHttpResponse:
    return _table(plan, "compromisos", datasets.commitments, datasets.commitment_rows)


@everyone
@public_page
def milestones_csv(request: HttpRequest, plan: str) -> StreamingHttpResponse:
    return _table(plan, "hitos", datasets.milestones, datasets.milestone_rows)


@everyone
@public_page
def goals_csv(request: HttpRequest, plan: str) -> StreamingHttpResponse:
    return _table(plan, "metas", datasets.goals, datasets.goal_rows)


@everyone
@public_page
def plan_json(request: HttpRequest, plan: str) -> StreamingHttpResponse:
    tree = queries.full_tree(plan)
    if tree is None:
        raise Http404
    return StreamingHttpResponse(document(tree), content_type="application/json")


def _table(
    plan: str, name: str, dataset: Dataset, rows: Callable[[str], Iterator[Row]]
) -> StreamingHttpResponse:
    """The rows of one plan only."""
    if plans.current(plan) is None:
        raise Http404
    answer = as_csv(replace(dataset, rows=partial(rows, plan)))
    answer["Content-Disposition"] = f'attachment; filename="{plan}-{name}.csv"'
    return answer


def document(tree: Tree) -> Iterator[str]:
    """A whole plan, part by part."""
    yield _written(_head(tree))[:-1] + ', "parts": ['
    for position, part in enumerate(tree.parts):
        yield (",\n" if position else "\n") + _written(_part(part))
    yield "\n]}\n"


def _written(facts: object) -> str:
    return json.dumps(facts, ensure_ascii=False)


def _head(tree: Tree) -> Mapping[str, Any]:
    plan, edition = tree.edition.plan, tree.edition
    names = ("number", "title", "published", "replaces", "source")
    return {
        "plan": plan.key,
        "title": plan.title,
        "period": plan.period,
        "summary": plan.summary,
        "edition": {name: getattr(edition, name) for name in names},
        "licence": datasets.LICENCE,
        "omits": str(datasets.NO_PROGRESS),
        "notes": _notes(chain.from_iterable(queries.notes(edition).values())),
    }


def _part(part: Part) -> Mapping[str, Any]:
    node = part.node
    said = getattr(node, "commitment", None)
    names = ("code", "kind", "number", "title", "summary", "target", "unit", "source")
    return {
        **{name: getattr(node, name) for name in names},
        "parent": part.parent.node.code if part.parent else None,
        "starts": month(node.starts_on),
        "ends": month(node.ends_on),
        "goals": [number for number, _name in part.sdg],
        "involved": [_body(body) for body in node.involved.all()],
        "milestones": _milestones(part),
        "notes": _notes(node.notes.all()),
        **(_described(said) if said else {}),
    }


def _body(body: Involvement) -> Mapping[str, str]:
    return {
        "role": body.role,
        "name": body.organisation.name,
        "acronym": body.organisation.acronym,
        "unit": body.post.unit.name if body.post and body.post.unit else "",
        "post": body.post.title if body.post else "",
    }


def _milestones(part: Part) -> list[Mapping[str, Any]]:
    return [
        {
            "number": step.number,
            "title": step.title,
            "starts": month(step.starts_on),
            "ends": month(step.ends_on),
            "source": step.source,
        }
        for step in part.node.milestones.all()
    ]


def _described(said: Commitment) -> Mapping[str, Any]:
    return {
        **datasets.texts(said),
        "values": [{"name": value.name, "why": value.why} for value in said.values.all()],
        "instruments": [
            {"name": instrument.name, "kind": instrument.kind}
            for instrument in said.instruments.all()
        ],
    }


def _notes(notes: Iterable[Note]) -> list[Mapping[str, str]]:
    return [{"kind": note.kind, "text": note.text, "source": note.source} for note in notes]
