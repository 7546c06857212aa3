"""Writes the workbooks of all agencies, or of one, into a folder of the owner's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.config.disk import PlaceError, why
from pipelines.config.paths import OWNER_DIR
from pipelines.contracts.model import CodeList, Contract
from pipelines.defects.listing import Agency, Listing
from pipelines.defects.quarantined import Quarantine
from pipelines.defects.workbook import Content, write_workbook
from pipelines.quality.defects import ASIDE
from pipelines.quality.model import Rule

OWNERS_FILE = "chu_quan_du_lieu"
_NAME = re.compile(r"loi_.+_\d{4}-\d{2}-\d{2}\.xlsx")


class DefectsError(Exception):
    """The workbooks cannot be written; ``str()`` is Vietnamese and says why, without a value of the data."""


class UnknownAgencyError(DefectsError):
    """The agency asked for is not in the list of agencies; ``known``: their codes and names."""

    def __init__(self, text: str, known: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.known = tuple(known)


@dataclass(frozen=True)
class Export:
    """What was written: (file, agency) each; ``as_of``: as-of day of the last evaluation; ``shared``: the folder held
    other things before, so that its permissions were left as they are."""

    files: tuple[tuple[Path, Agency], ...]
    as_of: date
    shared: bool


def export_defects(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    rules: Sequence[Rule],
    contracts: Mapping[str, Contract],
    code_lists: Mapping[str, CodeList],
    *,
    agency: str | None = None,
) -> Export:
    """One workbook ``loi_<agency>_<as-of day>.xlsx`` for each agency with an open defect or a
    quarantined row, or for ``agency`` alone.

    An agency that was merged is answered for by its successor. Raises ``DefectsError`` where nothing was evaluated yet
    or the agency is unknown, ``PlaceError`` where a file cannot be written.
    """
    try:
        as_of = _last_evaluation(connection)
        listing = Listing(connection, rules, contracts, code_lists, as_of)
        quarantine = Quarantine(connection, contracts)
        wanted = listing.agencies(quarantine.agencies())
        if agency is not None:
            today = listing.unit_today(agency)
            if today is None:
                raise UnknownAgencyError(f"không có đơn vị “{agency}” trong danh sách cơ quan.", listing.units())
            wanted = [item for item in wanted if item.code == today]
        if not wanted:
            return Export((), as_of, False)
        shared = _prepare(folder)
        by_code = {rule.code: rule for rule in rules}
        written = []
        for item, name in zip(wanted, _names(wanted), strict=True):
            file = folder / f"loi_{name}_{as_of.isoformat()}.xlsx"
            content = Content(
                item, listing.counts(item), listing.defects(item), quarantine.rows(item.code), by_code, as_of
            )
            write_workbook(file, content)
            written.append((file, item))
    except duckdb.Error as failure:
        # Its text may quote a value.
        raise DefectsError(f"không đọc được lỗi trong kho làm việc ({type(failure).__name__}).") from None
    except OSError as failure:
        raise PlaceError(f"không ghi được vào {folder} ({why(failure)}).") from None
    return Export(tuple(written), as_of, shared)


def _last_evaluation(connection: duckdb.DuckDBPyConnection) -> date:
    rows = connection.execute(
        "select ngay_so_lieu from so_cai.lan_chay where so_lan = "
        f"(select max(so_lan) from so_cai.ket_qua_kiem_tra where not {ASIDE})"
    ).fetchall()
    if not rows:
        raise DefectsError("chưa có lần chạy nào đã kiểm tra chất lượng; chạy `kho run`.")
    day: date = rows[0][0]
    return day


def _prepare(folder: Path) -> bool:
    """Make the folder owner-only; one that holds other things keeps its permissions (true)."""
    folder.mkdir(parents=True, exist_ok=True, mode=OWNER_DIR)
    if any(not _NAME.fullmatch(item.name) for item in folder.iterdir()):
        return True
    folder.chmod(OWNER_DIR)
    return False


def _names(agencies: Sequence[Agency]) -> list[str]:
    """File names from agency codes: a code comes from a file and may hold anything."""
    names: list[str] = []
    for item in agencies:
        name = OWNERS_FILE if item.code is None else re.sub(r"[^A-Za-z0-9._-]", "_", item.code).strip(".") or "_"
        while name.casefold() in {n.casefold() for n in names}:
            name += "_"
        names.append(name)
    return names
