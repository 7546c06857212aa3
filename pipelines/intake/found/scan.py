"""What lies under ``raw/``: files of feeds, files of no feed, and what is none of the intake's business."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pipelines.intake.found.source import Member

_IGNORED_NAMES = {"thumbs.db", "desktop.ini", "readme.md", "readme.txt"}
_PARTIAL_SUFFIXES = (
    ".tmp",
    ".temp",
    ".part",
    ".partial",
    ".crdownload",
    ".filepart",
    ".download",
    ".opdownload",
    ".aria2",
    ".!ut",
    ".inprogress",
    ".uploading",
    ".swp",
    ".lock",
)
PARTIAL = "tệp đang chép dở hoặc tệp tạm, chờ chép xong"


CLOSED_FILE = (
    "Không có quyền đọc tệp (có thể thuộc người dùng khác). "
    "Hãy đổi chủ tệp về tài khoản chạy kho (chown) hoặc chép lại tệp."
)
_CLOSED_FOLDER = (
    "Không đọc được thư mục (có thể thuộc người dùng khác), mọi tệp trong đó chưa được nạp. "
    "Hãy đổi chủ thư mục về tài khoản chạy kho (chown) hoặc chép lại thư mục."
)


@dataclass(frozen=True)
class FoundFile:
    """A file below ``raw/``; ``name`` is its path below ``raw/`` as text, ``feed`` null where the folder is none.

    ``refusal`` says why it must not even be opened (symbolic link, not a regular file).
    """

    path: Path
    name: str
    feed: str | None
    refusal: str | None = None
    member: Member | None = None
    """Where the file is one of a zip's, whose path is ``path``."""


@dataclass(frozen=True)
class IgnoredFile:
    """A file that is no export (hidden, temporary), with the reason."""

    name: str
    reason: str


def scan(raw: Path, feeds: Collection[str]) -> tuple[list[FoundFile], list[IgnoredFile]]:
    """Every file below ``raw``, ordered by name; links are never followed.

    The order has no bearing on what is loaded (rule R8), it only makes runs repeatable.
    """
    found: list[FoundFile] = []
    ignored: list[IgnoredFile] = []

    def closed(error: OSError) -> None:
        folder = Path(os.fsdecode(error.filename)) if error.filename else raw
        if not isinstance(error, FileNotFoundError):
            name = "" if folder == raw else _name(folder, raw)
            found.append(FoundFile(folder, name + "/", _feed_of(folder / "_", raw, feeds), _CLOSED_FOLDER))

    for current, folders, names in os.walk(raw, onerror=closed, followlinks=False):
        base = Path(current)
        for folder in list(folders):
            if (base / folder).is_symlink():
                folders.remove(folder)
                names.append(folder)
            elif _is_hidden(folder):
                folders.remove(folder)
                ignored.append(IgnoredFile(_name(base / folder, raw) + "/", "thư mục ẩn, không đọc"))
        for name in names:
            path = base / name
            reason = not_an_export(name)
            if reason is not None:
                ignored.append(IgnoredFile(_name(path, raw), reason))
                continue
            feed = _feed_of(path, raw, feeds)
            found.append(FoundFile(path, _name(path, raw), feed, _must_not_open(path)))
    found.sort(key=lambda item: item.name)
    ignored.sort(key=lambda item: item.name)
    return found, ignored


def _name(path: Path, raw: Path) -> str:
    relative = path.relative_to(raw).as_posix()
    return os.fsencode(relative).decode("utf-8", "backslashreplace")


def _feed_of(path: Path, raw: Path, feeds: Collection[str]) -> str | None:
    parts = path.relative_to(raw).parts
    if len(parts) < 3:
        return None
    feed = f"{parts[0]}/{parts[1]}"
    return feed if feed in feeds else None


def not_an_export(name: str) -> str | None:
    """Why a file of this name is none of the intake's business, or None."""
    lowered = name.lower()
    if name.startswith("~$"):
        return "tệp tạm của Excel khi đang mở, không phải dữ liệu"
    if _is_hidden(name):
        return "tệp ẩn, không phải dữ liệu"
    if lowered in _IGNORED_NAMES:
        return "tệp của hệ điều hành hoặc hướng dẫn, không phải dữ liệu"
    if lowered.endswith(_PARTIAL_SUFFIXES):
        return PARTIAL
    return None


def _is_hidden(name: str) -> bool:
    """One dot in front hides a name; two (``..\\..\\x.csv``, a path that became a name) are an export's."""
    return name.startswith(".") and not name.startswith("..")


def _must_not_open(path: Path) -> str | None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return None  # gone since: told when it is opened
    except OSError:
        return CLOSED_FILE
    if stat.S_ISLNK(mode):
        return "Liên kết tượng trưng không được đi theo; hãy chép chính tệp dữ liệu vào thư mục này."
    if not stat.S_ISREG(mode):
        return "Không phải tệp thường; hãy chép chính tệp dữ liệu vào thư mục này."
    return None
