"""Which sheets of a file are data: covers, code lists and summaries are left aside, never a sheet of records."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.errors import FileRefusedError, printable
from pipelines.intake.headers.columns import HeaderIndex, needed_fields, refuse_missing
from pipelines.intake.laid_out.layout import Cover, Table

_LEAST_NEEDED = 2
_HEADERS_ASIDE = 200
_FIRST_COLUMNS = 3

Quarantined = Callable[[Table], pl.Series]
"""Of each row of a table, whether it would be set apart."""


def data_tables(parts: Sequence[Table | Cover], contract: Contract) -> list[Table]:
    """The sheets with data; raises ``FileRefusedError`` where one of them lacks a needed column, or there is none.

    A sheet that names at least half of the needed columns is meant as data: where one of them misses a needed
    column the file is refused, so that no sheet of data is passed over. Beside a sheet that has them all, one
    that misses some and names no more than half of its fields is another table (a summary, a code list).
    """
    tables = [part for part in parts if isinstance(part, Table)]
    needed = {f.name for f in needed_fields(contract)}
    whole = [len(t.columns.fields) for t in tables if needed <= t.columns.fields.keys()]
    meant = [
        t
        for t in tables
        if 2 * len(needed & t.columns.fields.keys()) >= len(needed)
        and (needed <= t.columns.fields.keys() or 2 * len(t.columns.fields) > max(whole, default=0))
    ]
    if not meant:
        if not tables:
            _refuse_on_its_side(parts, contract)
            raise FileRefusedError(
                "Không tìm thấy dòng tiêu đề: không dòng nào có từ hai cột đã biết. Hãy kiểm tra tệp có đúng nguồn "
                f"“{contract.title}” không, rồi sửa dòng tiêu đề và gửi lại."
            )
        meant = [max(tables, key=lambda t: len(t.columns.fields))]
    first: dict[str, Table] = {}
    for table in meant:
        if table.sheet.header == () and table.cells.height == 0:
            continue  # an export without a record (``[]``) has no keys to miss one among
        further = table is not first.setdefault(table.sheet.name, table)
        row = table.header_row if further else None
        refuse_missing(table.columns, contract, table.sheet.name, row, table.headers)
        _refuse_side_by_side(table, contract)
    return meant


def _refuse_on_its_side(parts: Sequence[Table | Cover], contract: Contract) -> None:
    """Raise ``FileRefusedError`` where one of the first columns of a sheet names all needed fields: each record is a
    column, and has no row to be found by."""
    index, needed = HeaderIndex(contract), {field.name for field in needed_fields(contract)}
    for part in parts:
        for column in part.sheet.cells.head(_HEADERS_ASIDE).iter_columns():
            if part.sheet.cells.get_column_index(column.name) >= _FIRST_COLUMNS:
                break
            named = {match.field for text in column.drop_nulls() if (match := index.match([text]))}
            if len(named) >= _LEAST_NEEDED and needed <= named:
                where = f"Trang tính “{printable(part.sheet.name)}”: bảng" if part.sheet.name else "Bảng"
                raise FileRefusedError(
                    f"{where} đặt ngang, tên cột nằm dọc và mỗi bản ghi là một cột. Hãy xoay bảng để mỗi bản ghi là "
                    "một dòng (Excel: Chép, Dán đặc biệt, Chuyển vị) rồi gửi lại."
                )


def _refuse_side_by_side(table: Table, contract: Contract) -> None:
    """Raise ``FileRefusedError`` where every needed column is there twice, and other records stand in the second:
    two tables beside each other, of which one would be lost."""
    rivals: dict[str, int] = {}
    for name, column in table.columns.rivals:
        rivals.setdefault(name, column)
    needed = [field.name for field in needed_fields(contract)]
    if len(needed) < _LEAST_NEEDED or not all(name in rivals for name in needed):
        return
    first, second = ({name: places[name] for name in needed} for places in (table.columns.fields, rivals))
    if max(first.values()) >= min(second.values()) and max(second.values()) >= min(first.values()):
        return
    one, other = (pl.DataFrame({n: table.cells.to_series(p) for n, p in half.items()}) for half in (first, second))
    if one.equals(other):
        return
    where = f"Trang tính “{printable(table.sheet.name)}” có" if table.sheet.name else "Tệp có"
    raise FileRefusedError(
        f"{where} hai bảng đặt cạnh nhau (mỗi cột bắt buộc có hai lần, dữ liệu khác nhau). Hãy chép bảng bên phải "
        "xuống dưới bảng bên trái rồi gửi lại."
    )


def left_aside(parts: Sequence[Table | Cover], chosen: Sequence[Table]) -> str | None:
    """A Vietnamese sentence that names the sheets with a known header and rows that are no data of the feed."""
    taken = {id(table) for table in chosen}
    names = [
        f"“{printable(part.sheet.name)}” ({part.cells.height} dòng)"
        for part in parts
        if isinstance(part, Table) and id(part) not in taken and part.cells.height
    ]
    if not names:
        return None
    return (
        f"Không nạp trang tính {', '.join(names)}: thiếu cột bắt buộc nên coi là bảng tổng hợp hoặc danh mục. "
        "Nếu là dữ liệu, hãy bổ sung cột rồi gửi lại."
    )


def refuse_headless(parts: Sequence[Table | Cover], table: Table, quarantined: Quarantined) -> None:
    """Raise ``FileRefusedError`` for a sheet of records without a header, as a table cut in two leaves behind.

    Its rows would be sound under the columns of ``table``; columns are never taken by position, so the file has
    to name them.
    """
    for part in parts:
        cells = part.sheet.cells
        if not isinstance(part, Cover) or cells.width <= max(table.columns.fields.values(), default=0):
            continue
        filled = cells.select(pl.sum_horizontal(pl.all().is_not_null())).to_series() >= len(table.columns.fields) // 2
        if not filled.any():
            continue
        unknown = tuple(item for item in table.columns.unknown if item[0] < cells.width)
        rows = Table(
            part.sheet,
            cells.filter(filled),
            part.sheet.rows.filter(filled),
            table.headers,
            dataclasses.replace(table.columns, unknown=unknown),
            None,
            None,
            None,
            None,
        )
        sound = int((~quarantined(rows)).sum())
        if sound * 2 > int(filled.sum()):
            raise FileRefusedError(
                f"Trang tính “{printable(part.sheet.name)}” có {sound} dòng dữ liệu nhưng không có dòng tiêu đề. Hãy "
                f"chép dòng tiêu đề của trang tính “{printable(table.sheet.name)}” vào đầu trang này rồi gửi lại."
            )
