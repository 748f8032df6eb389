"""What a file is, by its content; and what is said of one that is not taken."""

import struct
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.forms import rules
from minga.kernel.forms.forms import KINDS, NOT_TAKEN
from minga.kernel.forms.rules import NotTaken, Unfit
from minga.kernel.forms.tests import files
from minga.kernel.forms.tests.files import CSV, EXIF, HTML, JPEG, ODT, PDF, PNG, SVG, XLSX, docx


def receive(name: str, content: bytes) -> rules.Received:
    return rules.receive(name, BytesIO(content))


def problem(name: str, content: bytes) -> Unfit:
    with pytest.raises(NotTaken) as refused:
        receive(name, content)
    return refused.value.reason


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("informe.pdf", PDF, "application/pdf"),
        ("INFORME.PDF", PDF, "application/pdf"),
        ("foto.jpg", JPEG, "image/jpeg"),
        ("foto.jpeg", EXIF, "image/jpeg"),
        ("plano.png", PNG, "image/png"),
        ("obras.csv", CSV, "text/csv"),
        ("carta.txt", "Señor alcalde:\r\n\tfalta agua.".encode(), "text/plain"),
        ("carta.txt", "Señor alcalde: falta agua.".encode("cp1252"), "text/plain"),
        ("carta.txt", b"BM no es una imagen", "text/plain"),
        ("carta.odt", ODT, "application/vnd.oasis.opendocument.text"),
        ("carta.docx", docx(), f"{rules.OFFICE}wordprocessingml.document"),
        (
            "carta.docx",
            files.packed(word__document2_xml=b"<w:document/>"),
            f"{rules.OFFICE}wordprocessingml.document",
        ),
        ("obras.xlsx", XLSX, f"{rules.OFFICE}spreadsheetml.sheet"),
    ],
)
def test_what_is_on_the_list_is_taken(name: str, content: bytes, kind: str) -> None:
    received = receive(name, content)
    assert (received.media_type, received.size) == (kind, len(content))
    assert received.content.read() == content


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("nada.pdf", b"", Unfit.EMPTY),
        ("dibujo.svg", SVG, Unfit.UNKNOWN),
        ("dibujo.png", SVG, Unfit.UNKNOWN),
        ("dibujo.txt", b"\xef\xbb\xbf <!-- --><svg onload=alert(1)>", Unfit.UNKNOWN),
        ("pagina.html", HTML, Unfit.UNKNOWN),
        ("pagina.txt", HTML, Unfit.UNKNOWN),
        ("programa.txt", files.PROGRAM, Unfit.UNKNOWN),
        ("programa.exe", files.PROGRAM, Unfit.UNKNOWN),
        ("carta.doc", files.OLD_WORD, Unfit.UNKNOWN),
        ("cosas.zip", files.packed(a_txt=b"a"), Unfit.UNKNOWN),
        ("cosas.docx", files.packed(a_txt=b"a"), Unfit.UNKNOWN),
        ("hoja.ods", files.ODS, Unfit.UNKNOWN),
        ("carta.odt", files.ODS, Unfit.UNKNOWN),
        ("carta.odt", files.packed(content_xml=b"<office/>"), Unfit.DAMAGED),
        ("foto.png", JPEG, Unfit.MISNAMED),
        ("informe.exe", PDF, Unfit.MISNAMED),
        ("carta.xlsx", docx(), Unfit.MISNAMED),
        ("carta.csv.pdf", PDF, Unfit.TWO_NAMES),
        ("informe.exe.pdf", PDF, Unfit.TWO_NAMES),
        ("informe.html .pdf", PDF, Unfit.TWO_NAMES),
        ("informe\u202efdp.exe", PDF, Unfit.MISNAMED),
        ("informe.pdf", b"%PDF-1.4\n" + HTML + PDF, Unfit.TWO_THINGS),
        ("informe.pdf", PDF + HTML, Unfit.TWO_THINGS),
        ("informe.pdf", PDF + docx(), Unfit.TWO_THINGS),
        ("foto.jpg", JPEG + docx(), Unfit.TWO_THINGS),
        ("foto.jpg", JPEG[:24] + PDF + JPEG, Unfit.TWO_THINGS),
        ("plano.png", PNG + b"<script>alert(1)</script>", Unfit.TWO_THINGS),
        ("carta.docx", docx(xl__workbook_xml=b"<workbook/>"), Unfit.TWO_THINGS),
        ("carta.docx", docx(word__vbaProject_bin=b"Sub"), Unfit.MACROS),
        ("carta.docx", docx()[:-30], Unfit.DAMAGED),
        ("carta.docx", docx() + HTML, Unfit.DAMAGED),
        ("carta.docx", b"PK\3\4", Unfit.DAMAGED),
    ],
)
def test_what_deceives_is_refused(name: str, content: bytes, reason: Unfit) -> None:
    assert problem(name, content) == reason


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_goes_off() -> None:
    assert problem("carta.docx", docx(word__media_xml=b"0" * (rules.UNPACKED + 1))) == Unfit.PACKED


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    whole = 5 * rules.MEGABYTE
    bomb = docx(word__media_xml=b"0" * whole)
    lying = bomb.replace(struct.pack("<L", whole), struct.pack("<L", 100))
    assert lying != bomb
    assert problem("carta.docx", lying) == Unfit.DAMAGED


