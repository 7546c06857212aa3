"""``kho restore``: a backup becomes the data folder again, and proves itself before it shows.

Everything is copied beside the empty data folder, proved there (every size and SHA-256, the rows of every table) and
only then moved into place. A restore that fails leaves the data folder as it was.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from pipelines.config.disk import create_whole, sha256_of, why
from pipelines.config.paths import INTERNAL_DIR, INTERNAL_FILE, OWNER_DIR, OWNER_FILE, DataPaths
from pipelines.config.release import ReleaseError
from pipelines.config.secret import VARIABLE, SecretError, fingerprint, key_file, secret_key
from pipelines.upkeep import removals
from pipelines.upkeep.backup import FORM, KEY, LISTING, BackupError, Report, row_counts
from pipelines.warehouse import releases
from pipelines.warehouse.database import connect

_PARTS = ("raw", "lam_viec", "marts", "van_hanh")


def restore(paths: DataPaths, source: Path) -> Report:
    """Make the data folder from ``source``; it must be absent or empty. Raises ``BackupError``."""
    listing = _read(source)
    _refuse_full(paths)
    staging = paths.root.with_name(f".{paths.root.name}.khoi_phuc")
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=OWNER_DIR, parents=True)
        for name in listing["tep"]:
            if name.split("/")[0] in _PARTS:
                _copy(source / name, staging / name, published=name.startswith("marts/"))
        _prove(staging, source, listing)
        _install_key(source, listing)
        _move(staging, paths)
    except OSError as error:
        raise BackupError(
            f"Không khôi phục được vào {paths.root} ({why(error)}); kiểm tra quyền ghi và dung lượng đĩa."
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    paths.prepare()
    sizes = [int(item["kich_thuoc"]) for item in listing["tep"].values()]
    return Report(
        len(sizes), sum(sizes), listing["so_dong"], bool(listing["kem_khoa"]), _remarks(paths, source, listing)
    )


def _read(source: Path) -> dict[str, Any]:
    try:
        listing = json.loads((source / LISTING).read_text(encoding="utf-8"))
        if listing["mau"] != FORM:
            raise BackupError(f"{source}: bản sao lưu theo mẫu {listing['mau']}, phiên bản này chỉ đọc mẫu {FORM}.")
        names = list(listing["tep"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"{source} không phải một bản sao lưu trọn vẹn (thiếu hoặc hỏng {LISTING}).") from None
    for name in names:
        parts = PurePosixPath(name).parts
        if not parts or parts[0] == "/" or ".." in parts or (source / name).is_symlink():
            raise BackupError(f"{source}: {LISTING} có đường dẫn không an toàn; không khôi phục.")
    return dict(listing)


def _refuse_full(paths: DataPaths) -> None:
    """Folders alone are no data; a link is, wherever it leads."""
    if any(path.is_symlink() or not path.is_dir() for path in paths.root.rglob("*")):
        raise BackupError(
            f"{paths.root} đã có dữ liệu; chỉ khôi phục vào thư mục trống. Dời nó đi, hoặc đặt KHO_DATA sang chỗ khác."
        )


def _move(staging: Path, paths: DataPaths) -> None:
    """All parts into place, or none: what could be in their way is out of it before the first is moved."""
    _refuse_full(paths)  # copying and proving took its time
    paths.root.mkdir(parents=True, exist_ok=True)
    parts = [part for part in _PARTS if (staging / part).exists()]
    for part in parts:
        for folder, _, _ in os.walk(paths.root / part, topdown=False):
            Path(folder).rmdir()
    moved = []
    try:
        for part in parts:
            (staging / part).rename(paths.root / part)
            moved.append(part)
    except OSError:
        for part in moved:
            (paths.root / part).rename(staging / part)
        raise


def _copy(source: Path, place: Path, *, published: bool) -> None:
    if not source.is_file():
        raise BackupError(f"Bản sao lưu thiếu tệp {source.name}; dùng bản khác.")
    place.parent.mkdir(mode=INTERNAL_DIR if published else OWNER_DIR, parents=True, exist_ok=True)
    shutil.copyfile(source, place)
    place.chmod(INTERNAL_FILE if published else OWNER_FILE)
    facts = source.stat()
    os.utime(place, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def _prove(staging: Path, source: Path, listing: dict[str, Any]) -> None:
    """Every file as listed, every table with its rows."""
    for name, facts in listing["tep"].items():
        copied = staging / name
        file = copied if copied.exists() else source / name
        if not file.is_file() or file.stat().st_size != facts["kich_thuoc"] or sha256_of(file) != facts["sha256"]:
            raise BackupError(
                f"Bản sao lưu hỏng: tệp {name} không đúng bản kê (kích thước hoặc SHA-256); dùng bản khác."
            )
    try:
        _refuse_newer(staging)
        counted = row_counts(staging)
    except duckdb.Error as error:
        raise BackupError(f"Bản sao lưu hỏng: không mở được cơ sở dữ liệu ({type(error).__name__}).") from None
    if counted != listing["so_dong"]:
        wrong = sorted(
            k for k in counted.keys() | listing["so_dong"].keys() if counted.get(k) != listing["so_dong"].get(k)
        )
        raise BackupError(f"Bản sao lưu hỏng: số dòng của {', '.join(wrong[:3])} không đúng bản kê.")


def _refuse_newer(staging: Path) -> None:
    """A warehouse that this release could not open is not put in place."""
    file = DataPaths(staging).warehouse_file
    if not file.exists():
        return
    try:
        with connect(file, read_only=True) as connection:
            releases.refuse_newer(releases.number_of(connection))
    except duckdb.Error as error:
        releases.refuse_newer_engine(error)
        raise
    except ReleaseError as error:
        raise BackupError(str(error)) from None


def _install_key(source: Path, listing: dict[str, Any]) -> None:
    """Put the key of the backup in its place where this machine has none."""
    if not listing["kem_khoa"] or os.environ.get(VARIABLE) or key_file().exists():
        return
    create_whole(key_file(), (source / KEY).read_bytes())


def _remarks(paths: DataPaths, source: Path, listing: dict[str, Any]) -> tuple[str, ...]:
    """What is left to do: people to be removed again, the key, the exports, the settings."""
    remarks = [*removals.told(paths, source, datetime.fromisoformat(listing["luc"]))]
    try:
        same = fingerprint(secret_key()) == listing["dau_khoa"]
        if not same:
            remarks.append(
                "Khóa bí mật của máy này KHÁC khóa của bản sao lưu: khôi phục đúng khóa trước khi `kho run`."
            )
    except SecretError:
        remarks.append(
            f"Máy này chưa có khóa bí mật: khôi phục khóa vào {key_file()} (quyền 0600) trước khi `kho run`."
        )
    if not listing["kem_raw"]:
        remarks.append(f"Bản sao lưu không kèm raw/: chép lại {len(listing['raw'])} tệp gốc nếu cần đọc lại.")
    remarks.append(f"So orchestration.yaml của máy này với {source / 'cau_hinh' / 'orchestration.yaml'}.")
    return tuple(remarks)
