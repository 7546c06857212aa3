"""What marts count by month or list: procedures published, petitions, essential services, civil registry, defects."""

from __future__ import annotations

from decimal import Decimal

from pipelines.contracts.loader import load_contracts
from pipelines.papers.desk import Source
from pipelines.papers.fields import LINKED, NOT_RECEIVED, PAKN
from pipelines.papers.figure import Field, Figure, change
from pipelines.papers.paper import Column, Paper, Piece, Table
from pipelines.warehouse.database import literal

_LIST = "tthc.danh_muc"
_PETITIONS = "tthc.pakn_chi_tiet"
_REGISTERS = ("ho_tich/khai_sinh", "ho_tich/khai_tu", "ho_tich/ket_hon", "ho_tich/nhan_cha_me_con")

_SERVICES = (
    Column("dich_vu", "Dịch vụ công"),
    Column("so_ho_so", "Hồ sơ kỳ này", "hồ sơ"),
    Column("truoc", "Hồ sơ kỳ trước", "hồ sơ"),
    Column("thay_doi", "Thay đổi"),
    Column("truc_tuyen", "Tỷ lệ trực tuyến kỳ này", "%"),
)


def catalogue(paper: Paper) -> None:
    """Procedures in force at the window's end (versions of one procedure count once) and what was published in it.

    Those between agencies (``noi_bo``) are no citizen's: reports count them apart.
    """
    window = paper.desk.window
    end, between = f"DATE {literal(window.last.isoformat())}", f"BETWEEN DATE {literal(window.first.isoformat())} AND "
    mine = "ma_tthc IS NOT NULL AND anh_xa <> 'chi_co_tren_cong_qg' AND noi_bo IS NOT TRUE"
    force = (
        f"(SELECT DISTINCT ON (ma_tthc) cap, nguon, 1 AS so, mot_cua::INT AS mot_cua FROM {_LIST} WHERE {mine} "
        f"AND hieu_luc_tu <= {end} AND (hieu_luc_den IS NULL OR hieu_luc_den >= {end}) "
        "ORDER BY ma_tthc, hieu_luc_tu DESC)"
    )
    source = Source(force, _LIST)
    never, asked = paper.desk.never_came("dvc/tthc"), paper.desk.ask(f"SELECT * FROM {force}", _LIST)
    none = never or asked.reason or ("" if asked.rows else "danh mục không có TTHC nào còn hiệu lực vào ngày này")
    paper.take("tthc_tong", source, "so", reason=none)
    for name, where in (
        ("tthc_cap_tinh", {"cap": "tinh"}), ("tthc_cap_huyen", {"cap": "huyen"}), ("tthc_cap_xa", {"cap": "xa"}),
        ("tthc_trung_uong", {"nguon": "trung_uong"}), ("tthc_dia_phuong", {"nguon": "dia_phuong"}),
    ):  # fmt: skip
        paper.take(name, source, "so", where, reason=none)
    paper.take("tthc_mot_cua", source, over=("mot_cua", "so"), base_words="TTHC còn hiệu lực", reason=none)
    published = (
        # Numbers begin anew each year; a procedure whose decision is not told is none.
        "(SELECT DISTINCT so_quyet_dinh, year(ngay_tinh_cong_bo) AS nam, 1 AS so "
        f"FROM {_LIST} WHERE {mine} AND so_quyet_dinh IS NOT NULL AND ngay_tinh_cong_bo {between}{end})"
    )
    paper.take("quyet_dinh_cong_bo", Source(published, _LIST), "so", reason=never)
    for name, day_column, late in (
        ("tthc_cong_bo", "ngay_tinh_cong_bo", ""),
        ("tthc_cong_bo_cham", "ngay_tinh_cong_bo", " AND so_ngay_cham_cong_bo > 0"),
        ("tthc_cong_khai", "ngay_cong_khai", ""),
    ):  # fmt: skip
        sql = f"(SELECT DISTINCT ma_tthc, 1 AS so FROM {_LIST} WHERE {mine} AND {day_column} {between}{end}{late})"
        paper.take(name, Source(sql, _LIST), "so", reason=never)


def petitions(paper: Paper, agency: str | None) -> None:
    """Petitions of the window: received in it, carried into it, and what became of them by its end."""
    window, scope = paper.desk.window, f"đơn vị {agency}" if agency else "toàn tỉnh"
    never = paper.desk.never_came("dvc/pakn")
    macro, mine = ("bieu_pakn_don_vi", {"ma_don_vi": agency}) if agency else ("bieu_pakn", {"pham_vi": "toan_tinh"})
    counted = Source(f"tthc.{macro}({window.sql})", _PETITIONS)
    between = f"BETWEEN DATE {literal(window.first.isoformat())} AND DATE {literal(window.last.isoformat())}"
    kinds = Source(
        f"(SELECT ma_don_vi, loai, 1 AS so FROM {_PETITIONS} WHERE CAST(ngay_tiep_nhan AS DATE) {between})", _PETITIONS
    )
    for name, _, _ in PAKN:
        kind = name.removeprefix("pakn_")
        if kind in {"quy_dinh", "hanh_vi"}:
            where = {"loai": kind} | ({"ma_don_vi": agency} if agency else {})
            paper.take(name, kinds, "so", where, scope=scope, reason=never)
        else:
            paper.take(name, counted, kind, mine, scope=scope, reason=never)


