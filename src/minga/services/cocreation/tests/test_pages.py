import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minga.kernel.cases.models import Case, Draft
from minga.services.cocreation.models import Proposal
from minga.services.cocreation.rules import RECEIPT_AGAIN

from .build import a_cycle, a_proposal, accepted, decided, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is open whatever day the test runs."""
    cycle = a_cycle()
    cycle.closes_on = cycle.closes_on.replace(year=2126)
    cycle.save()


def step(draft: object, name: str) -> str:
    return reverse("cocreation:draft_step", args=[draft, name])


def written(client: Client, draft: object) -> None:
    said = words(territory=words()["territory"])
    for name, needed in {
        "problema": ("title", "problem"),
        "solucion": ("solution",),
        "alcance": ("goal", "territory", "sector"),
        "sobre-ti": (),
    }.items():
        response = client.post(step(draft, name), {key: said[key] for key in needed})
        assert response.status_code == 302, response.content.decode()


@pytest.mark.usefixtures("call")
def test_sent_twice_or_from_two_tabs_it_is_one_proposal(client: Client) -> None:
    draft = uuid4()
    written(client, draft)
    first = client.post(step(draft, "revisar"))
    second = Client().post(step(draft, "revisar"))
    late = client.post(step(draft, "problema"), {"title": "Otra cosa", "problem": "x" * 40})
    assert first.headers["Location"] == second.headers["Location"] == late.headers["Location"]
    assert Proposal.objects.get().title == "Presupuesto del barrio"


@pytest.mark.usefixtures("call")
def test_an_unfinished_proposal_is_led_to_what_is_missing(client: Client) -> None:
    draft = uuid4()
    client.post(step(draft, "problema"), {"title": "Un nombre", "problem": "x" * 40})
    response = client.post(step(draft, "revisar"))
    assert response.headers["Location"] == step(draft, "solucion")
    assert not Case.objects.exists()


def test_a_draft_is_kept_nowhere_until_something_is_written(client: Client) -> None:
    a_cycle()
    client.get(step(uuid4(), "problema"))
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Escribe el código"),
        ("hola", "diez letras y números"),
        ("1P8-1A3-HQ3R", "algún error al copiarlo"),
        ("\0" * 10, "diez letras y números"),
    ],
)
def test_a_mistyped_code_is_explained(client: Client, typed: str, answer: str) -> None:
    response = client.post(reverse("cocreation:follow"), {"code": typed})
    assert answer in response.content.decode()


def test_an_unknown_code_is_told_apart_from_a_mistyped_one(client: Client) -> None:
    code = a_proposal().case.code
    Case.objects.update(code="XXX-XXX-XXXX")
    response = client.post(reverse("cocreation:follow"), {"code": code})
    assert "no lo conocemos" in response.content.decode()


def test_pages_of_one_person_are_kept_by_nobody_and_point_nowhere(client: Client) -> None:
    code = a_proposal().case.code
    for page in ("cocreation:receipt", "cocreation:followed"):
        response = client.get(reverse(page, args=[code]))
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_public_page_does_not_show_the_code(client: Client) -> None:
    proposal = accepted()
    url = reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number])
    for path in (url, reverse("cocreation:proposals"), "/", "/buscar/?q=presupuesto"):
        assert proposal.case.code not in client.get(path).content.decode()


def test_a_hidden_proposal_leaves_its_page_and_the_cached_list(client: Client) -> None:
    proposal = accepted()
    url = reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number])
    assert client.get(url).status_code == 200
    decided(proposal, "reopen", message="Falta decir quién lo publicaría.")
    hidden = client.get(url)
    assert hidden.status_code == 410
    assert proposal.title not in hidden.content.decode()


def test_markup_is_shown_and_not_obeyed(client: Client) -> None:
    proposal = accepted(title="<script>alert(1)</script>", problem="<b>" + "x" * 30)
    url = reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number])
    page = client.get(url).content.decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("query", ["objetivo=99", "lugar=XX", "orden=nada", "pagina=zzz"])
def test_a_filter_nobody_offered_is_no_error(client: Client, query: str) -> None:
    accepted()
    assert client.get(f"{reverse('cocreation:proposals')}?{query}").status_code == 200


@pytest.mark.usefixtures("call")
def test_a_reply_that_comes_too_late_is_given_back(client: Client) -> None:
    asked = decided(a_proposal(), "ask", message="¿De qué barrio se trata, por favor?")
    decided(asked, "accept")
    url = reverse("cocreation:followed", args=[asked.case.code])
    response = client.post(url, {"rev": 2, "message": "Del barrio San Luis."})
    assert response.status_code == 409
    assert "Del barrio San Luis." in response.content.decode()


@pytest.mark.usefixtures("call")
def test_a_sent_draft_leads_to_its_receipt_for_a_day_only(client: Client) -> None:
    draft = uuid4()
    written(client, draft)
    receipt = client.post(step(draft, "revisar")).headers["Location"]
    assert client.get(step(draft, "problema")).headers["Location"] == receipt
    Case.objects.update(opened_at=timezone.now() - RECEIPT_AGAIN)
    for response in (client.get(step(draft, "problema")), client.post(step(draft, "revisar"))):
        assert response.headers["Location"] == reverse("cocreation:follow") + "?enviada"


@pytest.mark.parametrize("name", ["seguir/%00/", "recibo/%00/", "mesa/" + "9" * 30 + "/", "x/1/"])
def test_an_address_nobody_gave_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/propuestas/{name}").status_code == 404


@pytest.mark.usefixtures("call")
def test_what_changed_in_another_window_is_shown_again_before_it_is_sent(client: Client) -> None:
    draft = uuid4()
    written(client, draft)
    page = client.get(step(draft, "revisar")).content.decode()
    found = re.search(r'name="shown" value="(\w+)"', page)
    assert found
    other = {"title": "Otro nombre", "problem": "x" * 40}
    Client().post(step(draft, "problema"), other)
    sent = client.post(step(draft, "revisar"), {"shown": found[1]})
    assert sent.headers["Location"] == step(draft, "revisar") + "?cambio"
    assert not Proposal.objects.exists()


@pytest.mark.usefixtures("call")
def test_going_back_loses_nothing_that_was_typed(client: Client) -> None:
    draft = uuid4()
    client.post(step(draft, "problema"), {"title": "Un nombre", "problem": "x" * 40})
    back = client.post(step(draft, "solucion"), {"solution": "A medias", "back": "1"})
    assert back.headers["Location"] == step(draft, "problema")
    client.post(step(draft, "problema"), {"title": "Un nombre", "problem": "x" * 40})
    assert "A medias" in client.get(step(draft, "solucion")).content.decode()
    assert client.post(step(draft, "revisar")).headers["Location"] == step(draft, "solucion")


@pytest.mark.parametrize(
    ("typed", "answer"), [("K4X-CB5-4KY", "escribiste 9"), ("O4X-CB5-4KY2", "nunca lleva la O")]
)
def test_a_code_that_does_not_look_like_one_says_what_is_odd(
    client: Client, typed: str, answer: str
) -> None:
    assert answer in client.post(reverse("cocreation:follow"), {"code": typed}).content.decode()


def test_a_code_is_found_in_the_address_somebody_pasted(client: Client) -> None:
    code = a_proposal().case.code
    pasted = {"code": f"http://minga.example/propuestas/recibo/{code}/"}
    answer = client.post(reverse("cocreation:follow"), pasted)
    assert answer.headers["Location"] == reverse("cocreation:followed", args=[code])
