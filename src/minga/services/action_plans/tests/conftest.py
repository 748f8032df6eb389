from pathlib import Path

import pytest

from .build import Files


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    files = Files(tmp_path)
    files.writes()
    monkeypatch.setattr("minga.kernel.jurisdiction.queries.files", files)
    return files
