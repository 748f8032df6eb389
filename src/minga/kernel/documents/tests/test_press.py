"""The press itself: what comes out of it, and what happens when nothing does."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from minga.kernel.documents import actions, press, rules
from minga.kernel.documents.models import Document
from minga.kernel.documents.press import Jammed, pressed
from minga.kernel.documents.press.sheet import sheet
from minga.kernel.documents.rules import GAP, TRIES, State

from .build import LATER, issued

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EVERY = [letter for letter in map(chr, range(0x20, 0x3000)) if rules.printable(letter) == letter]
HOSTILE = "\n".join(
    (
        '#panic() #read("/etc/passwd") $x$ *a* _b_ @c <d> `e` \\ // /* = Título',
        '#import "@preview/a:1.0.0" #eval("1") #{ } [ ] "',
        "x" * 10_000,
        "\u0634\u0643\u0631\u0627 \u05e9\u05dc\u05d5\u05dd 😀👩🏽‍🌾 a\u0301\u0301 \u200b\ufeff",
        " ".join(EVERY),
        "%PDF-1.7 D-1111-1111-1111 </svg>",
    )
)


def read(made: bytes) -> PdfReader:
    return PdfReader(BytesIO(made))


def test_a_paper_is_tagged_named_and_says_its_code() -> None:
    document = issued("Ñandú y K\u02bcichwa.")
    said = sheet(document)
    made = pressed(said)
    assert pressed(said) == made, "the same paper is the same bytes"
    pdf = read(made)
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "es"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    info: Any = pdf.metadata
    assert info.title == "Constancia de prueba"
    assert info["/Keywords"] == document.code
    packet = root["/Metadata"].get_data().decode()
    assert all(said in packet for said in ("pdfuaid:part>1", "pdfaid:part>2", "conformance>A"))
    text = pdf.pages[0].extract_text()
    assert "Datos de demostración" in text
    assert "Ñandú y K\u02bcichwa." in text
    assert {"/H1", "/H2", "/Table", "/TH", "/Figure"} <= tags(root["/StructTreeRoot"])


def tags(node: Any) -> set[str]:
    found = {str(node["/S"])} if "/S" in node else set()
    below = node.get("/K", [])
    for part in below if isinstance(below, list) else [below]:
        part = part.get_object()  # noqa: PLW2901
        if hasattr(part, "keys"):
            found |= tags(part)
    return found


def test_hostile_words_are_words() -> None:
    pdf = read(pressed(sheet(issued(HOSTILE))))
    text = "".join(page.extract_text() for page in pdf.pages)
    letters = "".join(text.split()).replace("\u200b", "")
    assert '#read("/etc/passwd")' in letters
    assert letters.count("x") >= 20_000, "nothing is cut off"
    assert GAP in text, "what cannot be drawn leaves a frame"


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "a\ud800b"])
def test_what_nobody_can_read_is_refused(text: str) -> None:
    with pytest.raises(actions.Unfit):
        issued(text)
    assert not Document.objects.exists()


def test_a_press_that_is_killed_is_asked_again_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = issued()
    monkeypatch.setattr(press, "SECONDS", 0.0)
    for _ in range(TRIES):
        document.refresh_from_db()
        assert document.state == State.WAITING
        assert actions.make(now=lambda: LATER) == 0
    document.refresh_from_db()
    assert (document.state, document.attempts) == (State.FAILED, TRIES)
    monkeypatch.undo()
    assert issued().pk == document.pk, "asked for again, it is the same"
    assert actions.make(now=lambda: LATER) == 1


def test_a_press_that_breaks_says_nothing_of_the_paper() -> None:
    said = {**sheet(issued("Secreto")), "qr": "esto no es un dibujo"}
    with pytest.raises(Jammed) as jammed:
        pressed(said)
    assert str(jammed.value) == "it ended with 1"
