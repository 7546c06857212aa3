"""Removals on request (``kho purge --nguoi``) that a backup does not know: what was restored has those people again.

Ledgers that are newer may lie beside: the data folder that was moved away, later backups. Where none does, only the
requests themselves tell, for no ledger holds a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.config.figures import grouped
from pipelines.config.paths import DataPaths
from pipelines.warehouse import safekeeping
from pipelines.warehouse.database import in_memory, literal

_SHOWN = 10
_LATER = """
    SELECT luc, max(so_dong) FROM read_parquet({files}, union_by_name = true) WHERE luc >= CAST($moment AS TIMESTAMP)
    GROUP BY luc, khoa ORDER BY luc
"""


def told(paths: DataPaths, source: Path, moment: datetime) -> Iterator[str]:
    """Vietnamese sentences on who was removed after ``moment``, when ``source``, now restored, was made."""
    yield (
        f"Ai được xóa theo yêu cầu (`kho purge --nguoi`) sau {moment:%H:%M %d/%m/%Y}, lúc sao lưu, "
        "nay lại có trong kho: xóa lại theo hồ sơ các yêu cầu từ lúc đó mà cơ quan lưu "
        "(sổ cái chỉ giữ ngày xóa, không giữ số định danh)."
    )
    for folder in _beside(paths, source):
        later = _later(safekeeping.kept(DataPaths(folder), "go_bo"), moment)
        if later:
            listed = "; ".join(f"{when:%H:%M %d/%m/%Y} ({grouped(rows)} dòng)" for when, rows in later[:_SHOWN])
            more = f"; và {grouped(len(later) - _SHOWN)} lần nữa" if len(later) > _SHOWN else ""
            yield f"Theo sổ cái trong {folder}, đã có {grouped(len(later))} lần xóa sau lúc sao lưu: {listed}{more}."


def _beside(paths: DataPaths, source: Path) -> Iterable[Path]:
    """Folders that may be data folders or backups: those next to the data folder and to the backup."""
    found: set[Path] = set()
    for parent in {paths.root.parent, source.resolve().parent}:
        try:
            found |= {folder.resolve() for folder in parent.iterdir() if folder.is_dir()}
        except OSError:  # another's folder; what it holds is not known
            continue
    return sorted(found - {paths.root, source.resolve()})


def _later(file: Path, moment: datetime) -> list[tuple[datetime, int]]:
    """Moment and rows of each removal from ``moment`` on (to the second); nothing where no ledger can be read."""
    try:
        if not file.is_file():
            return []
        with in_memory() as connection:
            rows = connection.execute(
                _LATER.format(files=literal(str(file))), {"moment": moment.isoformat()}
            ).fetchall()
    except (OSError, duckdb.Error):
        return []
    return [(when, int(rows_removed)) for when, rows_removed in rows]
