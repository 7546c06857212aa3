"""What parsing a column gives, and the faults it can report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

UNREADABLE = "khong_doc_duoc"
NOT_IN_LIST = "ngoai_danh_muc"
DESTROYED = "so_bi_hong"
RESTORED = "da_khoi_phuc"
SENTINEL = "gia_tri_gia"
AMBIGUOUS_CODE = "ma_mo_ho"
ODD_TEXT = "nghi_sai_bang_ma"

FAULTS: tuple[str, ...] = (UNREADABLE, NOT_IN_LIST, DESTROYED, RESTORED, SENTINEL, AMBIGUOUS_CODE, ODD_TEXT)
"""``khong_doc_duoc``, ``ngoai_danh_muc``, ``so_bi_hong`` and ``gia_tri_gia`` leave the value null;
``da_khoi_phuc`` (leading zeros given back), ``ma_mo_ho`` (spelling that can be read two ways) and
``nghi_sai_bang_ma`` (perhaps typed in a font of an old character set, or letters lost) keep it."""


@dataclass(frozen=True)
class ParsedColumn:
    """Typed columns of one field, named as ``field.columns``, and per row a fault code or null."""

    columns: dict[str, pl.Series]
    fault: pl.Series


Scalar = tuple[object, str | None]
"""A value and a fault, as scalar readers give them."""


def no_fault(length: int) -> pl.Series:
    """A fault column without faults."""
    return pl.Series("loi", [None], dtype=pl.String).new_from_index(0, length)


def fault_where(mask: pl.Series, fault: str) -> pl.Series:
    """``fault`` where ``mask`` holds, else null."""
    return pl.select(pl.when(mask).then(pl.lit(fault)).otherwise(None).alias("loi")).to_series()


def unread(text: pl.Series, value: pl.Series) -> pl.Series:
    """Fault column: ``khong_doc_duoc`` where there was text and no value came out (null text has no value)."""
    if value.null_count() == text.null_count():
        return no_fault(len(text))
    return fault_where(text.is_not_null() & value.is_null(), UNREADABLE)


def map_unique(text: pl.Series, read: Callable[[str], Scalar], dtype: pl.DataType) -> tuple[pl.Series, pl.Series]:
    """Apply a scalar reader once a distinct text; gives (values, faults) in the order of ``text``."""
    distinct = text.drop_nulls().unique()
    answers = [read(item) for item in distinct.to_list()]
    table = pl.DataFrame(
        {
            "text": distinct,
            "value": pl.Series([value for value, _ in answers], dtype=dtype),
            "loi": pl.Series([fault for _, fault in answers], dtype=pl.String),
        }
    )
    joined = text.to_frame("text").join(table, on="text", how="left", maintain_order="left")
    return joined["value"], joined["loi"]


def fill_gaps(value: pl.Series, extra: pl.Series) -> pl.Series:
    """``value`` with its nulls taken from ``extra``."""
    return value.to_frame("v").select(pl.coalesce("v", pl.lit(extra))).to_series()


def try_in_turn(text: pl.Series, attempts: Iterable[Callable[[pl.Series], pl.Series]]) -> pl.Series:
    """First answer of each row; later attempts see only what is still unread.

    ``attempts`` go from the cheap and usual to the slow and rare; each gives a typed column of the same length,
    null where it cannot read. Raises ``ValueError`` without any attempt.
    """
    result: pl.Series | None = None
    rows: pl.Series | None = None
    for attempt in attempts:
        if result is None or rows is None:
            result = attempt(text)
            if result.null_count() == text.null_count():
                break
            rows = (text.is_not_null() & result.is_null()).arg_true()
            continue
        if rows.is_empty():
            break
        values = attempt(text.gather(rows))
        read = values.is_not_null()
        if read.any():
            result = result.scatter(rows.filter(read), values.filter(read))
            rows = rows.filter(~read)
    if result is None:
        raise ValueError("cần ít nhất một cách đọc")
    return result
