"""The house's own templates, drawn by Nghị định 30/2020/NĐ-CP, Phụ lục I: ``python -m pipelines.papers.drawing``.

What it writes to ``mau/`` is kept under version control and is a document like any other: an office opens a copy in its
word processor, changes headings, adds text and moves fields, and names it with ``--mau``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from pipelines.papers.dossiers import AGENCY
from pipelines.papers.fields import GROUPS, PARTS, SHARES

FOLDER = Path(__file__).with_name("mau")
FONT = "Times New Roman"
_BODY, _SMALL = 14, 10
_LINE = (
    '<w:r {ns} xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:drawing>'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{length}" cy="12700"/>'
    '<wp:docPr id="{place}" name="Duong ke {place}"/><a:graphic><a:graphicData '
    'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvCnPr/><wps:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="{length}" cy="0"/></a:xfrm><a:prstGeom prst="line"><a:avLst/></a:prstGeom>'
    '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)
_MM = 36_000
_FORM_HEAD = (
    "STT", "Lĩnh vực giải quyết", "Tổng số", "Trực tuyến", "Trực tiếp, dịch vụ bưu chính", "Từ kỳ trước", "Tổng số",
    "Trước hạn", "Đúng hạn", "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn",
)  # fmt: skip
_FORM_KEYS = (
    "nhan_tong_so", "nhan_truc_tuyen", "nhan_truc_tiep_buu_chinh", "nhan_tu_ky_truoc", "giai_quyet_tong_so",
    "giai_quyet_truoc_han", "giai_quyet_dung_han", "giai_quyet_qua_han", "dang_giai_quyet_tong_so",
    "dang_giai_quyet_trong_han", "dang_giai_quyet_qua_han",
)  # fmt: skip


def write(folder: Path = FOLDER) -> list[Path]:
    """Draw every template into ``folder``; gives their paths."""
    drawers: dict[str, Callable[[Paper], None]] = {"kstthc": _control, "de-an-06": _project_06, "766": _index}
    written = []
    for kind, draw in drawers.items():
        paper = _blank()
        _first_page(paper)
        draw(paper)
        path = folder / f"{kind}.docx"
        paper.save(str(path))
        written.append(path)
    return written


def _blank() -> Paper:
    paper = Document()
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(_BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.element.rPr.rFonts.set(qn("w:cs"), FONT)
    style.paragraph_format.space_after = Pt(0)
    _page(paper.sections[0], landscape=False)
    return paper


def _page(section: Any, *, landscape: bool) -> None:
    """A4 with the margins of the decree; number centred in the top margin, from the second page."""
    long, short = Mm(297), Mm(210)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance, section.footer_distance = Mm(10), Mm(10)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = number.add_run()
        run.font.size, run.font.name = Pt(13), FONT
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)
    counted = OxmlElement("w:pgNumType")
    counted.set(qn("w:start"), "1")
    section._sectPr.append(counted)


def _line(paragraph: Any, millimetres: float, place: int) -> None:
    """A drawn line, as the decree asks, never an underline."""
    xml = _LINE.format(ns=nsdecls("w"), length=int(millimetres * _MM), place=place)
    paragraph._p.append(parse_xml(xml))
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.line_spacing = Pt(5)


def _text(
    holder: Any, text: str, size: float = _BODY, *, bold: bool = False, italic: bool = False, align: Any = ALIGN.CENTER
) -> Any:
    paragraph = holder.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    paragraph.alignment = align
    return paragraph


def _body(paper: Any, text: str, *, bold: bool = False, italic: bool = False) -> Any:
    """A paragraph of the text: justified, first line set in by a centimetre, six points apart."""
    paragraph = _text(paper, text, _BODY, bold=bold, italic=italic, align=ALIGN.JUSTIFY)
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.space_before = Pt(6)
    if bold:
        paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _mark(paper: Any, text: str) -> None:
    _text(paper, text, _BODY, align=ALIGN.LEFT)


def _part(paper: Any, name: str) -> None:
    """All paragraphs of a part."""
    _mark(paper, f"{{%p for doan in muc.{name} %}}")
    _body(paper, "{{r doan }}")
    _mark(paper, "{%p endfor %}")


def _first_page(paper: Paper) -> None:
    head = paper.add_table(rows=1, cols=2)
    head.alignment, head.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    left, right = head.rows[0].cells
    _widths(head, (Mm(69), Mm(98)))
    for cell in (left, right):
        cell.paragraphs[0]._p.getparent().remove(cell.paragraphs[0]._p)
    _text(left, "{%p if co_quan_chu_quan %}", 12)
    _text(left, "{{ co_quan_chu_quan }}", 12)
    _text(left, "{%p endif %}", 12)
    _text(left, "{{ co_quan }}", 12, bold=True)
    _line(left.add_paragraph(), 24, 1)
    _text(left, "Số:        /BC-{{ viet_tat }}", 13).paragraph_format.space_before = Pt(4)
    _text(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    _text(right, "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    _line(right.add_paragraph(), 56, 2)
    dated = _text(right, "{{ dia_danh }}, ngày      tháng      năm {{ nam }}", 13, italic=True)
    dated.paragraph_format.space_before = Pt(4)
    _text(paper, "BÁO CÁO", 14, bold=True).paragraph_format.space_before = Pt(18)
    _text(paper, "{{ trich_yeu }}", 14, bold=True)
    _text(paper, "({{ ky }})", 14, bold=True)
    _line(paper.add_paragraph(), 50, 3)
    _text(paper, "Kính gửi: ……………………………………", 14).paragraph_format.space_before = Pt(8)
    _body(
        paper,
        "Số liệu đến hết ngày {{ ngay_so_lieu }}, theo bản công bố {{ phien_ban }} của kho dữ liệu tỉnh; phạm vi: "
        "{{ pham_vi }}. Mã trong ngoặc vuông dẫn tới phụ lục cuối, nơi ghi cách tính lại từng con số.",
    )
    _mark(paper, "{%p for ghi_chu in luu_y %}")
    _body(paper, "Lưu ý: {{ ghi_chu }}", italic=True)
    _mark(paper, "{%p endfor %}")


def _signature(paper: Paper) -> None:
    """Nơi nhận and the signature block."""
    table = paper.add_table(rows=1, cols=2)
    table.autofit = False
    _widths(table, (Mm(82), Mm(83)))
    left, right = table.rows[0].cells
    left.paragraphs[0].paragraph_format.space_before = Pt(12)
    run = left.paragraphs[0].add_run("Nơi nhận:")
    run.bold, run.italic, run.font.size = True, True, Pt(12)
    for line in ("- ……………;", "- Lưu: VT, ……."):
        _text(left, line, 11, align=ALIGN.LEFT)
    right.paragraphs[0].paragraph_format.space_before = Pt(12)
    right.paragraphs[0].alignment = ALIGN.CENTER
    for place, words in enumerate(("{{ ky_thay }}", "{{ chuc_vu }}")):
        paragraph = right.paragraphs[0] if place == 0 else right.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        run = paragraph.add_run(words)
        run.bold, run.font.size = True, Pt(14)
    _text(right, "\n\n\n", 14)
    _text(right, "……………………", 14, bold=True)
    cant_split = OxmlElement("w:cantSplit")
    table.rows[0]._tr.get_or_add_trPr().append(cant_split)


def _appendix(paper: Paper, number: str, title: str) -> None:
    """A landscape section of its own, with number and title."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    _page(section, landscape=True)
    _appendix_head(paper, number, title)


