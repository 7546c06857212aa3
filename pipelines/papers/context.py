"""A paper of a kind, made of one publication: the one context of docx, xlsx and pdf."""

from __future__ import annotations

from datetime import date

import duckdb

from pipelines.config.figures import day
from pipelines.config.mart_groups import group_name
from pipelines.papers import dossiers, monthly, points, records
from pipelines.papers.desk import AskedError, Desk, PaperError, Window, clean
from pipelines.papers.fields import FIELDS, MOVED, PREFIX
from pipelines.papers.paper import Paper
from pipelines.papers.printed import beside_printed
from pipelines.warehouse.agencies import UnknownAgencyError, agency_names, known_agency
from pipelines.warehouse.decisions import DECISIONS

KINDS = tuple(FIELDS)
_SUBJECT = {
    "kstthc": "Tình hình, kết quả công tác kiểm soát thủ tục hành chính, cơ chế một cửa, một cửa liên thông và "
    "thực hiện "
    "thủ tục hành chính trên môi trường điện tử",
    "de-an-06": "Tình hình, kết quả triển khai Đề án 06",
    "766": "Kết quả thực hiện Bộ chỉ số chỉ đạo, điều hành và đánh giá chất lượng phục vụ người dân, doanh nghiệp "
    "(Quyết định số 766/QĐ-TTg)",
}


def make(connection: duckdb.DuckDBPyConnection, kind: str, window: Window, agency: str | None = None) -> Paper:
    """The paper; every figure in it computed or with the reason why not. ``agency``: of this unit alone.

    Raises ``AskedError``: unknown agency, a window without data, nothing published of what the paper is about.
    """
    desk = Desk(connection, window, PREFIX[kind])
    as_of, publication = desk.publication()
    if as_of is None:
        raise PaperError("bản công bố không ghi ngày số liệu (van_hanh.xuat_ban trống); chạy `kho run` trước.")
    if window.first > as_of:
        raise AskedError(f"kỳ {window.words} chưa có số liệu: số liệu mới đến hết ngày {day(as_of)}.")
    if agency is not None and (names := agency_names(connection)):
        try:
            agency = known_agency(clean(agency), names)
        except UnknownAgencyError as unknown:
            raise AskedError(str(unknown)) from None
    paper = Paper(kind, desk, FIELDS[kind], _head(desk, kind, agency, as_of, str(publication)))
    _notes(paper, as_of)
    {"kstthc": _control, "de-an-06": _project_06, "766": _index}[kind](paper, agency)
    _held_back(paper)
    return paper


def _control(paper: Paper, agency: str | None) -> None:
    dossiers.counted(paper, agency)
    received = paper.named["chung_tiep_nhan"]
    if received.value is not None and received.value == 0 and not paper.named["chung_tu_choi_tiep_nhan"].value:
        raise AskedError(f"không có hồ sơ nào trong kỳ {paper.desk.window.words}; kiểm tra lại --tu, --den, --don-vi.")
    whole = "Toàn tỉnh: " if agency else ""  # the catalogue is not an agency's
    records.catalogue(paper)
    records.petitions(paper, agency)
    records.not_received(paper)
    paper.say(
        "cong_bo",
        "{whole}Quyết định công bố danh mục TTHC ban hành trong kỳ: {quyet_dinh_cong_bo}; TTHC được công bố "
        "{tthc_cong_bo}, trong đó công bố chậm {tthc_cong_bo_cham}; TTHC được công khai trong kỳ {tthc_cong_khai}.",
        whole=whole,
    )
    paper.say(
        "cong_bo",
        "{whole}Số TTHC còn hiệu lực cuối kỳ, thuộc thẩm quyền giải quyết của địa phương, là {tthc_tong}: do "
        "Trung ương "
        "quy định {tthc_trung_uong}, do địa phương quy định {tthc_dia_phuong}.",
        whole=whole,
    )
    records.petitions_said(paper, "pakn")
    paper.say(
        "mot_cua",
        "{whole}Tổng số TTHC là {tthc_tong}: cấp tỉnh {tthc_cap_tinh}, cấp huyện {tthc_cap_huyen}, cấp xã "
        "{tthc_cap_xa}; "
        "thực hiện theo cơ chế một cửa, một cửa liên thông {tthc_mot_cua}.",
        whole=whole,
    )
    dossiers.said(paper, "ho_so")
    dossiers.form_06a(paper, agency)
    if agency is None:
        dossiers.agencies(paper, "don_vi")
    dossiers.compared(paper, "so_ky_truoc")
    points.groups(paper, agency)
    paper.say("buu_chinh", "Hồ sơ tiếp nhận qua dịch vụ bưu chính công ích: {chung_buu_chinh}.")
    paper.say("so_hoa", "Hồ sơ cấp kết quả điện tử {chi_so_4_1}.")
    paper.say("so_hoa", "Hồ sơ thực hiện số hóa {chi_so_4_2}.")
    paper.say("so_hoa", "Hồ sơ khai thác, sử dụng lại dữ liệu số hóa {chi_so_4_3}.")
    paper.say("so_hoa", "Hồ sơ thanh toán trực tuyến {chi_so_3_6}.")
    paper.say("hai_long", "Hài lòng trong tiếp nhận, giải quyết TTHC: {chi_so_5_4}.")
    paper.say("hai_long", "Hài lòng trong xử lý phản ánh, kiến nghị: {chi_so_5_3}.")
    points.groups_said(paper, "chi_so_766")
    points.group_table(paper)
    if agency is None:
        beside_printed(paper)


