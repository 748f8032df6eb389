"""What whoever is shown a paper is told."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from minga.kernel.documents import actions
from minga.kernel.documents.models import Document
from minga.kernel.documents.rules import Reason, code

from .build import NOON, issued, made

pytestmark = pytest.mark.django_db
GREEN = 'class="notice notice-good"'


def bytes_of(document: Document) -> bytes:
    with default_storage.open(document.place) as file:
        found: bytes = file.read()
        return found


def uploaded(content: bytes, name: str = "recibo.pdf") -> str:
    file = SimpleUploadedFile(name, content)
    answer = Client().post(reverse("documents:verify_file"), {"paper": file})
    assert answer.status_code == 200
    return answer.content.decode()


def shown(code: str, status: int = 200) -> str:
    answer = Client().get(reverse("documents:verified", args=[code]))
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.slow
def test_only_the_bytes_that_were_issued_are_authentic() -> None:
    document = made()
    file = bytes_of(document)
    assert GREEN in (said := uploaded(file))
    assert "El archivo es auténtico" in said
    assert b"Constancia" in file
    altered = [
        file.replace(b"Constancia", b"constancia", 1),
        file + b"\n",
        file[:5000] + bytes([file[5000] ^ 1]) + file[5001:],
    ]
    for one in altered:
        said = uploaded(one)
        assert GREEN not in said
        assert "El archivo no es el que se emitió" in said
        assert document.code in said
    without = file.replace(document.code.encode(), b"x" * len(document.code))
    assert "No conocemos este archivo" in (said := uploaded(without))
    assert GREEN not in said
    actions.annul(code=document.code, reason=Reason.EXPOSED, actor="operator", at=NOON)
    said = uploaded(file)
    assert GREEN not in said
    assert "El documento fue anulado" in said
    assert "2 de marzo de 2026" in said


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "vac\u00edo"),
        (b"hola", "a.txt", "Solo se comprueban archivos PDF"),
        (b"hola", "a.pdf", "no es lo que dice el final de su nombre"),
        (b"%PDF-1.7 " + b"x" * (10 * 2**20), "a.pdf", "pesa m\u00e1s de 10 MB"),
    ],
)
def test_what_is_no_pdf_is_told_so(content: bytes, name: str, words: str) -> None:
    assert words in uploaded(content, name)


def test_nothing_chosen_is_told_so() -> None:
    answer = Client().post(reverse("documents:verify_file"), {})
    assert "Elige el archivo PDF" in answer.content.decode()


def test_by_its_code_a_paper_is_known_and_nothing_of_what_it_says_is_told() -> None:
    document = issued("Lo que nadie más lee")
    said = shown(document.code)
    assert "todavía se está preparando" in said
    assert "Constancia de prueba" in said
    for secret in ("Lo que nadie", "De quien la pide", "case:1"):
        assert secret not in said
    told = Client().get(reverse("documents:verified_json", args=[document.code])).json()
    assert told["answer"] == "preparing"
    assert not {"data", "reference", "subject"} & set(told)
    missing = reverse("documents:file", args=[document.code])
    assert Client().get(missing).status_code == 404, "its code does not open it"


def test_a_code_that_was_never_given_is_told_so() -> None:
    never = code("1" * 11)
    assert "nunca se emitió" in shown(never, 404)
    answer = Client().get(reverse("documents:verified_json", args=[never]))
    assert (answer.status_code, answer.json()) == (404, {"answer": "unknown"})


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Escribe el código"),
        ("D-7K3M", "empieza con D y sigue con doce"),
        ("D-0O00-0000-0000", "nunca lleva la O, la U ni el cero"),
        ("D-2222-2222-2222", "algún error al copiarlo"),
    ],
)
def test_a_mistyped_code_is_told_what_is_wrong(typed: str, words: str) -> None:
    answer = Client().get(reverse("documents:verify"), {"codigo": typed})
    assert words in answer.content.decode()


def test_a_code_inside_an_address_is_found() -> None:
    wanted = reverse("documents:verified", args=[code("2" * 11)])
    for typed in (f"https://minga.example{wanted}", code("2" * 11).lower().replace("-", " ")):
        answer = Client().get(reverse("documents:verify"), {"codigo": typed})
        assert (answer.status_code, answer.headers["Location"]) == (302, wanted)


def test_whoever_tries_many_codes_waits_and_learns_of_no_right_one() -> None:
    document = issued()
    for number in range(30):
        shown(code(f"{'1' * 9}{1 + number // 9}{1 + number % 9}"), 404)
    assert "Espera unos minutos" in shown(document.code, 429)
    content = BytesIO(b"%PDF-1.7 " + document.code.encode())
    answer = Client().post(reverse("documents:verify_file"), {"paper": content})
    assert document.code not in answer.content.decode()
