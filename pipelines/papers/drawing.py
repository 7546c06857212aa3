"""The house's own templates, drawn by Nghị định 30/2020/NĐ-CP, Phụ lục I: ``python -m pipelines.papers.drawing``.

What it writes to ``mau/`` is kept under version control and is a document like any other: an office opens a copy in its
word processor, changes headings, adds text and moves fields, and names it with ``--mau``.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docx.document import Document as Paper
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from pipelines.papers.dossiers import AGENCY
from pipelines.papers.fields import GROUPS, PARTS
from pipelines.papers.layout import (
    SMALL,
    appendix,
    appendix_head,
    blank,
    body,
    fill,
    first_page,
    grid,
    mark,
    note,
    page,
    paragraph,
    part,
    repeated,
    set_widths,
    signature,
    unbroken,
)

FOLDER = Path(__file__).with_name("mau")
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
        paper = blank()
        first_page(paper)
        draw(paper)
        path = folder / f"{kind}.docx"
        paper.save(str(path))
        written.append(path)
    return written


def _form_06a(paper: Paper) -> None:
    """Form II.06a, a page a level: head of three rows, a line a field, the total."""
    mark(paper, "{%p for b in bieu_06a %}")
    first = appendix_head(paper, "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH – {{ b.tieu_de|upper }}")
    first.paragraph_format.page_break_before = True
    paragraph(paper, "Đơn vị tính: số hồ sơ TTHC", 11, italic=True, align=ALIGN.RIGHT)
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
    fill(heads, ["", "", *_FORM_HEAD[2:]], bold=True, centred=True)
    for place in (0, 1):
        merged = top.cells[place].merge(heads.cells[place])
        merged.paragraphs[0].add_run(_FORM_HEAD[place])
        for extra in merged.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)
    for cell in top.cells:
        for run in cell.paragraphs[0].runs:
            run.bold, run.font.size = True, Pt(SMALL)
        cell.paragraphs[0].alignment = ALIGN.CENTER
    fill(grid.rows[2], [f"({place})" for place in range(1, 14)], size=9, centred=True)
    for row in grid.rows[:3]:
        repeated(row)
    grid.rows[3].cells[0].paragraphs[0].add_run("{%tr for d in b.dong %}")
    fill(grid.rows[4], ["{{ loop.index }}", "{{ d.linh_vuc }}", *(f"{{{{ d.{key} }}}}" for key in _FORM_KEYS)])
    grid.rows[4].cells[1].paragraphs[0].alignment = ALIGN.LEFT
    unbroken(grid.rows[4])
    grid.rows[5].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    fill(grid.rows[6], ["", "Tổng cộng", *(f"{{{{ b.tong.{key} }}}}" for key in _FORM_KEYS)], bold=True)
    for cell in grid.rows[6].cells[2:]:
        cell.paragraphs[0].alignment = ALIGN.RIGHT
    set_widths(grid, [Mm(width) for width in (12, 50, *([17.2] * 11))])
    note(paper, "b")
    mark(paper, "{%p endfor %}")


def _sources(paper: Paper) -> None:
    """The last appendix: every figure of the text, and each table, with the question that gives it again."""
    appendix(paper, "NGUỒN CỦA TỪNG CON SỐ")
    heads = ("Mã", "Chỉ tiêu; phạm vi; kỳ; mẫu số", "Giá trị", "Ngày số liệu; phiên bản", "Câu hỏi tính lại (kho sql)")
    grid(paper, "nguon", heads, ("ma", "nghia", "gia_tri", "ban", "sql"), (24, 76, 34, 34, 84), words=5, size=8)


def _control(paper: Paper) -> None:
    parts = PARTS["kstthc"]
    body(paper, "I. TÌNH HÌNH TRIỂN KHAI, THỰC HIỆN", bold=True)
    body(paper, "(Đơn vị soạn báo cáo tự ghi.)", italic=True)
    body(paper, "II. KẾT QUẢ THỰC HIỆN", bold=True)
    for place, name in enumerate(("y_kien", "tham_dinh", "cong_bo", "ra_soat", "pakn", "kiem_tra"), 1):
        body(paper, f"{place}. {parts[name].split('. ', 1)[1]}", bold=True)
        part(paper, name)
    body(paper, "7. Cơ chế một cửa, một cửa liên thông, thực hiện TTHC trên môi trường điện tử", bold=True)
    body(paper, "7.1. Kết quả hoạt động của Bộ phận Một cửa", bold=True)
    for letter, title, names in (
        ("a", "TTHC thực hiện trên địa bàn", ("mot_cua",)),
        ("b", "Tình hình tiếp nhận hồ sơ, giải quyết và trả kết quả", ("ho_so", "don_vi", "so_ky_truoc")),
        ("c", "Thực hiện TTHC trên môi trường điện tử", ("so_hoa",)),
        ("d", "Tiếp nhận, trả kết quả qua dịch vụ bưu chính công ích", ("buu_chinh",)),
        ("e", "Đánh giá việc giải quyết TTHC", ("hai_long",)),
    ):
        body(paper, f"{letter}) {title}", italic=True)
        for name in names:
            part(paper, name)
    body(paper, "7.2. Kết quả thực hiện Bộ chỉ số theo Quyết định số 766/QĐ-TTg", bold=True)
    part(paper, "chi_so_766")
    body(paper, "III. ĐÁNH GIÁ CHUNG; KIẾN NGHỊ, ĐỀ XUẤT", bold=True)
    body(paper, "(Đơn vị soạn báo cáo tự ghi.)./.", italic=True)
    signature(paper)
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    page(section, landscape=True)
    _form_06a(paper)
    appendix(paper, "KẾT QUẢ GIẢI QUYẾT HỒ SƠ THEO ĐƠN VỊ")
    heads = ("Đơn vị", "Tiếp nhận", "Đã giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn", "Đang giải quyết",
             "Đang quá hạn", "Đúng và trước hạn / đã giải quyết có hạn", "Trực tuyến / tiếp nhận mới")  # fmt: skip
    grid(paper, "bang.don_vi", heads, ("don_vi", *AGENCY, *("ty_le_dung_va_truoc_han", "ty_le_truc_tuyen")),
          (62, *([18] * 7), 32, 32))  # fmt: skip
    appendix(paper, "{{ bang.nhom_766.tieu_de|upper }}")
    _group_grid(paper)
    _printed(paper)
    _sources(paper)


def _printed(paper: Paper) -> None:
    """A printed report of the same window beside the warehouse, and its contradictions; nothing where there is none."""
    mark(paper, "{%p if bang.da_in.dong %}")
    appendix_head(paper, "{{ bang.da_in.tieu_de|upper }}").paragraph_format.page_break_before = True
    heads = ("Mã", "Mục", "Chỉ tiêu", "Phạm vi", "Báo cáo in", "Kho tính", "Mã số của kho", "Chênh lệch", "Kết luận",
             "Chú thích")  # fmt: skip
    keys = ("ma", "muc", "chi_tieu", "pham_vi", "so_in", "so_kho", "ma_kho", "lech", "ket_luan", "chu_thich")
    grid(paper, "bang.da_in", heads, keys, (14, 18, 50, 30, 24, 26, 22, 15, 44, 12), words=4, size=9,
         texts=(6, 8, 9))  # fmt: skip
    mark(paper, "{%p if bang.mau_thuan.dong %}")
    head = paragraph(paper, "Chú thích: báo cáo đã in tự mâu thuẫn", 12, bold=True, align=ALIGN.LEFT)
    head.paragraph_format.keep_with_next = True
    grid(paper, "bang.mau_thuan", ("Số", "Mã", "Mâu thuẫn", "Số in", "Tính từ các số in khác", "Chênh lệch"),
         ("so", "ma", "mo_ta", "so_in", "so_tinh", "lech"), (12, 18, 120, 34, 40, 30), words=3, size=9)  # fmt: skip
    mark(paper, "{%p endif %}")
    mark(paper, "{%p endif %}")


def _group_grid(paper: Paper) -> None:
    heads = (
        "Nhóm chỉ số",
        "Điểm kho tính",
        "Điểm tối đa áp dụng",
        "Điểm Cổng công bố",
        "Bình quân cả nước",
        "Thay đổi so với tháng trước",
    )
    grid(
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
        body(paper, f"{place}. {title}", bold=True)
        part(paper, name)
    body(paper, "6. Khó khăn, vướng mắc; kiến nghị, đề xuất", bold=True)
    body(paper, "(Đơn vị soạn báo cáo tự ghi.)./.", italic=True)
    signature(paper)
    appendix(paper, "{{ bang.dich_vu.tieu_de|upper }}")
    heads = ("Dịch vụ công", "Hồ sơ kỳ này", "Hồ sơ kỳ trước", "Thay đổi", "Trực tuyến / tiếp nhận mới")
    grid(
        paper, "bang.dich_vu", heads, ("dich_vu", "so_ho_so", "truoc", "thay_doi", "truc_tuyen"), (112, 30, 30, 40, 40)
    )
    appendix(paper, "{{ bang.nganh_doc.tieu_de|upper }}")
    branches = ("Lĩnh vực (hệ thống)", "Hồ sơ kỳ này", "Hồ sơ kỳ trước", "Thay đổi")
    grid(paper, "bang.nganh_doc", branches, ("linh_vuc", "so_ho_so", "truoc", "thay_doi"), (112, 46, 46, 48), size=11)
    appendix(paper, "{{ bang.lam_sach.tieu_de|upper }}")
    cleaned = ("Loại lỗi", "Phát hiện trong kỳ", "Còn phải sửa", "Đã sửa")
    grid(paper, "bang.lam_sach", cleaned, ("chieu", "moi", "con", "da_sua"), (112, 46, 46, 48), size=11)
    appendix(paper, "{{ bang.nguon.tieu_de|upper }}")
    grid(paper, "bang.nguon", ("Nguồn dữ liệu", "Đúng", "Đủ", "Sạch", "Sống"), ("nguon", "dung", "du", "sach", "song"),
          (92, *([40] * 4)), size=11)  # fmt: skip
    _sources(paper)


def _index(paper: Paper) -> None:
    body(paper, "1. Kết quả chung và sáu nhóm chỉ số", bold=True)
    part(paper, "nhom")
    body(paper, "2. Điểm mất, qua đơn vị và thủ tục nào", bold=True)
    part(paper, "diem_mat")
    body(paper, "3. Nhiệm vụ, giải pháp", bold=True)
    body(paper, "(Đơn vị soạn báo cáo tự ghi.)./.", italic=True)
    signature(paper)
    appendix(paper, "{{ bang.nhom_766.tieu_de|upper }}")
    _group_grid(paper)
    appendix(paper, "{{ bang.don_vi_766.tieu_de|upper }}")
    grid(paper, "bang.don_vi_766", ("Đơn vị", *GROUPS.values(), "Điểm tối đa áp dụng"), ("don_vi", *GROUPS, "toi_da"),
          (68, *([23] * 8)))  # fmt: skip
    appendix(paper, "{{ bang.diem_mat.tieu_de|upper }}")
    heads = ("Đơn vị", "Thủ tục", "Chỉ số", "Lỗi", "Số lỗi", "Điểm mất")
    grid(
        paper,
        "bang.diem_mat",
        heads,
        ("don_vi", "thu_tuc", "chi_so", "loi", "so_loi", "diem_mat"),
        (52, 66, 16, 74, 22, 22),
        words=4,
    )
    _sources(paper)


if __name__ == "__main__":
    write()
