"""Errands: the smallest case type that has everything a case can have."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connection, transaction

from minga.kernel.cases import actions, rules
from minga.kernel.cases.actions import attachments
from minga.kernel.cases.actions.desk import Official
from minga.kernel.cases.declaration import Actor, CaseType, Move, Phase, Stage
from minga.kernel.cases.models import Attachment, Case, Draft
from minga.kernel.forms.rules import Received, receive
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Post
from minga.kernel.identity.tests.build import an_organisation

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROSA, INES = Actor("anybody", "applicant"), Actor("an official", "institution")
NAMES = {"applicant": "Tú", "institution": "La institución"}
SAID: dict[int, tuple[str, Mapping[str, object]]] = {}  # stands for a service's table


def seals() -> Iterator[tuple[int, str]]:
    for case, (salt, words) in SAID.items():
        yield case, rules.seal(salt, words)


def titles(cases: Iterable[int]) -> dict[int, str]:
    return {case: str(SAID[case][1]["title"]) for case in cases}


ask = Move(to="asked", by="institution", label="Preguntar", done="Preguntaron", message=True)
reply = Move(to="received", by="applicant", label="Responder", done="Respondió", message=True)
finish = Move(to="done", by="institution", label="Hacer", done="Se hizo")
refuse = Move(
    to="refused",
    by="institution",
    label="Negar",
    done="Se negó",
    reasons={"late": "Llegó tarde", "empty": "No dice nada"},
)
reopen = Move(to="received", by="institution", label="Reabrir", done="Se reabrió")
errand = CaseType(
    key="test.errand",
    name="Encargo",
    model="cases.Case",
    first="received",
    opened="Llegó el encargo",
    states={
        "received": Stage(label="Recibido", phase=Phase.RECEIVED),
        "asked": Stage(label="En espera", phase=Phase.WAITING_FOR_APPLICANT),
        "done": Stage(label="Hecho", phase=Phase.CLOSED, public=True),
        "refused": Stage(label="Negado", phase=Phase.CLOSED),
    },
    moves={
        "received": {"ask": ask, "finish": finish, "refuse": refuse},
        "asked": {"reply": reply, "refuse": refuse},
        "done": {"reopen": reopen},
    },
    page="public_service:note",  # any that takes the id of a case
    applicant_page="public_service:notice",
    draft_page="public_service:drop_draft",
    seals=seals,
    titles=titles,
)


def frozen(case_type: CaseType = errand, terms: Mapping[str, object] | None = None) -> None:
    actions.freeze(case_type=case_type, terms=terms, at=NOON)


def a_draft(**words: object) -> UUID:
    draft = uuid4()
    said = {"title": "Arreglar el puente"} | words
    assert actions.keep_draft(draft=draft, case_type=errand.key, words=said, at=NOON)
    return draft


@transaction.atomic
def send(draft: UUID) -> Case:
    """What a service's action does to send a draft."""
    taken = actions.take(draft=draft, case_type=errand.key)
    if taken.case:
        return taken.case
    words, salt = taken.words, rules.new_salt()
    case = actions.open_case(
        draft=taken, holder=an_organisation(), seal=rules.seal(salt, words), by=ROSA, at=NOON
    )
    SAID[case.pk] = salt, words
    return case


def an_errand(**words: object) -> Case:
    frozen()
    return send(a_draft(**words))


def step(  # noqa: PLR0913  # as actions.move
    case: Case,
    move: str,
    *,
    by: Actor = INES,
    rev: int | None = None,
    message: str = "",
    reason: str = "",
    at: datetime = NOON,
) -> Case:
    """One step of somebody who looked just before, unless a `rev` says otherwise."""
    seen = Case.objects.get(pk=case.pk).rev if rev is None else rev
    with transaction.atomic():
        return actions.move(
            case=case, move=move, by=by, rev=seen, at=at, message=message, reason=reason
        )


def asked(case: Case, question: str = "¿Qué puente?") -> Case:
    return step(case, "ask", message=question)


def replied(case: Case, answer: str = "El del río.") -> Case:
    return step(case, "reply", by=ROSA, message=answer)


def a_colleague(
    name: str = "Tomás", *, unit: str = "", supervises: bool = False, key: str = "otavalo"
) -> Official:
    """Somebody in a post of their own, where errands are held unless `key` says otherwise."""
    organisation = an_organisation(key, name=key)
    post = identity.know_post(organisation=organisation, title=f"Puesto de {name}", unit=unit)
    Post.objects.filter(pk=post.pk).update(supervises=supervises)
    email, since = f"{name.lower()}@prueba.minga", NOON.date()
    person = identity.appoint(email=email, name=name, password=None, post=post, since=since)
    return Official(Post.objects.get(pk=post.pk), person)


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def sql(statement: str, *values: int | str | None) -> None:
    """What somebody with the keys of the database could do."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def draft_of(case: Case) -> Draft:
    return Draft.objects.get(case=case)


def a_file(content: bytes = b"Una nota.", name: str = "nota.txt") -> Received:
    return receive(name, BytesIO(content))


def given(case: Case, *files: Received) -> list[Attachment]:
    """What whoever opened the case gives to it."""
    with attachments.kept(files or [a_file()]) as kept, transaction.atomic():
        return attachments.attach(case=case, files=kept, by=ROSA, at=NOON)


def lying(store: Path) -> list[str]:
    """What is in the store, by its names."""
    return sorted(file.name for file in store.rglob("*") if file.is_file())


def scan() -> int:
    return attachments.scan(now=lambda: NOON)
