from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from minga.kernel.base import files
from minga.kernel.base.files import Unreadable
from minga.kernel.catalogue.models import Record
from minga.kernel.identity import actions as identity
from minga.kernel.identity import queries as people
from minga.kernel.identity.models import Organisation
from minga.kernel.identity.rules import Form
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.jurisdiction.declaration import jurisdictions
from minga.kernel.trust.models import Entry
from minga.services.institutions import imports, queries, rules
from minga.services.institutions.tests.build import AT


def said_files() -> list[Path]:
    return [file for file in jurisdiction.files("institutions") if file.suffix == ".toml"]


@pytest.mark.django_db
def test_the_same_files_again_write_nothing() -> None:
    before = Entry.objects.count(), Organisation.objects.count()
    imports.load(AT)
    assert (Entry.objects.count(), Organisation.objects.count()) == before
    assert list(people.verify()) == []


@pytest.mark.django_db
def test_every_institution_that_a_plan_names_is_in_the_file_of_institutions() -> None:
    known = {body.name for file in said_files() for body in files.read(file, FILE).body}
    assert set(Organisation.objects.values_list("name", flat=True)) == known


FILE = imports.RegisterFile


@pytest.mark.django_db
def test_each_one_is_found_but_those_that_are_many_at_once() -> None:
    found = set(Record.objects.filter(type=rules.RECORD).values_list("reference", flat=True))
    many = Organisation.objects.filter(form=Form.COLLECTIVE)
    assert many
    assert found == set(queries.listed().values_list("key", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["identity_seat", "institutions_mention"])
def test_what_was_loaded_and_is_rewritten_is_named(table: str) -> None:
    assert list(queries.verify()) == []
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET source = 'otra'")  # noqa: S608  # ours
    assert [fault.place for fault in queries.verify()] == ["institutions:register"]


@pytest.mark.django_db
def test_what_was_changed_here_stays() -> None:
    body = queries.listed()[0]
    told: dict[str, Any] = {"by": "post:1", "at": AT}
    identity.change_organisation(organisation=body, rev=body.rev, said={"acronym": "XYZ"}, **told)
    imports.load(AT)
    assert Organisation.objects.get(pk=body.pk).acronym == "XYZ"


WRONG = {
    "no se conoce color": 'body = [{name = "A", source = "s", color = "rojo"}]',
    "falta source": 'body = [{name = "A"}]',
    "form =": 'body = [{name = "A", source = "s", form = "castillo"}]',
    "sector =": 'body = [{name = "A", source = "s", sector = "magia"}]',
    "se dice dos veces": 'body = [{name = "A", source = "s"}, {name = "a", source = "s"}]',
    "no se conoce B": 'body = [{name = "A", source = "s", parent = "B"}]',
    "kind =": 'mention = [{body = "A", kind = "x", title = "t", source = "s"}]',
}


@pytest.mark.parametrize(("words", "text"), WRONG.items(), ids=WRONG)
def test_a_file_that_says_something_else_is_refused(words: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "register.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(Unreadable, match=words):
        files.read(file, FILE)


def test_every_country_has_its_file() -> None:
    for country in jurisdictions:
        home = Path(apps.get_app_config(country.key).path)
        assert (home / "data" / "institutions" / "register.toml").exists()
