"""Files with an answer and with a step: how they are sent, refused and downloaded."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from minga.kernel.cases import rules as cases
from minga.kernel.cases.actions import attachments
from minga.kernel.cases.models import Attachment
from minga.kernel.cases.rules import Scan
from minga.kernel.forms.backend import REQUEST
from minga.kernel.forms.rules import LARGEST, MOST, receive
from minga.kernel.forms.tests.files import HTML, PDF, PNG, SVG
from minga.kernel.identity.models import Person
from minga.services.cocreation.actions import ANYBODY
from minga.services.cocreation.models import Proposal

from .build import NOON, a_post, a_proposal, decided

pytestmark = pytest.mark.django_db
QUESTION = "¿De qué barrio se trata, por favor?"
WORDS = "Es el barrio San Luis, y adjunto un plano."


def file(name: str = "plano.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def an_asked() -> Proposal:
    return decided(a_proposal(), "ask", message=QUESTION)


def answers(proposal: Proposal, *files: SimpleUploadedFile, **more: object) -> Any:
    """What the server says to an answer with files."""
    said = {"rev": proposal.case.rev, "message": WORDS, "attached": files, **more}
    return Client().post(reverse("cocreation:followed", args=[proposal.case.code]), said)


def errors(answer: Any) -> str:
    page = BeautifulSoup(answer.content, "html.parser")
    [said] = page.select("#id_attached_error")
    return " ".join(said.get_text(" ").split())


def official(email: str = "ines@prueba.minga") -> Client:
    client = Client()
    client.force_login(Person.objects.get(email=email))
    return client


def attached(proposal: Proposal, name: str = "plano.pdf", content: bytes = PDF) -> Attachment:
    assert answers(proposal, file(name, content)).status_code == 302
    return Attachment.objects.get()


def test_an_answer_with_files_is_seen_by_both_sides() -> None:
    proposal = an_asked()
    sent = answers(proposal, file(), file("foto.png", PNG))
    assert sent.status_code == 302
    for page in (
        Client().get(reverse("cocreation:followed", args=[proposal.case.code])),
        official().get(reverse("cocreation:handle", args=[proposal.pk])),
    ):
        for words in ("plano.pdf", "foto.png", "Documento PDF", "Imagen PNG"):
            assert words in page.content.decode()


def test_an_official_sends_files_with_a_step_and_the_person_sees_them() -> None:
    proposal = a_proposal()
    said = {"rev": 1, "version": 0, "message": QUESTION, "attached": [file("formulario.pdf")]}
    address = reverse("cocreation:take_step", args=[proposal.pk, "ask"])
    assert official().post(address, said).status_code == 302
    followed = Client().get(reverse("cocreation:followed", args=[proposal.case.code]))
    assert "formulario.pdf" in followed.content.decode()


def test_an_internal_file_is_seen_at_the_desk_only() -> None:
    proposal = a_proposal()
    address = reverse("cases:attach", args=[proposal.pk])
    assert "Elige al menos un archivo." in official().post(address, {"x": ""}).content.decode()
    sent = official().post(address, {"attached": [file("secreto.pdf")]}, follow=True)
    assert "secreto.pdf" in sent.content.decode()
    followed = Client().get(reverse("cocreation:followed", args=[proposal.case.code]))
    assert "secreto.pdf" not in followed.content.decode()
    row = Attachment.objects.get()
    place = [proposal.case.code, row.place]
    assert Client().get(reverse("cases:attachment_of_code", args=place)).status_code == 404
    assert official().get(reverse("cases:attachment", args=[row.place])).getvalue() == PDF


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nada.pdf", b" ", "no es lo que dice el final de su nombre"),
        ("dibujo.svg", SVG, "no es de un tipo que podamos recibir"),
        ("informe.exe.pdf", PDF, "termina dos veces"),
        ("informe.pdf", PDF + HTML, "otra cosa escondida"),
        ("foto.png", PDF, "no es lo que dice el final de su nombre"),
        ("grande.txt", b"a" * (LARGEST + 1), "pesa más de 10 MB"),
    ],
)
def test_what_is_refused_says_why_and_what_was_written_stays(
    name: str, content: bytes, words: str
) -> None:
    answer = answers(an_asked(), file("bueno.pdf"), file(name, content))
    assert answer.status_code == 200
    assert f"«{name}»" in errors(answer)
    assert words in errors(answer)
    assert "Vuelve a elegir todos tus archivos" in errors(answer)
    assert WORDS in answer.content.decode()
    assert not Attachment.objects.exists()


def test_a_file_without_a_byte_is_named() -> None:
    """Django's client leaves out what is empty; a browser does not."""
    proposal, line = an_asked(), "xxx"
    parts = {"rev": proposal.case.rev, "message": WORDS}
    body = "".join(
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{said}\r\n'
        for name, said in parts.items()
    )
    body += f'--{line}\r\nContent-Disposition: form-data; name="attached"; filename="nada.pdf"'
    body += f"\r\nContent-Type: application/pdf\r\n\r\n\r\n--{line}--\r\n"
    kind = f"multipart/form-data; boundary={line}"
    path = reverse("cocreation:followed", args=[proposal.case.code])
    assert "«nada.pdf» está vacío" in errors(Client().post(path, body, content_type=kind))


def test_when_something_else_is_wrong_the_page_says_to_choose_again() -> None:
    answer = answers(an_asked(), file(), message="")
    assert "Vuelve a elegir todos tus archivos" in errors(answer)
    assert not Attachment.objects.exists()


