"""Permissions are set on what is ours; what belongs to others or goes meanwhile ends nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from pipelines.intake.found.scan import scan

NOBODY = 65_534


def _modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mode & 0o777 for path in folder.rglob("*")}


def test_files_and_folders_become_owner_only(tmp_path: Path) -> None:
    (tmp_path / "raw" / "a").mkdir(parents=True)
    (tmp_path / "raw" / "a" / "x.csv").write_text("x")
    DataPaths(tmp_path).prepare()
    assert _modes(tmp_path / "raw") == {"a": 0o700, "a/x.csv": 0o600}


def test_what_goes_while_permissions_are_set_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "raw" / "dvc" / "ho_so"
    folder.mkdir(parents=True)
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text("x")
    chmod = Path.chmod

    def gone(self: Path, mode: int) -> None:
        if self.name == "a.csv":
            self.rename(self.with_name("c.csv"))
        chmod(self, mode)

    monkeypatch.setattr(Path, "chmod", gone)
    DataPaths(tmp_path).prepare()
    assert (folder / "b.csv").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def somebody() -> Iterator[None]:
    """A user without the rights of root, for what root may read anyway."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A data folder of somebody, with a closed file and a closed folder that belong to root."""
    if os.geteuid() != 0:
        pytest.skip("only root can make files of another user")
    root = tmp_path / "data"
    feed = root / "raw" / "dvc" / "ho_so"
    (feed / "dong").mkdir(parents=True)
    for file in (feed / "mo.csv", feed / "khoa.csv", feed / "dong" / "x.csv"):
        file.write_text("x")
    for path in (root, *root.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    for path in (feed / "khoa.csv", feed / "dong"):
        os.chown(path, 0, 0)
        path.chmod(0o700)
    for parent in root.parents:
        if parent.stat().st_mode & 0o005 != 0o005:
            parent.chmod(0o755)
    return root


def test_files_and_folders_of_another_user_end_nothing_and_are_told(foreign: Path, somebody: None) -> None:
    DataPaths(foreign).prepare()
    found, ignored = scan(foreign / "raw", {"dvc/ho_so"})
    assert {item.name: bool(item.refusal) for item in found} == {
        "dvc/ho_so/dong/": True,
        "dvc/ho_so/khoa.csv": False,
        "dvc/ho_so/mo.csv": False,
    }
    assert ignored == []
    with pytest.raises(PermissionError):
        (foreign / "raw/dvc/ho_so/khoa.csv").open()
