"""Looks into a workbook before anything opens it: a zip member by member, inflated within bounds.

Sizes in a zip's directory can lie, so every member is inflated here, with a stop; nothing is executed and
no link is followed. What is learned on the way (merged cells, date system) is handed on.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.readers.percent import PercentCells, percent_cells, percent_styles
from pipelines.intake.sheet import Merge

_CHUNK = 1 << 20
_BLOCK = 1 << 18
_REFERENCE = 8
_A, _QUOTE, _EQUALS, _R = (ord(sign) for sign in 'A"=r')
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (
    "Tệp xlsx hỏng hoặc bị cắt giữa chừng, không mở được. Hãy tải lại hoặc xuất lại tệp từ hệ thống nguồn rồi gửi lại."
)
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_ROW_TAG = re.compile(rb"<(?:\w+:)?row\b")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|t)\b[^>]*(?<!/)>")
_FILLED_CELL = r'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]+)"[^>/]*>\s*<'
_COLUMN_A = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="A\d+"[^>/]*>\s*<')
_MOST_MERGES = 20_000


@dataclass(frozen=True)
class SheetFacts:
    """Of one worksheet part: its merged ranges (1-based), and whether column A holds a value."""

    merged: tuple[Merge, ...]
    uses_column_a: bool
    percent: PercentCells = field(default_factory=dict)


@dataclass(frozen=True)
class WorkbookFacts:
    """``sheets`` by position in the workbook (``"0"``, ``"1"`` …); ``date_1904`` date system.

    ``worksheets``: for every sheet the workbook lists, whether it is one (a chart sheet is none).
    """

    sheets: dict[str, SheetFacts]
    date_1904: bool
    worksheets: tuple[bool, ...] = ()


def inspect_workbook(path: Path, limits: Limits) -> WorkbookFacts:
    """Check every member of the zip at ``path``; raises ``FileRefusedError`` with the reason."""
    with path.open("rb") as handle:
        start = handle.read(8)
    if start == _OLE:
        raise FileRefusedError(
            "Tệp có mật khẩu hoặc là bản Excel cũ (.xls). Hãy bỏ mật khẩu, lưu lại dạng .xlsx rồi gửi lại."
        )
    if not start.startswith(b"PK"):
        raise FileRefusedError("Nội dung không phải tệp xlsx dù mang đuôi .xlsx. Hãy xuất lại dạng .xlsx hoặc .csv.")
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspect(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, NotImplementedError, ValueError):
        raise FileRefusedError(_BROKEN) from None
    except RuntimeError:
        raise FileRefusedError("Tệp xlsx có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.") from None


def _inspect(archive: zipfile.ZipFile, limits: Limits) -> WorkbookFacts:
    members = archive.infolist()
    if len(members) > limits.members:
        raise FileRefusedError(f"Tệp xlsx chứa quá nhiều phần ({len(members)} > {limits.members}); không mở.")
    if "[Content_Types].xml" not in archive.NameToInfo:
        raise FileRefusedError("Tệp nén này không phải bảng tính xlsx. Hãy giải nén và gửi từng tệp dữ liệu.")
    total = 0
    parts: dict[str, SheetFacts] = {}
    names: dict[str, str] = {}
    date_1904 = False
    longest_shared = 0
    styles: frozenset[bytes] = frozenset()
    for member in sorted(members, key=lambda item: item.filename != "xl/styles.xml"):
        wanted = member.filename.endswith(".xml") or member.filename.endswith(".rels")
        body, size = _inflate(archive, member, limits, keep=wanted)
        total += size
        if total > limits.total_unpacked_bytes:
            raise FileRefusedError(_too_big(total, limits.total_unpacked_bytes))
        if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
            parts[member.filename] = _sheet_facts(body, styles, limits)
        elif member.filename == "xl/styles.xml":
            styles = percent_styles(body)
        elif member.filename == "xl/workbook.xml":
            date_1904 = re.search(rb'date1904="(?:1|true)"', body) is not None
            names |= {"workbook": body.decode("utf-8", "replace")}
        elif member.filename == "xl/_rels/workbook.xml.rels":
            names |= {"rels": body.decode("utf-8", "replace")}
        elif member.filename == "xl/sharedStrings.xml":
            longest_shared = max((len(piece) for piece in body.split(b"</si>")), default=0)
    if longest_shared > limits.cell_characters * 4:
        raise FileRefusedError(
            f"Tệp xlsx có ô dài quá mức cho phép ({limits.cell_characters} ký tự). Hãy rút gọn ô đó rồi gửi lại."
        )
    targets = _targets(names)
    sheets = {str(place): parts[target] for place, target in enumerate(targets) if target in parts}
    return WorkbookFacts(sheets, date_1904, tuple(target.startswith("xl/worksheets/") for target in targets))


def _too_big(size: int, bound: int) -> str:
    return (
        f"Tệp xlsx bung ra quá lớn (hơn {size // 1_000_000} MB, giới hạn {bound // 1_000_000} MB mỗi phần); "
        "có thể là tệp độc hại. Hãy chia nhỏ tệp hoặc xuất lại dạng .csv."
    )


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits, *, keep: bool) -> tuple[bytes, int]:
    """The member's bytes (empty unless ``keep``) and true size; stops at the first bound crossed."""
    kept = io.BytesIO()
    size = 0
    packed = max(member.compress_size, 1)
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > limits.member_bytes:
                raise FileRefusedError(_too_big(size, limits.member_bytes))
            if size > limits.ratio_from_bytes and size > packed * limits.ratio:
                raise FileRefusedError(
                    f"Tệp xlsx nén bất thường (bung ra hơn {limits.ratio} lần); có thể là tệp độc hại. "
                    "Hãy xuất lại tệp từ hệ thống nguồn, hoặc dạng .csv."
                )
            if keep:
                kept.write(piece)
    return kept.getvalue(), size