def _project_06(paper: Paper, agency: str | None) -> None:
    if agency is not None:
        raise AskedError("báo cáo de-an-06 lập cho toàn tỉnh; bỏ --don-vi.")
    if not paper.desk.window.months:
        raise AskedError("báo cáo de-an-06 đếm theo tháng dương lịch: --tu và --den phải gồm ít nhất một tháng trọn.")
    records.essential(paper)
    points.components(paper, None)
    points.components_before(paper, MOVED)
    monthly.branches(paper)
    records.civil(paper)
    monthly.cleaning(paper)
    records.feeds(paper)
    records.essential_said(paper, "dich_vu")
    monthly.unused_said(paper, "dich_vu")
    monthly.branches_said(paper, "dich_vu")
    paper.say("so_hoa", "Sổ hộ tịch phải số hóa: {so_quyen}, gồm {so_truong_hop}; đã nhập {so_da_nhap}; đã phê duyệt "
              "{so_da_phe_duyet}.")  # fmt: skip
    for key, words in (("4_1", "Hồ sơ cấp kết quả điện tử"), ("4_2", "Hồ sơ thực hiện số hóa"),
                       ("4_3", "Hồ sơ khai thác, sử dụng lại dữ liệu số hóa"), ("3_6", "Hồ sơ thanh toán trực "
                                                                                       "tuyến")):  # fmt: skip
        monthly.moved_said(paper, "so_hoa", key, words)
    paper.say("dinh_danh", "Khai sinh điện tử đăng ký: {khai_sinh_dien_tu}; có số định danh {khai_sinh_co_so}. "
                           "Còn chờ số định "
              "danh {cho_so_dinh_danh}; chờ Bộ Công an hủy số {cho_huy_so}.")  # fmt: skip
    paper.say("dinh_danh", "Hồ sơ liên thông nộp: {lien_thong} (nhóm khai sinh {lien_thong_khai_sinh}, nhóm khai tử "
                           "{lien_thong_khai_tu}); xong cả ba bước {lien_thong_xong}.")  # fmt: skip
    paper.say("lam_sach", "Bản ghi có số định danh không qua kiểm tra: {sai_cau_truc}. Lỗi dữ liệu phát hiện "
                          "trong kỳ {loi_moi}; còn phải sửa {loi_con}; "
              "đã sửa {loi_da_sua}.")  # fmt: skip
    records.duplicates_said(paper, "lam_sach")
    paper.say("hai_long", "Hài lòng trong tiếp nhận, giải quyết TTHC: {chi_so_5_4}.")
    paper.say("hai_long", "Hài lòng trong xử lý phản ánh, kiến nghị: {chi_so_5_3}.")


def _index(paper: Paper, agency: str | None) -> None:
    month = points.groups(paper, agency)
    if month is None:
        raise AskedError(f"{paper.named['nhom_tong_diem'].reason}.")
    points.groups_said(paper, "nhom")
    points.group_table(paper)
    if agency is None:
        points.agency_points(paper, month)
    points.lost(paper, "diem_mat", month, agency)


