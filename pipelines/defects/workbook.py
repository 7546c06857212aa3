"""Writes one workbook: a page in sentences, a sheet of defects that can be answered and one of quarantined rows (more
where one is full). Owner-only (0600)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.config.disk import whole_file
from pipelines.config.figures import grouped
from pipelines.config.paths import OWNER_FILE
from pipelines.contracts.loader import own_words
from pipelines.defects.answers import WORDS, Kind
from pipelines.defects.listing import Agency, Defect, RuleCount
from pipelines.defects.quarantined import SetApart
from pipelines.quality.model import Rule, Severity
from pipelines.sheets import Column, Pages, head, lines_of, print_setup, private_book, styles_of, writer

SEVERITY = own_words("muc_do_quy_tac")
STATE = own_words("trang_thai_loi")
ANSWERED = {
    "bao_da_sua": "Đã báo sửa, chờ kiểm tra",
    "bao_sua_con_sai": "Đã báo sửa, còn sai",
    "het_mien": "Hết hạn miễn, còn sai",
    "da_chuyen": "Đơn vị khác chuyển đến",
}
ANSWER, REASON, WHOSE, KEY = "Trả lời", "Lý do", "Thuộc đơn vị", "Mã lỗi"
DEFECTS = "Danh sách lỗi"
_ORDER = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.WATCH: 2}
_COUNTS = (
    Column("Mức độ", 13),
    Column("Hạn sửa", 12),
    Column("Số lỗi", 9),
    Column("Trong đó mới", 9),
    Column(STATE["tai_xuat"], 9),
    Column("Quá hạn sửa", 9),
    Column("Điều phải đúng", 44),
    Column("Cách sửa", 44),
    Column("Nơi sửa được", 28),
    Column("Mã quy tắc", 18),
)
_LINES = (
    Column("STT", 6, "row"),
    Column("Mã quy tắc", 13),
    Column("Điều phải đúng", 28),
    Column("Mã hồ sơ, bản ghi", 24),
    Column("Điều chưa đúng", 18),
    Column("Giá trị hiện có", 30),
    Column("Cách sửa", 30),
    Column("Hạn sửa", 11),
    Column("Tình trạng", 12),
    Column("Ngày phát hiện", 11),
    Column("Tệp", 20),
    Column("Trang tính", 9),
    Column("Dòng", 7, "row"),
    Column(
        ANSWER,
        15,
        "answer",
        tuple(WORDS.values()),
        "Đã sửa: đã sửa trên hệ thống nguồn. Không phải lỗi: ghi lý do. Không thuộc đơn vị: ghi đơn vị nào.",
    ),
    Column(REASON, 20, "answer"),
    Column(WHOSE, 14, "answer"),
    Column(KEY, 6, "key"),
)
_SET_APART = (
    Column("STT", 6, "row"),
    Column("Điều chưa đúng", 34),
    Column("Mã hồ sơ, bản ghi", 34),
    Column("Trường", 24),
    Column("Giá trị hiện có", 30),
    Column("Cách sửa", 44),
    Column("Hạn sửa", 12),
    Column("Ngày phát hiện", 12),
    Column("Tệp", 28),
    Column("Trang tính", 12),
    Column("Dòng", 8, "row"),
)


@dataclass(frozen=True)
class Content:
    """What goes into one workbook."""

    agency: Agency
    counts: Sequence[RuleCount]
    defects: Iterable[Defect]
    set_apart: Iterable[SetApart]
    rules: Mapping[str, Rule]
    as_of: date


def write_workbook(file: Path, content: Content) -> None:
    """Write ``file`` whole or not at all; raises ``OSError``."""
    try:
        with whole_file(file, OWNER_FILE) as part, private_book(part, constant_memory=True) as book:
            book.set_properties({"title": "Sổ lỗi dữ liệu", "author": "Kho 06"})
            styles = styles_of(book)
            footer = f"Sổ lỗi dữ liệu – {content.agency.name} – số liệu đến {content.as_of:%d/%m/%Y}"
            _write_first(book, styles, content, footer)
            _write_lines(book, styles, content, footer)
            _write_set_apart(book, styles, content.set_apart, footer)
    except xlsxwriter.exceptions.XlsxFileError as failure:
        raise OSError(f"{type(failure).__name__}: {file.name}") from None


def sentences(content: Content) -> list[str]:
    """What an official needs to know first: how much, what matters most, by when, what to do with the workbook."""
    agency, as_of = content.agency, content.as_of
    who = f"{agency.name} ({agency.code})" if agency.code else "Chủ quản dữ liệu (lỗi chưa rõ đơn vị)"
    found = [
        f"Đơn vị: {who}. Số liệu đến hết ngày {as_of:%d/%m/%Y}.",
        f"Có {grouped(agency.defects)} lỗi đang mở" + _parts(content) + ".",
    ]
    late = sum(item.late for item in content.counts)
    if late:
        found.append(f"Trong đó {grouped(late)} lỗi đã quá hạn sửa, cần làm trước.")
    if agency.set_apart:
        found.append(
            f"Ngoài ra có {grouped(agency.set_apart)} lỗi ở dòng bị cách ly, chưa được nạp (trang “Dòng cách ly”)."
        )
    first = _ordered(content)
    if first:
        rule = content.rules[first[0].rule]
        by = f"hạn {first[0].due:%d/%m/%Y}" if first[0].due >= as_of else f"đã quá hạn từ {first[0].due:%d/%m/%Y}"
        found.append(
            f"Quan trọng nhất: {grouped(first[0].defects)} lỗi “{rule.description.rstrip('.')}” "
            f"({SEVERITY[rule.severity_on(as_of).value].lower()}), {by}. {rule.mending}"
        )
    return [
        *found,
        "Sửa trên hệ thống nguồn rồi kết xuất lại; lần nạp sau lỗi tự đóng. Không sửa số liệu trong sổ này.",
        f"Trả lời ở ba cột vàng của trang “{DEFECTS}” ({', '.join(f'“{w}”' for w in WORDS.values())}), giữ nguyên cột "
        f"“{KEY}”, rồi gửi sổ lại cho nhóm vận hành kho. “{WORDS[Kind.NO_FAULT]}” phải ghi lý do; "
        f"“{WORDS[Kind.NOT_OURS]}” ghi mã hoặc tên đơn vị có lỗi.",
        "Sổ có dữ liệu cá nhân: chỉ gửi cho đơn vị nêu trên, xóa khi sửa xong.",
    ]


def _parts(content: Content) -> str:
    """“: 3 lỗi chặn công bố, 5 lỗi cảnh báo”; nothing where there is no defect."""
    totals: dict[Severity, int] = {}
    for item in content.counts:
        severity = content.rules[item.rule].severity_on(content.as_of)
        totals[severity] = totals.get(severity, 0) + item.defects
    named = [f"{grouped(totals[s])} mức {SEVERITY[s.value].lower()}" for s in sorted(totals, key=_ORDER.__getitem__)]
    return f": {', '.join(named)}" if named else ""


def _ordered(content: Content) -> list[RuleCount]:
    """What matters most first: severity, then the due day, then how many."""
    return sorted(
        content.counts,
        key=lambda item: (_ORDER[content.rules[item.rule].severity_on(content.as_of)], item.due, -item.defects),
    )


def _write_first(book: Any, styles: Mapping[str, Any], content: Content, footer: str) -> None:
    sheet = book.add_worksheet("Tổng hợp")
    print_setup(sheet, footer)
    sheet.write_string(0, 0, "SỔ LỖI DỮ LIỆU", styles["title"])
    across = len(_COUNTS) - 1
    room = int(sum(column.width for column in _COUNTS) * 0.9)
    row = 1
    for text in sentences(content):
        sheet.merge_range(row, 0, row, across, "", styles["lead"])
        sheet.write_string(row, 0, text, styles["lead"])
        sheet.set_row(row, 16.5 * lines_of(text, room))
        row += 1
    if not content.counts:
        return
    sheet.write_string(row + 1, 0, "Lỗi theo quy tắc, việc cần làm trước ở trên", styles["heading"])
    head(sheet, styles, _COUNTS, row + 2)
    sheet.freeze_panes(0, 0)
    put = writer(sheet, styles, _COUNTS)
    for number, item in enumerate(_ordered(content), start=row + 3):
        rule = content.rules[item.rule]
        severity = SEVERITY[rule.severity_on(content.as_of).value]
        counts = [item.defects, item.new, item.again, item.late]
        put(number, [severity, item.due, *counts, rule.description, rule.mending, rule.mended_by, item.rule])


def _write_lines(book: Any, styles: Mapping[str, Any], content: Content, footer: str) -> None:
    pages = Pages(book, styles, DEFECTS, _LINES, footer=footer)
    for number, item in enumerate(content.defects, start=1):
        rule = content.rules[item.rule]
        state = ANSWERED[item.answer] if item.answer else STATE[item.state]
        what: list[object] = [number, item.rule, rule.description, item.record, item.fault, item.value, rule.mending]
        where = [item.due, state, item.found, item.file, item.sheet, item.row]
        pages.put([*what, *where, None, None, None, item.code])
    pages.close()


def _write_set_apart(book: Any, styles: Mapping[str, Any], rows: Iterable[SetApart], footer: str) -> None:
    pages = Pages(book, styles, "Dòng cách ly", _SET_APART, footer=footer)
    for number, item in enumerate(rows, start=1):
        what: list[object] = [number, item.reason, item.record, item.field, item.value, item.mending]
        pages.put([*what, item.due, item.found, item.file, item.sheet, item.row])
    pages.close()