def _appendix_head(paper: Paper, number: str, title: str) -> Any:
    first = _text(paper, f"Phụ lục {number}", 14, bold=True)
    _text(paper, title, 13, bold=True)
    _text(
        paper,
        "(Kèm theo Báo cáo số      /BC-{{ viet_tat }} ngày      tháng      năm {{ nam }}; {{ ky }})",
        12,
        italic=True,
    )
    return first


def _widths(table: Any, widths: Sequence[Any]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=False):
            cell.width = width


def _cells(row: Any, texts: Sequence[str], *, size: float = _SMALL, bold: bool = False, centred: bool = False) -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.bold, run.font.size, run.font.name = bold, Pt(size), FONT
        numeric = text.startswith("{{ d.") and place > 0
        paragraph.alignment = ALIGN.CENTER if centred else ALIGN.RIGHT if numeric else ALIGN.LEFT


def _repeated(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _grid(
    paper: Paper,
    table: str,
    heads: Sequence[str],
    keys: Sequence[str],
    widths: Sequence[float],
    words: int = 1,
    size: float = _SMALL,
) -> None:
    """A table whose head repeats on every page; ``words``: how many of its columns are texts. Widths in millimetres."""
    grid = paper.add_table(rows=4, cols=len(heads))
    grid.style, grid.autofit = "Table Grid", False
    _cells(grid.rows[0], heads, size=size, bold=True, centred=True)
    _repeated(grid.rows[0])
    grid.rows[1].cells[0].paragraphs[0].add_run(f"{{%tr for d in {table}.dong %}}")
    _cells(grid.rows[2], [f"{{{{ d.{key} }}}}" for key in keys], size=size)
    for cell in grid.rows[2].cells[:words]:
        cell.paragraphs[0].alignment = ALIGN.LEFT
    grid.rows[3].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    _widths(grid, [Mm(width) for width in widths])
    _note(paper, table)


def _note(paper: Paper, table: str) -> None:
    _mark(paper, f"{{%p if {table}.ghi_chu %}}")
    _text(paper, f"{{{{ {table}.ghi_chu }}}}", 12, italic=True, align=ALIGN.LEFT)
    _mark(paper, "{%p endif %}")


def _form_06a(paper: Paper) -> None:
    """Form II.06a, a page a level: head of three rows, a line a field, the total."""
    _mark(paper, "{%p for b in bieu_06a %}")
    first = _appendix_head(paper, "I", "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH – {{ b.tieu_de|upper }}")
    first.paragraph_format.page_break_before = True
    _text(paper, "Đơn vị tính: số hồ sơ TTHC", 11, italic=True, align=ALIGN.RIGHT)
    grid = paper.add_table(rows=7, cols=13)
    grid.style, grid.autofit = "Table Grid", False
    top, heads = grid.rows[0], grid.rows[1]
    for begin, end, words in (
        (2, 5, "Số hồ sơ nhận giải quyết"),
        (6, 9, "Số hồ sơ đã giải quyết"),
        (10, 12, "Số hồ sơ đang giải quyết"),
    ):
        merged = top.cells[begin].merge(top.cells[end])
        merged.paragraphs[0].add_run(words)
    _cells(heads, ["", "", *_FORM_HEAD[2:]], bold=True, centred=True)
    for place in (0, 1):
        merged = top.cells[place].merge(heads.cells[place])
        merged.paragraphs[0].add_run(_FORM_HEAD[place])
        for extra in merged.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)
    for cell in top.cells:
        for run in cell.paragraphs[0].runs:
            run.bold, run.font.size = True, Pt(_SMALL)
        cell.paragraphs[0].alignment = ALIGN.CENTER
    _cells(grid.rows[2], [f"({place})" for place in range(1, 14)], size=9, centred=True)
    for row in grid.rows[:3]:
        _repeated(row)
    grid.rows[3].cells[0].paragraphs[0].add_run("{%tr for d in b.dong %}")
    _cells(grid.rows[4], ["{{ loop.index }}", "{{ d.linh_vuc }}", *(f"{{{{ d.{key} }}}}" for key in _FORM_KEYS)])
    grid.rows[4].cells[1].paragraphs[0].alignment = ALIGN.LEFT
    grid.rows[5].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    _cells(grid.rows[6], ["", "Tổng cộng", *(f"{{{{ b.tong.{key} }}}}" for key in _FORM_KEYS)], bold=True)
    for cell in grid.rows[6].cells[2:]:
        cell.paragraphs[0].alignment = ALIGN.RIGHT
    _widths(grid, [Mm(width) for width in (12, 50, *([17.2] * 11))])
    _note(paper, "b")
    _mark(paper, "{%p endfor %}")


