"""``kho trace``: the rows asked for, the figures in them, the records behind each figure, and where those stand.

Figures and conditions are asked of the publication (read-only, closed off); only what is not published (places, and
records of feeds without a published list) is asked of the working warehouse, by whoever may read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.publish.query import QueryLimits, QuestionError, explained, open_published, watched
from pipelines.trace.declared import Beside, Place, Records, Trail, trail_of
from pipelines.warehouse.database import connect

WORKING = frozenset({"stg", "trung_gian", "tho", "so_cai", "lan_thay"})
MOST_ROWS = 200
COLUMNS = ("buoc", "bang", "khoa", "ma_tep", "ten_tep", "trang_tinh", "dong", "quy_tac")
_NO_PLACES = (
    "Không đọc được kho làm việc (lam_viec/ chỉ chủ thư mục được đọc, hoặc đang có lần chạy ghi): "
    "phần chỉ có ở đó (tệp, trang tính, dòng; hồ sơ của nguồn không công bố từng dòng) để trống."
)
_CALL = re.compile(r"([a-z0-9_]+\.[a-z0-9_]+)\s*\(((?:\s*'[^']*'\s*,?)*)\)", re.IGNORECASE)
_PLACE = ("ma_tep", "trang_tinh", "dong")


@dataclass(frozen=True)
class Line:
    """One line of the answer: a row of the mart, a figure, a record with one place of it, or what explains the row."""

    buoc: str
    bang: str
    khoa: str
    ma_tep: str | None = None
    ten_tep: str | None = None
    trang_tinh: str | None = None
    dong: int | None = None
    quy_tac: str | None = None


@dataclass(frozen=True)
class Figure:
    """A figure of a row and what its records give; ``found`` is null where they could not be read."""

    column: str
    value: Any
    found: Any

    @property
    def agrees(self) -> bool:
        """Whether the records give the figure, as far as they could be read."""
        return self.found is None or self.found == self.value


@dataclass(frozen=True)
class _Scope:
    """A row as a relation of one line (``sql``), its values as parameters: no value of the data is ever SQL."""

    sql: str
    row: Mapping[str, Any]

    def values(self, before: Sequence[str] = ()) -> list[Any]:
        """Parameters in the order of the marks; ``before``: columns asked for ahead of the relation."""
        return [self.row[name] for name in before] + list(self.row.values())


@dataclass
class Answer:
    """What was traced. ``notes``: what could not be, in words."""

    lines: list[Line] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether the records of every figure were read and give it."""
        return all(figure.found is not None and figure.agrees for figure in self.figures)

    def note(self, text: str) -> None:
        """Say ``text`` once."""
        if text not in self.notes:
            self.notes.append(text)


def trace(
    paths: DataPaths,
    table: str,
    where: str,
    *,
    columns: Sequence[str] = (),
    limits: QueryLimits | None = None,
    stopped: Callable[[], object] = lambda: None,
) -> Answer:
    """Trace the rows of ``schema.table`` that fulfil ``where``; ``columns``: only these figures, all by default.

    Raises ``QuestionError`` where table, column or condition is wrong, ``QueryError`` where it cannot be answered.
    """
    name, arguments = _called(table)
    trail = trail_of(name)
    if trail is None:
        raise QuestionError(f"không có bảng {table} trong các bảng công bố; gõ `kho sql` rồi .bang để xem.")
    if len(arguments) != len(trail.parameters):
        shown = ", ".join(f"'{parameter}'" for parameter in trail.parameters) or "không tham số"
        raise QuestionError(f"{name} cần đúng tham số: {name}({shown}).")
    unknown = [column for column in columns if column not in trail.numbers]
    if unknown:
        known = ", ".join(trail.numbers) or "(không)"
        raise QuestionError(f"{table} không có cột số {', '.join(unknown)}. Có: {known}.")
    _refuse_more_than_a_condition(where)
    limits = limits or QueryLimits()
    with open_published(paths, limits) as published, _working(paths) as working:
        with explained(limits, stopped), watched(published, limits, stopped):
            types, rows = _rows(published, trail, where, arguments)
        reader = _Reader(published, working, Answer())
        for row in rows:
            reader.row(trail, types, row, columns)
        return reader.answer


def _called(table: str) -> tuple[str, list[str]]:
    """Name and arguments of ``schema.table`` or ``schema.macro('a', 'b')``."""
    found = _CALL.fullmatch(table.strip())
    return (found[1].lower(), re.findall(r"'([^']*)'", found[2])) if found else (table.strip().lower(), [])


def _refuse_more_than_a_condition(where: str) -> None:
    try:
        duckdb.SQLExpression(where)
    except duckdb.Error:
        raise QuestionError(
            "--where phải là đúng một biểu thức SQL trên các cột của bảng, ví dụ: "
            "\"ky = '2025-07' AND ma_don_vi = 'H05.04'\"."
        ) from None


