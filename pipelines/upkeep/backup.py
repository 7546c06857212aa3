"""``kho backup``: a consistent copy of a data folder while readers work.

The caller holds the folder (``turn``), so nobody writes; readers of ``data/marts`` are not disturbed. The list
``ban_ke.json`` is written last and holds size and SHA-256 of every file and the rows of every table: a copy without
it is no backup.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.disk import why, write_new, write_whole
from pipelines.config.orchestration import orchestration_file
from pipelines.config.paths import ALIVE_FOLDER, OWNER_DIR, OWNER_FILE, DataPaths
from pipelines.config.secret import fingerprint, secret_key
from pipelines.publish.files import describe
from pipelines.warehouse.database import HELD, PATIENCE, connect, is_held

LISTING = "ban_ke.json"
KEY = "khoa_bi_mat"
FORM = 1
"""Version of the form of a backup; ``restore`` refuses one it does not know."""
_WORKING = ("ban_sao_so_cai", "luu_tru", "tep_da_nap.json")
_DATABASE = "lam_viec/kho_lam_viec.duckdb"
_MARTS = "marts/kho.duckdb"


class BackupError(Exception):
    """No backup, or none that can be restored; Vietnamese sentence."""


@dataclass(frozen=True)
class Report:
    """What a backup or a restore holds: files, bytes, rows by database and table, whether the key is in it."""

    files: int
    size: int
    tables: dict[str, int]
    with_key: bool
    remarks: tuple[str, ...] = field(default=())


def backup(paths: DataPaths, target: Path, now: datetime, *, raw: bool, key: bool) -> Report:
    """Copy the data folder to ``target``, a new or empty folder. Raises ``BackupError``, ``SecretError``.

    ``raw``: exports too, else only their list; ``key``: the secret too.
    """
    target = target.expanduser().resolve()
    _refuse_target(paths, target)
    secret = secret_key()
    try:
        target.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
        target.chmod(OWNER_DIR)
        _copy_all(paths, target, raw=raw)
        if key:
            write_new(target / KEY, secret)
        tables = row_counts(target)
        files = {str(file.relative_to(target)): describe(file) for file in _files(target)}
        listing: dict[str, Any] = {
            "mau": FORM,
            "luc": now.isoformat(),
            "dau_khoa": fingerprint(secret),
            "kem_khoa": key,
            "kem_raw": raw,
            "tep": files,
            "so_dong": tables,
            "raw": [] if raw else [str(f.relative_to(paths.raw)) for f in _files(paths.raw)],
        }
        text = json.dumps(listing, ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(target / LISTING, text)
    except OSError as error:
        raise BackupError(
            f"Không sao lưu được vào {target} ({why(error)}); kiểm tra quyền ghi và dung "
            "lượng đĩa. Bản dở dang không có ban_ke.json, xóa nó đi."
        ) from None
    except (duckdb.Error, sqlite3.Error) as error:
        if is_held(error):
            raise BackupError(HELD) from None
        raise BackupError(
            f"Không sao lưu được: một cơ sở dữ liệu không đọc được ({type(error).__name__}); chạy `kho run` để kho tự "
            "sửa rồi sao lưu lại."
        ) from None
    return Report(len(files), sum(int(item["kich_thuoc"]) for item in files.values()), tables, key)


def row_counts(root: Path) -> dict[str, int]:
    """Rows of every table of the working and the published database below ``root``, by ``database:schema.table``."""
    counts: dict[str, int] = {}
    for place in (_DATABASE, _MARTS):
        if not (root / place).exists():
            continue
        with connect(root / place, read_only=True) as connection:
            tables = connection.execute("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
            for schema, table in tables:
                rows = connection.execute(f'SELECT count(*) FROM "{schema}"."{table}"').fetchall()[0][0]
                counts[f"{Path(place).name}:{schema}.{table}"] = int(rows)
    return counts


def _refuse_target(paths: DataPaths, target: Path) -> None:
    if target == paths.root or paths.root in target.parents or target in paths.root.parents:
        raise BackupError(f"Thư mục sao lưu {target} không được nằm trong, hay chứa, thư mục dữ liệu {paths.root}.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(f"{target} đã có nội dung; mỗi bản sao lưu vào một thư mục mới hoặc trống.")
    if not paths.warehouse_file.exists():
        raise BackupError(f"Chưa có gì để sao lưu trong {paths.root}; chạy `kho run` trước.")


def _copy_all(paths: DataPaths, target: Path, *, raw: bool) -> None:
    seen: dict[tuple[int, int], Path] = {}
    with connect(paths.warehouse_file, patience=PATIENCE) as connection:
        connection.execute("CHECKPOINT")
    (target / "lam_viec").mkdir(mode=OWNER_DIR)
    _copy(paths.warehouse_file, target / _DATABASE, seen)
    folders = [(paths.working / name, target / "lam_viec" / name) for name in _WORKING]
    folders += [(paths.marts, target / "marts")]
    folders += [(paths.raw, target / "raw")] if raw else []
    for source, place in folders:
        if source.is_file():
            _copy(source, place, seen)
        for file in _files(source):
            if not any(part.startswith(".") for part in file.relative_to(source).parts):
                _copy(file, place / file.relative_to(source), seen)
    for file in _files(paths.operations):
        relative = file.relative_to(paths.operations)
        if relative.parts[0].startswith((".", "dagster")):
            continue
        _copy(file, target / "van_hanh" / relative, seen)
    _copy_dagster(paths.dagster_home, target / "van_hanh" / "dagster", seen)
    _copy(orchestration_file(), target / "cau_hinh" / "orchestration.yaml", seen)


def _copy_dagster(home: Path, place: Path, seen: dict[tuple[int, int], Path]) -> None:
    """SQLite by its own backup, for the daemon may be writing; logs as they are."""
    for file in _files(home):
        relative = file.relative_to(home)
        if relative.parts[0] == ALIVE_FOLDER:
            continue
        if file.suffix == ".db":
            (place / relative).parent.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
            source = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=30)
            copy = sqlite3.connect(place / relative)
            try:
                source.backup(copy)
            finally:
                copy.close()
                source.close()
            (place / relative).chmod(OWNER_FILE)
        elif not file.name.endswith((".db-wal", ".db-shm", ".db-journal")) and not relative.parts[0].startswith("."):
            _copy(file, place / relative, seen)


def _copy(source: Path, place: Path, seen: dict[tuple[int, int], Path]) -> None:
    """A file with its bytes, 0600; what is one file in the data folder (hard links of versions) is one here."""
    place.parent.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
    facts = source.stat()
    before = seen.setdefault((facts.st_dev, facts.st_ino), place)
    if before != place and facts.st_nlink > 1:
        os.link(before, place)
        return
    shutil.copyfile(source, place)
    place.chmod(OWNER_FILE)
    os.utime(place, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
