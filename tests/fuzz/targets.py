"""What is fuzzed: each target takes any bytes and must read them or refuse them with a reason, nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.intake.errors import FileRefusedError
from pipelines.intake.headers.columns import HeaderIndex
from pipelines.intake.laid_out.layout import Table, lay_out
from pipelines.intake.limits import Limits
from pipelines.intake.read.reading import read_sheets
from pipelines.intake.typed.conform import conform
from pipelines.intake.worker.extraction import in_one_charset

CODE_LISTS = load_code_lists()
CONTRACTS = load_contracts(code_lists=CODE_LISTS)
LIMITS = Limits(rows=20_000, cells=200_000, sheet_cells=200_000, member_bytes=4_000_000, total_unpacked_bytes=8_000_000)
_INDEXES = {feed: HeaderIndex(contract) for feed, contract in CONTRACTS.items()}
_FOLDER = Path(tempfile.mkdtemp(prefix="kho_fuzz_"))


def _read(data: bytes, name: str, feed: str) -> None:
    contract, index = CONTRACTS[feed], _INDEXES[feed]
    path = _FOLDER / name
    path.write_bytes(data)
    try:
        for sheet in read_sheets(path, contract, index, LIMITS):
            assert sheet.cells.height == len(sheet.rows)
            table = lay_out(sheet, contract, index, LIMITS)
            if isinstance(table, Table):
                result = conform(in_one_charset(table), contract, CODE_LISTS, b"khoa")
                assert result.rows.height == table.cells.height
    except FileRefusedError as refusal:
        assert str(refusal)


def csv(data: bytes) -> None:
    """Delimited text in any character set."""
    _read(data, "a.csv", "dvc/ho_so")


def json(data: bytes) -> None:
    """JSON documents and lines, of a plain feed and of the portal's answers."""
    _read(data, "a.json", "dvc/danh_gia")
    _read(data, "a.json", "bo_chi_so_766/diem")


def xlsx(data: bytes) -> None:
    """Workbooks: the guard in front, then the reader."""
    _read(data, "a.xlsx", "dvc/ho_so")


def html(data: bytes) -> None:
    """Tables of web pages."""
    _read(b"<table>" + data, "a.xls", "dvc/ho_so")
    _read(b"<html>" + data, "a.xls", "dvc/ho_so")


def xls(data: bytes) -> None:
    """BIFF, in its container or bare."""
    _read(data, "a.xls", "dvc/ho_so")


def ods(data: bytes) -> None:
    """OpenDocument, as a zip and as its one XML file."""
    _read(data, "a.ods", "dvc/ho_so")


def spreadsheet_xml(data: bytes) -> None:
    """SpreadsheetML 2003."""
    _read(data, "a.xml", "bo_chi_so_766/diem")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "csv": csv,
    "json": json,
    "xlsx": xlsx,
    "html": html,
    "xls": xls,
    "ods": ods,
    "spreadsheet_xml": spreadsheet_xml,
}