def _sheet_facts(body: bytes, styles: frozenset[bytes], limits: Limits) -> SheetFacts:
    values = _VALUE.search(body)
    if values is None:
        return SheetFacts((), False)
    first_row = _row_before(body, values.start())
    last_value = max(body.rfind(end) for end in (b"</v>", b"</is>", b"</t>"))
    last_row = _row_before(body, max(last_value, values.start()))
    _check_extent(body, first_row, last_row, limits)
    ranges = islice(_MERGE.finditer(body, max(body.rfind(b"</sheetData>"), 0)), _MOST_MERGES)
    merged = tuple((int(m[2]), _column(m[1]), int(m[4]), _column(m[3])) for m in ranges)
    return SheetFacts(merged, _COLUMN_A.search(body) is not None, percent_cells(body, styles))


def _row_before(body: bytes, position: int) -> int | None:
    """Number of the row element that encloses ``position``; None where the sheet does not number its rows."""
    start = max(body.rfind(b"<row", 0, position), body.rfind(b":row", 0, position) - 12)
    found = list(_ROW.finditer(body, max(start, 0), position))
    return int(found[-1][1]) if found else None


def _check_extent(body: bytes, first: int | None, last: int | None, limits: Limits) -> None:
    """Refuse a sheet whose used rectangle (which readers hold whole in memory) is absurd.

    The rectangle is taken from the cells themselves, never from the ``dimension`` the file declares.
    """
    if first is None or last is None:
        first, last = 1, len(_ROW_TAG.findall(body)) or 1
    height = abs(last - first) + 1
    if height > limits.rows:
        raise FileRefusedError(f"Trang tính có quá nhiều dòng ({height} > {limits.rows}). Hãy chia nhỏ tệp.")
    if height * 16_384 <= limits.sheet_cells:
        return
    widest = widest_column(body)
    if height * widest <= limits.sheet_cells and widest <= limits.columns:
        return
    text = pl.Series([body.decode("latin-1")])
    found = pl.DataFrame({"cells": text.str.extract_all(_FILLED_CELL)[0]}).lazy()
    letters = found.select(pl.col("cells").str.extract(r'r="([A-Z]{1,3})', 1).alias("column")).unique().collect()
    columns = [_column(str(value).encode()) for value in letters.get_column("column").drop_nulls()]
    width = (max(columns) - min(columns) + 1) if columns else 1
    if height * width > limits.sheet_cells or width > limits.columns:
        raise FileRefusedError(
            f"Trang tính trải rộng bất thường ({height} dòng × {width} cột dù ít ô có dữ liệu). "
            "Hãy xóa các ô thừa ở xa bảng rồi gửi lại."
        )


def widest_column(body: bytes) -> int:
    """Number of the rightmost column that a cell of ``body`` names (26 where none lies beyond Z), filled or not.

    Compared byte by byte over blocks that fit a cache: a pattern would take ten times as long.
    """
    codes = np.frombuffer(body, dtype=np.uint8)
    widest = 26
    for start in range(0, len(codes), _BLOCK):
        block = codes[start : start + _BLOCK + _REFERENCE]
        letters = block - _A < 26
        found = np.flatnonzero((block[2:-2] == _QUOTE) & letters[3:-1] & letters[4:]) + 2
        found = found[(block[found - 1] == _EQUALS) & (block[found - 2] == _R)]
        if not len(found):
            continue
        third = np.append(letters, False)[found + 3]
        pair = (block[found + 1] - np.int32(_A - 1)) * 26 + (block[found + 2] - np.int32(_A - 1))
        wide = found[third]
        last = block[wide + 3] - np.int32(_A - 1)
        widest = max(widest, int(pair.max()), int((pair[third] * 26 + last).max(initial=0)))
    return widest


def _column(letters: bytes) -> int:
    number = 0
    for code in letters:
        number = number * 26 + code - 64
    return number


_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*?/?>")
_RELATION = re.compile(r"<Relationship\b[^>]*?/?>")
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')


def _targets(documents: dict[str, str]) -> list[str]:
    """Part of every sheet of the workbook, in its order, through the relation ids; ``""`` where none is named."""
    targets = {}
    for tag in _RELATION.findall(documents.get("rels", "")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        target = attributes.get("Target", "").removeprefix("/")
        targets[attributes.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
    result = []
    for tag in _SHEET.findall(documents.get("workbook", "")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        result.append(targets.get(relation, ""))
    return result
