"""Dossiers over a window (rules R5, R16): by level, by field on form II.06a, by agency, against the period before."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from pipelines.config.figures import day
from pipelines.papers.desk import Source, Window
from pipelines.papers.fields import COUNTED, SCOPES, SHARES
from pipelines.papers.figure import Field, Figure, change, number
from pipelines.papers.paper import Column, Paper, Piece, Table
from pipelines.warehouse.agencies import AGENCY_NAMES, told_apart
from pipelines.warehouse.database import literal

DOSSIERS = "tthc.ho_so"
LEVELS = {"tinh": "cấp tỉnh", "huyen": "cấp huyện", "xa": "cấp xã", "khong_ro": "chưa rõ cấp"}
FORM = {
    "nhan_tong_so": "Tiếp nhận – tổng số",
    "nhan_truc_tuyen": "Tiếp nhận trong kỳ – trực tuyến",
    "nhan_truc_tiep_buu_chinh": "Tiếp nhận trong kỳ – trực tiếp, bưu chính",
    "nhan_tu_ky_truoc": "Tiếp nhận – từ kỳ trước",
    "giai_quyet_tong_so": "Đã giải quyết – tổng số",
    "giai_quyet_truoc_han": "Đã giải quyết – trước hạn",
    "giai_quyet_dung_han": "Đã giải quyết – đúng hạn",
    "giai_quyet_qua_han": "Đã giải quyết – quá hạn",
    "dang_giai_quyet_tong_so": "Đang giải quyết – tổng số",
    "dang_giai_quyet_trong_han": "Đang giải quyết – trong hạn",
    "dang_giai_quyet_qua_han": "Đang giải quyết – quá hạn",
}
FOLDED = {
    "nhan_tong_so": ("tiep_nhan",),
    "nhan_truc_tuyen": ("truc_tuyen",),
    "nhan_truc_tiep_buu_chinh": ("truc_tiep", "buu_chinh", "khong_ro_kenh"),
    "nhan_tu_ky_truoc": ("ky_truoc",),
    "giai_quyet_tong_so": ("da_giai_quyet", "tra_lai"),
    "giai_quyet_truoc_han": ("truoc_han",),
    "giai_quyet_dung_han": ("dung_han", "khong_han", "tra_lai"),
    "giai_quyet_qua_han": ("qua_han",),
    "dang_giai_quyet_tong_so": ("dang_giai_quyet",),
    "dang_giai_quyet_trong_han": ("dang_trong_han", "dang_khong_han"),
    "dang_giai_quyet_qua_han": ("dang_qua_han",),
}
"""Columns of the form as sums of counts of R5 (rule R16)."""
AGENCY = ("tiep_nhan", "da_giai_quyet", "truoc_han", "dung_han", "qua_han", "dang_giai_quyet", "dang_qua_han")
_MOST = 10


def by_level(window: Window) -> Source:
    """One row a level and ``toan_tinh``."""
    return Source(f"tthc.bieu_giai_quyet({window.sql})", DOSSIERS)


def by_agency(window: Window) -> Source:
    """One row an agency, the unit in charge."""
    return Source(f"tthc.bieu_giai_quyet_don_vi({window.sql})", DOSSIERS)


def counted(paper: Paper, agency: str | None) -> None:
    """Every count of R5 for the whole scope and each level, and for the whole scope in the period before."""
    window = paper.desk.window
    for scope, words in SCOPES.items():
        if agency is not None and scope != "chung":
            for column in (*COUNTED, *SHARES):
                paper.lacks(f"{scope}_{column}", "báo cáo của một đơn vị không tách theo cấp", words)
            continue
        of = f"đơn vị {agency}" if agency else "toàn tỉnh" if scope == "chung" else words
        _take(paper, scope, window, agency, "toan_tinh" if scope == "chung" else scope, words=of)
    before, why = before_of(paper)
    if before is None:
        for column in (*COUNTED, *SHARES):
            paper.lacks(f"truoc_{column}", why, "kỳ trước")
    else:
        _take(paper, "truoc", before, agency, "toan_tinh", words=f"kỳ trước, {before.words}")


def _take(paper: Paper, scope: str, window: Window, agency: str | None, level: str, *, words: str) -> None:
    source, where = (
        (by_level(window), {"pham_vi": level}) if agency is None else (by_agency(window), {"ma_don_vi": agency})
    )
    for column in COUNTED:
        paper.take(f"{scope}_{column}", source, column, where, scope=words, window=window.words)
    for column, (_, over, base_words) in SHARES.items():
        paper.take(
            f"{scope}_{column}", source, over=over, where=where, base_words=base_words, scope=words, window=window.words
        )


def before_of(paper: Paper) -> tuple[Window | None, str]:
    """The period before of the same calendar (R14), else as many days before; or why there is nothing to compare."""
    window = paper.desk.window
    periods = paper.desk.ask(
        "SELECT loai_lich, loai_ky, tu_ngay, den_ngay FROM tthc.ky_bao_cao", "tthc.ky_bao_cao"
    ).rows
    kinds = {
        (p["loai_lich"], p["loai_ky"]) for p in periods if (p["tu_ngay"], p["den_ngay"]) == (window.first, window.last)
    }
    ending = window.first - timedelta(days=1)
    same = [p for p in periods if (p["loai_lich"], p["loai_ky"]) in kinds and p["den_ngay"] == ending]
    first = same[0]["tu_ngay"] if same else window.first - (window.last - window.first) - timedelta(days=1)
    before = Window(first, ending)
    start = first_day(paper)
    if start is None or start > before.first:
        since = f"kho chỉ có hồ sơ tiếp nhận từ {day(start)}" if start else "kho chưa có hồ sơ nào"
        return None, f"không so được với kỳ trước ({before.words}): {since}"
    return before, ""


def first_day(paper: Paper) -> Any:
    """The first day of receipt that the warehouse knows."""
    rows = paper.desk.ask("SELECT min(ngay_tiep_nhan)::DATE AS tu FROM tthc.ho_so", DOSSIERS).rows
    return rows[0]["tu"] if rows else None


def said(paper: Paper, part: str) -> None:
    """The paragraphs of a window: received, finished, in progress, by level."""
    window = paper.desk.window
    paper.say(
        part,
        f"Trong kỳ ({window.words}), số hồ sơ tiếp nhận là {{chung_tiep_nhan}}; trong đó tiếp nhận mới trực tuyến "
        "{chung_truc_tuyen}, trực tiếp {chung_truc_tiep}, qua bưu chính công ích {chung_buu_chinh}, chưa rõ kênh "
        "{chung_khong_ro_kenh}; từ kỳ trước chuyển qua {chung_ky_truoc}. Từ chối khi tiếp nhận (không tính vào số tiếp "
        "nhận): {chung_tu_choi_tiep_nhan}.",
    )
    paper.say(
        part,
        "Đã giải quyết {chung_da_giai_quyet}: trước hạn {chung_truoc_han}, đúng hạn {chung_dung_han}, quá hạn "
        "{chung_qua_han}, không có hạn {chung_khong_han}. Tỷ lệ đúng và trước hạn: {chung_ty_le_dung_va_truoc_han}.",
    )
    paper.say(
        part,
        "Trả lại do công dân rút hoặc dừng xử lý {chung_tra_lai}. Đang giải quyết {chung_dang_giai_quyet}: trong hạn "
        "{chung_dang_trong_han}, quá hạn {chung_dang_qua_han}, không có hạn {chung_dang_khong_han}.",
    )
    paper.say(part, "Tỷ lệ hồ sơ nộp trực tuyến: {chung_ty_le_truc_tuyen}.")
    for scope, words in LEVELS.items():
        total = paper.named[f"{scope}_tiep_nhan"].value
        if total:
            paper.say(
                part,
                f"+ {words[:1].upper()}{words[1:]}: tiếp nhận {{{scope}_tiep_nhan}}; đã giải quyết "
                f"{{{scope}_da_giai_quyet}}, "
                f"đúng và trước hạn {{{scope}_ty_le_dung_va_truoc_han}}; nộp trực tuyến "
                f"{{{scope}_ty_le_truc_tuyen}}; đang "
                f"giải quyết {{{scope}_dang_giai_quyet}}, trong đó quá hạn {{{scope}_dang_qua_han}}.",
            )


def compared(paper: Paper, part: str) -> None:
    """What changed since the period before, each figure beside that of then."""
    if paper.named["truoc_tiep_nhan"].value is None:
        paper.say(part, "So với kỳ trước: " + paper.named["truoc_tiep_nhan"].reason + ".")
        return
    paper.say(part, f"So với kỳ trước ({paper.named['truoc_tiep_nhan'].window}):")
    for column in ("tiep_nhan", "da_giai_quyet", "qua_han", "dang_qua_han", *SHARES):
        now, then = paper.named[f"chung_{column}"], paper.named[f"truoc_{column}"]
        label = COUNTED[column][0] if column in COUNTED else SHARES[column][0]
        if now.value is None or then.value is None:
            paper.say(part, f"– {label}: không so được; kỳ này {{a}}, kỳ trước {{b}}.", a=now, b=then)
        else:
            words = change(now.value, then.value, now.unit)
            paper.say(part, f"– {label} {words}: {{b}} kỳ trước, {{a}} kỳ này.", a=now, b=then)


def form_06a(paper: Paper, agency: str | None) -> dict[str, Table]:
    """Form II.06a, a table a level with its total line; received = finished + in progress is checked on every line."""
    if agency is not None:
        table = _form_of_agency(paper, agency)
        paper.tables["bieu_06a_don_vi"] = table
        return {"don_vi": table}
    window = paper.desk.window
    source = f"tthc.bieu_06a({window.sql})"
    asked = paper.desk.ask(f"SELECT * FROM {source}", DOSSIERS)
    columns = (Column("linh_vuc", "Lĩnh vực"), *(Column(key, words, "hồ sơ") for key, words in FORM.items()))
    made = {}
    for level, words in LEVELS.items():
        rows = sorted((row for row in asked.rows if row["cap"] == level), key=lambda row: row["linh_vuc"])
        if not rows and level == "khong_ro":
            continue
        note = "" if rows else asked.reason or f"Không có hồ sơ {words} trong kỳ."
        code = f"06A-{level}"
        lines: list[dict[str, Piece]] = []
        for place, row in enumerate([*rows, {}] if rows else []):
            where = f"cap = {literal(level)}" + (f" AND linh_vuc = {literal(row['linh_vuc'])}" if row else "")
            name = row.get("linh_vuc", "Tổng cộng")
            line: dict[str, Piece] = {"linh_vuc": name}
            for at, column in enumerate(columns[1:], 2):
                value = Decimal(row[column.key] if row else sum(r[column.key] for r in rows))
                sql = f"SELECT sum({column.key}) FROM {source} WHERE {where}"
                line[column.key] = paper.cell(
                    code, place + 1, (at, column), f"{words}, {name}", sql, source=DOSSIERS, values=[value]
                )
            _check(paper, line, f"Biểu II.06a {words}, {name}")
            lines.append(line)
        if lines:
            _same_count(paper, level, lines[-1], words)
        made[level] = Table(code, f"Biểu II.06a/VPCP/KSTT – {words}", columns, lines, note)
    paper.tables |= {f"bieu_06a_{level}": table for level, table in made.items()}
    return made


def _same_count(paper: Paper, level: str, total: dict[str, Piece], words: str) -> None:
    """The form is the counts of R5 folded (R16): its total must be theirs."""
    for key, folded in FOLDED.items():
        cell, figures = total[key], [paper.named[f"{level}_{column}"] for column in folded]
        if not isinstance(cell, Figure) or cell.value is None or any(figure.value is None for figure in figures):
            continue
        apart = cell.value - sum((figure.value or Decimal(0) for figure in figures), Decimal(0))
        if apart:
            label = FORM[key]
            paper.notes.append(
                f"Biểu II.06a {words}: “{label}” lệch {number(apart)} so với số đếm trong kỳ; cần tra lại."
            )


def _form_of_agency(paper: Paper, agency: str) -> Table:
    """The total line of an agency, folded by R16 from its counts: by agency, nothing published tells fields apart."""
    source, where = by_agency(paper.desk.window).sql, f"WHERE ma_don_vi = {literal(agency)}"
    columns = (Column("linh_vuc", "Lĩnh vực"), *(Column(key, words, "hồ sơ") for key, words in FORM.items()))
    rows = paper.desk.ask(f"SELECT * FROM {source} {where}", DOSSIERS).rows
    line: dict[str, Piece] = {"linh_vuc": "Tổng cộng"}
    for at, column in enumerate(columns[1:], 2):
        folded = FOLDED[column.key]
        sql = f"SELECT {' + '.join(folded)} AS {column.key} FROM {source} {where}"
        value = sum((Decimal(row[key]) for row in rows for key in folded), Decimal(0))
        line[column.key] = paper.cell("06A-don_vi", 1, (at, column), agency, sql, source=DOSSIERS, values=[value])
    _check(paper, line, f"Biểu II.06a đơn vị {agency}")
    note = "Chỉ có dòng tổng cộng: bảng công bố theo đơn vị không tách lĩnh vực."
    return Table("06A-don_vi", f"Biểu II.06a/VPCP/KSTT – {paper.head['pham_vi']}", columns, [line], note)


def _check(paper: Paper, line: dict[str, Piece], where: str) -> None:
    def value(key: str) -> Decimal:
        cell = line[key]
        return cell.value or Decimal(0) if isinstance(cell, Figure) else Decimal(0)

    sums = (
        ("nhan_tong_so", ("nhan_truc_tuyen", "nhan_truc_tiep_buu_chinh", "nhan_tu_ky_truoc")),
        ("giai_quyet_tong_so", ("giai_quyet_truoc_han", "giai_quyet_dung_han", "giai_quyet_qua_han")),
        ("dang_giai_quyet_tong_so", ("dang_giai_quyet_trong_han", "dang_giai_quyet_qua_han")),
        ("nhan_tong_so", ("giai_quyet_tong_so", "dang_giai_quyet_tong_so")),
    )
    for total, parts in sums:
        apart = value(total) - sum(value(part) for part in parts)
        if apart:
            paper.notes.append(f"{where}: “{FORM[total]}” lệch {number(apart)} so với tổng các phần; cần tra lại.")


def agencies(paper: Paper, part: str) -> None:
    """A table of agencies; in words which finished late, which have overdue dossiers, which have none late at all."""
    window = paper.desk.window
    source = by_agency(window).sql
    asked = paper.desk.ask(
        f"SELECT b.*, coalesce(n.ten_don_vi, b.ma_don_vi) AS ten FROM {source} AS b "
        f"LEFT JOIN {AGENCY_NAMES} AS n USING (ma_don_vi)",
        DOSSIERS,
    )
    columns = (
        Column("don_vi", "Đơn vị"),
        *(Column(key, COUNTED[key][0], "hồ sơ") for key in AGENCY),
        Column("ty_le_dung_va_truoc_han", SHARES["ty_le_dung_va_truoc_han"][0], "%"),
        Column("ty_le_truc_tuyen", SHARES["ty_le_truc_tuyen"][0], "%"),
    )
    rows = sorted(asked.rows, key=lambda row: (-row["qua_han"], -row["dang_qua_han"], str(row["ma_don_vi"])))
    lines: list[dict[str, Piece]] = []
    for place, row in enumerate(rows, 1):
        line: dict[str, Piece] = {"don_vi": f"{row['ten']} ({row['ma_don_vi']})"}
        where = f"WHERE ma_don_vi = {literal(row['ma_don_vi'])}"
        for at, column in enumerate(columns[1:], 2):
            keys, base_words = [column.key], ""
            if column.key in SHARES:
                _, over, base_words = SHARES[column.key]
                keys = list(over)
            values = [Decimal(row[key]) for key in keys]
            sql = f"SELECT {', '.join(keys)} FROM {source} {where}"
            line[column.key] = paper.cell(
                "DV", place, (at, column), row["ten"], sql, source=DOSSIERS, values=values, base_words=base_words
            )
        lines.append(line)
    note = asked.reason or ("" if rows else "Không có hồ sơ nào trong kỳ.")
    paper.tables["don_vi"] = Table("DV", "Kết quả giải quyết theo đơn vị", columns, lines, note)
    _agencies_in_words(paper, part, rows, lines)


def _agencies_in_words(paper: Paper, part: str, rows: list[dict[str, Any]], lines: list[dict[str, Piece]]) -> None:
    if not rows:
        return
    apart = told_apart({row["ma_don_vi"]: row["ten"] for row in rows})
    names = [apart[row["ma_don_vi"]] for row in rows]
    source = by_agency(paper.desk.window).sql
    late_kinds = (("qua_han", "đã giải quyết quá hạn"), ("dang_qua_han", "đang giải quyết quá hạn"))
    for number_of, (key, words) in enumerate(late_kinds, 1):
        late = sorted((place for place, row in enumerate(rows) if row[key]), key=lambda place: -rows[place][key])
        sql = f"SELECT count(*) FROM {source} WHERE {key} > 0"
        many = paper.desk.put(
            Field("", f"DV.0.{number_of}", f"Đơn vị có hồ sơ {words}", "đơn vị"),
            sql,
            [Decimal(len(late))],
            table=DOSSIERS,
        )
        _listed(paper, part, f"Đơn vị có hồ sơ {words}", many, [(names[p], lines[p][key]) for p in late])
    key, condition = (
        "ty_le_dung_va_truoc_han",
        "mau_so_dung_va_truoc_han > 0 AND tu_so_dung_va_truoc_han = mau_so_dung_va_truoc_han",
    )
    whole = [p for p, row in enumerate(rows) if row[f"mau_so_{key[6:]}"] and row[key] == 1]
    words = "Đơn vị giải quyết đúng và trước hạn toàn bộ hồ sơ đã giải quyết có hạn"
    sql = f"SELECT count(*) FROM {source} WHERE {condition}"
    many = paper.desk.put(Field("", "DV.0.3", words, "đơn vị"), sql, [Decimal(len(whole))], table=DOSSIERS)
    _listed(paper, part, words, many, [(names[p], lines[p][key]) for p in whole])


def _listed(paper: Paper, part: str, words: str, many: Figure, named: list[tuple[str, Piece]]) -> None:
    figures = {f"d{place}": figure for place, (_, figure) in enumerate(named[:_MOST])}
    listing = "; ".join(f"{escaped(str(name))}: {{d{place}}}" for place, (name, _) in enumerate(named[:_MOST]))
    more = "; các đơn vị còn lại xem phụ lục" if len(named) > _MOST else ""
    paper.say(part, f"{words}: {{so}}" + (f", gồm: {listing}{more}." if named else "."), so=many, **figures)


def escaped(name: str) -> str:
    """A name of the data is never taken for a field of a sentence."""
    return str(name).translate({ord("{"): "(", ord("}"): ")"})