def _sources(paper: Paper, number: str) -> None:
    """The last appendix: every figure of the text, and each table, with the question that gives it again."""
    _appendix(paper, number, "NGUỒN CỦA TỪNG CON SỐ")
    heads = ("Mã", "Chỉ tiêu; phạm vi; kỳ; mẫu số", "Giá trị", "Ngày số liệu; phiên bản", "Câu hỏi tính lại (kho sql)")
    _grid(paper, "nguon", heads, ("ma", "nghia", "gia_tri", "ban", "sql"), (24, 76, 34, 34, 84), words=5, size=8)


def _control(paper: Paper) -> None:
    parts = PARTS["kstthc"]
    _body(paper, "I. TÌNH HÌNH TRIỂN KHAI, THỰC HIỆN", bold=True)
    _body(paper, "(Đơn vị soạn báo cáo tự ghi.)", italic=True)
    _body(paper, "II. KẾT QUẢ THỰC HIỆN", bold=True)
    for place, name in enumerate(("y_kien", "tham_dinh", "cong_bo", "ra_soat", "pakn", "kiem_tra"), 1):
        _body(paper, f"{place}. {parts[name].split('. ', 1)[1]}", bold=True)
        _part(paper, name)
    _body(paper, "7. Cơ chế một cửa, một cửa liên thông, thực hiện TTHC trên môi trường điện tử", bold=True)
    _body(paper, "7.1. Kết quả hoạt động của Bộ phận Một cửa", bold=True)
    for letter, title, names in (
        ("a", "TTHC thực hiện trên địa bàn", ("mot_cua",)),
        ("b", "Tình hình tiếp nhận hồ sơ, giải quyết và trả kết quả", ("ho_so", "don_vi", "so_ky_truoc")),
        ("c", "Thực hiện TTHC trên môi trường điện tử", ("so_hoa",)),
        ("d", "Tiếp nhận, trả kết quả qua dịch vụ bưu chính công ích", ("buu_chinh",)),
        ("e", "Đánh giá việc giải quyết TTHC", ("hai_long",)),
    ):
        _body(paper, f"{letter}) {title}", italic=True)
        for name in names:
            _part(paper, name)
    _body(paper, "7.2. Kết quả thực hiện Bộ chỉ số theo Quyết định số 766/QĐ-TTg", bold=True)
    _part(paper, "chi_so_766")
    _body(paper, "III. ĐÁNH GIÁ CHUNG; KIẾN NGHỊ, ĐỀ XUẤT", bold=True)
    _body(paper, "(Đơn vị soạn báo cáo tự ghi.)./.", italic=True)
    _signature(paper)
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    _page(section, landscape=True)
    _form_06a(paper)
    _appendix(paper, "II", "KẾT QUẢ GIẢI QUYẾT HỒ SƠ THEO ĐƠN VỊ")
    heads = ("Đơn vị", "Tiếp nhận", "Đã giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn", "Đang giải quyết",
             "Đang quá hạn", "Đúng và trước hạn / đã giải quyết có hạn", "Trực tuyến / tiếp nhận mới")  # fmt: skip
    _grid(paper, "bang.don_vi", heads, ("don_vi", *AGENCY, *("ty_le_dung_va_truoc_han", "ty_le_truc_tuyen")),
          (62, *([18] * 7), 32, 32))  # fmt: skip
    _appendix(paper, "III", "{{ bang.nhom_766.tieu_de|upper }}")
    _group_grid(paper)
    _sources(paper, "IV")


