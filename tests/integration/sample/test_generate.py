"""The entry point: same bytes for the same seed, owner-only, never over existing files."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipelines.sample import SampleError, generate, holds_exports
from tests.integration.sample.conftest import Made, make


def _digests(raw: Path) -> dict[str, str]:
    return {
        str(path.relative_to(raw)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(raw.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(small: Made, tmp_path: Path) -> None:
    again = make(tmp_path)
    assert _digests(again.raw) == _digests(small.raw)
    assert _digests(again.report.answer_key) == _digests(small.report.answer_key)


def test_another_seed_gives_other_dossiers(small: Made, tmp_path: Path) -> None:
    other = make(tmp_path, seed=7, months=2)
    first = next((other.raw / "dvc" / "ho_so").rglob("*.xlsx"))
    assert hashlib.sha256(first.read_bytes()).hexdigest() not in set(_digests(small.raw).values())


def test_every_file_and_folder_is_owner_only(small: Made) -> None:
    for root in (small.raw, small.report.answer_key):
        assert root.stat().st_mode & 0o777 == 0o700
        for path in root.rglob("*"):
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_it_refuses_a_folder_that_holds_files(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    (raw / "dvc" / "ho_so").mkdir(parents=True)
    assert not holds_exports(raw)
    (raw / "dvc" / "ho_so" / "a.csv").write_text("x", encoding="utf-8")
    assert holds_exports(raw)
    with pytest.raises(SampleError, match="đã có tệp"):
        generate(raw, size="small")
    assert [p.name for p in raw.rglob("*") if p.is_file()] == ["a.csv"]


@pytest.mark.parametrize(
    "options", [{"size": "huge"}, {"size": "small", "months": 0}, {"size": "small", "preset": "khac"}]
)
def test_wrong_usage_is_a_vietnamese_error(tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(SampleError):
        generate(tmp_path / "raw", **options)  # type: ignore[arg-type]
    assert not (tmp_path / "raw").exists()


def test_sizes_are_those_promised(small: Made) -> None:
    rows = {feed: count for feed, _, count in small.report.feeds}
    assert rows["dvc/ho_so"] > 5_000
    assert 18_000 < rows["dvc/qua_trinh"] < 24_000
    assert 2_900 < sum(count for feed, count in rows.items() if feed.split("/")[1] in _REGISTERS) < 3_600
    assert len(rows) == 27


_REGISTERS = {"khai_sinh", "khai_tu", "ket_hon", "nhan_cha_me_con"}


def test_one_month_is_enough_to_make_every_feed(tmp_path: Path) -> None:
    made = make(tmp_path, months=1)
    assert len(made.report.feeds) == 27
