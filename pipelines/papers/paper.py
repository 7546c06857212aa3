"""What a paper says, before it has a form: named figures, paragraphs with figures in them, tables of figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.papers.desk import Desk, Source
from pipelines.papers.figure import Field, Figure

Piece = str | Figure
Paragraph = tuple[Piece, ...]
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Column:
    """A column of a table; ``unit`` is None for words."""

    key: str
    heading: str
    unit: str | None = None


@dataclass(frozen=True)
class Table:
    """Rows of words and figures under ``columns``; ``notes``: why it has no rows."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: list[dict[str, Piece]]
    note: str = ""


@dataclass
class Paper:
    """A paper in the making. ``parts``: paragraphs of ``muc.<name>``; ``tables``: ``bang.<name>``; ``head``: words of
    the first page; ``notes``: what a reader must know of the data before the figures."""

    kind: str
    desk: Desk
    fields: Mapping[str, Field]
    head: dict[str, str]
    named: dict[str, Figure] = field(default_factory=dict)
    parts: dict[str, list[Paragraph]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def take(
        self, name: str, source: Source, column: str = "", where: Mapping[str, str] | None = None, **more: Any
    ) -> Figure:
        """``Desk.take`` under a name."""
        figure = self.desk.take(self.fields[name], source, column, where, **more)
        self.named[name] = figure
        return figure

    def lacks(self, name: str, reason: str, scope: str = "toàn tỉnh") -> Figure:
        """A named figure that cannot be computed."""
        figure = self.desk.put(self.fields[name], "", [], scope=scope, reason=reason)
        self.named[name] = figure
        return figure

    def say(self, part: str, words: str, **more: Figure | str) -> None:
        """A paragraph of a part: ``{name}`` is a named figure, or one of ``more``."""
        pieces: list[Piece] = []
        for place, text in enumerate(_FIELD.split(words)):
            piece: Piece = text if place % 2 == 0 else more[text] if text in more else self.named[text]
            pieces.append(piece)
        other = self._windows_unsaid(pieces, words)
        if other:
            pieces.append(f" (Số liệu {other}.)")
        self.parts.setdefault(part, []).append(tuple(piece for piece in pieces if piece != ""))

    def _windows_unsaid(self, pieces: list[Piece], words: str) -> str:
        """Windows of figures that are not the paper's own and that the words do not name."""
        if "kỳ trước" in words:
            return ""
        own = self.desk.window.words
        found = [piece.window for piece in pieces if isinstance(piece, Figure) and piece.value is not None]
        return "; ".join(window for window in dict.fromkeys(found) if window != own and window not in words)

    def cell(
        self,
        table: str,
        row: int,
        column: tuple[int, Column],
        row_name: str,
        sql: str,
        *,
        source: str,
        values: Sequence[Any],
        **more: Any,
    ) -> Figure:
        """A figure of a table; its code is table, row, and the place of its column (from 1)."""
        place, about = column
        known = Field("", f"{table}.{row}.{place}", about.heading, about.unit or "")
        return self.desk.put(known, sql, values, table=source, scope=row_name, **more)