def _group_grid(paper: Paper) -> None:
    heads = (
        "Nhóm chỉ số",
        "Điểm kho tính",
        "Điểm tối đa áp dụng",
        "Điểm Cổng công bố",
        "Bình quân cả nước",
        "Thay đổi so với tháng trước",
    )
    _grid(
        paper,
        "bang.nhom_766",
        heads,
        ("nhom", "diem", "toi_da", "cong_qg", "binh_quan", "thay_doi"),
        (72, *([36] * 5)),
        size=11,
    )


def _project_06(paper: Paper) -> None:
    for place, (name, title) in enumerate(
        (("dich_vu", "Dịch vụ công thiết yếu"), ("so_hoa", "Số hóa"), ("dinh_danh", "Số định danh cá nhân, liên thông"),
         ("lam_sach", "Làm sạch dữ liệu “đúng, đủ, sạch, sống”"), ("hai_long", "Mức độ hài lòng")), 1,
    ):  # fmt: skip
        _body(paper, f"{place}. {title}", bold=True)
        _part(paper, name)
    _body(paper, "6. Khó khăn, vướng mắc; kiến nghị, đề xuất", bold=True)
    _body(paper, "(Đơn vị soạn báo cáo tự ghi.)./.", italic=True)
    _signature(paper)
    _appendix(paper, "I", "{{ bang.dich_vu.tieu_de|upper }}")
    heads = ("Dịch vụ công", "Hồ sơ kỳ này", "Hồ sơ kỳ trước", "Thay đổi", "Trực tuyến / tiếp nhận mới")
    _grid(
        paper, "bang.dich_vu", heads, ("dich_vu", "so_ho_so", "truoc", "thay_doi", "truc_tuyen"), (112, 30, 30, 40, 40)
    )
    _appendix(paper, "II", "{{ bang.nguon.tieu_de|upper }}")
    _grid(paper, "bang.nguon", ("Nguồn dữ liệu", "Đúng", "Đủ", "Sạch", "Sống"), ("nguon", "dung", "du", "sach", "song"),
          (92, *([40] * 4)), size=11)  # fmt: skip
    _sources(paper, "III")