def of_months(table: str, months: list[str]) -> str:
    """A table's rows of these months."""
    return f"(SELECT * FROM {table} WHERE ky BETWEEN {literal(months[0])} AND {literal(months[-1])})"


def spoken(months: list[str]) -> str:
    """Months as they are printed."""
    first, last = (f"{month[5:]}/{month[:4]}" for month in (months[0], months[-1]))
    return f"tháng {first}" if first == last else f"các tháng {first} đến {last}"


def not_received(paper: Paper) -> None:
    """What a report asks for and no feed brings."""
    for name, metric, _ in NOT_RECEIVED:
        paper.lacks(name, "kho chưa nhận nguồn dữ liệu nào về nội dung này; đơn vị phụ trách tự ghi")
        paper.say(name, f"{metric}: {{{name}}}.")


def petitions_said(paper: Paper, part: str) -> None:
    """The paragraphs of petitions."""
    received = paper.named["pakn_tiep_nhan"]
    if received.value is None:
        paper.say(part, "Phản ánh, kiến nghị tiếp nhận: {pakn_tiep_nhan}.")
        return
    paper.say(
        part,
        "Tiếp nhận mới: {pakn_tiep_nhan}; về quy định hành chính {pakn_quy_dinh}, về hành vi hành chính "
        "{pakn_hanh_vi}. Từ kỳ trước chuyển qua: {pakn_ky_truoc}. Đã xử lý {pakn_da_xu_ly}, đã công khai kết quả "
        "{pakn_cong_khai}, đang xử lý {pakn_dang_xu_ly}.",
    )


def essential(paper: Paper) -> None:
    """Essential services with and without dossiers in the months of the window, against as many months before."""
    months = paper.desk.window.months
    before = months_before(months)
    table = "tthc.thiet_yeu"

    def services(of: list[str]) -> Source:
        return Source(
            f"(SELECT ma_tthc, arg_max(ten_tthc, ky) AS ten, sum(so_ho_so) AS so_ho_so, sum(truc_tuyen) AS "
            f"truc_tuyen, 1 AS so, "
            f"(sum(so_ho_so) > 0)::INT AS co, (sum(so_ho_so) = 0)::INT AS khong FROM {of_months(table, of)} GROUP "
            f"BY ma_tthc)",
            table,
        )

    now, then = services(months), services(before)
    known = {row["ky"]: row["so_ho_so"] for row in paper.desk.ask(f"SELECT ky, so_ho_so FROM {table}", table).rows}
    never = ", ".join(spoken([month]) for month in months if month in known and known[month] is None)
    lacking = f"nguồn dvc/ho_so chưa có tệp cho {never}" if never else ""
    empty = f"không có số liệu dịch vụ thiết yếu của {spoken(months)}"
    named = (
        ("dich_vu", "so"),
        ("dich_vu_co_ho_so", "co"),
        ("dich_vu_khong_ho_so", "khong"),
        ("thiet_yeu_ho_so", "so_ho_so"),
    )
    for name, column in named:
        # How many services there are does not hang on dossiers.
        paper.take(name, now, column, window=spoken(months), absent=empty, reason=lacking if column != "so" else "")
    over, base = ("truc_tuyen", "so_ho_so"), "hồ sơ tiếp nhận mới của dịch vụ thiết yếu"
    paper.take(
        "thiet_yeu_truc_tuyen", now, over=over, base_words=base, window=spoken(months), absent=empty, reason=lacking
    )
    gone = (
        "" if all(known.get(month) is not None for month in before) else f"kho không có đủ số liệu của {spoken(before)}"
    )
    paper.take("truoc_thiet_yeu_ho_so", then, "so_ho_so", window=spoken(before), reason=gone)
    paper.take("truoc_thiet_yeu_truc_tuyen", then, over=over, base_words=base, window=spoken(before), reason=gone)
    if lacking:
        paper.tables["dich_vu"] = Table(
            "DVTY", f"Dịch vụ công thiết yếu, {spoken(months)}", _SERVICES, [], f"{lacking[:1].upper()}{lacking[1:]}."
        )
    else:
        _services(paper, now, then, gone, spoken(months), before=spoken(before))


