"""What a full disk, a read-only file system and spent memory are known by, and what is said of them."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from pathlib import Path

import duckdb
import pytest

from pipelines.cli.main import run
from pipelines.config import space
from pipelines.config.paths import DataPaths
from pipelines.config.space import Lack, lack_of
from pipelines.config.traces import keep_trace
from pipelines.orchestrate.home import _is_broken
from pipelines.publish.publish import PublishError, _not_written
from pipelines.warehouse.damage import is_damage

FULL = OSError(errno.ENOSPC, "No space left on device")
GIVEN_UP = duckdb.FatalException(
    "FATAL Error: Failed: database has been invalidated because of a previous fatal error. Original error: "
    '"TransactionContext Error: Failed to commit: Could not write file "x.wal": No space left on device"'
)

NO_MEMORY = duckdb.TransactionException(
    "TransactionContext Error: Failed to commit: could not allocate block of size 256.0 KiB (9.2 MiB/9.5 MiB used)"
)


@pytest.mark.parametrize(
    ("error", "lack"),
    [
        (FULL, Lack.DISK),
        (OSError(errno.EDQUOT, "x"), Lack.DISK),
        (OSError(errno.EROFS, "x"), Lack.READ_ONLY),
        (MemoryError(), Lack.MEMORY),
        (GIVEN_UP, Lack.DISK),
        (sqlite3.OperationalError("database or disk is full"), Lack.DISK),
        (sqlite3.OperationalError("attempt to write a readonly database"), Lack.READ_ONLY),
        (
            duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block (38 MiB/38 MiB used)"),
            Lack.MEMORY,
        ),
        (
            duckdb.OutOfMemoryException(
                "Out of Memory Error: failed to offload data block (1.0 GiB/1.0 GiB used). This limit was set by the "
                "'max_temp_directory_size' setting."
            ),
            Lack.DISK,
        ),
        (NO_MEMORY, Lack.MEMORY),
        (
            duckdb.FatalException(f'FATAL Error: Failed: database has been invalidated. Original error: "{NO_MEMORY}"'),
            Lack.MEMORY,
        ),
        (duckdb.OutOfMemoryException("failed to pin block of size 256.0 KiB (38 MiB/38 MiB used)"), Lack.MEMORY),
        (ValueError("No space left on device"), None),
        (PermissionError(errno.EACCES, "x"), None),
        (duckdb.IOException("Corrupt database file"), None),
    ],
)
def test_what_is_lacking(error: Exception, lack: Lack | None) -> None:
    assert lack_of(error) is lack


def test_a_database_given_up_for_memory_is_not_damaged() -> None:
    given_up = f'FATAL Error: database has been invalidated because of a previous fatal error. Original: "{NO_MEMORY}"'
    assert not is_damage(duckdb.FatalException(given_up))


def test_what_an_error_came_of_counts_too() -> None:
    with pytest.raises(PublishError) as caught:
        try:
            raise FULL
        except OSError:
            raise PublishError("không ghi được") from None
    assert lack_of(caught.value) is Lack.DISK


def test_a_database_given_up_for_a_full_disk_is_not_damaged() -> None:
    assert not is_damage(GIVEN_UP)
    assert is_damage(duckdb.FatalException("FATAL Error: database has been invalidated"))


def test_the_sentence_names_the_folder_and_how_much_is_missing(
    data: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.prepare()
    data.warehouse_file.write_bytes(b"x" * 5_000_000)
    data.marts_file.write_bytes(b"x" * 2_000_000)
    (data.marts / "phien_ban").mkdir()
    (data.marts / "phien_ban" / "cu.bang").write_bytes(b"x" * 9_000_000)
    assert space.needed_for_a_night(data) == 109_000_000
    tight = os.statvfs_result((4096, 4096, 100, 0, 1000, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda place: tight if Path(place) == data.working else _WIDE)
    said = space.told(data, FULL)
    assert said is not None
    assert (
        f"Đĩa của thư mục {data.working} đã đầy: còn trống 5 MB, một đêm cần khoảng 109 MB: thiếu khoảng 105 MB."
        in said
    )


_WIDE = os.statvfs_result((4096, 4096, 10**9, 10**9, 10**9, 0, 0, 0, 0, 255))


def test_an_error_of_input_and_output_means_a_full_disk_where_nothing_is_free(
    data: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.prepare()
    vague = sqlite3.OperationalError("disk I/O error")
    monkeypatch.setattr(os, "statvfs", lambda _: _WIDE)
    assert "báo lỗi đọc ghi: đầy trong lúc chạy, hoặc ổ hỏng. Nay còn trống" in (space.told(data, vague) or "")
    assert space.told(data, sqlite3.OperationalError("no such table: runs")) is None
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((4096, 4096, 9, 0, 0, 0, 0, 0, 0, 255)))
    assert "đã đầy" in (space.told(data, vague) or "")
    assert space.told(data, ValueError("disk I/O error")) is None


def test_a_quota_is_not_called_a_missing_byte(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    data.prepare()
    monkeypatch.setattr(os, "statvfs", lambda _: _WIDE)
    said = space.told(data, OSError(errno.EDQUOT, "x"))
    assert said is not None
    assert "hạn mức đĩa" in said
    assert "còn trống" in said
    assert "thiếu" not in said


def test_the_folder_that_is_closed_for_writing_is_named(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    data.prepare()
    closed = os.statvfs_result((4096, 4096, 9, 9, 9, 0, 0, 0, os.ST_RDONLY, 255))
    monkeypatch.setattr(os, "statvfs", lambda place: closed if Path(place) == data.marts else _WIDE)
    said = space.told(data, OSError(errno.EROFS, "x"))
    assert said is not None
    assert str(data.marts) in said
    assert "chỉ đọc được" in said


def test_of_spent_memory_only_the_amount_is_repeated(data: DataPaths) -> None:
    said = space.told(data, duckdb.OutOfMemoryException("Out of Memory Error: 'Nguyễn Văn A' (38.1 MiB/38.1 MiB used)"))
    assert said is not None
    assert "(đã dùng 38.1 MiB/38.1 MiB)" in said
    assert "gioi_han.bo_nho" in said
    assert "Nguyễn" not in said


def test_a_publication_says_the_disk_and_not_the_kind_of_error(data: DataPaths) -> None:
    data.prepare()
    said = _not_written(data, duckdb.TransactionException("Failed to commit: No space left on device"))
    assert re.search(r"đã đầy.*Bản đang công bố giữ nguyên\.$", said)
    assert "TransactionException" not in said


def test_a_command_says_it_too_and_a_trace_that_cannot_be_kept_hides_nothing(
    data: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data.prepare()
    data.working.chmod(0o700)
    (data.working / "loi_cuoi.txt").mkdir()
    assert keep_trace(data, FULL).name == "loi_cuoi.txt"

    def full(_: object) -> None:
        raise FULL

    monkeypatch.setattr("pipelines.cli.status.finish_swap", full)
    assert run(["status"]) == 3
    shown = capsys.readouterr()
    assert "Đĩa của thư mục" in shown.err
    assert "ngoài dự kiến" not in shown.err


def test_dagsters_storage_on_a_disk_that_takes_nothing_is_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing:
        @staticmethod
        def connect(*_: object, **__: object) -> None:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR | 3 << 8
            raise error

    monkeypatch.setattr("pipelines.orchestrate.home.sqlite3.connect", Refusing.connect)
    assert not _is_broken(tmp_path / "a.db")
