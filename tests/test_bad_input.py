"""What people, robots and accidents send to every form and every address of the house."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from minga.services.cocreation import actions, queries
from tests.crawl import Visited, ines, runner, signed_in, visit
from tests.databases import forgotten

pytestmark = pytest.mark.usefixtures("demo_world")

MARKUP = "\"'><b>negrita</b><script>alert(1)</script>"
UNFIT = {"NUL": "Una cosa\x00 cualquiera.", "RLO": "Una cosa \u202e.adacov\u202c", "BEL": "\x07 ya"}
LONG = "Muchas veces lo mismo. " * 4_000  # 92 kB
TOO_LONG = "x" * 2**20
HOSTILE = ("%00", "%FF", "..%2F..", "x" * 3_000, "9" * 40, "-1", "'--", "%E2%80%AE")


class Sent(NamedTuple):
    """A form as it was shown to somebody: where it is sent and the fields it has."""

    name: str
    path: str
    reader: str
    fields: list[Tag]

    def __str__(self) -> str:
        return f"{self.path} ({self.reader})"


def named(form: Tag) -> list[Tag]:
    """One for each name, without the token."""
    fields = {str(field["name"]): field for field in form.select("[name]")}
    fields.pop("csrfmiddlewaretoken", None)
    return list(fields.values())


@pytest.fixture
def forms(visited: list[Visited]) -> list[Sent]:
    """One of each kind."""
    kinds: dict[object, Sent] = {}
    for page in visited:
        for form in page.forms:
            path = str(form.get("action") or page.path)
            sent = Sent(page.name, path, page.reader, named(form))
            kinds[page.name, *(str(field["name"]) for field in sent.fields)] = sent
    assert len(kinds) > 8
    return list(kinds.values())


class Senders(dict[str, str]):
    """Each reader's session. What is sent is forgotten, so that each form is as it was."""

    def browser(self, reader: str) -> Client:
        client = Client(raise_request_exception=False)
        if reader in self:
            client.cookies[settings.SESSION_COOKIE_NAME] = self[reader]
        return client

    def send(self, form: Sent, said: Mapping[str, str]) -> Any:
        with forgotten():
            token = {"csrfmiddlewaretoken": "there is always one"}
            return self.browser(form.reader).post(form.path, {**token, **said})


@pytest.fixture
def senders(demo_world: None) -> Senders:
    name = settings.SESSION_COOKIE_NAME
    clients = {**signed_in(), "rectora": Client()}
    clients["rectora"].force_login(runner())
    return Senders({who: client.cookies[name].value for who, client in clients.items()})


def writable(form: Sent) -> Iterator[Tag]:
    for field in form.fields:
        kind = field.get("type", "text")
        if field.name == "textarea" or (field.name == "input" and kind in ("text", "email")):
            yield field


def refused(answer: Any, field: Tag) -> bool:
    """The page comes again and says beside the field what is wrong with it."""
    page = BeautifulSoup(answer.content, "html.parser")
    name = f"id_{field['name']}_error"
    return answer.status_code == 200 and page.find(id=name) is not None


def none_of(faults: Iterator[str]) -> None:
    found = list(faults)
    assert not found, f"{len(found)}:\n" + "\n".join(found)


def test_an_empty_form_is_answered(forms: list[Sent], senders: Senders) -> None:
    def faults() -> Iterator[str]:
        for form in forms:
            answer = senders.send(form, {})
            needed = [field for field in form.fields if field.has_attr("required")]
            if answer.status_code not in ((200,) if needed else (200, 302, 404, 409)):
                yield f"{form}: {answer.status_code}"
            elif needed and "Error:" not in answer.content.decode():
                yield f"{form}: says nothing"

    none_of(faults())


@pytest.mark.parametrize("kind", UNFIT)
def test_what_nobody_can_see_is_refused_by_name(
    kind: str, forms: list[Sent], senders: Senders
) -> None:
    def faults() -> Iterator[str]:
        for form in forms:
            for field in writable(form):
                answer = senders.send(form, {str(field["name"]): UNFIT[kind]})
                if not refused(answer, field):
                    yield f"{form} {field['name']}: {answer.status_code}"

    none_of(faults())


@pytest.mark.slow
def test_too_much_is_refused(forms: list[Sent], senders: Senders) -> None:
    def faults() -> Iterator[str]:
        for form in forms:
            for field in writable(form):
                answer = senders.send(form, {str(field["name"]): LONG})
                if not refused(answer, field):
                    yield f"{form} {field['name']}: {answer.status_code} to much"
                answer = senders.send(form, {str(field["name"]): TOO_LONG})
                if answer.status_code not in (400, 413):
                    yield f"{form} {field['name']}: {answer.status_code} to a megabyte"
                if "No entendimos lo que llegó" not in answer.content.decode():
                    yield f"{form} {field['name']}: no page of ours"

    none_of(faults())


def test_too_many_fields_are_refused(forms: list[Sent], senders: Senders) -> None:
    """By whatever reads them: a form with nothing to fill in is read for its token only."""
    many, filled = {f"x{n}": "" for n in range(300)}, [form for form in forms if form.fields]
    none_of(f"{form}" for form in filled if senders.send(form, many).status_code != 400)


