"""A workbook package (xlsx) as its relationships describe it, whatever its parts are called and wherever they lie.

The reader of cells finds some parts by relationship and some by their usual name. Where a package is not laid out
in the usual way it is written again in memory, so that what was checked here is what is read there.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.inflate import inflate
from pipelines.intake.read.formats.xml import Attributes, BrokenXmlError, parse_xml

WORKSHEET = "worksheet"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_BINARY = "Tệp là bảng tính nhị phân (.xlsb), không đọc. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
_NO_WORKBOOK = "Tệp nén này không phải bảng tính xlsx (không có sổ tính). Hãy lưu lại dạng .xlsx rồi gửi lại."
_NO_PART = (
    "Tệp xlsx thiếu phần chứa trang tính mà sổ tính dẫn tới; tệp hỏng hoặc bị sửa. "
    "Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
)
_TWICE = "Tệp xlsx có hai phần cùng tên; không rõ phần nào đúng. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi gửi lại."
_DECLARATION = re.compile(r"^\s*<\?xml\b.*?\?>", re.S)


@dataclass(frozen=True)
class Sheet:
    """``part``: key of the sheet's part (``Package.parts``), None for a sheet that is no worksheet (a chart)."""

    name: str
    hidden: bool
    part: str | None


@dataclass(frozen=True)
class Package:
    """``parts``: normal form of each part's name → its place in the zip; others are keys of it, or None."""

    parts: dict[str, zipfile.ZipInfo]
    sheets: tuple[Sheet, ...]
    date_1904: bool
    styles: str | None
    strings: str | None
    usual: bool
    """Whether the reader of cells will find what was found here."""


def open_package(archive: zipfile.ZipFile, limits: Limits) -> Package:
    """Follow the relationships; raises ``FileRefusedError``, ``BrokenXmlError`` and what ``zipfile`` raises."""
    parts = _parts(archive)
    book = _workbook_part(archive, parts, limits)
    body = inflate(archive, parts[book], limits)[0]
    if book.endswith(".bin"):
        raise FileRefusedError(_BINARY)
    read = _Workbook()
    parse_xml(body, read.start)
    if read.root != "workbook":
        raise FileRefusedError(_NO_WORKBOOK)
    relations = _relations(archive, parts, book, limits)
    sheets = []
    for attributes in read.sheets:
        kind, target = relations.get(attributes.get("id", ""), ("", ""))
        part = target if kind == WORKSHEET else None
        if (part is not None and part not in parts) or kind == "":
            raise FileRefusedError(_NO_PART)
        sheets.append(Sheet(attributes.get("name", ""), attributes.get("state", "visible") != "visible", part))
    styles = _target(relations, "styles", parts)
    strings = _target(relations, "sharedStrings", parts)
    named = {
        "[content_types].xml": "[Content_Types].xml",
        "_rels/.rels": "_rels/.rels",
        book: "xl/workbook.xml",
        _rels_of(book): "xl/_rels/workbook.xml.rels",
        **({styles: "xl/styles.xml"} if styles else {}),
        **({strings: "xl/sharedStrings.xml"} if strings else {}),
    }
    usual = (
        all(
            parts[part].filename == name and parts[part].orig_filename == name
            for part, name in named.items()
            if part in parts
        )
        and named.keys() <= parts.keys()
        and all(sheet.part is not None and _is_usual_sheet(parts[sheet.part]) for sheet in sheets)
        and _is_plain(body)
        and (styles is not None or "xl/styles.xml" not in parts)
        and (strings is not None or "xl/sharedstrings.xml" not in parts)
    )
    return Package(parts, tuple(sheets), read.date_1904, styles, strings, usual)


def _parts(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        if entry.filename.endswith("/") or not entry.filename:
            continue
        name = _key(entry.orig_filename)
        if name in found:
            raise FileRefusedError(_TWICE)
        found[name] = entry
    return found


def _key(name: str) -> str:
    """Part names are one whatever their case, slashes and percent signs (Open Packaging Conventions, part 2)."""
    return posixpath.normpath("/" + unquote(name).replace("\\", "/")).lstrip("/").casefold()


def _rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def _relations(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], source: str, limits: Limits
) -> dict[str, tuple[str, str]]:
    """Id → (last word of the type, part) of what ``source`` (``""``: the package) points at inside the package."""
    found: dict[str, tuple[str, str]] = {}
    entry = parts.get(_rels_of(source))
    if entry is None:
        return found
    folder = posixpath.dirname(source)

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode", "").casefold() != "external":
            target = attributes.get("Target", "").replace("\\", "/")
            part = _key(target if target.startswith("/") else posixpath.join(folder, target))
            if part not in parts and not target.startswith("/") and _key(target) in parts:
                part = _key(target)  # written from the root without its slash
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], part)

    parse_xml(inflate(archive, entry, limits)[0], start)
    return found


