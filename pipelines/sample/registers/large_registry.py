"""Two million registry records: paper books by cohort, electronic years, duplicates of known kinds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import numpy as np
import polars as pl

from pipelines.sample.context import Context
from pipelines.sample.files.export import Export
from pipelines.sample.files.text_mess import Spelling
from pipelines.sample.registers.registry import ELECTRONIC, PAPER, Batch, births, deaths, marriages, recognitions
from pipelines.sample.registers.registry_duplicates import keyed_twice, registered_again
from pipelines.sample.registers.registry_files import RegistryTruth, template_sheet, with_families, without_person
from pipelines.sample.registers.registry_progress import books, interlinked, progress
from pipelines.sample.world.geography import MERGER, units_on

_FEEDS = (
    ("khai_sinh", births, "nks_ngay_sinh", 0.63),
    ("khai_tu", deaths, "nkt_ngay_sinh", 0.18),
    ("ket_hon", marriages, "chong_ngay_sinh", 0.18),
    ("nhan_cha_me_con", recognitions, "con_ngay_sinh", 0.01),
)
_PAPER_YEARS = range(1976, 2016)
_ELECTRONIC_YEARS = range(2016, 2026)
_ELECTRONIC_SHARE = 0.12
_UPDATED = datetime(2024, 11, 20, 8)
_PARQUET = Spelling(headers="chuan", dates="o_ngay", codes="chuan", typed=True, partial="chuan")
_CSV = Spelling(headers="camel_nho", codes="chuan", dates="iso")
_NUMBERS_A_CALL = 9_000


def _communes(context: Context, day: date) -> tuple[str, ...]:
    return tuple(units_on(context.world.agencies, day).filter(pl.col("cap") == "xa")["ma_don_vi"])


def _write(context: Context, feed: str, frame: pl.DataFrame, name: str, *, as_csv: bool) -> None:
    sheet = context.sheet(feed, without_person(frame), _CSV if as_csv else _PARQUET)
    context.write(Export(feed, f"{name}.{'csv' if as_csv else 'parquet'}", [sheet], delimiter=";"))


def write_large_registry(context: Context, total: int, tell: Callable[[str], None]) -> None:
    """Registers of ``total`` records, digitisation progress and interlinked procedures, with the answer key."""
    truth = RegistryTruth()
    for register, make, born, share in _FEEDS:
        tell(f"hộ tịch: {register}")
        paper = int(total * share * (1 - _ELECTRONIC_SHARE) / len(_PAPER_YEARS))
        electronic = int(total * share * _ELECTRONIC_SHARE / len(_ELECTRONIC_YEARS))
        known = _paper(context, truth, (register, make, born), paper)
        _electronic(context, truth, (register, make, born), electronic, known)
    context.writer.key.save_frame("dap_an_ho_tich.parquet", truth.frame())
    rng = context.stream("so_quyen")
    listed = books(rng, context.world.agencies, 80)
    sheet = context.sheet("ho_tich/so_hoa", progress(rng, listed, 0.9, datetime(2025, 12, 20)), _PARQUET)
    context.write(Export("ho_tich/so_hoa", "tien_do.parquet", [sheet]))
    window = (context.months[0].first, context.as_of)
    cases = interlinked(rng, context.world.agencies, window, max(total // 200, 10), context.as_of)
    context.write(
        Export("ho_tich/lien_thong", "lien_thong.parquet", [context.sheet("ho_tich/lien_thong", cases, _PARQUET)])
    )


Maker = Callable[[np.random.Generator, Batch, int], pl.DataFrame]


def _paper(context: Context, truth: RegistryTruth, kind: tuple[str, Maker, str], size: int) -> pl.DataFrame:
    """Paper books year by year; three records in a hundred births keyed twice. Returns people of full dates."""
    register, make, born = kind
    feed = f"ho_tich/{register}"
    units = _communes(context, date(2025, 1, 20))
    known = []
    for number, year in enumerate(_PAPER_YEARS):
        rng = context.stream(feed, year)
        batch = Batch(
            units, date(year, 1, 1), date(year, 12, 31), PAPER, _UPDATED, people_from=2_000_000 + 100_000 * number
        )
        frame = make(rng, batch, size)
        if register == "khai_sinh":
            full = frame.filter(pl.col(born).str.len_chars() == 10)
            known.append(full.slice(7, size // 40))
            frame = frame.with_columns(pl.lit(None, pl.String).alias("loai_trung"))
            twice = keyed_twice(full[3::33]).select(frame.columns)
            frame = pl.concat([frame, twice]).sort("noi_dang_ky", "so", maintain_order=True)
        truth.add(register, frame, born)
        if number == 0:
            context.write(
                Export(feed, "số hóa/mẫu 158.xlsx", [template_sheet(context, feed, without_person(frame).head(2000))])
            )
            frame = frame.slice(2000)
        _write(context, feed, frame, f"số hóa/so_giay_{year}", as_csv=number % 3 == 1)
    return pl.concat(known) if known else pl.DataFrame()


def _electronic(
    context: Context, truth: RegistryTruth, kind: tuple[str, Maker, str], size: int, known: pl.DataFrame
) -> None:
    """Electronic registers by year and unit structure; people of the paper books registered again."""
    register, make, born = kind
    feed = f"ho_tich/{register}"
    call = 0
    used = 0
    for year in _ELECTRONIC_YEARS:
        halves = [(date(year, 1, 1), date(year, 12, 31))]
        if year == MERGER.year:
            halves = [(date(year, 1, 1), date(year, 6, 30)), (MERGER, min(date(year, 12, 31), context.as_of))]
        for first, last in halves:
            rng = context.stream(feed, first)
            batch = Batch(
                _communes(context, first),
                first,
                last,
                ELECTRONIC,
                people_from=call * 100_000,
                identity_from=call * _NUMBERS_A_CALL,
            )
            call += 1
            frame = make(rng, batch, size // len(halves))
            if register == "khai_sinh":
                frame = with_families(frame.with_columns(pl.lit(None, pl.String).alias("loai_trung")), call * 2_000)
                count = min(known.height - used, known.height // 11)
                again = Batch(
                    batch.units,
                    first,
                    last,
                    ELECTRONIC,
                    number_skip=50_000,
                    people_from=90_000_000,
                )
                slots = births(rng, again, count)
                frame = pl.concat([frame, registered_again(known.slice(used, count), slots).select(frame.columns)])
                used += count
            truth.add(register, frame, born)
            _write(context, feed, frame, f"so_dien_tu_{first:%Y%m}", as_csv=year % 2 == 0)
