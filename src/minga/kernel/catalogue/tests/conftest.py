import pytest

from minga.kernel.catalogue.models import Link, Record


@pytest.fixture
def nothing_public(db: None) -> None:
    """Without what the country's own files made public when the database was made."""
    Link.objects.all().delete()
    Record.objects.all().delete()
