"""Bộ chỉ số 766 of the newest whole month of the window: six groups, agencies, and through what points are lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from pipelines.papers.desk import Source
from pipelines.papers.dossiers import escaped
from pipelines.papers.fields import COMPONENTS, GROUPS, POINTS
from pipelines.papers.figure import Field, Figure, change
from pipelines.papers.paper import Column, Paper, Piece, Table
from pipelines.papers.records import months_before
from pipelines.warehouse.database import literal

TOTALS = "chi_so_766.tong_hop"
LOST = "chi_so_766.diem_mat"
_COLUMN = {
    "diem": "diem", "toi_da": "diem_toi_da", "cong_qg": "diem_cong_qg", "binh_quan": "binh_quan_ca_nuoc",
    "thay_doi": "thay_doi_so_voi_ky_truoc",
}  # fmt: skip
_EMPTY = {
    "diem": "tháng này không có chỉ số nào của nhóm áp dụng được",
    "toi_da": "tháng này không có chỉ số nào của nhóm áp dụng được",
    "cong_qg": "chưa nhận điểm Cổng Dịch vụ công quốc gia công bố cho tháng này",
    "binh_quan": "chưa nhận điểm bình quân cả nước của tháng này",
    "thay_doi": "không so được (tháng trước thiếu điểm kho tính hoặc có điểm tối đa khác)",
}
_NONE = "không có chỉ số nào áp dụng cho đơn vị"
_MOST = 20


def month_of(paper: Paper) -> tuple[str | None, str]:
    """The newest whole month of the window; or why there is none."""
    months = paper.desk.window.months
    if not months:
        return None, "điểm Bộ chỉ số 766 tính theo tháng dương lịch, kỳ báo cáo không trọn tháng nào"
    known = paper.desk.ask(f"SELECT DISTINCT ky FROM {TOTALS} WHERE loai_ky = 'thang' AND tron_ky", TOTALS)
    if known.reason:
        return None, known.reason
    usable = [month for month in months if month in {row["ky"] for row in known.rows}]
    return (usable[-1], "") if usable else (None, "chưa có điểm Bộ chỉ số 766 của tháng nào trọn trong kỳ báo cáo")


def groups(paper: Paper, agency: str | None) -> str | None:
    """Points of the six groups and the total, and the components that reports name; gives the month (YYYY-MM)."""
    month, why = month_of(paper)
    words, whose = _whose(month, agency)
    scope = "toàn tỉnh" if agency is None else f"đơn vị {agency}"
    source = Source(f"(SELECT * FROM {TOTALS} WHERE ky = {literal(month or '')} AND {whose})", TOTALS)
    for group in GROUPS:
        for what in POINTS:
            name = f"nhom_{group}_{what}"
            if month is None:
                paper.lacks(name, why, scope)
                continue
            rows = [r for r in paper.desk.ask(f"SELECT * FROM {source.sql}", TOTALS).rows if r["nhom"] == group]
            empty = "" if rows and rows[0][_COLUMN[what]] is not None else _empty(what, rows)
            paper.take(name, source, _COLUMN[what], {"nhom": group}, scope=scope, window=words, reason=empty)
    components(paper, agency)
    return month


def components(paper: Paper, agency: str | None) -> None:
    """Shares of the components that reports name, of the same month."""
    _components(paper, agency, month_of(paper), {f"chi_so_{key}": known for key, known in COMPONENTS.items()})


def components_before(paper: Paper, keys: Collection[str]) -> None:
    """Shares of these components of the month before, of the province: ``truoc_chi_so_…``."""
    month, why = month_of(paper)
    before = months_before([month])[0] if month else None
    _components(paper, None, (before, why), {f"truoc_chi_so_{key}": COMPONENTS[key] for key in keys})


def _components(
    paper: Paper, agency: str | None, of: tuple[str | None, str], asked: Mapping[str, tuple[str, str, str]]
) -> None:
    """Shares by the name of their field, of a month or with the reason why there is none."""
    month, why = of
    words, whose = _whose(month, agency)
    scope = "toàn tỉnh" if agency is None else f"đơn vị {agency}"
    for name, (table, code, _) in asked.items():
        full = f"chi_so_766.{table}"
        if month is None:
            paper.lacks(name, why, scope)
            continue
        part = Source(f"(SELECT * FROM {full} WHERE ky = {literal(month)} AND {whose})", full)
        base = paper.desk.ask(
            f"SELECT mau_so FROM chi_so_766.dinh_nghia WHERE ma_chi_so = {literal(code)}", TOTALS
        ).rows
        lacking = next((r.get("nguon_thieu") for r in paper.desk.ask(f"SELECT * FROM {part.sql}", full).rows
                        if r["ma_chi_so"] == code and r.get("tu_so") is None), None)  # fmt: skip
        meaning = "đối tượng của mẫu số" if not base else str(base[0]["mau_so"])
        paper.take(
            name, part, where={"ma_chi_so": code}, over=("tu_so", "mau_so"), base_words=f"– mẫu số: {_small(meaning)}",
            scope=scope, window=words, absent="tháng này không có chỉ số này",
            reason=f"thiếu tệp của nguồn {lacking}" if lacking else "",
        )  # fmt: skip


def _whose(month: str | None, agency: str | None) -> tuple[str | None, str]:
    """The month in words, and the condition on rows of an agency or of the province."""
    words = f"tháng {month[5:]}/{month[:4]}" if month else None
    return words, f"ma_don_vi = {literal(agency)}" if agency else "la_toan_tinh"


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _empty(what: str, rows: list[dict[str, Any]]) -> str:
    lacking = rows[0].get("nguon_thieu") if rows else None
    return _EMPTY[what] + (f"; thiếu tệp của nguồn {lacking}" if lacking and what == "diem" else "")


def groups_said(paper: Paper, part: str) -> None:
    """A paragraph a group: points of the maximum, against the national mean where it is known, and the change."""
    total = paper.named["nhom_tong_diem"]
    if total.value is None:
        paper.say(part, "Điểm Bộ chỉ số 766: {nhom_tong_diem}.")
        return
    paper.say(
        part,
        f"Điểm {total.window} do kho tính từ hồ sơ: {{nhom_tong_diem}}, trên điểm tối đa của các chỉ số áp dụng được "
        f"{{nhom_tong_toi_da}}{_moved(paper, 'tong')}. {_published(paper, 'tong')}",
    )
    for group, words in GROUPS.items():
        if group != "tong":
            paper.say(
                part,
                f"– {words} ({total.window}): {{nhom_{group}_diem}} trên tối đa áp dụng {{nhom_{group}_toi_da}}"
                f"{_moved(paper, group)}. " + _published(paper, group),
            )


def _moved(paper: Paper, group: str) -> str:
    by = paper.named[f"nhom_{group}_thay_doi"]
    if by.value is None:
        return f"; so với tháng trước: {by.reason}"
    if by.value == 0:
        return f"; không đổi so với tháng trước ({{nhom_{group}_thay_doi}})"
    return f"; {change(by.value, Decimal(0), 'điểm').split()[0]} so với tháng trước ({{nhom_{group}_thay_doi}})"


def _published(paper: Paper, group: str) -> str:
    mean, own = paper.named[f"nhom_{group}_binh_quan"], paper.named[f"nhom_{group}_cong_qg"]
    if mean.value is None and own.value is None:
        return "Điểm Cổng công bố và bình quân cả nước: chưa nhận." if group != "tong" else (
            f"Điểm Cổng công bố: {{nhom_{group}_cong_qg}}; bình quân cả nước: {{nhom_{group}_binh_quan}}."
        )  # fmt: skip
    compared = own if own.value is not None else paper.named[f"nhom_{group}_diem"]
    if mean.value is None or compared.value is None:
        words = ""
    else:
        whose = "điểm Cổng công bố" if own.value is not None else "điểm kho tính"
        side = {1: "cao hơn", 0: "bằng", -1: "thấp hơn"}[(compared.value > mean.value) - (compared.value < mean.value)]
        words = f" ({whose} {side} bình quân cả nước)"
    return f"Điểm Cổng công bố: {{nhom_{group}_cong_qg}}; bình quân cả nước: {{nhom_{group}_binh_quan}}{words}."


def group_table(paper: Paper) -> None:
    """The groups as a table."""
    columns = (Column("nhom", "Nhóm chỉ số"), *(Column(key, _head(words), "điểm") for key, words in POINTS.items()))
    rows: list[dict[str, Piece]] = [
        {"nhom": words, **{key: paper.named[f"nhom_{group}_{key}"] for key in POINTS}}
        for group, words in GROUPS.items()
    ]
    window = paper.named["nhom_tong_diem"].window
    paper.tables["nhom_766"] = Table("NH", f"Điểm sáu nhóm chỉ số, {window}", columns, rows)


def _head(words: str) -> str:
    return words[:1].upper() + words[1:]


def agency_points(paper: Paper, month: str | None) -> None:
    """Points of every agency by group, as the mart has them."""
    columns = (Column("don_vi", "Đơn vị"), *(Column(group, words, "điểm") for group, words in GROUPS.items()),
               Column("toi_da", "Điểm tối đa áp dụng", "điểm"))  # fmt: skip
    sql = (
        f"SELECT ma_don_vi, ten_don_vi, nhom, diem, diem_toi_da FROM {TOTALS} WHERE ky = {literal(month or '')} "
        f"AND NOT la_toan_tinh"
    )
    asked = paper.desk.ask(sql, TOTALS)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in asked.rows:
        found.setdefault(row["ma_don_vi"], {})[row["nhom"]] = row
    order = sorted(found, key=lambda code: (-(found[code].get("tong", {}).get("diem") or 0), code))
    lines: list[dict[str, Piece]] = []
    for place, code in enumerate(order, 1):
        of = found[code]
        name = next(iter(of.values()))["ten_don_vi"] or code
        line: dict[str, Piece] = {"don_vi": f"{name} ({code})"}
        for at, column in enumerate(columns[1:], 2):
            group, what = ("tong", "diem_toi_da") if column.key == "toi_da" else (column.key, "diem")
            value = of.get(group, {}).get(what)
            where = f"WHERE ky = {literal(month or '')} AND ma_don_vi = {literal(code)} AND nhom = {literal(group)}"
            line[column.key] = paper.cell(
                "CQ", place, (at, column), name, f"SELECT {what} FROM {TOTALS} {where}", source=TOTALS, values=[value],
                window=_whose(month, None)[0], reason="" if value is not None else _NONE,
            )  # fmt: skip
        lines.append(line)
    note = asked.reason or ("" if lines else "Không có điểm của đơn vị nào trong tháng này.")
    paper.tables["don_vi_766"] = Table("CQ", "Điểm Bộ chỉ số 766 theo đơn vị", columns, lines, note)


def lost(paper: Paper, part: str, month: str | None, agency: str | None) -> None:
    """Where points are lost, the largest first: in words, and as a table by agency, procedure and component."""
    whose = f" AND ma_don_vi = {literal(agency)}" if agency else ""
    where = f"WHERE ky = {literal(month or '')} AND diem_mat > 0{whose}"
    asked = paper.desk.ask(
        f"SELECT * FROM {LOST} {where} ORDER BY diem_mat DESC, ma_chi_so, ma_don_vi, ma_tthc LIMIT {_MOST}", LOST
    )
    columns = (
        Column("don_vi", "Đơn vị"), Column("thu_tuc", "Thủ tục"), Column("chi_so", "Chỉ số"), Column("loi", "Lỗi"),
        Column("so_loi", "Số lỗi", "trường hợp"), Column("diem_mat", "Điểm mất", "điểm"),
    )  # fmt: skip
    lines: list[dict[str, Piece]] = []
    for place, row in enumerate(asked.rows, 1):
        key = " AND ".join(
            f"{name} = {literal(str(row[name]))}" for name in ("ky", "ma_don_vi", "ma_tthc", "ma_chi_so")
        )
        agency_name = row["ten_don_vi"] or row["ma_don_vi"]
        line: dict[str, Piece] = {
            "don_vi": agency_name, "thu_tuc": row["ten_tthc"] or "không theo thủ tục", "chi_so": row["ma_chi_so"],
            "loi": row["loi"] or "",
        }  # fmt: skip
        for at, name in ((5, "so_ho_so_loi"), (6, "diem_mat")):
            column = columns[at - 1]
            sql = f"SELECT {name} FROM {LOST} WHERE {key}"
            value = Decimal(str(row[name] or 0))
            line[column.key] = paper.cell(
                "MD", place, (at, column), agency_name, sql, source=LOST, values=[value], window=_whose(month, None)[0]
            )
        lines.append(line)
    note = asked.reason or ("" if lines else "Không có điểm mất nào trong tháng này.")
    paper.tables["diem_mat"] = Table("MD", f"Điểm mất lớn nhất ({_MOST} dòng đầu)", columns, lines, note)
    _lost_in_words(paper, part, where, lines, month, of_agency=agency is not None)


def _lost_in_words(
    paper: Paper, part: str, where: str, lines: list[dict[str, Piece]], month: str | None, *, of_agency: bool
) -> None:
    """What is lost counts against the province; through an agency it is another number than the agency's own points."""
    if not lines:
        paper.say(part, paper.tables["diem_mat"].note)
        return
    sql = f"SELECT sum(diem_mat) FROM {LOST} {where}"
    value = paper.desk.connection.execute(sql).fetchall()[0][0]
    words = _whose(month, None)[0] or ""
    what = "Điểm của tỉnh mất qua đơn vị này" if of_agency else "Tổng điểm mất"
    scope = "qua đơn vị của báo cáo" if of_agency else "toàn phạm vi"
    total = paper.desk.put(Field("", "MD.0.6", what, "điểm"), sql, [value], table=LOST, scope=scope, window=words)
    paper.say(part, f"{what} ở các chỉ số đang áp dụng, {words}: {{tong}}. Mất nhiều nhất qua:", tong=total)
    for line in lines[:5]:
        procedure = "" if line["thu_tuc"] == "không theo thủ tục" else f", thủ tục “{escaped(str(line['thu_tuc']))}”"
        count = line["so_loi"]
        counted = "{so} " if isinstance(count, Figure) and count.value else ""
        paper.say(
            part,
            f"– {escaped(str(line['don_vi']))}{procedure}: {counted}{escaped(str(line['loi']))}, mất {{diem}} "
            f"(chỉ số {line['chi_so']}, {paper.named['nhom_tong_diem'].window}).",
            so=count, diem=line["diem_mat"],
        )  # fmt: skip
