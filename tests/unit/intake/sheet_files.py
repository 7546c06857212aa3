"""Small files in the formats of spreadsheet programs, written by hand: what the tests of those formats read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import xlwt

Rows = Sequence[Sequence[Any]]
Merges = Sequence[tuple[int, int, int, int]]


def html(rows: Rows, merged: Merges = (), *, before: str = "", head: str = '<meta charset="utf-8">') -> str:
    """One table; ``merged`` ranges become spans."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merged}
    covered = {
        (row, column)
        for top, left, bottom, right in merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    lines = []
    for i, row in enumerate(rows):
        cells = []
        for j, cell in enumerate(row):
            if (i, j) not in covered:
                down, across = spans.get((i, j), (1, 1))
                cells.append(f'<td rowspan="{down}" colspan={across}>{escape(str(cell or ""))}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<html><head>{head}</head><body>{before}<table>{''.join(lines)}</table></body></html>"


def spreadsheet_xml(cells: str, *, styles: str = "", options: str = "") -> str:
    """SpreadsheetML 2003 around rows."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Styles>{styles}</Styles><Worksheet ss:Name="Dữ liệu"><Table>{cells}</Table>{options}</Worksheet></Workbook>'
    )


def xml_rows(rows: Rows) -> str:
    """Rows of text for ``spreadsheet_xml``."""
    made = []
    for row in rows:
        cells = "".join(f'<Cell><Data ss:Type="String">{escape(str(cell or ""))}</Data></Cell>' for cell in row)
        made.append(f"<Row>{cells}</Row>")
    return "".join(made)


def ods(sheets: Mapping[str, str], *, styles: str = "") -> bytes:
    """An OpenDocument spreadsheet; each sheet is the XML of its rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    tables = "".join(
        f'<table:table table:name="{name}" table:style-name="s_{name}">{rows}</table:table>'
        for name, rows in sheets.items()
    )
    content = (
        f"<office:document-content {spaces} {calc}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return buffer.getvalue()


def ods_rows(rows: Rows) -> str:
    """Rows of text for ``ods``."""
    return "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
            if cell
            else "<table:table-cell/>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )


def xls(
    sheets: Mapping[str, Rows], merged: Merges = (), *, hidden: Sequence[str] = (), date_1904: bool = False
) -> bytes:
    """BIFF8; ``(value, format)`` writes a number format; ``merged`` ranges of every sheet keep their first cell."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = date_1904
    styles: dict[str, Any] = {}
    for name, rows in sheets.items():
        sheet = book.add_sheet(name, cell_overwrite_ok=True)
        sheet.visibility = int(name in hidden)
        for top, left, bottom, right in merged:
            sheet.merge(top, bottom, left, right)
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write(i, j, cell[0], styles.setdefault(cell[1], xlwt.easyxf(num_format_str=cell[1])))
                elif cell is not None and cell != "":
                    sheet.write(i, j, cell)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """A zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()
