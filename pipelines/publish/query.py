"""Questions to what is published: read-only, closed off from files, extensions and the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.publish import formats
from pipelines.warehouse.database import TIME_ZONE


class QueryError(Exception):
    """The question cannot be answered; Vietnamese text without any value of the data."""


class QuestionError(QueryError):
    """The question itself is wrong (syntax, a name, a type), so that asking it again is of no use."""


@dataclass(frozen=True)
class Result:
    """An answer: column names as printed by DuckDB, and rows of Python values."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


_EXPLAINED: tuple[tuple[type[duckdb.Error], str, bool], ...] = (
    # Only these three quote nothing but the question itself and names of the catalogue.
    (duckdb.ParserException, "câu SQL sai cú pháp; xem lại chỗ được nêu", True),
    (duckdb.CatalogException, "không có bảng, cột hoặc hàm này; gõ `kho sql` rồi .bang để xem các bảng", True),
    (duckdb.BinderException, "câu SQL dùng sai cột, hàm hoặc kiểu dữ liệu", True),
    (duckdb.PermissionException, "chỉ được đọc các bảng đã công bố, không được đọc tệp hay mạng", False),
    (duckdb.ConversionException, "có giá trị không đổi được sang kiểu dữ liệu trong câu SQL", False),
    (duckdb.OutOfMemoryException, "không đủ bộ nhớ; thêm điều kiện lọc hoặc bớt cột", False),
    (duckdb.InvalidInputException, "câu lệnh không được phép hoặc tham số không hợp lệ (kho chỉ đọc)", False),
)

_MISTAKES = (duckdb.ParserException, duckdb.CatalogException, duckdb.BinderException)


@contextmanager
def open_published(paths: DataPaths) -> Iterator[duckdb.DuckDBPyConnection]:
    """The newest publication, read-only and locked; raises ``QueryError`` where there is none or it is damaged."""
    file = paths.marts_file
    if not file.exists():
        raise QueryError(f"chưa công bố số liệu lần nào ({file} chưa có); chạy `kho run` trước.")
    try:
        connection = duckdb.connect(
            str(file),
            read_only=True,
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "enable_external_access": "false",
            },
        )
    except duckdb.Error as error:
        raise QueryError(
            f"không mở được {file} ({type(error).__name__}): tệp hỏng, hoặc có tiến trình khác đang mở để ghi."
        ) from None
    try:
        connection.execute(f"SET TimeZone = '{TIME_ZONE}'")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def run_query(paths: DataPaths, sql: str) -> Result:
    """Answer one question; several statements give the answer of the last.

    Raises ``QueryError``, and ``QuestionError`` where the question is at fault.
    """
    with open_published(paths) as connection:
        try:
            cursor = connection.execute(sql)
            names = tuple(str(column[0]) for column in cursor.description or ())
            return Result(names, cursor.fetchall())
        except duckdb.Error as error:
            kind = QuestionError if isinstance(error, _MISTAKES) else QueryError
            raise kind(_explain(error)) from None
        except (UnicodeError, ValueError, OverflowError):
            raise QueryError("kết quả có giá trị không biểu diễn được; đổi cột đó sang văn bản.") from None


def write_result(result: Result, form: str, out: Path | None) -> None:
    """Write an answer as ``table``, ``csv``, ``json`` or ``xlsx`` to ``out``, or to standard output.

    Raises ``QueryError`` where the form cannot hold the answer or the file cannot be written.
    """
    try:
        formats.write(result.columns, result.rows, form, out)
    except formats.FormatError as error:
        raise QueryError(str(error)) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise QueryError(f"không ghi được {out}: {error.strerror or type(error).__name__}.") from None


def _explain(error: duckdb.Error) -> str:
    for kind, text, quotable in _EXPLAINED:
        if isinstance(error, kind):
            return f"{text}{_detail(error) if quotable else ''}."
    return f"không chạy được câu SQL ({type(error).__name__})."


def _detail(error: duckdb.Error) -> str:
    """DuckDB's first sentence without the excerpt of the question and without quoted constants."""
    first = str(error).split("\n\nLINE", maxsplit=1)[0].split("\n", maxsplit=1)[0]
    kept = re.sub(r"'(?:[^']|'')*'?", "'…'", first)
    return f" ({kept.split(':', maxsplit=1)[-1].strip().rstrip('.')})"
