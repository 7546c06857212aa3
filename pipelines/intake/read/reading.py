"""From the bytes of a file to raw sheets, by the reader of its format."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.errors import FileRefusedError, refusing
from pipelines.intake.found.source import Source, read_source
from pipelines.intake.headers.columns import HeaderIndex
from pipelines.intake.limits import Limits
from pipelines.intake.read.encoding import DOUBTFUL_CHARSET, to_utf8
from pipelines.intake.read.fonts import recode_sheet
from pipelines.intake.read.formats.csv import count_headers, read_csv
from pipelines.intake.read.formats.json_answers import stated_records
from pipelines.intake.read.formats.json_lines import known_keys, read_json
from pipelines.intake.read.formats.json_tables import of_string, read_json_table
from pipelines.intake.read.formats.kinds import Kind, kind_of
from pipelines.intake.sheet import RawSheet

SpecialReader = Callable[[Any], list[RawSheet] | None]
"""Takes a JSON document or a raw sheet of another layout; None where it is not of that layout."""

_SPECIAL_READERS = {"portal_766": "pipelines.intake.laid_out.portal_766"}
_BOOKS = {
    Kind.OOXML: ("xlsx", "read_xlsx"),
    Kind.BIFF: ("xls", "read_xls"),
    Kind.ODS: ("ods", "read_ods"),
    Kind.FLAT_ODS: ("ods", "read_flat_ods"),
    Kind.SPREADSHEET_XML: ("spreadsheet_xml", "read_spreadsheet_xml"),
}
_MARK_AT_LINE = b"\n\xef\xbb\xbf"
"""A byte order mark where files of one object a line were put one after another."""
_NOT_JSON = "Tệp JSON không đúng cú pháp hoặc lồng nhau quá sâu. Hãy xuất lại tệp từ hệ thống nguồn rồi gửi lại."
_ARCHIVE = "Tệp nén nằm trong tệp nén không được mở. Hãy giải nén và gửi từng tệp dữ liệu."


def read_sheets(path: Path, contract: Contract, index: HeaderIndex, limits: Limits) -> list[RawSheet]:
    """All sheets of the file at ``path``; raises as ``sheets_of``."""
    return sheets_of(read_source(path, limits), contract, index, limits)


def sheets_of(source: Source, contract: Contract, index: HeaderIndex, limits: Limits) -> list[RawSheet]:
    """All sheets of one file; raises ``FileRefusedError`` where it cannot be read as any of the formats."""
    sheets = [recode_sheet(sheet, index, limits) for sheet in _read(source, contract, index, limits)]
    for sheet in sheets:
        _check_cells(sheet, limits)
    return sheets


def book_sheets(source: Source, limits: Limits) -> list[RawSheet]:
    """All sheets of a workbook that is no feed: xlsx, xls or ods, told by its bytes; merged cells and lost values as
    the readers give them. Raises ``FileRefusedError``, also for what is no workbook.
    """
    kind = kind_of(source)
    if kind not in _BOOKS:
        raise FileRefusedError("Tệp không phải sổ bảng tính. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại.")
    module, name = _BOOKS[kind]
    sheets = _reader(module, name)(source.data, limits)
    for sheet in sheets:
        _check_cells(sheet, limits)
    return sheets


def _check_cells(sheet: RawSheet, limits: Limits) -> None:
    if sheet.cells.height > limits.rows:
        raise FileRefusedError(f"Tệp có quá nhiều dòng ({sheet.cells.height} > {limits.rows}). Hãy chia nhỏ tệp.")
    if sheet.cells.width == 0 or sheet.cells.height == 0:
        return
    longest = sheet.cells.select(pl.max_horizontal(pl.all().str.len_bytes().max())).item()
    if longest is not None and longest > 4 * limits.cell_characters:
        raise FileRefusedError(
            f"Có ô dài quá mức cho phép ({limits.cell_characters} ký tự). Hãy kiểm tra dấu nháy kép và dấu phân cách, "
            "rút gọn ô đó rồi gửi lại."
        )


def _read(source: Source, contract: Contract, index: HeaderIndex, limits: Limits) -> list[RawSheet]:
    special = special_reader(contract)
    kind = kind_of(source)
    if kind is Kind.JSON:
        return _read_json(source.data, index, limits, special)
    sheets = _tables(source.data, kind, index, limits)
    if special is None:
        return sheets
    return [part for sheet in sheets for part in (special(sheet) or [sheet])]


def _tables(data: bytes, kind: Kind, index: HeaderIndex, limits: Limits) -> list[RawSheet]:
    """Readers beside csv are loaded with the first file of their format."""
    if kind is Kind.CSV:
        text, sure = to_utf8(data, lambda head: count_headers(head, index, limits))
        return [_doubted(read_csv(text, index, limits), sure)]
    if kind is Kind.HTML:
        from pipelines.intake.read.formats.html_table import read_html

        return read_html(data, limits, _field_counter(index))
    if kind is Kind.PARQUET:
        from pipelines.intake.read.formats.parquet import read_parquet

        return [read_parquet(data, limits)]
    if kind is Kind.ARCHIVE:
        raise FileRefusedError(_ARCHIVE)
    return _reader(*_BOOKS[kind])(data, limits)


def _reader(module: str, name: str) -> Callable[[bytes, Limits], list[RawSheet]]:
    read: Callable[[bytes, Limits], list[RawSheet]] = getattr(
        import_module(f"pipelines.intake.read.formats.{module}"), name
    )
    return read


def _field_counter(index: HeaderIndex) -> Callable[[Sequence[str]], int]:
    """How many fields of the feed some keys or header cells name."""
    return lambda keys: len({match.field for key in keys if (match := index.match([key]))})


def special_reader(contract: Contract) -> SpecialReader | None:
    """The reader that ``bo_doc`` of the contract names, or None; raises ``ValueError`` for an unknown name."""
    if contract.reader is None:
        return None
    module = _SPECIAL_READERS.get(contract.reader)
    if module is None:
        raise ValueError(f"quy ước {contract.feed}: không có bộ đọc “{contract.reader}”")
    reader: SpecialReader = import_module(module).normalise
    return reader


def _read_json(data: bytes, index: HeaderIndex, limits: Limits, special: SpecialReader | None) -> list[RawSheet]:
    count = _field_counter(index)
    data, sure = to_utf8(data, lambda head: count(known_keys(head)))
    data = of_string(data.replace(_MARK_AT_LINE, b"\n"))
    if special is not None:
        document = _document(data.decode("utf-8"))
        sheets = special(document) if document is not None else None
        if sheets is not None:
            return sheets
    table = read_json_table(data, limits, count) or read_json(data, limits, count)
    sheet = replace(table, stated_total=stated_records(data, count))
    return [_doubted(sheet, sure)]


def _doubted(sheet: RawSheet, sure: bool) -> RawSheet:
    """``sheet``, a finding as a whole where its character set could not be told from so few words."""
    return sheet if sure else replace(sheet, doubts=(*sheet.doubts, ("", DOUBTFUL_CHARSET)))


def _document(text: str) -> Any:
    """The parsed document, numbers kept as printed; a list of the objects where there is one a line."""
    with refusing(_NOT_JSON):
        try:
            return _parsed(text)
        except json.JSONDecodeError as error:
            if error.msg != "Extra data":
                raise
    try:
        return [_parsed(line) for line in text.split("\n") if line.strip()]
    except (json.JSONDecodeError, RecursionError):
        # Which line is at fault, the reader of the feed's own form says.
        return None


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_int=str)
