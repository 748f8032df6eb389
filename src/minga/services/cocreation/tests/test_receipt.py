"""Rosa takes her receipt along on paper, and a clerk looks whether it is one."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minga.kernel.cases import queries as cases
from minga.kernel.documents import actions as documents
from minga.kernel.documents.models import Document
from minga.kernel.documents.rules import Reason

from .build import a_proposal

pytestmark = pytest.mark.django_db
PDF = "application/pdf"


@pytest.mark.slow
def test_rosa_downloads_her_receipt_and_a_clerk_verifies_it() -> None:
    rosa, clerk, case = Client(), Client(), a_proposal().case
    page = reverse("cocreation:receipt_pdf", args=[case.code])
    file = reverse("cocreation:receipt_file", args=[case.code])
    assert "Preparar el PDF" in rosa.get(page).content.decode()
    for _ in range(2):  # she clicks twice
        assert rosa.post(page).headers["Location"] == page
    waiting = rosa.get(page).content.decode()
    assert "Se está preparando" in waiting
    assert f'http-equiv="refresh" content="4; url={page}?mira=1"' in waiting
    assert f'content="4; url=/en{page}?mira=1"' in rosa.get(f"/en{page}").content.decode()
    assert 'http-equiv="refresh"' not in rosa.get(page, {"mira": "5"}).content.decode()
    assert rosa.get(file).headers["Location"] == page
    document = Document.objects.get()
    seal = cases.opening_hash(case)
    assert seal in str(document.data).replace(" ", ""), "the seal that the register knows"
    assert seal in rosa.get(reverse("cocreation:receipt", args=[case.code])).content.decode()
    assert documents.make(now=timezone.now) == 1
    assert "Descargar el PDF" in rosa.get(page).content.decode()
    answer = rosa.get(file)
    paper = answer.getvalue()
    assert answer.headers["Content-Type"] == PDF
    assert "attachment" in answer.headers["Content-Disposition"]

    def uploads(content: bytes) -> str:
        sent = {"paper": SimpleUploadedFile("recibo.pdf", content)}
        answer = clerk.post(reverse("documents:verify_file"), sent)
        return answer.content.decode()

    verified = reverse("documents:verified", args=[document.code])
    by_code, by_file = clerk.get(verified).content.decode(), uploads(paper)
    assert "El código es auténtico" in by_code
    assert "El archivo es auténtico" in by_file
    for said in (by_code, by_file, clerk.get(f"{verified[:-1]}.json").content.decode()):
        assert case.code not in said, "it is the key to her proposal"
        assert "Presupuesto del barrio" not in said
    assert clerk.get(f"{verified}documento.pdf").status_code == 404
    assert "no es el que se emitió" in uploads(paper.replace(b"%%EOF", b"%%eof"))

    told = {"reason": Reason.MISTAKE, "actor": "operator", "at": timezone.now()}
    assert documents.annul(code=document.code, **told)  # type: ignore[arg-type]
    assert "fue anulado" in clerk.get(verified).content.decode()
    assert rosa.get(file).headers["Location"] == page
    assert "Preparar el PDF" in rosa.get(page).content.decode()


def test_without_the_code_of_the_case_there_is_no_receipt() -> None:
    case = a_proposal().case
    Client().post(reverse("cocreation:receipt_pdf", args=[case.code]))
    wrong = "A" + case.code[1:] if case.code[0] != "A" else "B" + case.code[1:]
    for name in ("receipt_pdf", "receipt_file"):
        assert Client().get(reverse(f"cocreation:{name}", args=[wrong])).status_code == 404
        paper = Document.objects.get().code
        assert Client().get(reverse(f"cocreation:{name}", args=[paper])).status_code == 404
