from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from minga.kernel.mailbox.tests.post_office import PostOffice, post_office


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """No mail server: letters are laid into a folder."""
    settings.MINGA_MAIL, settings.MINGA_MAIL_FOLDER = "", tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    """A mail server that gives the answers it was told, and then takes everything."""
    with post_office() as office:
        settings.MINGA_MAIL = f"smtp://{office.address}"
        yield office
    assert office.answers == []
