"""One file through reading, layout and typing, without a warehouse: what a test of a mess asks about."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.intake.headers.columns import HeaderIndex
from pipelines.intake.laid_out.layout import Table
from pipelines.intake.laid_out.sheet_choice import data_tables, refuse_headless
from pipelines.intake.laid_out.stacked import lay_out_all
from pipelines.intake.limits import Limits
from pipelines.intake.read.reading import read_sheets
from pipelines.intake.typed.conform import conform
from pipelines.intake.typed.date_order import with_date_orders
from pipelines.intake.worker.extraction import in_one_charset

CODE_LISTS = load_code_lists()
CONTRACTS = load_contracts(code_lists=CODE_LISTS)
INDEXES = {feed: HeaderIndex(contract) for feed, contract in CONTRACTS.items()}
DOSSIER_HEADERS = ["STT", "Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái", "Ngày hẹn trả", "Chủ hồ sơ"]


def dossiers(number: int = 4) -> list[list[str | None]]:
    """Sound rows under ``DOSSIER_HEADERS``."""
    return [
        [str(i), f"H02.28-24061{i}-000{i}", "H02.28", f"0{i}/06/2024 08:00", "Đang xử lý", f"1{i}/06/2024", "Lê Văn An"]
        for i in range(1, number + 1)
    ]


@dataclass(frozen=True)
class Outcome:
    """Typed rows of all data sheets, faults as (row, field, reason, quarantined), unknown headers, stated totals.

    ``doubts``: (field, reason) of columns that are a finding as a whole.
    """

    rows: list[dict[str, Any]]
    faults: list[tuple[int, str, str, bool]]
    unknown: list[str]
    totals: list[int | None]
    sheets: list[str]
    doubts: list[tuple[str, str]]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.rows]

    @property
    def sound(self) -> list[int]:
        """Physical rows that would be loaded."""
        return [row["_dong"] for row in self.rows if not row["_xau"]]


def read(folder: Path, feed: str, name: str, content: bytes | str, limits: Limits | None = None) -> Outcome:
    """What becomes of a file; raises ``FileRefusedError`` as the intake does."""
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    contract, index, bounds = CONTRACTS[feed], INDEXES[feed], limits or Limits()

    def typed(table: Table) -> Any:
        return conform(table, contract, CODE_LISTS, b"k")

    sheets = sorted(read_sheets(path, contract, index, bounds), key=lambda sheet: not sheet.hidden)
    parts = lay_out_all(sheets, contract, index, bounds)
    tables = with_date_orders([in_one_charset(table) for table in data_tables(parts, contract)], contract)
    refuse_headless(parts, tables[0], lambda table: typed(table).rows["_xau"])
    outcome = Outcome([], [], [], [], [], [])
    for table in tables:
        found = typed(table)
        outcome.rows.extend(found.rows.to_dicts())
        places = found.rows["_dong"]
        outcome.faults.extend(
            (places[f["vi_tri"]], f["cot"], f["ly_do"], f["cach_ly"]) for f in found.faults.to_dicts()
        )
        outcome.unknown.extend(header for _, header in table.columns.unknown)
        outcome.totals.append(table.stated_total)
        outcome.sheets.append(table.sheet.name)
        outcome.doubts.extend(table.doubts)
    return outcome


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Mapping[str, Sequence[tuple[int, int, int, int]]] = {}
) -> bytes:
    """Sheets of cells; ``(value, format)`` writes a number format; ``merged`` ranges keep their first cell's text."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for top, left, bottom, right in merged.get(name, ()):
            sheet.merge_range(top, left, bottom, right, "")
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write(i, j, cell[0], book.add_format({"num_format": cell[1]}))
                elif cell is not None and cell != "":
                    sheet.write(i, j, cell)
    book.close()
    return buffer.getvalue()
