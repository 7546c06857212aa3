"""A full disk, a read-only file system, memory used up: told from any other failure, in words that say where.

How much is missing can only be estimated: nobody knows what a night will write before it has written it. What it writes
at most is what stands once more: the working warehouse built whole beside its old blocks, and a publication beside
the one in use, as files and in the store of versions.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
from enum import StrEnum
from pathlib import Path

from pipelines.config.figures import grouped
from pipelines.config.paths import DataPaths

_MEGABYTE = 1_000_000
_ALWAYS = 100 * _MEGABYTE
"""dbt's artefacts, Dagster's events, what a query spills: more than these take in a small province."""
_OF_RAW = 15
"""Bytes of a working warehouse for one byte of exports (a first night has nothing to measure)."""


class Lack(StrEnum):
    """What there is not enough of."""

    DISK = "dia"
    READ_ONLY = "chi_doc"
    MEMORY = "bo_nho"


_NUMBERS = {
    errno.ENOSPC: Lack.DISK,
    errno.EDQUOT: Lack.DISK,
    errno.EROFS: Lack.READ_ONLY,
    errno.ENOMEM: Lack.MEMORY,
}
_WORDS = (
    ("no space left", Lack.DISK),
    ("disk full", Lack.DISK),
    ("disk is full", Lack.DISK),
    ("disk quota exceeded", Lack.DISK),
    ("out of disk space", Lack.DISK),
    ("not enough space", Lack.DISK),
    ("max_temp_directory_size", Lack.DISK),  # DuckDB allows itself what the disk has free
    ("read-only file system", Lack.READ_ONLY),
    ("attempt to write a readonly database", Lack.READ_ONLY),
    ("out of memory error", Lack.MEMORY),
    ("cannot allocate memory", Lack.MEMORY),
    ("could not allocate block", Lack.MEMORY),  # DuckDB in a commit: no "out of memory" there
    ("failed to allocate", Lack.MEMORY),
    ("failed to pin block", Lack.MEMORY),
)
_SPEAKERS = ("duckdb", "_duckdb", "sqlite3", "sqlalchemy", "dbt", "dbt_common", "dagster")
"""Libraries that say it in words; of others' words it may be a value of the data."""
_USED = re.compile(r"\(([0-9.]+ [KMGT]?i?B(?:ytes)?/[0-9.]+ [KMGT]?i?B(?:ytes)?) used\)", re.IGNORECASE)


def lack_in(text: str) -> Lack | None:
    """What a library's message says there is not enough of; None where it says something else."""
    lower = text.lower()
    return next((lack for words, lack in _WORDS if words in lower), None)


def lack_of(error: BaseException) -> Lack | None:
    """The same of an error, or of what it came from."""
    seen: BaseException | None = error
    while seen is not None:
        found = _lack_of_one(seen)
        if found is not None:
            return found
        seen = seen.__cause__ or seen.__context__
    return None


def _lack_of_one(error: BaseException) -> Lack | None:
    if isinstance(error, MemoryError):
        return Lack.MEMORY
    if isinstance(error, OSError) and error.errno in _NUMBERS:
        return _NUMBERS[error.errno]
    return lack_in(str(error)) if _is_spoken(error) else None


def _is_spoken(error: BaseException) -> bool:
    return type(error).__module__.split(".")[0] in _SPEAKERS


def told(paths: DataPaths, error: BaseException) -> str | None:
    """A Vietnamese sentence: which folder, how much is missing, what to do; None where ``error`` is another failure.

    SQLite says no more than "disk I/O error" of a full disk: where nothing is free, that is what it means; where
    something is again, the disk may have been full or may be broken, and both are said.
    """
    lack = lack_of(error)
    if lack is None and _is_spoken(error):
        folder, free = _fullest(paths)
        if free < _MEGABYTE:
            lack = Lack.DISK
        elif "disk i/o error" in str(error).lower():
            needed = needed_for_a_night(paths)
            return (
                f"Đĩa của thư mục {folder} báo lỗi đọc ghi: đầy trong lúc chạy, hoặc ổ hỏng. Nay còn trống {_mb(free)} "
                f"MB, một đêm cần khoảng {_mb(needed)} MB. Xem `dmesg` và dung lượng đĩa rồi chạy lại."
            )
    return None if lack is None else sentence(paths, lack, str(error))


