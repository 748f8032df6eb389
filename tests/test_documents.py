"""What each country takes for a document of identity, and how an error in it is told."""

import pytest
from pytest_django import Settings

from minga.kernel.identity.forms import DocumentForm


@pytest.mark.parametrize(
    ("country", "kind", "number", "words"),
    [
        ("ecuador", "ci", "171003406-5", ""),
        ("ecuador", "ci", "1710034066", "El último dígito no coincide"),
        ("ecuador", "ci", "171003406", "Tiene 10 números y escribiste 9."),
        ("ecuador", "ci", "17I0034065", "Lleva solo números."),
        ("ecuador", "ci", "\u0661710034065", "Lleva solo números."),
        ("ecuador", "ruc", "1710034065001", ""),
        ("ecuador", "ruc", "1710034065", "Tiene 13 números y escribiste 10."),
        ("ecuador", "passport", "X1234567", "Elige uno de la lista."),
        ("bolivia", "ci", "4567890", ""),
        ("bolivia", "ci", "4567890-1b", ""),
        ("bolivia", "ci", "no sé", "no parece un número de documento"),
    ],
)
def test_a_document_with_an_error_is_told_which(
    country: str, kind: str, number: str, words: str, settings: Settings
) -> None:
    settings.MINGA_COUNTRY = country
    form = DocumentForm({"kind": kind, "number": number})
    assert form.is_valid() is not bool(words)
    assert words in str(form.errors)