def _workbook_part(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], limits: Limits) -> str:
    relations = _relations(archive, parts, "", limits)
    book = _target(relations, "officeDocument", parts)
    if book is None:
        book = next((part for part in ("xl/workbook.xml", "xl/workbook.bin") if part in parts), None)
    if book is None:
        raise FileRefusedError(_NO_WORKBOOK)
    return book


def _target(relations: dict[str, tuple[str, str]], kind: str, parts: dict[str, zipfile.ZipInfo]) -> str | None:
    return next((part for found, part in relations.values() if found == kind and part in parts), None)


class _Workbook:
    """What ``workbook.xml`` says."""

    def __init__(self) -> None:
        self.root = ""
        self.sheets: list[Attributes] = []
        self.date_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        self.root = self.root or name
        if name == "sheet":
            self.sheets.append(attributes)
        elif name == "workbookPr":
            self.date_1904 = attributes.get("date1904", "").strip().lower() in {"1", "true", "on"}


def _is_usual_sheet(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename
    return name == entry.filename and re.fullmatch(r"xl/worksheets/[\w.-]+\.xml", name, re.ASCII) is not None


def _is_plain(body: bytes) -> bool:
    """No entity, no comment, no prefix: nothing that two readers could see differently."""
    return _encoding_of(body) == "utf-8" and b"<!" not in body and b"<workbook" in body[:4096] and b"='" not in body


def _encoding_of(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in body[:64]:
        return "utf-16"
    stated = re.search(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""", body[:200])
    return stated[1].decode("ascii").lower() if stated else "utf-8"


def as_utf8(body: bytes) -> bytes:
    """The same XML in UTF-8, without a declaration that says otherwise; raises ``BrokenXmlError``."""
    encoding = _encoding_of(body)
    if encoding == "utf-8":
        return body
    try:
        return _DECLARATION.sub("", body.decode(encoding).lstrip("\ufeff"), count=1).encode("utf-8")
    except (LookupError, UnicodeError):
        raise BrokenXmlError from None


def rewritten(archive: zipfile.ZipFile, package: Package, limits: Limits) -> bytes:
    """The worksheets of ``package`` as a workbook in the usual layout, in the same order."""
    buffer = io.BytesIO()
    worksheets = [sheet for sheet in package.sheets if sheet.part is not None]

    def body(part: str) -> bytes:
        return as_utf8(inflate(archive, package.parts[part], limits)[0])

    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as made:
        made.writestr("[Content_Types].xml", _content_types(len(worksheets)))
        made.writestr("_rels/.rels", _rels([("officeDocument", "xl/workbook.xml")]))
        made.writestr("xl/workbook.xml", _workbook_xml(worksheets, package.date_1904))
        extra = [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
        files = [(WORKSHEET, f"worksheets/sheet{n}.xml") for n in range(1, len(worksheets) + 1)]
        made.writestr("xl/_rels/workbook.xml.rels", _rels([*files, *extra]))
        empty = {"xl/styles.xml": "styleSheet", "xl/sharedStrings.xml": "sst"}
        for (name, root), part in zip(empty.items(), (package.styles, package.strings), strict=True):
            made.writestr(name, body(part) if part else f'<{root} xmlns="{_MAIN}"/>')
        for n, sheet in enumerate(worksheets, start=1):
            made.writestr(f"xl/worksheets/sheet{n}.xml", body(sheet.part or ""))
    return buffer.getvalue()


def _content_types(sheets: int) -> str:
    kinds = {
        "xl/workbook.xml": "sheet.main+xml",
        "xl/styles.xml": "styles+xml",
        "xl/sharedStrings.xml": "sharedStrings+xml",
    }
    kinds |= {f"xl/worksheets/sheet{n}.xml": "worksheet+xml" for n in range(1, sheets + 1)}
    overrides = "".join(f'<Override PartName="/{p}" ContentType="{_TYPES}{kind}"/>' for p, kind in kinds.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>'
    )


def _rels(targets: list[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _workbook_xml(sheets: list[Sheet], date_1904: bool) -> str:
    def rows() -> Iterator[str]:
        for n, sheet in enumerate(sheets, start=1):
            state = ' state="hidden"' if sheet.hidden else ""
            yield f'<sheet name={quoteattr(sheet.name)} sheetId="{n}"{state} r:id="rId{n}"/>'

    system = ' date1904="1"' if date_1904 else ""
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr{system}/>'
        f"<sheets>{''.join(rows())}</sheets></workbook>"
    )
