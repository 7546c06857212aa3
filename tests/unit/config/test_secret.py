"""The secret: environment first, else a 0600 file outside the data folder; two secrets never mix."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from pipelines.config.secret import SecretError, fingerprint, key_file, secret_key
from pipelines.job import load_job
from pipelines.nightly import RunError, prepare

LONG = "khóa của môi trường, đủ ba mươi hai byte"


@pytest.fixture(autouse=True)
def no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KHO_KHOA_BI_MAT", raising=False)
    monkeypatch.setenv("KHO_TEP_KHOA", str(tmp_path / "khoa" / "bi_mat"))


def test_the_key_file_is_made_once_whole_and_owner_only() -> None:
    first = secret_key(create=True)
    assert len(first) == 64
    assert secret_key(create=True) == secret_key() == first
    assert key_file().stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_file().parent.iterdir()] == ["bi_mat"]


def test_of_two_makers_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def slow(source: str, target: str) -> None:
        monkeypatch.setattr(os, "link", real)
        secret_key(create=True)
        real(source, target)

    monkeypatch.setattr(os, "link", slow)
    assert secret_key(create=True) == secret_key()


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", LONG)
    assert secret_key(create=True) == LONG.encode()
    assert not key_file().exists()


def test_the_fingerprint_tells_secrets_apart_and_hides_them() -> None:
    assert fingerprint(b"a") != fingerprint(b"b")
    assert "a" * 3 not in fingerprint(b"aaa")


def test_a_missing_key_is_not_made_unasked() -> None:
    with pytest.raises(SecretError, match="Khôi phục"):
        secret_key()
    assert not key_file().exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "32"), (b"a" * 31, "32"), (b"a" * 40 + b"\xff", "byte lạ"), (b"a" * 40 + b"\0", "byte lạ")],
)
def test_a_damaged_key_is_refused(content: bytes, said: str) -> None:
    key_file().parent.mkdir()
    key_file().write_bytes(content)
    key_file().chmod(0o600)
    with pytest.raises(SecretError, match=said) as caught:
        secret_key(create=True)
    assert "aaa" not in str(caught.value)
    assert key_file().read_bytes() == content


def test_a_key_that_others_can_read_is_refused() -> None:
    secret_key(create=True)
    key_file().chmod(0o640)
    with pytest.raises(SecretError, match="chmod 600"):
        secret_key()


def test_a_key_of_another_user_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    secret_key(create=True)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(SecretError, match="người dùng khác"):
        secret_key()


@pytest.mark.parametrize("given", ["ngắn", "a" * 40 + "\udcff"])
def test_a_bad_secret_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", given)
    with pytest.raises(SecretError, match="KHO_KHOA_BI_MAT"):
        secret_key()


def test_without_a_home_a_sentence_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KHO_TEP_KHOA")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(SecretError, match="KHO_TEP_KHOA"):
        secret_key(create=True)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tep").touch()
    monkeypatch.setenv("KHO_TEP_KHOA", str(tmp_path / "tep" / "khoa"))
    with pytest.raises(SecretError, match="kiểm tra quyền"):
        secret_key(create=True)


def test_a_changed_secret_stops_the_run(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    job = load_job(data.root)
    prepare(job)
    monkeypatch.setenv("KHO_KHOA_BI_MAT", LONG)
    with pytest.raises(RunError, match="Khóa bí mật"):
        prepare(job)


def test_a_lost_key_stops_the_run_and_no_new_one_is_made(data: DataPaths) -> None:
    job = load_job(data.root)
    prepare(job)
    key_file().unlink()
    with pytest.raises(RunError, match="Khôi phục"):
        prepare(job)
    job.paths.warehouse_file.unlink()  # a publication is proof enough that a key was in use
    job.paths.marts_file.touch()
    with pytest.raises(RunError, match="Khôi phục"):
        prepare(job)
    assert not key_file().exists()
