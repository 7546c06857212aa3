"""Large samples, streamed by chunks of days: a province (2 million dossiers) or a nation (60 million).

Mostly Parquet and CSV, a few workbooks; one chunk is in memory at a time. Faults are few; the answer key grows
with the chunks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.config.paths import OWNER_FILE
from pipelines.sample.context import CLOSING_MINUTE, Context, Month, title
from pipelines.sample.files.defects import UNREADABLE, Junk, add_junk, eat_zeros
from pipelines.sample.files.export import Export, Layout
from pipelines.sample.files.text_mess import Spelling
from pipelines.sample.indicators.board_files import score_files
from pipelines.sample.procedures.dossiers import DAY, dossiers
from pipelines.sample.procedures.feedback import payments, petitions, ratings
from pipelines.sample.procedures.national_portal import portal
from pipelines.sample.procedures.service_files import agency_files, catalogue_files
from pipelines.sample.procedures.states import state_at, steps_until
from pipelines.sample.procedures.truth import dossier_truth
from pipelines.sample.registers.large_registry import write_large_registry
from pipelines.sample.small import named_units
from pipelines.sample.world import working_days as wd

Progress = Callable[[str], None]
_CHUNK = 400_000
_PARQUET = Spelling(headers="chuan", dates="o_ngay", codes="chuan", typed=True, partial="chuan")
_CSV = Spelling(headers="camel", codes="so", booleans="so", numbers="tron")


@dataclass(frozen=True)
class Scale:
    """Size of a large sample: months by default, dossiers a month, registry records, and whether all is Parquet."""

    months: int
    dossiers_a_month: int
    registry_records: int
    only_parquet: bool
    province_pairs: int = 0


PROVINCE = Scale(36, 55_600, 2_000_000, only_parquet=False)
NATIONAL = Scale(12, 5_000_000, 0, only_parquet=True, province_pairs=31)


@dataclass(frozen=True)
class _Chunk:
    month: Month
    number: int
    first: date
    last: date
    size: int

    @property
    def name(self) -> str:
        return f"{self.month.name}_{self.number:02d}"


def _chunks(month: Month, size: int) -> Iterator[_Chunk]:
    """Ranges of whole days (a day's running numbers stay in one chunk), no larger than ``_CHUNK`` on average."""
    days = (month.last - month.first).days + 1
    count = min(max(-(-size // _CHUNK), 1), days)
    edges = [month.first + timedelta(days=round(days * i / count)) for i in range(count + 1)]
    for number in range(count):
        share = (edges[number + 1] - edges[number]).days / days
        yield _Chunk(month, number, edges[number], edges[number + 1] - timedelta(days=1), round(size * share))


class _TruthFile:
    """Appends truth tables to one Parquet file, chunk by chunk."""

    def __init__(self, context: Context, name: str) -> None:
        self._path = context.writer.key.folder / name
        self._writer: pq.ParquetWriter | None = None

    def add(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="zstd")
            self._path.chmod(OWNER_FILE)
        self._writer.write_table(pa.table(table).cast(self._writer.schema))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def write_large(context: Context, scale: Scale, progress: Progress) -> None:
    """Write the sample of ``scale`` for the context's months; memory is bounded by one chunk."""
    progress("danh mục")
    agency_files(context)
    catalogue_files(context)
    truth = _TruthFile(context, "dap_an_ho_so.parquet")
    serial = 0
    for index, month in enumerate(context.months):
        for chunk in _chunks(month, scale.dossiers_a_month):
            progress(f"hồ sơ {chunk.name}")
            serial += 1
            truth.add(_write_chunk(context, scale, chunk, index, serial))
    truth.close()
    if scale.registry_records:
        write_large_registry(context, scale.registry_records, progress)
        score_files(context)
    _petition_file(context)


def _write_chunk(context: Context, scale: Scale, chunk: _Chunk, index: int, serial: int) -> pl.DataFrame:
    rng = context.stream("ho_so", chunk.name)
    frame = dossiers(rng, context.world, chunk.first, chunk.last, chunk.size)
    frame = named_units(frame, context.world.agencies)
    final = state_at(frame, context.closing)
    kept = frame["nhan_p"] <= context.closing
    frame = frame.filter(kept)
    as_csv = not scale.only_parquet and index % 2 == 0
    folder = f"{chunk.month.first:%Y}/T{chunk.month.first:%m}"
    _dossier_files(context, chunk, final, folder, as_csv=as_csv, as_book=not scale.only_parquet)
    if chunk.month is context.months[-1] and chunk.number == 0:
        _earlier_export(context, chunk, frame, folder)
    steps = steps_until(frame, context.closing, rng).drop("buoc")
    sides = portal(rng, frame, final, context.closing)
    for feed, rows, name in (
        ("dvc/qua_trinh", steps, "qua_trinh"),
        ("dvcqg/ho_so", sides.rows, "cong_qg"),
        ("dvc/thanh_toan", payments(rng, final, serial), "giao_dich"),
        ("dvc/danh_gia", ratings(rng, final, context.closing), "danh_gia"),
    ):
        _table(context, feed, rows, f"{folder}/{name}_{chunk.name}", as_csv=as_csv)
    return dossier_truth(frame, final, sides.verdicts, context)


def _table(context: Context, feed: str, rows: pl.DataFrame, path: str, *, as_csv: bool) -> None:
    sheet = context.sheet(feed, rows, _CSV if as_csv else _PARQUET)
    context.write(Export(feed, f"{path}.{'csv' if as_csv else 'parquet'}", [sheet], delimiter=";"))


def _dossier_files(
    context: Context, chunk: _Chunk, final: pl.DataFrame, folder: str, *, as_csv: bool, as_book: bool
) -> None:
    feed = "dvc/ho_so"
    in_book = (pl.int_range(pl.len()) % 70 == 3) if as_book else pl.lit(value=False)
    rest = final.filter(~in_book)
    if as_book:
        layout = Layout(title("DANH SÁCH HỒ SƠ", chunk.first, chunk.last, context.closing), running_number=True)
        book = context.sheet(feed, final.filter(in_book), Spelling(), layout)
        context.write(Export(feed, f"{folder}/hồ sơ một cửa {chunk.name}.xlsx", [book]))
    if not as_csv:
        _table(context, feed, rest, f"{folder}/ho_so_{chunk.name}", as_csv=False)
        return
    layout = Layout(title("DANH SÁCH HỒ SƠ", chunk.first, chunk.last, context.closing))
    sheet = context.sheet(feed, rest, _CSV, layout)
    faulty = Junk(
        "ngay_khong_doc_duoc", 9, {"ma_ho_so": f"H02.13-250301-7{chunk.first:%y%m}", "ngay_tiep_nhan": "32/13/2025"},
        "ngay_tiep_nhan", UNREADABLE,
    )  # fmt: skip
    eat_zeros(sheet, "so_dinh_danh", "ma_ho_so", every=400, start=7)
    add_junk(sheet, [faulty], "ma_ho_so")
    context.write(Export(feed, f"{folder}/ho_so_{chunk.name}.csv", [sheet], charset="utf-8-sig", delimiter=";"))


def _earlier_export(context: Context, chunk: _Chunk, frame: pl.DataFrame, folder: str) -> None:
    """The newest month as it stood on the 15th: overlapped by the newest states."""
    last = min(chunk.month.first.replace(day=15), chunk.last)
    at = wd.day(last) * DAY + CLOSING_MINUTE
    layout = Layout(title("LŨY KẾ HỒ SƠ TRONG THÁNG", chunk.month.first, last, at))
    sheet = context.sheet("dvc/ho_so", state_at(frame, at), _CSV, layout)
    context.write(
        Export("dvc/ho_so", f"{folder}/luy_ke_{last:%Y%m%d}.csv", [sheet], charset="utf-8-sig", delimiter=";")
    )


def _petition_file(context: Context) -> None:
    rng = context.stream("pakn")
    parts = [petitions(rng, context.world.agencies, (m.first, m.last), 60, context.as_of) for m in context.months]
    sheet = context.sheet("dvc/pakn", pl.concat(parts), _PARQUET)
    context.write(Export("dvc/pakn", "pakn.parquet", [sheet]))