def _head(desk: Desk, kind: str, agency: str | None, as_of: date, publication: str) -> dict[str, str]:
    unit = _unit(desk, agency)
    province = _unit(desk, None)
    place = province.removeprefix("UBND ").removeprefix("tỉnh ").removeprefix("thành phố ")
    return {
        "co_quan_chu_quan": "" if agency is None else _two_lines(province),
        "co_quan": _two_lines(unit),
        "dia_danh": place or "…………",
        "nam": str(desk.window.last.year),
        "trich_yeu": _SUBJECT[kind],
        "pham_vi": unit,
        "ky": f"kỳ số liệu {desk.window.words}",
        "ngay_so_lieu": day(as_of),
        "phien_ban": publication,
        "ky_thay": "TM. ỦY BAN NHÂN DÂN" if unit.startswith("UBND") else "",
        "chuc_vu": "CHỦ TỊCH" if unit.startswith("UBND") else "THỦ TRƯỞNG CƠ QUAN",
        "viet_tat": "UBND" if agency is None else "……",
    }


def _unit(desk: Desk, agency: str | None) -> str:
    """Name of an agency, or of the province, at the window's end. Raises ``AskedError`` for an unknown code."""
    asked = desk.ask("SELECT * FROM tthc.don_vi ORDER BY ma_don_vi, hieu_luc_tu", "tthc.don_vi")
    rows = [row for row in asked.rows if (row["ma_don_vi"] == agency if agency else _is_province(row))]
    if agency and not rows:
        known = asked.reason or 'xem `kho sql "SELECT ma_don_vi, ten_don_vi FROM tthc.don_vi"`'
        raise AskedError(f"không có đơn vị “{clean(agency)}” ({known}).")
    last = desk.window.last
    in_force = [r for r in rows if (r["hieu_luc_tu"] or last) <= last and (r["hieu_luc_den"] or last) >= last]
    chosen = (in_force or rows)[-1:] if agency or len(in_force) == 1 else []
    return str(chosen[0]["ten_don_vi"] or chosen[0]["ma_don_vi"]) if chosen else "UBND tỉnh …………"


def _is_province(row: dict[str, object]) -> bool:
    return row["ma_don_vi_cha"] is None and row["cap"] == "tinh" and "." not in str(row["ma_don_vi"])


def _two_lines(name: str) -> str:
    """As the head of a paper has it: ``UBND tỉnh A`` on two lines, in full, in capitals."""
    return ("Ủy ban nhân dân\n" + name.removeprefix("UBND ") if name.startswith("UBND ") else name).upper()


def _notes(paper: Paper, as_of: date) -> None:
    """What a reader must know first: a window that the data do not fill."""
    window = paper.desk.window
    if window.last > as_of:
        paper.notes.append(f"Số liệu mới đến hết ngày {day(as_of)}: kỳ báo cáo chưa hết, các con số còn đổi.")
    start = dossiers.first_day(paper)
    if start is not None and start > window.first:
        paper.notes.append(
            f"Kho chỉ có hồ sơ tiếp nhận từ ngày {day(start)}: phần kỳ báo cáo trước ngày này không có số liệu."
        )


def _held_back(paper: Paper) -> None:
    """What the gate holds back of that which the figures rest on, up to which day it is: a line a day and reason."""
    sql = f"SELECT nhom_mart, trang_thai, ngay_so_lieu, ly_do FROM {DECISIONS} WHERE trang_thai <> 'moi' ORDER BY 1"
    held: dict[tuple[date | None, str], list[str]] = {}
    for row in paper.desk.ask(sql, "van_hanh.xuat_ban").rows:
        if row["nhom_mart"] in paper.desk.groups:
            why = (row["ly_do"] or "cổng chất lượng giữ lại").rstrip(". ")
            upto = row["ngay_so_lieu"] if row["trang_thai"] == "giu_ban_cu" else None
            held.setdefault((upto, why), []).append(f"“{group_name(row['nhom_mart'])}”")
    for (upto, why), groups in held.items():
        until = f" còn là số liệu đến hết ngày {day(upto)}," if upto else ""
        open_ = " Ngày ấy kỳ báo cáo chưa hết, các con số còn đổi." if upto and upto < paper.desk.window.last else ""
        paper.notes.append(f"Nhóm số liệu {', '.join(groups)}{until} không có bản mới: {why}.{open_}")
