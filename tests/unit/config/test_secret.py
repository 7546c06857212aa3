"""The secret: environment first, else a 0600 file outside the data folder; two secrets never mix."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from pipelines.config.secret import fingerprint, key_file, secret_key
from pipelines.nightly import RunError, load_job, prepare


@pytest.fixture(autouse=True)
def no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KHO_KHOA_BI_MAT", raising=False)
    monkeypatch.setenv("KHO_TEP_KHOA", str(tmp_path / "khoa" / "bi_mat"))


def test_the_key_file_is_made_once_and_is_owner_only() -> None:
    first = secret_key()
    assert len(first) == 64
    assert secret_key() == first
    assert key_file().stat().st_mode & 0o777 == 0o600


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "của môi trường")
    assert secret_key() == "của môi trường".encode()
    assert not key_file().exists()


def test_the_fingerprint_tells_secrets_apart_and_hides_them() -> None:
    assert fingerprint(b"a") != fingerprint(b"b")
    assert "a" * 3 not in fingerprint(b"aaa")


def test_a_changed_secret_stops_the_run(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    job = load_job(data.root)
    prepare(job)
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "khác")
    with pytest.raises(RunError, match="Khóa bí mật"):
        prepare(job)
