"""The sheet of a commitment: asked for by anybody, the same for everybody, of one edition."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minga.kernel.documents import actions as documents
from minga.kernel.documents.models import Document
from minga.services.action_plans import imports

from .build import NOON, Files

pytestmark = pytest.mark.django_db
PAGE = "/planes/small/c1/hoja/"


def asked(language: str = "") -> Document:
    assert Client().post(language + PAGE).status_code == 302
    return Document.objects.order_by("-pk")[0]


@pytest.mark.slow
def test_a_later_edition_brings_a_later_sheet_and_the_older_says_so(files: Files) -> None:
    imports.load(NOON)
    first = asked()
    assert asked() == asked("/en") == first
    said = str(first.data)
    for words in ("Compromiso 1", "Ministerio 1", "Paso 1", "Sin datos", "prueba, l. 1"):
        assert words in said
    assert documents.make(now=timezone.now) == 1
    assert reverse("documents:file", args=[first.code]) in Client().get(PAGE).content.decode()
    assert Client().get(reverse("documents:file", args=[first.code])).getvalue()[:5] == b"%PDF-"
    files.writes_again(edition=2, title="Otro")
    later = timezone.now() + timedelta(hours=1)
    imports.load(later)
    second = Document.objects.exclude(pk=first.pk).get()
    assert "Otro 1" in str(second.data)
    assert documents.make(now=lambda: later) == 1
    verified = Client().get(reverse("documents:verified", args=[first.code])).content.decode()
    assert "El código es auténtico" in verified
    assert reverse("documents:verified", args=[second.code]) in verified
    assert second.code in Client().get(PAGE).content.decode()


def test_what_is_no_commitment_has_no_sheet(files: Files) -> None:
    imports.load(NOON)
    assert Client().get("/planes/small/c9/hoja/").status_code == 404
    assert Client().get("/planes/otro/c1/hoja/").status_code == 404
    assert not Document.objects.exists()