def months_before(months: list[str]) -> list[str]:
    """As many months before the first of these."""
    first = int(months[0][:4]) * 12 + int(months[0][5:]) - 1
    return [f"{place // 12}-{place % 12 + 1:02}" for place in range(first - len(months), first)]


def _services(paper: Paper, now: Source, then: Source, gone: str, words: str, *, before: str) -> None:
    rows = paper.desk.ask(f"SELECT * FROM {now.sql}", now.table).rows
    columns = _SERVICES
    lines: list[dict[str, Piece]] = []
    for place, row in enumerate(sorted(rows, key=lambda r: (-r["so_ho_so"], r["ma_tthc"])), 1):
        where = {"ma_tthc": row["ma_tthc"]}
        named = {"scope": row["ten"], "window": words}
        count = paper.desk.take(
            Field("", f"DVTY.{place}.2", columns[1].heading, "hồ sơ"), now, "so_ho_so", where, **named
        )
        last = paper.desk.take(
            Field("", f"DVTY.{place}.3", columns[2].heading, "hồ sơ"), then, "so_ho_so", where,
            scope=row["ten"], window=before, reason=gone,
        )  # fmt: skip
        online = paper.desk.take(
            Field("", f"DVTY.{place}.5", columns[4].heading, "%"), now, "", where, over=("truc_tuyen", "so_ho_so"),
            base_words="hồ sơ tiếp nhận mới", **named,
        )  # fmt: skip
        name, against = f"{row['ten']} ({row['ma_tthc']})", moved(count, last, "hồ sơ")
        lines.append({"dich_vu": name, "so_ho_so": count, "truoc": last, "thay_doi": against, "truc_tuyen": online})
    note = "" if lines else f"Không có số liệu của {words}."
    paper.tables["dich_vu"] = Table("DVTY", f"Dịch vụ công thiết yếu, {words}", columns, lines, note)


def moved(now: Figure, then: Figure, unit: str) -> str:
    """The change of a cell against the period before, in words."""
    return "không so được" if now.value is None or then.value is None else change(now.value, then.value, unit)


def against_before(paper: Paper, part: str, name: str, subject: str, unit: str) -> bool:
    """Say how figure ``name`` moved against ``truoc_`` of it; False, and nothing said, where one of both is unknown."""
    now, then = paper.named[name], paper.named[f"truoc_{name}"]
    if now.value is None or then.value is None:
        return False
    paper.say(part, f"So với {then.window}, {subject} {moved(now, then, unit)} (kỳ trước {{truoc_{name}}}).")
    return True


def essential_said(paper: Paper, part: str) -> None:
    """With and without dossiers, and the change against the months before."""
    window = paper.named["thiet_yeu_ho_so"].window
    paper.say(
        part,
        f"Trong {window}: {{dich_vu}}; có phát sinh hồ sơ {{dich_vu_co_ho_so}}, không phát sinh hồ sơ "
        "{dich_vu_khong_ho_so}. Hồ sơ tiếp nhận mới {thiet_yeu_ho_so}; nộp trực tuyến {thiet_yeu_truc_tuyen}.",
    )
    if not against_before(paper, part, "thiet_yeu_ho_so", "số hồ sơ", "hồ sơ"):
        paper.say(part, "So với kỳ trước: {truoc_thiet_yeu_ho_so}.")
        return
    a, b = paper.named["thiet_yeu_truc_tuyen"], paper.named["truoc_thiet_yeu_truc_tuyen"]
    if a.value is not None and b.value is not None:
        paper.say(
            part, f"Tỷ lệ nộp trực tuyến {change(a.value, b.value, '%')} (kỳ trước {{truoc_thiet_yeu_truc_tuyen}})."
        )


