"""Questions to what is published: they read, within limits, closed off from files, extensions and the network."""

from __future__ import annotations

import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.config.disk import PlaceError, why
from pipelines.config.orchestration import ResourceLimits
from pipelines.config.paths import DataPaths
from pipelines.publish import formats
from pipelines.publish.sources import sources_of
from pipelines.publish.statements import forbidden
from pipelines.warehouse.database import TIME_ZONE

if TYPE_CHECKING:
    import polars as pl

_BATCH = 10_000
_FRAME = 20_000
_LOOK_EVERY = 0.1
_OWN_SENTENCE = re.compile(r"KHO: (ngày đầu \([0-9 :.-]+\) sau ngày cuối \([0-9 :.-]+\); hãy đổi chỗ hai ngày\.)")
"""What a published macro says of a window that ends before it begins; the two days are the question's own."""


class QueryError(Exception):
    """The question cannot be answered; Vietnamese text without any value of the data."""


class QuestionError(QueryError):
    """The question itself is wrong (syntax, a name, a type), so that asking it again is of no use."""


@dataclass(frozen=True)
class QueryLimits:
    """What one question may take of the machine (``gioi_han`` of ``orchestration.yaml``)."""

    memory: str = "2GB"
    seconds: int = 600
    threads: int = 2

    @classmethod
    def of(cls, limits: ResourceLimits) -> QueryLimits:
        """What the operator lets one question take."""
        return cls(memory=limits.hoi_bo_nho, seconds=limits.hoi_giay, threads=limits.luong)


@dataclass(frozen=True)
class Result:
    """An answer: column names as printed by DuckDB, and rows of Python values."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True)
class Answer:
    """An answer on its way: ``rows``, or ``frames`` (the same in batches of columns), can be gone through once, and
    only while the question is open. ``sources`` says what was asked of what, and what each column means."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]
    frames: Iterable[pl.DataFrame]
    sources: Callable[[], formats.Sources]


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

_MISTAKES = (duckdb.ParserException, duckdb.CatalogException, duckdb.BinderException, duckdb.PermissionException)


