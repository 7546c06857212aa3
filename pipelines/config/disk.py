"""Files on disk: their digest, and writing them whole or not at all, their owner's from the first byte."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.config.paths import OWNER_DIR, OWNER_FILE


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of the file, read in pieces; raises ``OSError`` where it cannot be read."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_whole(file: Path, content: str | bytes) -> None:
    """Write beside ``file`` (0600), flush, and take its place: a reader sees the old or the new. Raises ``OSError``.

    What a kill leaves is ``.<name>.moi``, which the next write or ``kho purge`` removes.
    """
    fresh = file.with_name(f".{file.name}.moi")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_FILE)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content.encode("utf-8") if isinstance(content, str) else content)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(file)


def create_whole(file: Path, content: bytes) -> None:
    """As ``write_whole``, but a file that is there stays: of two makers one wins. Raises ``OSError``."""
    file.parent.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.urandom(8).hex()}")
    try:
        write_new(fresh, content)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)


_WHY = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.EISDIR: "đó là thư mục",
    errno.EEXIST: "đã có tệp hoặc thư mục tên này",
    errno.ENOTEMPTY: "thư mục không trống",
    errno.EACCES: "không đủ quyền",
    errno.EPERM: "không đủ quyền",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENOSPC: "đĩa đầy",
    errno.EDQUOT: "hết hạn mức đĩa",
    errno.EFBIG: "tệp quá lớn đối với ổ đĩa này",
    errno.EIO: "ổ đĩa lỗi đọc, ghi",
    errno.EBUSY: "tệp hoặc ổ đĩa đang bận",
    errno.ETXTBSY: "tệp đang chạy",
    errno.EXDEV: "hai thư mục ở hai ổ đĩa khác nhau",
    errno.ELOOP: "liên kết vòng",
    errno.EMFILE: "mở quá nhiều tệp",
    errno.ENFILE: "mở quá nhiều tệp",
    errno.ESTALE: "ổ đĩa mạng đã ngắt",
    errno.ENOTCONN: "ổ đĩa mạng đã ngắt",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ENOMEM: "hết bộ nhớ",
}


class PlaceError(Exception):
    """Where somebody asked to write nothing can be written; Vietnamese text. Of every command this is wrong usage."""


def why(failure: OSError) -> str:
    """Why the operating system refused, in Vietnamese; the name of the error where it has no words here."""
    number = failure.errno or 0
    return _WHY.get(number) or f"lỗi {errno.errorcode.get(number, type(failure).__name__)}"


def write_new(file: Path, content: bytes) -> None:
    """A file of nobody's yet, 0600, flushed; raises ``OSError``."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_FILE)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


@contextmanager
def whole_file(out: Path, mode: int | None = None) -> Iterator[Path]:
    """A file beside ``out`` that takes its place at the end of the block; a device or a pipe is written itself.

    ``mode``: the file is made with it, before the first byte. Raises ``OSError``; where the block raises, ``out`` stays
    as it was.
    """
    if out.exists() and not out.is_file():
        yield out
        return
    place = out.with_name(f".{out.name}.dang_ghi")
    try:
        if mode is not None:
            os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode))
            place.chmod(mode)
        yield place
        place.replace(out)
    finally:
        place.unlink(missing_ok=True)


@contextmanager
def whole_folder(place: Path) -> Iterator[Path]:
    """A new owner-only folder to be filled, which takes the place of ``place`` at the end of the block.

    Raises ``OSError``; where the block raises, ``place`` stays as it was. A kill between the two renames leaves the old
    one aside: ``mend_folder`` brings it back.
    """
    mend_folder(place)
    fresh, old = _beside(place)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=OWNER_DIR, parents=True)
    try:
        yield fresh
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        fresh.rename(place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def mend_folder(place: Path) -> None:
    """Bring back what ``whole_folder`` had set aside when it was killed before the new one was in place."""
    _, old = _beside(place)
    if old.is_dir() and not place.exists():
        old.rename(place)


def _beside(place: Path) -> tuple[Path, Path]:
    return place.with_name(f".{place.name}.moi"), place.with_name(f".{place.name}.cu")
