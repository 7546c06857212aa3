"""What the monthly report of Đề án 06 says besides the counts of ``records``: services outside the portal, the services
nobody used, digitisation against the month before, defects found and mended by kind."""

from __future__ import annotations

from pipelines.papers.desk import Source
from pipelines.papers.figure import Field
from pipelines.papers.paper import Column, Paper, Piece, Table
from pipelines.papers.records import against_before, months_before, moved, of_months, spoken
from pipelines.warehouse.database import literal

_BRANCHES = "tthc.do_phu"
_DEFECTS = "chat_luong.loi"
_NAMED = 20


def branches(paper: Paper) -> None:
    """Dossiers that systems of ministries and central branches count outside the province's portal, by field."""
    months = paper.desk.window.months
    before = months_before(months)
    rows = paper.desk.ask(f"SELECT DISTINCT ky FROM {_BRANCHES} WHERE ngoai_cong IS NOT NULL", _BRANCHES)
    known = {row["ky"] for row in rows.rows}
    sums: dict[str, tuple[Source, str, str]] = {}
    for name, of in (("nganh_doc_ho_so", months), ("truoc_nganh_doc_ho_so", before)):
        source = Source(
            f"(SELECT linh_vuc, ma_he_thong, sum(ngoai_cong) AS so FROM {of_months(_BRANCHES, of)} GROUP BY ALL)",
            _BRANCHES,
        )
        lacking = "" if set(of) <= known else f"chưa có đủ số đếm của hệ thống ngoài Cổng cho {spoken(of)}"
        sums[name] = (source, spoken(of), rows.reason or lacking)
        paper.take(name, source, "so", window=spoken(of), reason=rows.reason or lacking)
    columns = (
        Column("linh_vuc", "Lĩnh vực (hệ thống)"), Column("so_ho_so", "Hồ sơ kỳ này", "hồ sơ"),
        Column("truoc", "Hồ sơ kỳ trước", "hồ sơ"), Column("thay_doi", "Thay đổi"),
    )  # fmt: skip
    (now, words, why), (then, words_before, gone) = sums["nganh_doc_ho_so"], sums["truoc_nganh_doc_ho_so"]
    lines: list[dict[str, Piece]] = []
    found = [] if why else paper.desk.ask(f"SELECT * FROM {now.sql}", _BRANCHES).rows
    for place, row in enumerate(sorted(found, key=lambda r: (-r["so"], r["linh_vuc"], r["ma_he_thong"])), 1):
        where = {"linh_vuc": row["linh_vuc"], "ma_he_thong": row["ma_he_thong"]}
        scope = f"{row['linh_vuc']} ({row['ma_he_thong']})"
        count = paper.desk.take(
            Field("", f"ND.{place}.2", columns[1].heading, "hồ sơ"), now, "so", where, scope=scope, window=words
        )
        last = paper.desk.take(
            Field("", f"ND.{place}.3", columns[2].heading, "hồ sơ"), then, "so", where,
            scope=scope, window=words_before, reason=gone,
        )  # fmt: skip
        against = moved(count, last, "hồ sơ")
        lines.append({"linh_vuc": scope, "so_ho_so": count, "truoc": last, "thay_doi": against})
    note = "" if lines else f"Không có số liệu của {spoken(months)}."
    title = f"Hồ sơ tiếp nhận ở hệ thống ngành dọc, chuyên ngành (ngoài Cổng của tỉnh), {spoken(months)}"
    paper.tables["nganh_doc"] = Table("ND", title, columns, lines, note)


def branches_said(paper: Paper, part: str) -> None:
    """The sum outside the portal, and its change."""
    paper.say(part, "Hồ sơ tiếp nhận ở hệ thống ngành dọc, chuyên ngành, ngoài Cổng của tỉnh: {nganh_doc_ho_so}.")
    against_before(paper, part, "nganh_doc_ho_so", "số này", "hồ sơ")


def unused_said(paper: Paper, part: str) -> None:
    """Essential services without a dossier in the months of the window, by name."""
    months, table = paper.desk.window.months, "tthc.thiet_yeu"
    rows = paper.desk.ask(
        f"SELECT arg_max(ten_tthc, ky) AS ten FROM {of_months(table, months)} GROUP BY ma_tthc "
        "HAVING sum(so_ho_so) = 0 AND count(*) = count(so_ho_so) ORDER BY ten",
        table,
    ).rows
    if rows:
        more = f"; và {len(rows) - _NAMED} dịch vụ khác" if len(rows) > _NAMED else ""
        paper.say(
            part, f"Không phát sinh hồ sơ: {{ten}}{more}.", ten="; ".join(str(row["ten"]) for row in rows[:_NAMED])
        )


def moved_said(paper: Paper, part: str, key: str, words: str) -> None:
    """A share of a component, and its change against the month before where both are known."""
    paper.say(part, f"{words}: {{chi_so_{key}}}.")
    against_before(paper, part, f"chi_so_{key}", "tỷ lệ này", "%")


def cleaning(paper: Paper) -> None:
    """Defects by kind of rule: found in the window, open, mended, as the ledger of defects has them."""
    window = paper.desk.window
    between = f"BETWEEN DATE {literal(window.first.isoformat())} AND DATE {literal(window.last.isoformat())}"
    kinds = (
        "(SELECT coalesce(q.chieu_ten, 'Quy tắc khác') AS chieu, "
        f"count(*) FILTER (l.phat_hien {between}) AS moi, count(*) FILTER (l.trang_thai <> 'da_sua') AS con, "
        "count(*) FILTER (l.trang_thai = 'da_sua') AS da_sua "
        f"FROM {_DEFECTS} AS l LEFT JOIN chat_luong.quy_tac AS q USING (ma_quy_tac) GROUP BY 1)"
    )
    source = Source(kinds, _DEFECTS)
    paper.take("loi_moi", source, "moi")
    asked = paper.desk.ask(f"SELECT * FROM {kinds} ORDER BY con DESC, chieu", _DEFECTS)
    columns = (
        Column("chieu", "Loại lỗi"), Column("moi", "Phát hiện trong kỳ", "trường hợp"),
        Column("con", "Còn phải sửa", "trường hợp"), Column("da_sua", "Đã sửa", "trường hợp"),
    )  # fmt: skip
    state = paper.desk.state(_DEFECTS)
    lines: list[dict[str, Piece]] = []
    for place, row in enumerate(asked.rows, 1):
        line: dict[str, Piece] = {"chieu": row["chieu"]}
        for at, column in enumerate(columns[1:], 2):
            known = Field("", f"LS.{place}.{at}", f"Lỗi dữ liệu, {column.heading.lower()}", "trường hợp")
            line[column.key] = paper.desk.take(
                known, source, column.key, {"chieu": row["chieu"]}, scope=row["chieu"],
                window=None if column.key == "moi" else state,
            )  # fmt: skip
        lines.append(line)
    note = asked.reason or ("" if lines else "Không có lỗi nào được ghi.")
    paper.tables["lam_sach"] = Table("LS", f"Làm sạch dữ liệu: lỗi theo loại, {state}", columns, lines, note)