@contextmanager
def open_published(
    paths: DataPaths, limits: QueryLimits | None = None, file: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The newest publication, or the database ``file`` of a kept one, read-only and locked.

    Raises ``QueryError`` where there is none or it is damaged. What does not fit into memory spills into a folder of
    its own outside the data folder, gone afterwards.
    """
    file = file or paths.marts_file
    if not file.exists():
        raise QueryError(f"chưa công bố số liệu lần nào ({file} chưa có); chạy `kho run` trước.")
    limits = limits or QueryLimits()
    with tempfile.TemporaryDirectory(prefix="kho_hoi_", ignore_cleanup_errors=True) as scratch:
        try:
            connection = duckdb.connect(
                str(file),
                read_only=True,
                config={
                    "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false",
                    "allow_community_extensions": "false",
                    "enable_external_access": "false",
                    "temp_directory": scratch,
                    "memory_limit": limits.memory,
                    "threads": limits.threads,
                },
            )
        except duckdb.Error as error:
            raise QueryError(
                f"không mở được {file} ({type(error).__name__}): tệp hỏng, hoặc có tiến trình khác đang mở để ghi. "
                "Nếu tệp hỏng, `kho run` sẽ công bố lại."
            ) from None
        try:
            connection.execute(f"SET TimeZone = '{TIME_ZONE}'")
            connection.execute("SET lock_configuration = true")
            yield connection
        finally:
            connection.close()


@contextmanager
def ask(
    paths: DataPaths,
    sql: str,
    limits: QueryLimits | None = None,
    file: Path | None = None,
    stopped: Callable[[], object] = lambda: None,
) -> Iterator[Answer]:
    """Answer one question, in batches; several statements give the answer of the last.

    ``file``: the database of a kept publication instead of the current one. ``stopped``: whether somebody asked to
    stop, looked at while the question runs; then ``KeyboardInterrupt`` is raised.
    Only statements that read are run. Raises ``QueryError``, also while the rows are fetched, and ``QuestionError``
    where the question is at fault: no SQL, no statement, or one that does more than read.
    """
    limits = limits or QueryLimits()
    with explained(limits, stopped):
        _refuse_writing(sql)
        with open_published(paths, limits, file) as connection, watched(connection, limits, stopped):
            cursor = connection.execute(sql)
            names = tuple(str(column[0]) for column in cursor.description or ())
            yield Answer(names, _batches(cursor), _frames(cursor), partial(sources_of, connection, sql, names))


@contextmanager
def watched(
    connection: duckdb.DuckDBPyConnection, limits: QueryLimits, stopped: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Interrupt what ``connection`` runs in the block when its time is over or somebody asked to stop."""
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(connection, limits.seconds, stopped, ended), daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()


def _watch(
    connection: duckdb.DuckDBPyConnection, seconds: float, stopped: Callable[[], object], ended: threading.Event
) -> None:
    """Interrupt the question when its time is over or somebody asked to stop: the main thread hears no signal in it."""
    limit = time.monotonic() + seconds
    while not ended.wait(_LOOK_EVERY):
        if stopped() or time.monotonic() > limit:
            connection.interrupt()


def run_query(paths: DataPaths, sql: str, limits: QueryLimits | None = None, file: Path | None = None) -> Result:
    """``ask`` with the whole answer at once: for answers that are known to be small."""
    with ask(paths, sql, limits, file) as answer:
        return Result(answer.columns, list(answer.rows))


def _refuse_writing(sql: str) -> None:
    try:
        kind = forbidden(sql)
    except ValueError:
        raise QuestionError("câu hỏi trống; viết một câu SELECT, hoặc bỏ trống để mở phiên hỏi đáp.") from None
    if kind is not None:
        raise QuestionError(
            f"lệnh {kind.replace('_', ' ')} không được phép: kho chỉ đọc. Dùng SELECT, DESCRIBE, SHOW, SUMMARIZE, "
            "EXPLAIN; muốn ghi kết quả ra tệp hãy dùng --out."
        )


def _batches(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_BATCH):
        yield from rows


def _frames(cursor: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    import polars as pl

    for batch in cursor.to_arrow_reader(_FRAME):
        series = [pl.Series(f"c{place}", column) for place, column in enumerate(batch.columns)]
        yield pl.DataFrame(series)


@contextmanager
def explained(limits: QueryLimits, stopped: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Whatever DuckDB says goes wrong in the block, as ``QueryError`` in words that quote no value of the data."""
    try:
        yield
    except duckdb.InterruptException:
        if stopped():
            raise KeyboardInterrupt from None
        raise QueryError(
            f"câu hỏi chạy quá {limits.seconds} giây (gioi_han.hoi_giay trong orchestration.yaml); "
            "thêm điều kiện lọc, hoặc hỏi từng kỳ."
        ) from None
    except RuntimeError:
        # DuckDB's own answer to a signal, of no kind of its own.
        if stopped():
            raise KeyboardInterrupt from None
        raise
    except duckdb.Error as error:
        mistaken = isinstance(error, _MISTAKES) or _OWN_SENTENCE.search(str(error)) is not None
        kind = QuestionError if mistaken else QueryError
        raise kind(_explain(error)) from None
    except (UnicodeError, ValueError, OverflowError):
        raise QueryError("kết quả có giá trị không biểu diễn được; đổi cột đó sang văn bản.") from None


def write_result(result: Result | Answer, form: str, out: Path | None, *, excel: bool = False) -> None:
    """Write an answer as ``table``, ``csv``, ``json`` or ``xlsx`` to ``out``, or to standard output.

    ``excel``: CSV for a Vietnamese Excel. Raises ``QueryError`` where the form cannot hold the answer,
    ``PlaceError`` where the file cannot be written.
    """
    frames = result.frames if isinstance(result, Answer) else None
    sources = result.sources() if isinstance(result, Answer) and form == "xlsx" else None
    try:
        formats.write(result.columns, result.rows, form, out, frames=frames, sources=sources, excel=excel)
    except formats.FormatError as error:
        raise QueryError(str(error)) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        raise PlaceError(f"không ghi được {out}: {why(error)}.") from None


def _explain(error: duckdb.Error) -> str:
    own = _OWN_SENTENCE.search(str(error))
    if own is not None and isinstance(error, duckdb.InvalidInputException):
        return own[1]
    for kind, text, quotable in _EXPLAINED:
        if isinstance(error, kind):
            return f"{text}{_detail(error) if quotable else ''}."
    return f"không chạy được câu SQL ({type(error).__name__})."


def _detail(error: duckdb.Error) -> str:
    """DuckDB's first sentence and its hint, without the excerpt of the question and without quoted constants."""
    lines = str(error).split("\n\nLINE", maxsplit=1)[0].split("\n")
    hints = [line for line in lines[1:] if line.startswith(("Did you mean", "Candidate bindings"))]
    kept = re.sub(r"'(?:[^']|'')*'?", "'…'", " ".join([lines[0], *hints]))
    return f" ({kept.split(':', maxsplit=1)[-1].strip().rstrip('.')})"
