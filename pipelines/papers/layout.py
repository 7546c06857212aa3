"""Parts of a template by Nghị định 30/2020/NĐ-CP, Phụ lục I: page, signature, appendix, table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

FONT = "Times New Roman"
_BODY, SMALL = 14, 10
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


def blank() -> Paper:
    """An empty document of the decree's page and font, without a word of who made it."""
    paper = Document()
    about = paper.core_properties
    about.author, about.last_modified_by, about.comments, about.title = "", "", "", "Báo cáo"
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(_BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.element.rPr.rFonts.set(qn("w:cs"), FONT)
    style.paragraph_format.space_after = Pt(0)
    page(paper.sections[0], landscape=False)
    return paper


def page(section: Any, *, landscape: bool) -> None:
    """A4 with the margins of the decree; number centred in the top margin, from the second page."""
    long, short = Mm(297), Mm(210)
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(16)
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
    _count_from_one(section._sectPr)


def _count_from_one(properties: Any) -> None:
    """One element, in its place among the others: a new section begins as a copy of the one before it, with its own."""
    for old in properties.findall(qn("w:pgNumType")):
        properties.remove(old)
    counted = OxmlElement("w:pgNumType")
    counted.set(qn("w:start"), "1")
    properties.find(qn("w:cols")).addprevious(counted)


def drawn_line(made: Any, millimetres: float, place: int) -> None:
    """A drawn line, as the decree asks, never an underline."""
    xml = _LINE.format(ns=nsdecls("w"), length=int(millimetres * _MM), place=place)
    made._p.append(parse_xml(xml))
    made.alignment = ALIGN.CENTER
    made.paragraph_format.line_spacing = Pt(5)


def paragraph(
    holder: Any, text: str, size: float = _BODY, *, bold: bool = False, italic: bool = False, align: Any = ALIGN.CENTER
) -> Any:
    """A paragraph of one run; ``size`` in points."""
    made = holder.add_paragraph()
    run = made.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
    made.alignment = align
    return made


def body(paper: Any, text: str, *, bold: bool = False, italic: bool = False) -> Any:
    """A made of the text: justified, first line set in by a centimetre, six points apart."""
    made = paragraph(paper, text, _BODY, bold=bold, italic=italic, align=ALIGN.JUSTIFY)
    made.paragraph_format.first_line_indent = Mm(10)
    made.paragraph_format.space_before = Pt(6)
    if bold:
        made.paragraph_format.keep_with_next = True
    return made


def mark(paper: Any, text: str) -> None:
    """A tag of the template that stands alone and leaves no line behind (``{%p … %}``)."""
    paragraph(paper, text, _BODY, align=ALIGN.LEFT)


def part(paper: Any, name: str) -> None:
    """All paragraphs of a part."""
    mark(paper, f"{{%p for doan in muc.{name} %}}")
    body(paper, "{{r doan }}")
    mark(paper, "{%p endfor %}")


def first_page(paper: Paper) -> None:
    """Issuing body, quốc hiệu, number, place and date, title, addressees, and what is to be known of the figures."""
    head = paper.add_table(rows=1, cols=2)
    head.alignment, head.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    left, right = head.rows[0].cells
    set_widths(head, (Mm(69), Mm(98)))
    for cell in (left, right):
        cell.paragraphs[0]._p.getparent().remove(cell.paragraphs[0]._p)
    paragraph(left, "{%p if co_quan_chu_quan %}", 12)
    paragraph(left, "{{ co_quan_chu_quan }}", 12)
    paragraph(left, "{%p endif %}", 12)
    paragraph(left, "{{ co_quan }}", 12, bold=True)
    drawn_line(left.add_paragraph(), 24, 1)
    paragraph(left, "Số:        /BC-{{ viet_tat }}", 13).paragraph_format.space_before = Pt(4)
    paragraph(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    paragraph(right, "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    drawn_line(right.add_paragraph(), 56, 2)
    dated = paragraph(right, "{{ dia_danh }}, ngày      tháng      năm {{ nam }}", 13, italic=True)
    dated.paragraph_format.space_before = Pt(4)
    paragraph(paper, "BÁO CÁO", 14, bold=True).paragraph_format.space_before = Pt(18)
    paragraph(paper, "{{ trich_yeu }}", 14, bold=True)
    paragraph(paper, "({{ ky }})", 14, bold=True)
    drawn_line(paper.add_paragraph(), 50, 3)
    paragraph(paper, "Kính gửi: ……………………………………", 14).paragraph_format.space_before = Pt(8)
    body(
        paper,
        "Số liệu đến hết ngày {{ ngay_so_lieu }}, theo bản công bố {{ phien_ban }} của kho dữ liệu tỉnh; phạm vi: "
        "{{ pham_vi }}. Mã trong ngoặc vuông dẫn tới phụ lục cuối, nơi ghi cách tính lại từng con số.",
    )
    mark(paper, "{%p for ghi_chu in luu_y %}")
    body(paper, "Lưu ý: {{ ghi_chu }}", italic=True)
    mark(paper, "{%p endfor %}")


def signature(paper: Paper) -> None:
    """Nơi nhận and the signature block."""
    table = paper.add_table(rows=1, cols=2)
    table.autofit = False
    set_widths(table, (Mm(82), Mm(83)))
    left, right = table.rows[0].cells
    left.paragraphs[0].paragraph_format.space_before = Pt(12)
    run = left.paragraphs[0].add_run("Nơi nhận:")
    run.bold, run.italic, run.font.size = True, True, Pt(12)
    for line in ("- ……………;", "- Lưu: VT, ……."):
        paragraph(left, line, 11, align=ALIGN.LEFT)
    right.paragraphs[0].paragraph_format.space_before = Pt(12)
    right.paragraphs[0].alignment = ALIGN.CENTER
    for place, words in enumerate(("{{ ky_thay }}", "{{ chuc_vu }}")):
        made = right.paragraphs[0] if place == 0 else right.add_paragraph()
        made.alignment = ALIGN.CENTER
        run = made.add_run(words)
        run.bold, run.font.size = True, Pt(14)
    paragraph(right, "\n\n\n", 14)
    paragraph(right, "……………………", 14, bold=True)
    unbroken(table.rows[0])


def appendix(paper: Paper, title: str) -> None:
    """A landscape section of its own, with number and title."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    page(section, landscape=True)
    appendix_head(paper, title)


def appendix_head(paper: Paper, title: str) -> Any:
    """Number and title; the number is the next one when the template is filled."""
    first = paragraph(paper, "Phụ lục {{ phu_luc() }}", 14, bold=True)
    paragraph(paper, title, 13, bold=True)
    paragraph(
        paper,
        "(Kèm theo Báo cáo số      /BC-{{ viet_tat }} ngày      tháng      năm {{ nam }}; {{ ky }})",
        12,
        italic=True,
    )
    return first


def set_widths(table: Any, widths: Sequence[Any]) -> None:
    """Widths (``Mm``) of the columns, on each cell too: word processors look at one or the other."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=False):
            cell.width = width


def fill(row: Any, texts: Sequence[str], *, size: float = SMALL, bold: bool = False, centred: bool = False) -> None:
    """Texts into the cells of a row, a tag of a figure to the right; ``size`` in points."""
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        made = cell.paragraphs[0]
        run = made.add_run(text)
        run.bold, run.font.size, run.font.name = bold, Pt(size), FONT
        numeric = text.startswith("{{ d.") and place > 0
        made.alignment = ALIGN.CENTER if centred else ALIGN.RIGHT if numeric else ALIGN.LEFT


def unbroken(row: Any) -> None:
    """All of the row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def repeated(row: Any) -> None:
    """The row stands again at the top of each further page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def grid(
    paper: Paper,
    table: str,
    heads: Sequence[str],
    keys: Sequence[str],
    widths: Sequence[float],
    *,
    words: int = 1,
    size: float = SMALL,
    texts: Sequence[int] = (),
) -> None:
    """A table whose head repeats on every page; ``words``: how many of its first columns are texts, ``texts``: which
    others (from 0). Widths in millimetres."""
    grid = paper.add_table(rows=4, cols=len(heads))
    grid.style, grid.autofit = "Table Grid", False
    fill(grid.rows[0], heads, size=size, bold=True, centred=True)
    repeated(grid.rows[0])
    grid.rows[1].cells[0].paragraphs[0].add_run(f"{{%tr for d in {table}.dong %}}")
    fill(grid.rows[2], [f"{{{{ d.{key} }}}}" for key in keys], size=size)
    unbroken(grid.rows[2])
    for cell in [*grid.rows[2].cells[:words], *(grid.rows[2].cells[place] for place in texts)]:
        cell.paragraphs[0].alignment = ALIGN.LEFT
    grid.rows[3].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    set_widths(grid, [Mm(width) for width in widths])
    note(paper, table)


def note(paper: Paper, table: str) -> None:
    """What is to be said below a table, where there is anything."""
    mark(paper, f"{{%p if {table}.ghi_chu %}}")
    paragraph(paper, f"{{{{ {table}.ghi_chu }}}}", 12, italic=True, align=ALIGN.LEFT)
    mark(paper, "{%p endif %}")
