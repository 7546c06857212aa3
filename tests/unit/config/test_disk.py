"""Files written whole or not at all; a folder that a kill left between two renames comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.disk import create_whole, mend_folder, sha256_of, whole_folder, write_whole


def fill(place: Path, text: str) -> None:
    with whole_folder(place) as fresh:
        (fresh / "a").write_text(text, encoding="utf-8")


def test_a_file_is_its_owners_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "đ")
    write_whole(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert sha256_of(tmp_path / "a") == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


def test_of_two_makers_one_wins(tmp_path: Path) -> None:
    create_whole(tmp_path / "khoa" / "a", b"1")
    create_whole(tmp_path / "khoa" / "a", b"2")
    assert (tmp_path / "khoa" / "a").read_bytes() == b"1"
    assert len(list((tmp_path / "khoa").iterdir())) == 1


def test_a_folder_stays_as_it_was_where_filling_it_fails(tmp_path: Path) -> None:
    fill(tmp_path / "a", "cũ")
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "a"):
        raise RuntimeError
    assert (tmp_path / "a" / "a").read_text(encoding="utf-8") == "cũ"
    fill(tmp_path / "a", "mới")
    assert (tmp_path / "a" / "a").read_text(encoding="utf-8") == "mới"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_kill_between_two_renames_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "a", "cũ")
    real = Path.rename

    def killed(self: Path, target: Path) -> Path:
        if self.name.endswith(".moi"):
            raise SystemExit
        return real(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    with pytest.raises(SystemExit):
        fill(tmp_path / "a", "mới")
    monkeypatch.setattr(Path, "rename", real)
    assert not (tmp_path / "a").exists()
    mend_folder(tmp_path / "a")
    assert (tmp_path / "a" / "a").read_text(encoding="utf-8") == "cũ"