def test_a_list_that_never_ends_is_refused_before_it_is_read() -> None:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for n in range(rules.PARTS + 1):
            archive.writestr(str(n), b"")
    assert problem("carta.docx", made.getvalue()) == Unfit.PACKED


def test_what_is_locked_is_refused() -> None:
    bare = docx()
    at = bare.rindex(b"PK\1\2") + 8
    assert problem("carta.docx", bare[:at] + b"\1" + bare[at + 1 :]) == Unfit.LOCKED


def test_the_largest_is_taken_and_one_byte_more_is_not() -> None:
    assert receive("carta.txt", b"a" * rules.LARGEST).size == rules.LARGEST
    assert problem("carta.txt", b"a" * (rules.LARGEST + 1)) == Unfit.TOO_LARGE


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("informe.pdf", "informe.pdf"),
        ("C:\\Mis documentos\\informe.pdf", "informe.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\nc\x1b.pdf", "ab c.pdf"),
        ("\u202eacta\u200f\u2067.pdf", "acta.pdf"),
        ('acta "final" <1>?.pdf', "acta final 1.pdf"),
        ("acta  de\tla   asamblea .pdf", "acta de la asamblea.pdf"),
        ("Acta 12.03.2026", "Acta 12.03.2026"),
        (".pdf", "archivo.pdf"),
        ("..", "archivo"),
        ("", "archivo"),
        ("n\u0303u.pdf", "ñu.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(given_name: str, name: str) -> None:
    assert rules.named(given_name) == name


def test_a_name_without_an_ending_gets_the_one_of_its_kind() -> None:
    assert receive("Acta 12.03.2026", PDF).name == "Acta 12.03.2026.pdf"
    assert receive("nota", b"hola").name == "nota.txt"


@pytest.mark.slow
@given(st.text(max_size=300))
def test_a_name_is_one_line_that_stays_as_it_is(name: str) -> None:
    once = rules.named(name)
    assert rules.named(once) == once
    assert 0 < len(once) <= rules.NAME
    assert not set(once) & set("/\\\n\r\t\0\u202e")


def kind_of(name: str, content: bytes) -> str:
    """What it is, or why it is not taken: nothing else may come of it."""
    try:
        return receive(name, content).media_type
    except NotTaken as refused:
        return refused.reason


@given(st.binary(max_size=400), st.sampled_from(["a.pdf", "a.docx", "a.txt", "a"]))
def test_whatever_comes_is_taken_or_refused(content: bytes, name: str) -> None:
    assert kind_of(name, content) in {*rules.KINDS, *Unfit}


@given(st.binary(max_size=400), st.sampled_from([docx(), XLSX, ODT]), st.integers(0, 400))
def test_a_package_that_was_meddled_with_is_taken_or_refused(
    noise: bytes, package: bytes, at: int
) -> None:
    meddled = package[:at] + noise + package[at + len(noise) :]
    assert kind_of("a", meddled) in {*rules.KINDS, *Unfit}


def test_every_kind_and_every_refusal_has_its_words() -> None:
    assert set(KINDS) == set(rules.KINDS)
    assert set(NOT_TAKEN) == set(Unfit)
