"""From a path to raw sheets: the format is told by content first, then by extension."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.contracts.model import Contract
from pipelines.intake.columns import HeaderIndex
from pipelines.intake.encoding import DOUBTFUL_CHARSET, to_utf8
from pipelines.intake.errors import FileRefusedError, refusing
from pipelines.intake.fonts import recode_sheet
from pipelines.intake.limits import Limits
from pipelines.intake.readers.csv import count_headers, read_csv
from pipelines.intake.readers.json_lines import known_keys, read_json
from pipelines.intake.readers.parquet import read_parquet
from pipelines.intake.readers.xlsx import read_xlsx
from pipelines.intake.sheet import RawSheet

SpecialReader = Callable[[Any], list[RawSheet] | None]
"""Takes a JSON document or a raw sheet of another layout; None where it is not of that layout."""

_SPECIAL_READERS = {"portal_766": "pipelines.intake.portal_766"}
_TEXT = {".csv", ".txt", ".tsv"}
_JSON = {".json", ".jsonl", ".ndjson"}
_SHEETS = {".xlsx", ".xlsm"}
_PARQUET = {".parquet", ".pq"}
_MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_JSON_START = re.compile(rb'(?:\[\s*\{|\{\s*"|\[\s*\]|\{\s*\})')
_CSV_START = re.compile(rb"[\xef\xbb\xbf]{0,3}[^\[{\s\xff\xfe/\0][^\n]*[;,\t|]")
_NOT_JSON = "Tệp JSON không đúng cú pháp hoặc lồng nhau quá sâu. Hãy xuất lại tệp từ hệ thống nguồn rồi gửi lại."


def read_sheets(path: Path, contract: Contract, index: HeaderIndex, limits: Limits) -> list[RawSheet]:
    """All sheets of the file; raises ``FileRefusedError`` where it cannot be read as any of the five formats."""
    sheets = [recode_sheet(sheet, index, limits) for sheet in _read(path, contract, index, limits)]
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


def _read(path: Path, contract: Contract, index: HeaderIndex, limits: Limits) -> list[RawSheet]:
    size = path.stat().st_size
    if size == 0:
        raise FileRefusedError("Tệp rỗng (0 byte). Hãy xuất lại tệp từ hệ thống nguồn rồi gửi lại.")
    if size > limits.file_bytes:
        raise FileRefusedError(f"Tệp quá lớn ({size // 1_000_000} MB). Hãy chia nhỏ tệp rồi gửi lại.")
    special = special_reader(contract)
    kind = _format(path)
    if kind == "json":
        return _read_json(path, index, limits, special)
    if kind == "xlsx":
        sheets = read_xlsx(path, limits)
    elif kind == "parquet":
        sheets = [read_parquet(path, limits)]
    else:
        data, sure = to_utf8(path.read_bytes(), lambda head: count_headers(head, index, limits))
        sheets = [_doubted(read_csv(data, index, limits), sure)]
    if special is None:
        return sheets
    return [part for sheet in sheets for part in (special(sheet) or [sheet])]


def special_reader(contract: Contract) -> SpecialReader | None:
    """The reader that ``bo_doc`` of the contract names, or None; raises ``ValueError`` for an unknown name."""
    if contract.reader is None:
        return None
    module = _SPECIAL_READERS.get(contract.reader)
    if module is None:
        raise ValueError(f"quy ước {contract.feed}: không có bộ đọc “{contract.reader}”")
    reader: SpecialReader = import_module(module).normalise
    return reader


def _format(path: Path) -> str:
    extension = path.suffix.lower()
    with path.open("rb") as handle:
        start = handle.read(256)
    looks_like_json = _JSON_START.match(start.replace(b"\0", b"").lstrip(_MARKS)) is not None
    if start[:4] == b"PAR1":
        return "parquet"
    if start[:2] == b"PK" or extension in _SHEETS:
        return "xlsx"
    if start[:4] == b"\xd0\xcf\x11\xe0":
        return "xlsx"
    if extension in _PARQUET:
        return "parquet"
    if extension in _JSON | _TEXT:
        return "json" if looks_like_json or (extension in _JSON and not _CSV_START.match(start)) else "csv"
    raise FileRefusedError(
        f"Định dạng “{extension or 'không có đuôi'}” không nhận. Hãy gửi tệp xlsx, csv, json, jsonl hoặc parquet."
    )


def _read_json(path: Path, index: HeaderIndex, limits: Limits, special: SpecialReader | None) -> list[RawSheet]:
    def count(keys: Sequence[str]) -> int:
        return len({match.field for key in keys if (match := index.match([key]))})

    data, sure = to_utf8(path.read_bytes(), lambda head: count(known_keys(head)))
    if special is not None:
        document = _document(data.decode("utf-8"))
        sheets = special(document) if document is not None else None
        if sheets is not None:
            return sheets
    return [_doubted(read_json(data, limits, count), sure)]


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
