"""``kho sql`` without a question: ask, answer, repeat. Each question sees the newest publication."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import click

from pipelines import stopping
from pipelines.cli.terminal.console import error, plain
from pipelines.config.paths import OWNER_DIR, OWNER_FILE, DataPaths
from pipelines.publish.formats import table_lines, write_table
from pipelines.publish.query import Answer, QueryError, QueryLimits, ask, open_published, run_query
from pipelines.publish.statements import questions

HELP = """\
Câu SQL kết thúc bằng dấu chấm phẩy (;), được viết nhiều dòng, nhiều câu một lần.
  .bang [MẪU]   các bảng và nghĩa của bảng (MẪU: một phần tên hoặc nghĩa, không cần dấu)
  .cot BẢNG     các cột của một bảng: kiểu, nghĩa
  .macro [MẪU]  các biểu tính cho mọi khoảng thời gian, với tham số
  .help         trợ giúp này
  .thoat        ra (cũng dùng exit, quit, Ctrl-D)
Phím Tab gợi ý tên; mũi tên lên gọi lại câu cũ; Ctrl-C bỏ câu đang viết hoặc dừng câu đang chạy."""
_LEAVE = {".thoat", ".exit", ".quit", "exit", "quit", "exit;", "quit;", "thoat"}
_TABLES = (
    "SELECT schema_name || '.' || table_name AS bang, estimated_size AS so_dong, comment AS nghia "
    "FROM duckdb_tables() ORDER BY ALL"
)
_MACROS = (
    "SELECT schema_name || '.' || function_name || '(' || array_to_string(parameters, ', ') || ')' AS macro, "
    "comment AS nghia FROM duckdb_functions() "
    "WHERE function_type IN ('table_macro', 'macro') AND NOT internal ORDER BY ALL"
)
_COLUMNS = (
    "SELECT column_name AS cot, data_type AS kieu, comment AS nghia FROM duckdb_columns() "
    "WHERE schema_name || '.' || table_name = '{}' OR table_name = '{}' ORDER BY schema_name, column_index"
)
_WORDS = ("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "LIMIT", "JOIN", "USING", "count(*)", "sum(", "DESCRIBE")


@dataclass(frozen=True)
class Names:
    """What can be completed: tables and macros with their schema, columns by table."""

    macros: tuple[str, ...]
    columns: dict[str, tuple[str, ...]]

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables with their schema."""
        return tuple(self.columns)

    def candidates(self, text: str, word: str) -> list[str]:
        """Names that begin with ``word``: columns of the tables that ``text`` names first, then tables and macros."""
        lower = word.lower()
        if "." in lower and lower.split(".")[0] in {name.split(".")[0] for name in self.tables}:
            pool: Iterable[str] = (*self.tables, *self.macros)
        else:
            named = [table for table in self.columns if table in text.lower()]
            own = [column for table in named for column in self.columns[table]]
            rest = sorted({column for columns in self.columns.values() for column in columns})
            schemas = sorted({f"{name.split('.')[0]}." for name in (*self.tables, *self.macros)})
            pool = (*own, *schemas, *self.tables, *self.macros, *rest, *_WORDS)
        return [name for name in dict.fromkeys(pool) if name.lower().startswith(lower)]


def names_of(paths: DataPaths, file: Path | None) -> Names:
    """The names of what is published. Raises ``QueryError``."""
    with open_published(paths, file=file) as connection:
        macros = connection.execute(
            "SELECT DISTINCT schema_name || '.' || function_name || '(' FROM duckdb_functions() "
            "WHERE function_type IN ('table_macro', 'macro') AND NOT internal ORDER BY 1"
        ).fetchall()
        columns = connection.execute(
            "SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "WHERE NOT internal GROUP BY 1 ORDER BY 1"
        ).fetchall()
    found = {str(table): tuple(str(column) for column in listed) for table, listed in columns}
    return Names(tuple(str(row[0]) for row in macros), found)


