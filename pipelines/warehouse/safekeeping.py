"""What outlives the working warehouse: a copy of the ledger beside it, and the way back when the file is damaged.

Raw tables can be read again from ``raw/``; what happened cannot. So after every night the ledger's history (runs,
files with the day they were first seen, ages of defects, decisions, publications) is copied to the owner-only folder
``lam_viec/ban_sao_so_cai/``. A warehouse that DuckDB cannot read is set aside with its date, a new one takes
the history over, and every file of ``raw/`` is read again (docs/do_ben.md).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.config.disk import mend_folder, whole_folder, write_whole
from pipelines.config.paths import OWNER_DIR, DataPaths
from pipelines.config.space import lack_of
from pipelines.contracts.model import Contract
from pipelines.warehouse import archive, releases
from pipelines.warehouse.damage import forget_damage, is_damage, is_flagged
from pipelines.warehouse.database import connect, in_memory, literal, transaction
from pipelines.warehouse.schema import create_tables

HISTORY = (
    "lan_chay", "tep", "dau_khoa", "loi", "quy_tac", "ket_qua_kiem_tra", "quyet_dinh", "cong_bo", "thay_doi_lich",
    "tep_xoa", "trang_thai_don", "go_bo", "vong_doi_canh_bao", "da_xem", "tra_loi", releases.TABLE,
)  # fmt: skip
"""Ledger tables that cannot be made again from ``raw/``; none holds a cell of a file."""

_READ_AGAIN = "Kho làm việc đã dựng lại; tệp này chưa đọc lại được. Chép lại tệp vào raw/ đúng chỗ cũ."
_LOCK_SECONDS = 20.0


@dataclass(frozen=True)
class Mended:
    """What was found and done about the working warehouse; ``sentence`` is Vietnamese, without personal data."""

    sentence: str


def open_or_rebuild(paths: DataPaths, contracts: Iterable[Contract], now: datetime) -> Mended | None:
    """Make sure that the warehouse can be opened, and that no committed file is missing without a word.

    Called by the one writer before anything else. Raises ``duckdb.Error`` where another process holds the file,
    ``ReleaseError`` where a newer release has written it or its copy: then nothing is touched.
    """
    contracts = list(contracts)
    file = paths.warehouse_file
    for folder in (_copy(paths), paths.working / archive.FOLDER):
        mend_folder(folder)
    releases.refuse_newer(_number_of_copy(paths))
    flagged, there = is_flagged(paths), file.exists()
    held = _held(file) if there and not flagged else None
    if flagged or (there and held is None):
        aside = _set_aside(paths, now)
        _restore(paths, contracts)
        return Mended(
            f"Kho làm việc hỏng, đã dời sang lam_viec/hong/{aside.name} và dựng lại: mọi tệp của raw/ được đọc lại, "
            "lịch sử (tuổi lỗi, quyết định, lần chạy) lấy từ bản sao sổ cái."
        )
    if _copy(paths).exists() and (held is None or not held.has_runs):
        _restore(paths, contracts)
        return Mended(
            "Kho làm việc trống hoặc đã mất, đã dựng lại: mọi tệp của raw/ được đọc lại, lịch sử lấy từ bản sao sổ cái."
        )
    lost = _lost_files(paths, held)
    if lost:
        return Mended(
            f"Kho làm việc mất {lost} tệp đã nạp (nhật ký ghi của DuckDB không còn): tệp còn trong raw/ được đọc lại."
        )
    return None


def keep(connection: duckdb.DuckDBPyConnection, paths: DataPaths) -> None:
    """Copy the history beside the warehouse; the copy is swapped in whole. Raises ``OSError``, ``duckdb.Error``."""
    with whole_folder(_copy(paths)) as fresh:
        for name in HISTORY:
            connection.execute(f"COPY so_cai.{name} TO {literal(f'{fresh / name}.parquet')} (FORMAT parquet)")


def keep_files(connection: duckdb.DuckDBPyConnection, paths: DataPaths) -> None:
    """Note outside the database which files it holds, as soon as they are in: a lost log is noticed by it."""
    rows = connection.execute("SELECT ma_tep, so_dong_nap FROM so_cai.tep WHERE trang_thai = 'da_nap'").fetchall()
    write_whole(paths.working / "tep_da_nap.json", json.dumps(dict(rows)))


def kept(paths: DataPaths, table: str) -> Path:
    """Where the copy of a ledger table is, if there is one: below a data folder or a backup."""
    return _copy(paths) / f"{table}.parquet"


def _copy(paths: DataPaths) -> Path:
    return paths.working / "ban_sao_so_cai"


def _number_of_copy(paths: DataPaths) -> int | None:
    """The schema's number of the ledger's copy; None where there is no copy, or none that tells."""
    kept = _copy(paths) / f"{releases.TABLE}.parquet"
    if not kept.exists():
        return None
    try:
        with in_memory() as connection:
            return int(connection.execute(f"SELECT max(so) FROM read_parquet({literal(str(kept))})").fetchall()[0][0])
    except (duckdb.Error, TypeError):
        return None


@dataclass(frozen=True)
class _Held:
    """What a warehouse that can be read says of itself: whether runs are entered, and the files that are in."""

    has_runs: bool
    files: frozenset[str]


def _held(file: Path) -> _Held | None:
    """None where the catalogue or the ledger to its last row cannot be read; raw tables are looked at when used."""
    end = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            with connect(file, read_only=not file.with_name(f"{file.name}.wal").exists()) as connection:
                releases.refuse_newer(releases.number_of(connection))
                rows = connection.execute(
                    "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'so_cai'"
                ).fetchall()
                tables = {str(name) for (name,) in rows}
                for name in tables:
                    connection.execute(f'SELECT count(hash(t)) FROM so_cai."{name}" t').fetchall()
                runs = "SELECT 1 FROM so_cai.lan_chay LIMIT 1"
                files = "SELECT ma_tep FROM so_cai.tep WHERE trang_thai = 'da_nap'"
                entered = "lan_chay" in tables and bool(connection.execute(runs).fetchall())
                loaded = connection.execute(files).fetchall() if "tep" in tables else []
                return _Held(entered, frozenset(str(row[0]) for row in loaded))
        except duckdb.Error as error:
            releases.refuse_newer_engine(error)
            if lack_of(error) is not None or "permission denied" in str(error).lower():
                raise  # the file may be sound: who has no room or no right to open it cannot tell
            if "lock" in str(error).lower() and not is_damage(error):
                if time.monotonic() >= end:
                    raise
                time.sleep(0.5)
                continue
            return None


def _lost_files(paths: DataPaths, held: _Held | None) -> int:
    """Files that were in and are not any more, or hold other counts: the end of the log is gone."""
    try:
        noted = json.loads((paths.working / "tep_da_nap.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    if not isinstance(noted, dict) or held is None:
        return 0
    return len(noted.keys() - held.files)


def _set_aside(paths: DataPaths, now: datetime) -> Path:
    folder = paths.working / "hong"
    folder.mkdir(mode=OWNER_DIR, exist_ok=True)
    aside = folder / f"{paths.warehouse_file.stem}.{now:%Y%m%d_%H%M%S}.duckdb"
    for suffix in ("", ".wal"):
        source = paths.warehouse_file.with_name(paths.warehouse_file.name + suffix)
        if source.exists():
            source.rename(aside.with_name(aside.name + suffix))
    forget_damage(paths)
    return aside


def _restore(paths: DataPaths, contracts: list[Contract]) -> None:
    """A new warehouse with the history of the copy; every file counts as refused until it is read again."""
    (paths.working / "tep_da_nap.json").unlink(missing_ok=True)
    with connect(paths.warehouse_file) as connection:
        with transaction(connection):
            # As the release of the copy had them; what that was not this one is brought up to date with the rest.
            connection.execute("CREATE SCHEMA IF NOT EXISTS so_cai")
            for name in HISTORY:
                kept = _copy(paths) / f"{name}.parquet"
                if kept.exists():
                    connection.execute(
                        f"CREATE OR REPLACE TABLE so_cai.{name} AS SELECT * FROM read_parquet({literal(str(kept))})"
                    )
        create_tables(connection, contracts)
        kept_rows = archive.put_back(connection, paths)
        connection.execute(
            "UPDATE so_cai.tep SET trang_thai = 'tu_choi', ly_do = ?, so_dong_doc = NULL, so_dong_nap = NULL, "
            "so_dong_cach_ly = NULL, so_dong_lap = NULL WHERE trang_thai = 'da_nap' AND NOT list_contains(?, ma_tep)",
            [_READ_AGAIN, sorted(kept_rows)],
        )
