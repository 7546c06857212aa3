"""The streamed sizes, scaled down: chunks cover the months, keys never collide, the key covers all chunks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.sample import generate, large
from pipelines.sample.context import Month
from pipelines.sample.large import Scale
from pipelines.sample.world.geography import nation


@pytest.fixture
def scaled_down(monkeypatch: pytest.MonkeyPatch) -> None:
    module = __import__("pipelines.sample.generate", fromlist=["PROVINCE"])
    monkeypatch.setattr(module, "PROVINCE", Scale(2, 1_500, 60_000, only_parquet=False))
    monkeypatch.setattr(module, "NATIONAL", Scale(1, 4_000, 0, only_parquet=True, province_pairs=3))
    monkeypatch.setattr(module, "_PEOPLE", {"small": 500, "province": 500, "national": 500})
    monkeypatch.setattr(large, "_CHUNK", 1_000)


@pytest.mark.usefixtures("scaled_down")
@pytest.mark.parametrize(("size", "months", "dossiers"), [("province", 2, 3_000), ("national", 1, 4_000)])
def test_streamed_sizes_write_every_dossier_once(tmp_path: Path, size: str, months: int, dossiers: int) -> None:
    report = generate(tmp_path / "raw", size=size, months=months)
    truth = pl.read_parquet(report.answer_key / "dap_an_ho_so.parquet").filter(pl.col("ma_don_vi").is_not_null())
    assert truth["ma_ho_so"].is_unique().all()
    assert abs(truth.height - dossiers) < 20
    if size == "national":
        assert truth["ma_don_vi"].str.slice(0, 3).n_unique() == 3
        assert not list((tmp_path / "raw").rglob("ho_so*.csv"))
    else:
        parts = [pl.read_parquet(p) for p in (tmp_path / "raw/ho_tich/khai_sinh").glob("so_dien_tu_*.parquet")]
        numbers = pl.concat(parts)["nks_so_dinh_danh"].drop_nulls()
        assert numbers.is_unique().all()
        records = pl.read_parquet(report.answer_key / "dap_an_ho_tich.parquet")
        assert {"nhap_lai", "dang_ky_lai"} <= set(records["loai_trung"].drop_nulls())


@pytest.mark.parametrize("size", [10, 400_000, 5_000_000, 90_000_000])
def test_chunks_cover_each_day_of_the_month_once(size: int) -> None:
    month = Month(date(2025, 2, 1))
    chunks = list(large._chunks(month, size))
    days = [day for chunk in chunks for day in range(chunk.first.day, chunk.last.day + 1)]
    assert days == list(range(1, 29))
    assert abs(sum(chunk.size for chunk in chunks) - size) <= len(chunks)


def test_copies_of_the_province_have_codes_of_their_own() -> None:
    units = nation(31)
    assert units.select("ma_don_vi", "hieu_luc_tu").is_unique().all()
    assert units["ma_don_vi"].str.slice(0, 3).n_unique() == 62
    assert set(units["thay_the_boi"].drop_nulls()) <= set(units["ma_don_vi"])