def civil(paper: Paper) -> None:
    """Books digitised, personal numbers, linked procedures, duplicates and defects: as they stand on the as-of day,
    or of the whole months of the window where the mart counts by month."""
    months = paper.desk.window.months
    state = paper.desk.state("ho_tich.so_hoa")
    books = Source("ho_tich.so_hoa", "ho_tich.so_hoa")
    paper.take("so_quyen", books, "so_quyen", window=state, absent="chưa có số liệu số hóa sổ hộ tịch")
    paper.take("so_truong_hop", books, "so_truong_hop", window=state, absent="chưa có số liệu số hóa sổ hộ tịch")
    for name, column in (("so_da_nhap", "da_nhap"), ("so_da_phe_duyet", "da_phe_duyet")):
        paper.take(name, books, over=(column, "so_truong_hop"), base_words="trường hợp ghi trong sổ", window=state)
    never = paper.desk.never_came("ho_tich/khai_sinh")
    numbers = Source(of_months("ho_tich.so_dinh_danh", months), "ho_tich.so_dinh_danh")
    paper.take("khai_sinh_dien_tu", numbers, "so_khai_sinh", window=spoken(months), reason=never)
    paper.take(
        "khai_sinh_co_so", numbers, over=("co_so", "so_khai_sinh"), base_words="khai sinh điện tử",
        window=spoken(months), reason=never,
    )  # fmt: skip
    every = Source("ho_tich.so_dinh_danh", "ho_tich.so_dinh_danh")
    for name, column in (("cho_so_dinh_danh", "chua_co"), ("cho_huy_so", "cho_huy"), ("sai_cau_truc", "sai_cau_truc")):
        paper.take(name, every, column, window=state, reason=never)
    never = paper.desk.never_came("ho_tich/lien_thong")
    linked = Source(of_months("ho_tich.lien_thong", months), "ho_tich.lien_thong")
    paper.take("lien_thong", linked, "so_ho_so", window=spoken(months), reason=never)
    for group, words in LINKED.items():
        paper.take(
            f"lien_thong_{group}", linked, "so_ho_so", {"nhom": group}, scope=f"nhóm {words}",
            window=spoken(months), reason=never,
        )  # fmt: skip
    paper.take(
        "lien_thong_xong", linked, over=("xong", "so_ho_so"), base_words="hồ sơ liên thông nộp",
        window=spoken(months), reason=never,
    )  # fmt: skip
    paper.take(
        "trung_lap", Source("(SELECT 1 AS so FROM ho_tich.trung_lap)", "ho_tich.trung_lap"), "so", window=state,
        reason=paper.desk.never_came(*_REGISTERS),
    )  # fmt: skip
    defects = "(SELECT trang_thai, 1 AS so FROM chat_luong.loi WHERE trang_thai {0})"
    for name, states in (("loi_con", "<> 'da_sua'"), ("loi_da_sua", "= 'da_sua'")):
        paper.take(name, Source(defects.format(states), "chat_luong.loi"), "so", window=state)


def feeds(paper: Paper) -> None:
    """The four measures of quality of each feed, 0–100."""
    table = "chat_luong.diem_nguon"
    asked = paper.desk.ask(f"SELECT * FROM {table} ORDER BY nguon_du_lieu", table)
    measures = {"dung": "Đúng", "du": "Đủ", "sach": "Sạch", "song": "Sống"}
    columns = (Column("nguon", "Nguồn dữ liệu"), *(Column(key, words, "điểm") for key, words in measures.items()))
    lines: list[dict[str, Piece]] = []
    contracts = load_contracts()
    for place, row in enumerate(asked.rows, 1):
        contract = contracts.get(row["nguon_du_lieu"])
        named = f"{contract.title} ({contract.feed})" if contract else row["nguon_du_lieu"]
        line: dict[str, Piece] = {"nguon": named}
        for at, column in enumerate(columns[1:], 2):
            sql = f"SELECT {column.key} FROM {table} WHERE nguon_du_lieu = {literal(row['nguon_du_lieu'])}"
            value = None if row[column.key] is None else Decimal(str(row[column.key]))
            why = "không dòng nào kết luận được" if value is None else ""
            line[column.key] = paper.cell(
                "NG", place, (at, column), named, sql, source=table, values=[value], reason=why,
                window=paper.desk.state(table),
            )  # fmt: skip
        lines.append(line)
    note = asked.reason or ("" if lines else "Chưa có điểm chất lượng.")
    paper.tables["nguon"] = Table(
        "NG", f"Chất lượng dữ liệu theo nguồn, {paper.desk.state(table)} (thang 100)", columns, lines, note
    )


def duplicates_said(paper: Paper, part: str) -> None:
    """Pairs by kind: they are listed for people to decide, nothing is merged."""
    table = "ho_tich.trung_lap"
    rows = paper.desk.ask(f"SELECT loai, count(*) AS so FROM {table} GROUP BY loai ORDER BY so DESC, loai", table).rows
    kinds = {
        "nhap_lai": "nhập lại", "giay_va_dien_tu": "bản giấy và bản điện tử", "dang_ky_lai": "đăng ký lại",
        "hai_noi": "đăng ký ở hai nơi", "cap_lai_ban_chinh": "cấp lại bản chính", "cai_chinh": "cải chính",
        "nghi_trung": "nghi trùng, chưa kết luận",
    }  # fmt: skip
    paper.say(part, "Bản ghi hộ tịch trùng hoặc nghi trùng đang theo dõi: {trung_lap}.")
    for row in rows:
        words = kinds.get(row["loai"], row["loai"])
        sql = f"SELECT count(*) FROM {table} WHERE loai = {literal(row['loai'])}"
        figure = paper.desk.put(
            Field("", f"TL.{row['loai']}", f"Cặp trùng loại {words}", "cặp"), sql, [Decimal(row["so"])], table=table,
            window=paper.desk.state(table),
        )  # fmt: skip
        paper.say(part, f"+ {words[:1].upper()}{words[1:]}: {{so}}.", so=figure)
