"""Records of delimited text that have more or fewer cells than their header: nothing in them may slide unseen.

A surplus cell that is not empty means that a value holds the delimiter (an unquoted ``8,000``): every value after it
stands in the wrong column. A record that is too short was broken or cut, unless the writer of the file leaves out
empty cells at the end of every record. A last record without line end may be the beginning of a longer one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.sheet import RawSheet

WIDE = "thua_o"
NARROW = "thieu_o"
CUT = "dong_bi_cat"

UNFINISHED = (
    "Tệp chưa chép xong: dòng cuối (dòng {row}) bị cắt giữa chừng, không có ký tự xuống dòng và thiếu ô. Kho chờ và tự "
    "đọc lại ở lần chạy sau; nếu nguồn đã ghi xong mà tệp vẫn như vậy thì hãy xuất lại tệp."
)
_TRIMMED_SHARE = 0.1
_LEAST_TRIMMED = 2
_ONLY_DIGITS = re.compile(r"^9+$")


def faulty_rows(sheet: RawSheet, kept: pl.Series, header_width: int, start: int, key: int | None) -> pl.Series | None:
    """Reason by data row (String, null: sound) of the records from ``start`` on that ``kept`` marks as data.

    None where no row is at fault. ``key`` is the column of the first needed field: a record without it that
    follows a short one is the other half of it. Raises ``FileRefusedError`` where the last record of the sheet is
    too short and has no line end: the file is still being copied.
    """
    if sheet.widths is None or not len(kept):
        return None
    widths = sheet.widths.slice(start)
    cells = sheet.cells.slice(start)
    surplus = cells.columns[header_width:]
    wide = kept & _any_filled(cells, surplus) if surplus else None
    narrow = kept & (widths < header_width)
    trimmed = _is_trimmed(_evidence(narrow, sheet), _evidence(kept, sheet), widths, cells, header_width)
    if sheet.unfinished and not trimmed and _is_beginning(cells, kept, widths, header_width):
        raise FileRefusedError(UNFINISHED.format(row=int(sheet.rows[-1])))
    if trimmed:
        narrow = narrow & _followed_by_a_fragment(cells, kept, key)
    if not (narrow.any() or (wide is not None and wide.any())):
        return None
    reasons = pl.repeat(None, len(kept), dtype=pl.String, eager=True).set(narrow, NARROW)
    return (reasons if wide is None else reasons.set(wide, WIDE)).filter(kept)


def _any_filled(cells: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    return cells.select(pl.any_horizontal(pl.col(list(names)).is_not_null())).to_series()


def _evidence(rows: pl.Series, sheet: RawSheet) -> pl.Series:
    """``rows`` without a last record that has no line end: it says nothing of how the others were written."""
    return rows.clone().scatter([len(rows) - 1], [False]) if sheet.unfinished else rows


def _is_trimmed(narrow: pl.Series, kept: pl.Series, widths: pl.Series, cells: pl.DataFrame, width: int) -> bool:
    """Whether the writer leaves out empty cells at the end: many records are short, none of full width ends empty."""
    short = int(narrow.sum())
    if not short or (short < max(_LEAST_TRIMMED, _TRIMMED_SHARE * int(kept.sum())) and short < int(kept.sum())):
        return False
    full = kept & (widths >= width)
    last = cells.to_series(width - 1) if width <= cells.width else None
    padded = full & last.is_null() if last is not None else full
    return not padded.any()


def _is_beginning(cells: pl.DataFrame, kept: pl.Series, widths: pl.Series, width: int) -> bool:
    """Whether the last record has something of a row, but not all cells of one; a note below the table has words."""
    filled = [cell for cell in cells.row(cells.height - 1) if cell]
    if not filled or int(widths[-1]) >= width:
        return False
    return bool(kept[-1]) or (len(filled) == 1 and len(filled[0].split()) == 1)


def _followed_by_a_fragment(cells: pl.DataFrame, kept: pl.Series, key: int | None) -> pl.Series:
    if key is None or key >= cells.width:
        return pl.Series([False] * cells.height, dtype=pl.Boolean)
    fragment = cells.to_series(key).is_null() & kept
    return fragment.shift(-1, fill_value=False)


def cut_value(column: pl.Series) -> bool:
    """Whether the last value of a column (String) is the beginning of what the others are, and like none of them.

    For a last record without line end: ``1.204`` below ``1.204.000``, ``1`` below ``10``, ``07/06/20`` below
    ``07/06/2024``.
    """
    last = column[-1] if len(column) else None
    others = column.slice(0, len(column) - 1).drop_nulls()
    if last is None or not len(others) or (others == last).any():
        return False
    if others.str.starts_with(last).any():
        return True
    if not any(ch.isdigit() for ch in last):
        return False
    shapes = others.str.replace_all(r"[0-9]", "9").unique()
    shape = re.sub(r"[0-9]", "9", last)
    if (shapes == shape).any() or _ONLY_DIGITS.match(shape):
        return False
    return bool(shapes.str.starts_with(shape).all())