def _index(paper: Paper) -> None:
    _body(paper, "1. Kết quả chung và sáu nhóm chỉ số", bold=True)
    _part(paper, "nhom")
    _body(paper, "2. Điểm mất, qua đơn vị và thủ tục nào", bold=True)
    _part(paper, "diem_mat")
    _body(paper, "3. Nhiệm vụ, giải pháp", bold=True)
    _body(paper, "(Đơn vị soạn báo cáo tự ghi.)./.", italic=True)
    _signature(paper)
    _appendix(paper, "I", "{{ bang.nhom_766.tieu_de|upper }}")
    _group_grid(paper)
    _appendix(paper, "II", "{{ bang.don_vi_766.tieu_de|upper }}")
    _grid(paper, "bang.don_vi_766", ("Đơn vị", *GROUPS.values(), "Điểm tối đa áp dụng"), ("don_vi", *GROUPS, "toi_da"),
          (68, *([23] * 8)))  # fmt: skip
    _appendix(paper, "III", "{{ bang.diem_mat.tieu_de|upper }}")
    heads = ("Đơn vị", "Thủ tục", "Chỉ số", "Lỗi", "Số lỗi", "Điểm mất")
    _grid(
        paper,
        "bang.diem_mat",
        heads,
        ("don_vi", "thu_tuc", "chi_so", "loi", "so_loi", "diem_mat"),
        (52, 66, 16, 74, 22, 22),
        words=4,
    )
    _sources(paper, "IV")


if __name__ == "__main__":
    write()