@contextmanager
def _working(paths: DataPaths) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The working warehouse, or None where it may not be read or is being written."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(connect(paths.warehouse_file, read_only=True)) if _readable(paths) else None
        except duckdb.Error:
            found = None
        yield found


def _readable(paths: DataPaths) -> bool:
    try:
        with paths.warehouse_file.open("rb"):
            return True
    except OSError:
        return False


def _rows(
    connection: duckdb.DuckDBPyConnection, trail: Trail, where: str, arguments: Sequence[str]
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Types and values of the rows asked for, in the order of their key."""
    order = ", ".join(f"{name} ASC NULLS FIRST" for name in trail.grain) or "ALL"
    marks = f"({', '.join('?' for _ in arguments)})" if arguments else ""
    sql = f"SELECT * FROM {trail.table}{marks} WHERE ({where}\n) ORDER BY {order} LIMIT {MOST_ROWS + 1}"
    cursor = _ask(connection, sql, arguments)
    types = {str(column[0]): str(column[1]) for column in cursor.description or ()}
    rows = cursor.fetchall()
    if not rows:
        raise QuestionError(f"không có dòng nào của {trail.table} thỏa điều kiện --where.")
    if len(rows) > MOST_ROWS:
        raise QuestionError(f"điều kiện --where chọn hơn {MOST_ROWS} dòng; thêm điều kiện (kỳ, đơn vị, thủ tục).")
    given = dict(zip(trail.parameters, arguments, strict=True))
    return types | dict.fromkeys(given, "VARCHAR"), [dict(zip(types, row, strict=True)) | given for row in rows]


def _ask(connection: duckdb.DuckDBPyConnection, sql: str, arguments: Sequence[str]) -> duckdb.DuckDBPyConnection:
    """Ask what the user wrote; a mistake of his is said without a value of the data."""
    try:
        return connection.execute(sql, list(arguments))
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.ConversionException):
        raise QuestionError(
            "điều kiện --where dùng sai cột, hàm hoặc kiểu dữ liệu, hoặc bảng này chưa được công bố."
        ) from None
    except duckdb.PermissionException:
        raise QuestionError("--where chỉ được đọc các bảng đã công bố, không được đọc tệp hay mạng.") from None


class _Reader:
    """Gathers the lines of one answer from two connections."""

    def __init__(
        self, published: duckdb.DuckDBPyConnection, working: duckdb.DuckDBPyConnection | None, answer: Answer
    ) -> None:
        self._published, self._working, self.answer = published, working, answer
        self._file_names: dict[str, str | None] = {}

    def row(self, trail: Trail, types: Mapping[str, str], row: Mapping[str, Any], columns: Sequence[str]) -> None:
        """Lines of one row of the mart."""
        key = ", ".join(f"{name}={_shown(row[name])}" for name in trail.grain if name in row)
        self.answer.lines.append(Line("hang", trail.table, key, quy_tac=trail.rule or trail.reason or None))
        scope = _scope(types, row)
        if trail.itself is not None:
            self._itself(trail, trail.itself, scope)
        for beside in trail.beside:
            self._beside(beside, scope)
        for column in columns or [*trail.figures, *trail.untraced]:
            if column in trail.figures:
                self._figure(trail, column, row[column], scope)
            else:
                text = trail.untraced.get(column) or trail.reason or "Thuộc tính của chính bản ghi này."
                value = f"{column} = {_shown(row.get(column))}"
                self.answer.lines.append(Line(f"so_lieu:{column}", trail.table, value, quy_tac=text))

    def _figure(self, trail: Trail, column: str, value: Any, scope: _Scope) -> None:
        records = trail.figures[column]
        text = f"{column} = {_shown(value)}"
        rule = f"{trail.rule}: {records.condition}" if trail.rule else records.condition
        self.answer.lines.append(Line(f"so_lieu:{column}", trail.table, text, quy_tac=rule))
        if value is None:
            self.answer.lines[-1] = Line(f"so_lieu:{column}", trail.table, text, quy_tac="Chưa biết nên để trống.")
            return
        found = self._records(records, scope, f"ban_ghi:{column}")
        figure = Figure(column, value, found)
        self.answer.figures.append(figure)
        if not figure.agrees:
            self.answer.note(
                f"{trail.table}.{column}: truy được {_shown(found)}, số công bố {_shown(value)}; "
                "kho làm việc có thể đã ở phiên bản khác với bản công bố."
            )

    def _itself(self, trail: Trail, own: Records, scope: _Scope) -> None:
        same = tuple(f"d.{name} IS NOT DISTINCT FROM o.{name}" for name in trail.grain if name in scope.row)
        self._records(replace(own, joins=same, arguments=trail.parameters), scope, "ban_ghi")

    def _beside(self, beside: Beside, scope: _Scope) -> None:
        connection = self._connection(beside.table.split(".")[0])
        if connection is None:
            return
        place = self._own_place(connection, beside.table)
        sql = (
            f"SELECT {beside.text}, {beside.rule}, {', '.join(place)} "
            f"FROM {beside.table} AS d CROSS JOIN {scope.sql} AS o WHERE {_all(beside.joins)} ORDER BY ALL"
        )
        for text, rule, file, sheet, line in connection.execute(sql, scope.values()).fetchall():
            self.answer.lines.append(
                Line(beside.step, beside.table, _shown(text), file, self._file_name(file), sheet, line, rule)
            )

    def _records(self, records: Records, scope: _Scope, step: str) -> Any:
        """Lines of the records; how many there are, or what they add up to; None where they cannot be read."""
        connection = self._connection(records.schema)
        if connection is None:
            return None
        place = self._own_place(connection, records.table)
        when = [f"coalesce({p.when}, false)" for p in records.places]
        marks = f"({', '.join('?' for _ in records.arguments)})" if records.arguments else ""
        selected = ", ".join([f"CAST({records.key} AS VARCHAR)", records.weight or "1", *place, *when])
        sql = (
            f"SELECT {selected} FROM {records.table}{marks} AS d CROSS JOIN {scope.sql} AS o "
            f"WHERE {_all((*records.joins, records.condition))} ORDER BY ALL"
        )
        rows = connection.execute(sql, scope.values(records.arguments)).fetchall()
        places = [self._places(p, [r[0] for r in rows if r[5 + n]]) for n, p in enumerate(records.places)]
        for key, weight, file, sheet, line, *chosen_places in rows:
            here = [known for known, chosen in zip(places, chosen_places, strict=True) if chosen]
            told = [spot for known in here for spot in known.get(key, ())]
            rule = None if records.weight is None else f"góp {_shown(weight)}"
            for spot in told or [(file, sheet, line)]:
                self.answer.lines.append(
                    Line(step, records.table, str(key), spot[0], self._file_name(spot[0]), spot[1], spot[2], rule)
                )
        return sum((row[1] or 0 for row in rows), start=Decimal(0) if _has_decimal(rows) else 0)

    def _places(self, place: Place, keys: list[Any]) -> dict[str, list[tuple[Any, ...]]]:
        connection = self._connection(place.table.split(".")[0])
        found: dict[str, list[tuple[Any, ...]]] = {}
        if connection is None or not keys:
            return found
        own = self._own_place(connection, place.table)
        if set(own) == {"NULL"}:
            self.answer.note(f"Bảng {place.table} chưa có trong bản công bố nên thiếu tệp, trang tính, dòng.")
            return found
        columns = ", ".join(own)
        sql = (
            f"SELECT DISTINCT CAST(d.{place.key} AS VARCHAR) AS k, {columns} FROM {place.table} AS d "
            "WHERE CAST(d." + place.key + " AS VARCHAR) IN (SELECT unnest(?)) ORDER BY ALL"
        )
        for key, *spot in connection.execute(sql, [keys]).fetchall():
            found.setdefault(str(key), []).append(tuple(spot))
        return found

    def _connection(self, schema: str) -> duckdb.DuckDBPyConnection | None:
        if schema not in WORKING:
            return self._published
        if self._working is None:
            self.answer.note(_NO_PLACES)
        return self._working

    def _own_place(self, connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
        """Expressions for file, sheet and row; NULL where the relation does not know them."""
        schema, name = table.split(".")
        rows = connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE schema_name = ? AND table_name = ?", [schema, name]
        ).fetchall()
        known = {str(row[0]) for row in rows}
        return [
            next((f"d.{spelling}" for spelling in (column, f"_{column}") if spelling in known), "NULL")
            for column in _PLACE
        ]

    def _file_name(self, file: str | None) -> str | None:
        """The file's name from the ledger, else as published (personal names in it masked)."""
        if file is None:
            return None
        if file not in self._file_names:
            connection, table = (
                (self._working, "so_cai.tep") if self._working is not None else (self._published, "van_hanh.tep")
            )
            try:
                row = connection.execute(f"SELECT ten_tep FROM {table} WHERE ma_tep = ?", [file]).fetchone()
            except duckdb.CatalogException:
                row = None
            self._file_names[file] = str(row[0]) if row and row[0] is not None else None
        return self._file_names[file]


def _scope(types: Mapping[str, str], row: Mapping[str, Any]) -> _Scope:
    columns = ", ".join(f'CAST(? AS {kind}) AS "{name}"' for name, kind in types.items())
    return _Scope(f"(SELECT {columns})", row)


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(f"({condition})" for condition in conditions) or "true"


def _has_decimal(rows: Sequence[tuple[Any, ...]]) -> bool:
    return any(isinstance(row[1], Decimal) for row in rows)


def _shown(value: Any) -> str:
    return "(trống)" if value is None else str(value)