def test_the_limits_are_told_before_anybody_chooses() -> None:
    page = Client().get(reverse("cocreation:followed", args=[an_asked().case.code]))
    for words in ("hasta 10 MB", "Caben 10 archivos más", "no se puede quitar", "PDF, fotos JPG"):
        assert words in page.content.decode()


def test_the_eleventh_is_refused_by_name_and_what_was_written_stays() -> None:
    many = answers(an_asked(), *(file() for _ in range(MOST + 5)))
    assert "Elegiste más archivos de los que caben: caben 10." in errors(many)
    assert WORDS in many.content.decode()


def test_what_does_not_fit_any_more_is_told_in_time() -> None:
    proposal = an_asked()
    assert answers(proposal, *(file() for _ in range(MOST))).status_code == 302
    again = decided(Proposal.objects.get(), "ask", message=QUESTION)
    assert "Ya no cabe ningún archivo más" in errors(answers(again, file()))
    assert answers(again).status_code == 302


def test_an_answer_that_comes_too_late_leaves_no_file() -> None:
    proposal = an_asked()
    decided(proposal, "accept")
    late = answers(proposal, file())
    assert late.status_code == 409
    assert WORDS in late.content.decode()
    assert not Attachment.objects.exists()


@pytest.mark.slow
def test_of_a_file_that_is_too_large_only_its_beginning_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of one that nobody takes, nothing."""
    written = []
    receive_chunk = TemporaryFileUploadHandler.receive_data_chunk

    def count(self: TemporaryFileUploadHandler, raw_data: bytes, start: int) -> None:
        written.append(len(raw_data))
        receive_chunk(self, raw_data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", count)
    large = b"a" * (3 * LARGEST)
    answer = answers(an_asked(), file("grande.txt", large))
    assert "pesa más de 10 MB" in errors(answer)
    assert LARGEST < sum(written) <= LARGEST + 2**17
    written.clear()
    Client().post(reverse("cocreation:follow"), {"code": "x", "attached": file("g", large)})
    assert written == []


def test_a_request_that_never_ends_is_refused_before_it_is_read() -> None:
    path = reverse("cocreation:followed", args=[an_asked().case.code])
    kind = "multipart/form-data; boundary=x"
    size = str(REQUEST + 1)
    answer = Client().post(path, b"x", content_type=kind, CONTENT_LENGTH=size)
    assert answer.status_code in (400, 413)
    assert "demasiado grande" in answer.content.decode()


def test_a_file_is_a_download_that_can_reach_nothing() -> None:
    proposal = an_asked()
    row = attached(proposal, "Acta del año 2026.pdf")
    for answer in (
        Client().get(reverse("cases:attachment_of_code", args=[proposal.case.code, row.place])),
        official().get(reverse("cases:attachment", args=[row.place])),
    ):
        assert answer.getvalue() == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment; ")
        assert quote("Acta del año 2026.pdf") in answer["Content-Disposition"]
        assert answer["Content-Security-Policy"].startswith("sandbox")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies


def test_a_file_is_not_there_for_anybody_else() -> None:
    proposal = an_asked()
    row = attached(proposal)
    a_post("Otra secretaría", "otra@prueba.minga")
    other = a_proposal(title="Otra idea cualquiera")
    for answer in (
        official("otra@prueba.minga").get(reverse("cases:attachment", args=[row.place])),
        official("otra@prueba.minga").get(reverse("cases:attachment_of_mine", args=[row.place])),
        Client().get(reverse("cases:attachment_of_code", args=[other.case.code, row.place])),
        Client().get(reverse("cases:attachment_of_code", args=["1P8-1A3-HQ3R", row.place])),
        Client().get(reverse("cases:attachment_of_code", args=[proposal.case.code, "0" * 40])),
    ):
        assert answer.status_code == 404


def test_what_nobody_has_looked_into_is_not_served(settings: Settings) -> None:
    settings.MINGA_SCANNER = "clamd://127.0.0.1:1"
    proposal = an_asked()
    row = attached(proposal)
    address = reverse("cases:attachment_of_code", args=[proposal.case.code, row.place])
    followed = Client().get(reverse("cocreation:followed", args=[proposal.case.code]))
    assert "En revisión" in followed.content.decode()
    assert address not in followed.content.decode()
    answer = Client().get(address)
    assert answer.status_code == 409
    assert "todavía no se puede abrir" in answer.content.decode()
    Attachment.objects.update(scan=Scan.REFUSED)
    answer = Client().get(address)
    assert answer.status_code == 410
    assert "El antivirus lo rechazó" in answer.content.decode()


def test_a_file_of_which_the_bytes_are_gone_is_not_found_and_is_named(
    caplog: pytest.LogCaptureFixture,
) -> None:
    row = attached(an_asked())
    default_storage.delete(cases.path(row.place))
    assert official().get(reverse("cases:attachment", args=[row.place])).status_code == 404
    assert f"attachment {row.pk} has no file" in caplog.text


@pytest.mark.parametrize("name", ["a\r\nX-Evil: 1.pdf", '"; filename="b.pdf', "\u202efdp.pdf"])
def test_a_name_cannot_change_how_it_is_downloaded(name: str) -> None:
    proposal = a_proposal()
    with attachments.kept([receive(name, BytesIO(PDF))]) as kept:
        [row] = attachments.attach(case=proposal.case, files=kept, by=ANYBODY, at=NOON)
    answer = official().get(reverse("cases:attachment", args=[row.place]))
    assert answer["Content-Disposition"] == f'attachment; filename="{row.name}"'
    assert "X-Evil" not in answer
    assert answer.getvalue() == PDF
