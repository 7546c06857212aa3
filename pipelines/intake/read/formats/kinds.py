"""What a file is, told by its bytes; its name only settles what bytes leave open (docs/mess.md: by content)."""

from __future__ import annotations

import io
import re
import zipfile
from enum import Enum

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.found.source import Source


class Kind(Enum):
    """Formats that are read."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    OOXML = "xlsx"
    BIFF = "xls"
    ODS = "ods"
    FLAT_ODS = "fods"
    SPREADSHEET_XML = "xml"
    HTML = "html"
    ARCHIVE = "zip"


TEXT_ENDINGS = {".csv", ".txt", ".tsv"}
JSON_ENDINGS = {".json", ".jsonl", ".ndjson"}
PARQUET_ENDINGS = {".parquet", ".pq"}
SHEET_ENDINGS = {".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods", ".fods", ".xml", ".htm", ".html", ".mht", ".zip"}

_HEAD = 65_536
_MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_JSON_START = re.compile(rb'(?:\[\s*\{|\{\s*"|\[\s*\]|\{\s*\})')
_CSV_START = re.compile(rb"[\xef\xbb\xbf]{0,3}[^\[{\s\xff\xfe/\0][^\n]*[;,\t|]")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|table|meta|style|title|div|script|center|p|br|h[1-6])\b", re.I
)
_SPREADSHEET_XML = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid\s*=\s*[\"']Excel\.Sheet")
_FLAT_ODS = re.compile(rb"<(?:\w+:)?document\b[^>]*urn:oasis:names:tc:opendocument", re.S)
_OLD_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00", b"\x09\x08\x10\x00")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_RTF = b"{\\rtf"
_MIME = b"mime-version:"
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "Tệp là PDF, không có bảng dữ liệu để đọc."),
    (b"Rar!", "Tệp nén .rar không đọc được."),
    (b"7z\xbc\xaf", "Tệp nén .7z không đọc được."),
    (b"\x1f\x8b", "Tệp nén .gz không đọc được."),
    (_RTF, "Tệp là văn bản RTF, không phải bảng tính."),
    (b"\x89PNG", "Tệp là ảnh, không phải bảng tính."),
    (b"\xff\xd8\xff", "Tệp là ảnh, không phải bảng tính."),
)
ACCEPTED = "Hãy gửi tệp xlsx, xls, ods, csv, json, jsonl, parquet hoặc zip của các tệp đó."


def kind_of(source: Source) -> Kind:
    """The format of ``source``; raises ``FileRefusedError`` with what it is instead."""
    data, extension = source.data, source.extension
    start = data[:_HEAD]
    if start[:4] == b"PAR1":
        return Kind.PARQUET
    if start[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _kind_of_zip(data)
    if start[:8] == _OLE or start[:4] in _OLD_BIFF:
        return Kind.BIFF
    for mark, words in _OTHERS:
        if start.startswith(mark):
            raise FileRefusedError(f"{words} Định dạng không nhận. {ACCEPTED}")
    return _kind_of_text(start, extension)


def packs_its_text(data: bytes) -> bool:
    """Whether ``data`` is of a form without a reader that packs or paints its text, so that its bytes do not show it:
    PDF, other archives, pictures, web pages saved with their pictures."""
    packed = tuple(mark for mark, _ in _OTHERS if mark != _RTF)
    return data.startswith(packed) or data[:_HEAD].lstrip(_MARKS)[: len(_MIME)].lower() == _MIME


def _kind_of_text(start: bytes, extension: str) -> Kind:
    plain = start.replace(b"\0", b"").lstrip(_MARKS)
    if plain[:1] == b"<":
        if _SPREADSHEET_XML.search(plain[:4096]) and b"<html" not in plain[:4096].lower():
            return Kind.SPREADSHEET_XML
        if _FLAT_ODS.search(plain[:8192]):
            return Kind.FLAT_ODS
        if _HTML.search(plain[:4096]):
            return Kind.HTML
        if plain[:5] == b"<?xml":
            raise FileRefusedError(f"Tệp XML không phải bảng tính (SpreadsheetML hoặc OpenDocument). {ACCEPTED}")
    if plain[: len(_MIME)].lower() == _MIME:
        raise FileRefusedError(f"Tệp là trang web lưu một tệp (.mht), không phải bảng tính. {ACCEPTED}")
    if extension in PARQUET_ENDINGS:
        return Kind.PARQUET
    if extension in JSON_ENDINGS | TEXT_ENDINGS | SHEET_ENDINGS or _is_text(start):
        looks_like_json = _JSON_START.match(plain) is not None
        return Kind.JSON if looks_like_json or (extension in JSON_ENDINGS and not _CSV_START.match(start)) else Kind.CSV
    raise FileRefusedError(f"Định dạng “{extension or 'không có đuôi'}” không nhận. {ACCEPTED}")


def _is_text(start: bytes) -> bool:
    """Whether a file of any name (``Hồ sơ 15.6``, ``ho_so.csv.bak``) is text: what its words are, the header says."""
    return start.startswith(_WIDE_MARKS) or _NO_TEXT.search(start) is None


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.filename.replace("\\", "/").lstrip("/").casefold() for entry in archive.infolist()}
            odf = "content.xml" in names and ("mimetype" in names or "meta-inf/manifest.xml" in names)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise FileRefusedError(
            "Tệp hỏng hoặc bị cắt giữa chừng, không mở được. "
            "Hãy tải lại hoặc xuất lại tệp từ hệ thống nguồn rồi gửi lại."
        ) from None
    if "[content_types].xml" in names:
        return Kind.OOXML
    return Kind.ODS if odf else Kind.ARCHIVE
