"""The country's plans, and what action plans say of each commitment.

The format is `data/action_plans/<plan>.toml`: the key of a plan, and for each commitment the
code it has in the plan's own file with what the document says of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path

from django.db import transaction

from minga.kernel.base import files
from minga.kernel.base.files import Unreadable, once, one_of
from minga.kernel.documents import actions as documents
from minga.kernel.documents import queries as issued
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.plans import actions as plans
from minga.kernel.plans import queries as planned
from minga.kernel.plans.models import Edition
from minga.kernel.trust import actions as trust

from . import actions, datasets, papers, queries

PUBLISHED_AS = "2"  # raised with any change of what is published: everything is then said anew
KINDS = ("planning", "legal", "international")


@dataclass(frozen=True, kw_only=True)
class ValueFile:
    name: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class InstrumentFile:
    name: str
    kind: str

    def __post_init__(self) -> None:
        one_of("kind", self.kind, KINDS)


@dataclass(frozen=True, kw_only=True)
class CommitmentFile:
    code: str
    problem: str = ""
    commitment: str = ""
    contribution: str = ""
    additional_information: str = ""
    technical_note: str = ""
    value: Sequence[ValueFile] = ()
    instrument: Sequence[InstrumentFile] = ()


@dataclass(frozen=True, kw_only=True)
class DetailsFile:
    plan: str
    commitment: Sequence[CommitmentFile] = ()

    def __post_init__(self) -> None:
        once("code", [said.code for said in self.commitment])


Details = tuple[Path, DetailsFile]


@transaction.atomic
def load(at: datetime) -> None:
    """Bring in what changed since the last time; the same files again change nothing, while
    the tables and what is found say the same. Only the newest edition of a plan is shown."""
    details = {said.plan: (file, said) for file, said in map(_read, _files("action_plans"))}
    known = dict.fromkeys(plans.load(file=file, at=at).plan.key for file in _files("plans"))
    if strange := details.keys() - known.keys():
        key = min(strange)
        raise Unreadable(f"{details[key][0].name}: no hay un plan {key!r}")
    public = queries.public()
    written_here = planned.in_force().filter(digest="").order_by("plan__key")
    for edition in [*filter(None, map(planned.current, known)), *written_here]:
        about = details.get(edition.plan.key)
        digest = _digest(edition, about)
        if not _stands(edition, digest, public):
            _describe(edition, about)
            _publish(edition, digest, at)
    actions.hide_the_rest()


def _files(reader: str) -> list[Path]:
    return [file for file in jurisdiction.files(reader) if file.suffix == ".toml"]


def _digest(edition: Edition, about: Details | None) -> str:
    details = about[0].read_bytes() if about else b""
    return sha256(b"\0".join([PUBLISHED_AS.encode(), edition.digest.encode(), details])).hexdigest()


def _stands(edition: Edition, digest: str, public: queries.Public) -> bool:
    """Whether these very files were the last ones brought in, and nothing changed since."""
    stream = queries.stream(edition)
    told = planned.told(stream).get((stream, edition.number), {})
    faults = chain(queries.rewritten(edition, told), queries.misfound(edition, public))
    return told.get("hash") == digest and not any(faults)


def _describe(edition: Edition, about: Details | None) -> None:
    file, said = about or (None, None)
    commitments = {node.code: node for node in edition.nodes.filter(kind=queries.COMMITMENT)}
    for part in said.commitment if said else ():
        if part.code not in commitments:
            raise Unreadable(f"{file and file.name}: {part.code}: el plan no tiene ese compromiso")
        actions.describe(
            node=commitments[part.code],
            texts={name: getattr(part, name) for name in datasets.TEXTS},
            values=[(value.name, value.why) for value in part.value],
            instruments=[(instrument.name, instrument.kind) for instrument in part.instrument],
        )
    actions.forget(edition=edition, but=[part.code for part in said.commitment] if said else [])


def _publish(edition: Edition, digest: str, at: datetime) -> None:
    trust.record(
        stream=queries.stream(edition),
        kind="publish",
        actor="house",
        at=at,
        facts={
            "edition": edition.number,
            "hash": digest,
            "rows": planned.seals(edition, queries.TABLES),
        },
    )
    actions.publish(edition=edition, at=at)
    _reissue(edition.plan.key, at)


def _reissue(plan: str, at: datetime) -> None:
    """Of a commitment whose sheet somebody has, the sheet of this edition: whoever verifies
    the older one is told that there is a newer."""
    known = issued.references(papers.SHEET)
    codes = [code for place, _, code in (ref.partition("/") for ref in known) if place == plan]
    for code, paper in papers.sheets(plan, codes):
        reference = papers.reference(plan, code)
        documents.issue(kind=papers.SHEET, reference=reference, paper=paper, public=True, at=at)


def _read(file: Path) -> Details:
    return file, files.read(file, DetailsFile)
