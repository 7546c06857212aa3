"""Questions of a paper to one publication; every figure is taken with the question that gives it again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from pipelines.config.figures import day
from pipelines.papers.figure import SHARE, Field, Figure
from pipelines.warehouse.database import literal
from pipelines.warehouse.decisions import DECISIONS, PUBLICATION

_UNREADABLE = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_GROUP_OF = {
    "cong_khai_minh_bach", "tien_do_giai_quyet", "dich_vu_truc_tuyen", "thanh_toan_truc_tuyen",
    "so_hoa_ho_so", "muc_do_hai_long",
}  # fmt: skip


def group_of(table: str) -> str:
    """The mart group of a published table."""
    schema, name = table.split(".")
    return name if name in _GROUP_OF else schema


class PaperError(Exception):
    """The paper cannot be made; Vietnamese text."""


class AskedError(PaperError):
    """What was asked for is wrong: a unit, a window, a template, a report, a place to write to."""


@dataclass(frozen=True)
class Window:
    """Both days included."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """As it is printed."""
        return f"từ {day(self.first)} đến {day(self.last)}"

    @property
    def sql(self) -> str:
        """The two arguments of a window macro."""
        return f"DATE {literal(self.first.isoformat())}, DATE {literal(self.last.isoformat())}"

    @property
    def months(self) -> list[str]:
        """Calendar months (YYYY-MM) that lie in it whole."""
        found, first = [], self.first.replace(day=1)
        while first <= self.last:
            after = (first + timedelta(days=32)).replace(day=1)
            if first >= self.first and after - timedelta(days=1) <= self.last:
                found.append(f"{first:%Y-%m}")
            first = after
        return found


@dataclass(frozen=True)
class Source:
    """``sql``: a table or macro call; ``table``: the published table it rests on."""

    sql: str
    table: str


@dataclass(frozen=True)
class Asked:
    """Rows of a source, or why there are none."""

    rows: list[dict[str, Any]]
    reason: str = ""


@dataclass
class Desk:
    """One publication and one window; ``prefix`` is that of the codes, ``groups`` are the mart groups asked."""

    connection: duckdb.DuckDBPyConnection
    window: Window
    prefix: str
    figures: dict[str, Figure] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)
    _asked: dict[str, Asked] = field(default_factory=dict)
    _dates: dict[str, tuple[date | None, str | None]] = field(default_factory=dict)

    def ask(self, sql: str, table: str) -> Asked:
        """All rows of a small answer; a table that is not published is a reason, no failure."""
        self.groups.add(group_of(table))
        if sql not in self._asked:
            try:
                cursor = self.connection.execute(sql)
                names = [column[0] for column in cursor.description or ()]
                rows = [{n: clean(v) for n, v in zip(names, row, strict=True)} for row in cursor.fetchall()]
                self._asked[sql] = Asked(rows)
            except duckdb.CatalogException:
                self._asked[sql] = Asked([], self.missing(table))
            except duckdb.BinderException:  # a kept publication of before a column was added
                self._asked[sql] = Asked([], f"bảng {table} của bản công bố này thiếu cột mà chỉ tiêu cần")
        return self._asked[sql]

    def missing(self, table: str) -> str:
        """Why a table is not there: what its gate said, else that it was never published."""
        group = group_of(table)
        try:
            rows = self.connection.execute(
                f"SELECT ly_do FROM {DECISIONS} WHERE nhom_mart = ? AND trang_thai <> 'moi'", [group]
            ).fetchall()
        except duckdb.CatalogException:
            rows = []
        why = f": {clean(rows[0][0])}" if rows and rows[0][0] else ""
        return f"bảng {table} chưa được công bố{why}"

    def never_came(self, *feeds: str) -> str:
        """Why nothing is known of what these feeds tell: no file of any of them was loaded. Empty where one was."""
        names = ", ".join(literal(feed) for feed in feeds)
        asked = self.ask(
            f"SELECT nguon_du_lieu, tep_cuoi FROM van_hanh.nguon WHERE nguon_du_lieu IN ({names})", "van_hanh.nguon"
        )
        if not asked.rows or any(row["tep_cuoi"] is not None for row in asked.rows):
            return ""
        return f"kho chưa nhận tệp nào của nguồn {', '.join(sorted(row['nguon_du_lieu'] for row in asked.rows))}"

    def source(self, table: str) -> tuple[date | None, str | None]:
        """As-of day and publication of a table: a held group keeps those of its last good night."""
        if table not in self._dates:
            asked = self.ask(f"SELECT ngay_so_lieu, phien_ban FROM {table} LIMIT 1", table)
            row = asked.rows[0] if asked.rows else None
            self._dates[table] = (row["ngay_so_lieu"], row["phien_ban"]) if row else self.publication()
        return self._dates[table]

    def publication(self) -> tuple[date | None, str | None]:
        """As-of day and id of the publication; nothing where the tables of operation tell of none."""
        row = next(iter(self.ask(PUBLICATION, "van_hanh.xuat_ban").rows), {})
        return row.get("ngay_so_lieu"), row.get("phien_ban")

    def state(self, table: str) -> str:
        """In place of the window, of what is counted as it stands on the as-of day."""
        as_of = self.source(table)[0]
        return f"đến ngày {day(as_of)}" if as_of else "đến ngày số liệu"

    def take(
        self,
        known: Field,
        source: Source,
        column: str,
        where: Mapping[str, str] | None = None,
        *,
        scope: str = "toàn tỉnh",
        window: str | None = None,
        over: tuple[str, str] | None = None,
        base_words: str = "",
        reason: str = "",
        absent: str = "",
    ) -> Figure:
        """Sum of ``column`` over the rows that match ``where``; with ``over`` (part, base): the share of two sums.

        ``reason``: it is known beforehand that there is none. ``absent``: why there is none where no row matches (else
        nothing counted is zero).
        """
        asked = self.ask(f"SELECT * FROM {source.sql}", source.table)
        rows = [row for row in asked.rows if all(row.get(k) == v for k, v in (where or {}).items())]
        condition = " AND ".join(f"{k} = {literal(v)}" for k, v in (where or {}).items())
        columns = list(over) if over else [column]
        sums = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in columns)
        sql = f"SELECT {sums} FROM {source.sql}" + (f" WHERE {condition}" if condition else "")
        lacking = [name for name in columns if asked.rows and name not in asked.rows[0]]
        gone = f"bảng {source.table} của bản công bố này không có cột {lacking[0]}" if lacking else ""
        why = reason or asked.reason or gone or ("" if rows else absent)
        values = [] if why else [_sum(rows, name) for name in columns]
        return self.put(
            known, sql, values, table=source.table, scope=scope, window=window, base_words=base_words, reason=why
        )

    def put(
        self,
        known: Field,
        sql: str,
        values: Sequence[Decimal | None],
        *,
        table: str = "",
        scope: str = "toàn tỉnh",
        window: str | None = None,
        base_words: str = "",
        reason: str = "",
    ) -> Figure:
        """Keep a figure under its code; ``table``: the published one it is of.

        ``values``: one, or part and base of a share, as ``sql`` gives them."""
        as_of, publication = self.source(table) if table else (None, None)
        value, part, base = (*values, None)[0] if values else None, None, None
        if known.unit == SHARE and len(values) == 2:
            part, base = values
            value = part / base if part is not None and base else None
            counted = base_words.removeprefix("– mẫu số: ") or "trường hợp nào"
            reason = reason or ("" if base else f"mẫu số bằng 0: không có {counted}")
        if value is None and not reason:
            reason = "số liệu công bố để trống ô này"
        full = f"{self.prefix}-{known.code}"
        figure = Figure(
            full, known.metric, known.unit, window or self.window.words, scope, as_of, publication,
            "" if reason and base is None else sql, None if reason else value, part, base, base_words, reason,
        )  # fmt: skip
        self.figures[full] = figure
        return figure


def _sum(rows: list[dict[str, Any]], column: str) -> Decimal | None:
    values = [Decimal(str(row[column])) for row in rows if row[column] is not None]
    return sum(values, Decimal(0)) if values or not rows else None


def clean(value: Any) -> Any:
    """Texts of the data as one line of printable characters: they are text wherever they go, never markup."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", _UNREADABLE.sub("\ufffd", " ".join(value.split())))
