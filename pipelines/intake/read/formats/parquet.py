"""Parquet files: every column to text, as the same value would be printed in an export."""

from __future__ import annotations

import io

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.intake.errors import FileRefusedError, refusing
from pipelines.intake.fractions import fraction_rows
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.blank import clean_text
from pipelines.intake.sheet import Mark, RawSheet, column_names
from pipelines.warehouse.database import TIME_ZONE

_BROKEN = "Tệp parquet hỏng hoặc bị cắt giữa chừng, không mở được. Hãy xuất lại tệp từ hệ thống nguồn rồi gửi lại."


def read_parquet(data: bytes, limits: Limits) -> RawSheet:
    """The one table of the file; raises ``FileRefusedError``.

    Instants with a zone become Vietnam wall clock; nested values become JSON text; ``rows`` counts from 1.
    """
    _check(data, limits)
    with refusing(_BROKEN):
        frame = pl.read_parquet(io.BytesIO(data), glob=False, hive_partitioning=False)
        frame = frame.with_columns(_of_bytes(column) for column in frame if column.dtype == pl.Binary)
        texts = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
    header = tuple(texts.columns)
    numeric = [place for place, dtype in enumerate(frame.dtypes) if dtype.is_float() or dtype.is_decimal()]
    fractions = {place: fraction_rows(texts.to_series(place)) for place in numeric}
    texts.columns = column_names(texts.width)
    rows = pl.Series("dong", range(1, texts.height + 1), dtype=pl.Int64)
    cells = clean_text(texts, normalise=True)
    return RawSheet(name="", cells=cells, rows=rows, header=header, marks={Mark.FRACTION: fractions})


def _check(data: bytes, limits: Limits) -> None:
    with refusing(_BROKEN):
        metadata = pq.ParquetFile(pa.BufferReader(data)).metadata
        groups = [metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)]
        rows, columns, size = metadata.num_rows, metadata.num_columns, sum(groups)
    if columns > limits.columns:
        raise FileRefusedError(f"Tệp có quá nhiều cột ({columns} > {limits.columns}).")
    if rows > limits.rows or rows * columns > limits.cells or size > limits.text_bytes:
        raise FileRefusedError(f"Tệp quá lớn ({rows} dòng × {columns} cột). Hãy chia nhỏ tệp rồi gửi lại.")


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            column = column.dt.convert_time_zone(TIME_ZONE).dt.replace_time_zone(None)
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
    if isinstance(dtype, pl.Date):
        return column.dt.strftime("%Y-%m-%d")
    if isinstance(dtype, pl.Duration):
        return column.dt.to_string("iso")
    if dtype.is_nested():
        wrapped = pl.struct(column.alias("x")).struct.json_encode()
        return pl.when(column.is_not_null()).then(wrapped.str.slice(len('{"x":')).str.strip_suffix("}")).alias(name)
    return column.cast(pl.String)


def _of_bytes(column: pl.Series) -> pl.Series:
    """Text that was stored without its type; bytes that are no UTF-8 as hexadecimal digits."""
    try:
        return column.cast(pl.String)
    except pl.exceptions.ComputeError:
        return pl.Series(column.name, [_one_of_bytes(item) for item in column.to_list()], dtype=pl.String)


def _one_of_bytes(item: bytes | None) -> str | None:
    try:
        return None if item is None else item.decode("utf-8")
    except UnicodeDecodeError:
        return item.hex() if item is not None else None
