"""Finds the header of a sheet: one row, or up to three rows joined over merged cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.contracts.model import Kind
from pipelines.contracts.normal_form import plain
from pipelines.intake.headers.columns import FORESEEN, HeaderCell, HeaderIndex
from pipelines.intake.sheet import Merge

Row = Sequence[str | None]
_LEAST_MATCHES = 2
_COUNTED = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.SHARE})
_ROWS_OF_HEADER = 3
_UNIT = r"(?:(?:nghin|trieu|ty|1[.,]?000) )?(?:dong|d|vnd|vn dong)"
_UNIT_CELL = re.compile(
    r"^(?:[(\[][^\d()\[\]]{1,40}[)\]]|(?:don vi tinh|dvt)\b.{0,40}"
    rf"|[(\[]?(?:{_UNIT}|%|ngay(?: lam viec)?|gio|ho so|ngay/thang/nam|gio ngay|dd/mm/yyyy(?: hh:mm(?::ss)?)?"
    r"|(?:khong )?bat buoc(?: nhap)?|tuy chon"
    r"|text|string|char|n?varchar2?|date(?: ?time)?|timestamp|number|numeric|decimal|(?:big)?int|integer|bit"
    r"|bool(?:ean)?)"
    r"[)\]]?)$"
)
_RULED = re.compile(r"^:?[-=+]{2,}:?$")
_WHOLE = re.compile(r"^(?:tong(?: so| cong)?|cong|thuc te)\W*$")
_OF_PERIOD = re.compile(
    r"^(?:(?:trong|phat sinh trong) (?:ky|thang|quy|nam)|(?:trong )?(?:ky|thang|quy|nam) (?:nay|bao cao))\W*$"
)
"""The group itself where nothing else below it is: no rival of its sum."""
_PERIOD_NAME = re.compile(
    r"^(?:(?:thang|t|quy|nam|tuan|dot|ky) ?[0-9]{1,4}(?: ?[/.\-] ?[0-9]{4})?"
    r"|quy [iv]{1,3} ?[/.\-] ?[0-9]{4}|[1-9]|1[0-2])$"
)
"""A part of a group of counts (``Tháng 5``, ``T5/2024``, ``Quý II/2024``, ``5``)."""
_OF_WHICH = re.compile(r"^\W*(?:trong đó|trong số đó|bao gồm|gồm)\s*[:,\-–]?\s*", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_LEAST_OF_RECORD = 2
_NUMBER_CELL = re.compile(r"^[(\[]?\s*(\d{1,3}|[A-Za-z])\s*[)\].]?(?:\s*=.*)?$")


@dataclass(frozen=True)
class Header:
    """``top`` and ``end`` are 0-based rows of the sheet: the header is ``top`` … ``end - 1``.

    ``data`` is the first row after the header and its numbering row.
    """

    top: int
    end: int
    data: int
    cells: tuple[HeaderCell, ...]

    @property
    def matched(self) -> int:
        """Number of different fields found."""
        return len({cell.match.field for cell in self.cells if cell.match})


def find_header(rows: Sequence[Row], index: HeaderIndex, merged: Sequence[Merge] = ()) -> Header | None:
    """The rows among ``rows`` (the top of a sheet) that name most fields; None where no row names two.

    Of equals the one with fewer rows wins, then the upper one. Several rows are joined only around the single
    row that names most, if one names two at least.
    """
    singles: list[int] = []
    for i, row in enumerate(rows):
        singles.append(_single_score(row, index, max(singles, default=0)) if _can_start(rows, i, 1) else 0)
    lead = max(range(len(rows)), key=lambda i: (singles[i], -i), default=0)
    strong = bool(rows) and singles[lead] >= _LEAST_MATCHES
    best: tuple[int, int, int] | None = (singles[lead], 1, lead) if strong else None
    for height in (2, 3):
        tops = range(max(lead - height + 1, 0), lead + 1) if strong else range(len(rows))
        for top in tops:
            if top + height > len(rows) or not _can_start(rows, top, height):
                continue
            if strong and any(_is_record(row, rows[lead], index) for row in rows[lead + 1 : top + height]):
                continue
            if best is not None and max(len(row) for row in rows[top : top + height]) <= best[0]:
                continue
            score = _score(_joined(rows, top, height, index, merged))
            if score >= _LEAST_MATCHES and (best is None or score > best[0]):
                best = (score, height, top)
    if best is None:
        return None
    _, height, top = best
    end = top + height
    cells = _joined(rows, top, height, index, merged)
    if height < _ROWS_OF_HEADER and end < len(rows) and _parts_groups(rows[end - 1], rows[end]):
        cells = _with_parts(cells, _joined(rows, top, height + 1, index, merged), index)
        end += 1
    return Header(top, end, _after_another_language(rows, _after_numbering(rows, end), cells, index), cells)


def _is_record(row: Row, lead: Row, index: HeaderIndex) -> bool:
    """Whether a row below ``lead``, a row of names of fields, holds values (``H02.16-240601-0001`` below ``Mã hồ sơ
    (*)``): two cells at least with digits, or most cells below columns that are named already and head no group.
    Numbers of columns and names of fields are no values."""
    values = [
        (column, cell)
        for column in range(len(row))
        if (cell := _cell(row, column)) and not _NUMBER_CELL.match(cell) and index.match([cell]) is None
    ]
    named = sum(
        1
        for column, _ in values
        if (name := _cell(lead, column)) and not _heads(lead, column) and index.match([name]) is not None
    )
    filled = sum(1 for cell in row if cell)
    return sum(1 for _, cell in values if _DIGIT.search(cell)) >= _LEAST_OF_RECORD or named * 2 > filled


def _heads(row: Row, column: int) -> bool:
    """Whether a cell of a header may reach over the blank one beside it."""
    return column + 1 < len(row) and _cell(row, column + 1) is None


def _parts_groups(row: Row, below: Row) -> bool:
    """Whether ``below`` parts groups of the header whose names are fields themselves (``Phí`` and ``Lệ phí`` below
    ``Phí, lệ phí``): words in their columns only, and two below one of them at least."""
    if is_units(below) or is_numbering(below):
        return False
    group: int | None = None
    counts: dict[int, int] = {}
    for column in range(max(len(row), len(below))):
        name, part = _cell(row, column), _cell(below, column)
        if name:
            group = None if _cell(row, column + 1) else column
        if not part:
            continue
        if group is None or (not _PERIOD_NAME.match(plain(part)) and _DIGIT.search(part)):
            return False
        counts[group] = counts.get(group, 0) + 1
    return max(counts.values(), default=0) >= 2


def _with_parts(
    groups: tuple[HeaderCell, ...], parts: tuple[HeaderCell, ...], index: HeaderIndex
) -> tuple[HeaderCell, ...]:
    """``parts``, where the first column of a group that no part names keeps the field, unless it is a number."""
    named = {cell.match.field for cell in parts if cell.match}
    cells = list(parts)
    for column, cell in enumerate(groups):
        if cell.match is None or cell.match.field in named or parts[column].match is not None:
            continue
        if FORESEEN.search(plain(parts[column].text)):
            continue
        if index.contract.by_name[cell.match.field].kind not in _COUNTED:
            cells[column] = HeaderCell(parts[column].text, cell.match)
    return tuple(cells)


def _score(cells: Sequence[HeaderCell]) -> int:
    return len({cell.match.field for cell in cells if cell.match})


def _single_score(row: Row, index: HeaderIndex, to_beat: int) -> int:
    """Fields that one row names; 0 as soon as it cannot name more than ``to_beat``: rows of data end early."""
    texts = [text for cell in row if cell and (text := cell.strip())]
    found: set[str] = set()
    for position, text in enumerate(texts):
        if len(found) + len(texts) - position <= to_beat:
            return 0
        match = index.match([text])
        if match is not None:
            found.add(match.field)
    return len(found)


def _joined(
    rows: Sequence[Row], top: int, height: int, index: HeaderIndex, merged: Sequence[Merge]
) -> tuple[HeaderCell, ...]:
    return join_rows(rows[top : top + height], index, [_shift(merge, top) for merge in merged])


def _can_start(rows: Sequence[Row], top: int, height: int) -> bool:
    """The last row of a header has two cells at least, a row above it one."""
    filled = [sum(1 for cell in rows[top + i] if cell) for i in range(height)]
    return filled[-1] >= 2 and min(filled) >= 1


def _shift(merge: Merge, top: int) -> Merge:
    return (merge[0] - top, merge[1], merge[2] - top, merge[3])


def join_rows(rows: Sequence[Row], index: HeaderIndex, merged: Sequence[Merge]) -> tuple[HeaderCell, ...]:
    """One header cell a column; a group cell reaches over the columns it is merged with, or heads.

    Readings of a column, most literal first: the rows joined downwards (``Ngày`` + ``tiếp nhận``), upwards
    (``Mẹ`` over ``Họ tên`` → ``Họ tên mẹ``), then without the group. ``Tổng số`` below a group is the group,
    ``Trong đó: trực tuyến`` one of its columns.
    """
    width = max(len(row) for row in rows)
    filled = [_fill(rows, level, width, merged) for level in range(len(rows))]
    cells = []
    for column in range(width):
        parts: list[str] = []
        for level in filled:
            text = level[column]
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        readings = [" ".join(parts)]
        if len(parts) > 1:
            readings += [" ".join(reversed(parts)), " ".join(parts[1:]), parts[-1]]
            if _WHOLE.match(plain(parts[-1])):
                readings.insert(0, " ".join(parts[:-1]))
            elif _OF_PERIOD.match(plain(parts[-1])):
                readings.append(" ".join(parts[:-1]))
        bare = [_OF_WHICH.sub("", part) for part in parts]
        if bare != parts:
            readings += [" ".join(part for part in bare if part), bare[-1]]
        cells.append(HeaderCell(" ".join(parts), index.match(readings) if parts else None))
    return tuple(cells)


def _cell(row: Row, column: int) -> str | None:
    text = row[column] if column < len(row) else None
    return text.strip() if text else None


def _fill(rows: Sequence[Row], level: int, width: int, merged: Sequence[Merge]) -> list[str | None]:
    row = [_cell(rows[level], column) for column in range(width)]
    if level == len(rows) - 1:
        return row
    spans = [m for m in merged if m[0] <= level <= m[2] and m[3] > m[1]]
    if spans:
        for first_row, first, _, last in spans:
            source = _cell(rows[first_row], first) if first_row >= 0 else None
            for column in range(first, min(last, width - 1) + 1):
                row[column] = row[column] or source
        return row
    below = [any(_cell(lower, column) for lower in rows[level + 1 :]) for column in range(width)]
    group: str | None = None
    for column in range(width):
        if row[column]:
            group = row[column] if below[column] else None
        elif below[column] and group:
            row[column] = group
        else:
            group = None
    return row


def _after_numbering(rows: Sequence[Row], end: int) -> int:
    """The first row after what belongs to the header: a row of numbers, a row of units, in any order."""
    first = end
    for position in range(end, min(end + _ROWS_OF_HEADER, len(rows))):
        if is_numbering(rows[position]) or is_units(rows[position]):
            first = position + 1
        elif any(rows[position]):
            break
    return first


def _after_another_language(rows: Sequence[Row], data: int, cells: Sequence[HeaderCell], index: HeaderIndex) -> int:
    """The first row after a header written again in other words, each in the column of its field."""
    if data >= len(rows):
        return data
    filled = [(column, cell) for column, cell in enumerate(rows[data]) if cell and column < len(cells)]
    fields = {column: match.field for column, cell in filled if (match := index.match([cell]))}
    same = all((above := cells[column].match) and above.field == name for column, name in fields.items())
    again = same and len(fields) >= _LEAST_MATCHES and 2 * len(fields) > len(filled)
    return _after_numbering(rows, data + 1) if again else data


def is_units(row: Row) -> bool:
    """Whether a row only says in what its columns are given (``(đồng)``, ``(ngày)``, ``ĐVT: hồ sơ``), or is a line
    (``---``) below the header."""
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    return bool(cells) and (
        all(_UNIT_CELL.match(plain(cell)) for cell in cells) or all(_RULED.match(cell) for cell in cells)
    )


def is_numbering(row: Row) -> bool:
    """Whether a row only numbers the columns: ``(1) (2) (3)``, ``1 2 3``, ``A B 1 2``; three cells at least,
    or ``(1) (2)``."""
    numbers: list[int] = []
    letters: list[str] = []
    for cell in row:
        if not cell:
            continue
        match = _NUMBER_CELL.match(cell.strip())
        if match is None:
            return False
        token = match[1]
        if token.isdigit():
            numbers.append(int(token))
        elif numbers:
            return False
        else:
            letters.append(token.upper())
    counted = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
    lettered = letters == [chr(ord(letters[0]) + i) for i in range(len(letters))] if letters else True
    least = 2 if numbers == [1, 2] and all(cell.strip()[0] in "([" for cell in row if cell) else 3
    return len(numbers) + len(letters) >= least and counted and lettered