def test_markup_is_shown_as_it_was_written(forms: list[Sent], senders: Senders) -> None:
    def faults() -> Iterator[str]:
        for form in forms:
            said = {str(field["name"]): MARKUP for field in writable(form)}
            answer = senders.send(form, said)
            if answer.status_code not in (200, 302, 404, 409):
                yield f"{form}: {answer.status_code}"
            if is_live(answer.content.decode()):
                yield f"{form}: not escaped"

    none_of(faults())


def is_live(html: str) -> bool:
    return "<script>alert" in html or "<b>negrita" in html


def test_markup_in_a_proposal_is_words_wherever_it_is_read(senders: Senders) -> None:
    now, draft = timezone.now(), uuid4()
    words = dict.fromkeys(("title", "problem", "solution"), f"{MARKUP} Presupuesto")
    known = queries.public().filter(cycle__key="demostracion")[0]
    words |= {"cycle": known.cycle.key, "territory": known.territory.iso, "sector": "citizen"}
    actions.keep(draft=draft, words=words, at=now)
    sent = queries.by_code(actions.send(draft=draft, at=now).code)
    assert sent
    pages = ["handle", "receipt", "followed", "proposals", "proposal"]
    arguments: dict[str, list[object]] = {
        "handle": [sent.pk],
        "receipt": [sent.case.code],
        "followed": [sent.case.code],
    }
    post = ines().post
    shown = [visit(senders.browser("oficial"), "oficial", reverse("public_service:desk") + "?ver=")]
    actions.decide(proposal=sent, move="accept", post=post, rev=sent.case.rev, at=now)
    sent.refresh_from_db()
    arguments["proposal"] = [sent.cycle.key, sent.number]
    for page in pages:
        path = reverse(f"cocreation:{page}", args=arguments.get(page, []))
        shown.append(visit(senders.browser("oficial"), "oficial", path))
    shown += [
        visit(Client(), "nadie", path)
        for path in (reverse("public_service:home"), reverse("catalogue:search") + "?q=negrita")
    ]
    for told in shown:
        assert told.status == 200, told
        assert "<b>negrita</b>" in told.words or "negrita" in told.words, told
        assert not is_live(told.body), told


def test_what_no_list_offers_is_refused_by_name(forms: list[Sent], senders: Senders) -> None:
    def faults() -> Iterator[str]:
        for form in forms:
            for field in form.fields:
                if field.name == "select" or field.get("type") == "radio":
                    answer = senders.send(form, {str(field["name"]): "no-hay"})
                    if not refused(answer, field):
                        yield f"{form} {field['name']}: {answer.status_code}"

    none_of(faults())


@pytest.mark.parametrize("value", ["", "abc", "-1", "9" * 40, "\x00"])
def test_what_is_hidden_may_be_changed(value: str, forms: list[Sent], senders: Senders) -> None:
    def faults() -> Iterator[str]:
        for form in forms:
            hidden = [field for field in form.fields if field.get("type") == "hidden"]
            said = {str(field["name"]): "Algo que se entiende bien." for field in writable(form)}
            said |= {str(field["name"]): value for field in hidden}
            answer = senders.send(form, said)
            if hidden and answer.status_code not in (200, 404, 409):
                yield f"{form}: {answer.status_code}"

    none_of(faults())


def test_without_its_token_a_form_has_expired_and_nothing_is_lost(forms: list[Sent]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines().person)
    for form in forms:
        answer = client.post(form.path, {"message": MARKUP + " y más"})
        page = BeautifulSoup(answer.content, "html.parser")
        assert answer.status_code == 403, form
        assert [tag.get_text(strip=True) for tag in page("h1")] == ["El formulario caducó"], form
        assert [tag.get_text() for tag in page("textarea")] == [MARKUP + " y más"], form
        assert not is_live(answer.content.decode()), form


@pytest.mark.slow
def test_an_address_that_nobody_gave_is_answered(visited: list[Visited], senders: Senders) -> None:
    """Whatever stands in the place of a name or after the question mark: never a failure."""

    def faults() -> Iterator[str]:
        for reader, path in sorted(strange(visited)):
            with forgotten():
                answer = senders.browser(reader).get(path)
            if answer.status_code not in (200, 302, 400, 404):
                yield f"{path[:120]} ({reader}): {answer.status_code}"

    none_of(faults())


def strange(visited: list[Visited]) -> Iterator[tuple[str, str]]:
    """Of each name one address: each thing that it takes in turn is something else, and
    everything that its list may be asked for."""
    usual = {(page.reader, page.name): page for page in visited if page.status == 200}
    for (reader, _), page in usual.items():
        path = page.path.partition("?")[0]
        for taken in resolve(path).kwargs.values():
            yield from ((reader, path.replace(f"/{taken}/", f"/{x}/")) for x in HOSTILE)
        asking = page.page.select("main form:not([method=post]) [name]")
        names = {*(str(field["name"]) for field in asking), "pagina"}
        if asking:
            queries = ("&".join(f"{name}={x}" for name in names) for x in HOSTILE)
            yield from ((reader, f"{path}?{query}") for query in queries)