def sentence(paths: DataPaths, lack: Lack, said: str = "") -> str:
    """The sentence of ``told``; ``said``: the library's words, of which only how much was used is taken."""
    if lack is Lack.MEMORY:
        used = _USED.search(said)
        share = f" (đã dùng {used.group(1)})" if used else ""
        return (
            f"Hết bộ nhớ{share}: tăng gioi_han.bo_nho trong orchestration.yaml nếu máy còn bộ nhớ, hoặc giảm "
            "gioi_han.luong, rồi chạy lại."
        )
    folder, free = _fullest(paths)
    if lack is Lack.READ_ONLY:
        folder = next((place for place in _places(paths) if os.statvfs(place).f_flag & os.ST_RDONLY), folder)
        return (
            f"Thư mục {folder} chỉ đọc được: hệ thống tệp gắn chỉ đọc, hoặc đã tự khóa ghi vì ổ đĩa lỗi. Xem `dmesg`, "
            "gắn lại cho ghi rồi chạy lại."
        )
    needed = needed_for_a_night(paths)
    what = "Giải phóng chỗ (`kho purge --dry-run` cho biết dọn được gì) hoặc thêm đĩa rồi chạy lại."
    if free >= needed:
        return (
            f"Đĩa của thư mục {folder} đã đầy trong lúc chạy, nay còn trống {_mb(free)} MB: có gì khác ghi vào đĩa này "
            f"cùng lúc, hoặc hạn mức đĩa của người dùng hay thư mục không cho ghi thêm. {what}"
        )
    there = f"Đĩa của thư mục {folder} đã đầy: còn trống {_mb(free)} MB"
    return f"{there}, một đêm cần khoảng {_mb(needed)} MB: thiếu khoảng {_mb(needed - free)} MB. {what}"


def is_spent(folder: Path) -> bool:
    """Whether nothing more can be written to the disk of ``folder``: full, or read-only."""
    facts = os.statvfs(folder)
    return facts.f_bavail == 0 or bool(facts.f_flag & os.ST_RDONLY)


def needed_for_a_night(paths: DataPaths) -> int:
    """Bytes that a night may need to have free (see the module's words)."""
    warehouse = _size(paths.warehouse_file) or _OF_RAW * _below(paths.raw)
    published = sum(_below(place) for place in _children(paths.marts) if place.name != "phien_ban")
    return warehouse + 2 * published + _ALWAYS


def _places(paths: DataPaths) -> list[Path]:
    wanted = (paths.root, paths.raw, paths.working, paths.marts, paths.operations, paths.dagster_home)
    there = [place for place in (*wanted, Path(tempfile.gettempdir())) if place.is_dir()]
    return there or [next(place for place in paths.root.parents if place.is_dir())]


def _fullest(paths: DataPaths) -> tuple[Path, int]:
    """The folder whose disk has least free, and how many bytes; of several on one disk, the first."""
    free = {place: os.statvfs(place) for place in _places(paths)}
    place = min(free, key=lambda place: free[place].f_bavail * free[place].f_frsize)
    return place, free[place].f_bavail * free[place].f_frsize


def _children(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _below(place: Path) -> int:
    if place.is_file():
        return _size(place)
    return sum(_size(file) for file in place.rglob("*"))


def _size(place: Path) -> int:
    try:
        return place.stat().st_size if place.is_file() else 0
    except OSError:
        return 0


def _mb(size: int) -> str:
    return grouped(-(-size // _MEGABYTE))