def session(paths: DataPaths, limits: QueryLimits, file: Path | None) -> int:
    """Read questions from the terminal (with history and completion), or plain lines from a pipe; 0 at the end.

    In a pipe the first wrong question ends it: raises ``QueryError``, as ``kho sql "…"`` does.
    """
    with open_published(paths, file=file):
        pass
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    if interactive:
        # Here Ctrl-C drops the question, not the program.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        click.echo("Gõ câu SQL kết thúc bằng dấu chấm phẩy; .help xem trợ giúp; .thoat để ra.")
    read = _prompt(paths, file) if interactive else _plain_line
    pending = ""
    while True:
        try:
            line = read("  …> " if pending else "kho> ")
        except KeyboardInterrupt:
            pending = ""
            continue
        except EOFError:
            if pending.strip():
                _each(paths, pending, limits, file, show=_print, stop_at_mistake=not interactive)
            return 0
        if not pending and line.strip().lower() in _LEAVE:
            return 0
        if not pending and line.strip().startswith("."):
            _command(paths, line.strip(), file)
            continue
        pending = f"{pending}\n{line}".strip("\n")
        if pending.rstrip().endswith(";"):
            _each(paths, pending, limits, file, show=_page if interactive else _print, stop_at_mistake=not interactive)
            pending = ""


def _each(
    paths: DataPaths,
    text: str,
    limits: QueryLimits,
    file: Path | None,
    *,
    show: Callable[[Answer], None],
    stop_at_mistake: bool,
) -> None:
    stopping.forget()  # the prompt has taken the signals for itself meanwhile
    try:
        for question in questions(text):
            with ask(paths, question, limits, file, stopping.asked) as answer:
                show(answer)
    except QueryError as mistake:
        if stop_at_mistake:
            raise
        error(str(mistake))
    except KeyboardInterrupt:
        error("đã dừng câu hỏi.")
    finally:
        stopping.forget()


def _command(paths: DataPaths, line: str, file: Path | None) -> None:
    word, _, rest = line.partition(" ")
    rest = rest.strip().rstrip(";")
    if word in {".help", ".trogiup", ".h"}:
        click.echo(HELP)
    elif word == ".bang":
        _print_rows(paths, _TABLES, file, only=rest)
    elif word == ".macro":
        _print_rows(paths, _MACROS, file, only=rest)
    elif word == ".cot" and re.fullmatch(r"\w+(\.\w+)?", rest):
        _print_rows(paths, _COLUMNS.format(rest.lower(), rest.lower()), file)
    else:
        error(f"không có lệnh “{plain(line)}” (hoặc thiếu tên bảng); gõ .help để xem các lệnh.")


def _print_rows(paths: DataPaths, sql: str, file: Path | None, only: str = "") -> None:
    try:
        result = run_query(paths, sql, file=file)
    except QueryError as mistake:
        error(str(mistake))
        return
    wanted = _folded(only)
    rows = [row for row in result.rows if wanted in _folded(" ".join(str(cell) for cell in row))]
    write_table(result.columns, rows, sys.stdout)


def _folded(text: str) -> str:
    """Lower case without diacritics, as people type who search."""
    from pipelines.contracts.normal_form import normal_form

    return normal_form(text)


def _print(answer: Answer) -> None:
    write_table(answer.columns, answer.rows, sys.stdout)


def _page(answer: Answer) -> None:
    """Print what fits on the screen, page what does not; an answer of any length is never held whole as text."""
    screen = shutil.get_terminal_size()
    lines = table_lines(answer.columns, answer.rows, looked_at=True)
    first = list(islice(lines, screen.lines))
    if len(first) < screen.lines and max(map(len, first)) <= screen.columns + 1:
        click.echo("".join(first), nl=False)
        return
    os.environ.setdefault("LESS", "-SFRX")
    click.echo_via_pager(chain(first, lines))


def _plain_line(_prompt: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")


def _prompt(paths: DataPaths, file: Path | None) -> Callable[[str], str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer, Completion
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    names = names_of(paths, file)

    class _Names(Completer):
        def get_completions(self, document, complete_event):  # type: ignore[no-untyped-def]  # noqa: ARG002
            word = re.search(r"[\w.]*$", document.text_before_cursor)
            typed = word.group() if word else ""
            if typed:
                for name in names.candidates(document.text, typed)[:60]:
                    yield Completion(name, start_position=-len(typed))

    place = _history()
    history: History = FileHistory(str(place)) if place else InMemoryHistory()
    reader: PromptSession[str] = PromptSession(history=history, completer=_Names(), complete_while_typing=False)
    return reader.prompt


def _history() -> Path | None:
    """Where questions of before are kept, owner-only; None where there is no home to keep them in."""
    try:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path("~/.local/state").expanduser())
        place = base / "kho06" / "lich_su_sql"
        place.parent.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
        place.touch(mode=OWNER_FILE)
        place.chmod(OWNER_FILE)
    except (OSError, RuntimeError):
        return None
    return place
