"""A printed report of the same window, figure by figure beside the warehouse, and where it contradicts itself.

Printed figures are rows of the feed ``bao_cao/so_lieu``, their contradictions the failing relations of R13
(``doi_soat.bao_cao``). Which figure of the paper a printed metric is, is data: ``printed_metrics.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipelines.config.figures import day
from pipelines.papers.checking import AGREES, DIFFERS, judged
from pipelines.papers.claims import Claim, is_number
from pipelines.papers.figure import SHARE, Field, Figure, number
from pipelines.papers.paper import Column, Paper, Piece, Table
from pipelines.papers.printed_questions import answered, known
from pipelines.warehouse.database import literal

PRINTED, RELATIONS = "doi_soat.so_lieu_bao_cao", "doi_soat.bao_cao"
_DECISIONS = "tthc.cong_bo"
_LEVELS = {"toàn tỉnh": "chung", "cấp tỉnh": "tinh", "cấp huyện": "huyen", "cấp xã": "xa", "cả nước": "chung"}
_WORDS = {AGREES: "khớp", DIFFERS: "lệch"}
_COLUMNS = (
    Column("ma", "Mã"), Column("muc", "Mục"), Column("chi_tieu", "Chỉ tiêu"), Column("pham_vi", "Phạm vi"),
    Column("so_in", "Báo cáo in"), Column("so_kho", "Kho tính"), Column("ma_kho", "Mã số của kho"),
    Column("lech", "Chênh lệch"), Column("ket_luan", "Kết luận"), Column("chu_thich", "Chú thích"),
)  # fmt: skip
_NOTES = (
    Column("so", "Số"), Column("ma", "Mã"), Column("mo_ta", "Báo cáo in tự mâu thuẫn ở đâu"),
    Column("so_in", "Số in"), Column("so_tinh", "Tính từ các số in khác"), Column("lech", "Chênh lệch"),
)  # fmt: skip


def beside_printed(paper: Paper) -> None:
    """Tables ``da_in`` and ``mau_thuan``: of every printed report whose figures are of the paper's window and province.

    Both have no rows where there is none.
    """
    window = paper.desk.window
    rows = paper.desk.ask(f"SELECT * FROM {PRINTED} ORDER BY ma_bao_cao, dong", PRINTED).rows
    reports = [
        report
        for report in dict.fromkeys(row["ma_bao_cao"] for row in rows)
        if any(
            (row["tu_ngay"], row["den_ngay"]) == (window.first, window.last) and _is_ours(paper, row)
            for row in rows
            if row["ma_bao_cao"] == report
        )
    ]
    notes = _contradictions(paper, reports)
    places: dict[str, list[str]] = {}
    for place, note in enumerate(notes, 1):
        places.setdefault(note["ma_so_lieu"], []).append(f"({place})")
    mine = [row for row in rows if row["ma_bao_cao"] in reports]
    lines = [_line(paper, place, row, places) for place, row in enumerate(mine, 1)]
    title = f"Đối chiếu với báo cáo đã in: {'; '.join(dict.fromkeys(str(row['ten_bao_cao']) for row in mine))}"
    paper.tables["da_in"] = Table("DI", title if lines else "Đối chiếu với báo cáo đã in", _COLUMNS, lines)
    noted = [_note(place, note) for place, note in enumerate(notes, 1)]
    noted += _two_dates(paper, len(notes) + 1) if mine else []
    paper.tables["mau_thuan"] = Table("MT", "Chú thích", _NOTES, noted)


def told(paper: Paper) -> str:
    """How many printed figures agree, in a sentence; empty where there is no printed report."""
    lines, notes = (paper.tables[name].rows if name in paper.tables else [] for name in ("da_in", "mau_thuan"))
    if not lines:
        return ""
    agree, differ = (sum(str(line["ket_luan"]).startswith(word) for line in lines) for word in _WORDS.values())
    absent = sum(isinstance(line["so_kho"], Figure) for line in lines) - agree - differ
    return (
        f"Đối chiếu với báo cáo đã in: {len(lines)} số in, khớp {agree}, lệch {differ}, chưa tính được {absent}, kho "
        f"không có số {len(lines) - agree - differ - absent} (lý do ở từng dòng); {len(notes)} chú thích mâu thuẫn."
    )


def _is_ours(paper: Paper, row: Mapping[str, Any]) -> bool:
    """Whether a printed scope is the province of the warehouse or a level of it."""
    return bool(_first(row)) and _first(row).lower() in paper.head["pham_vi"].lower()


def _first(row: Mapping[str, Any]) -> str:
    return str(row["pham_vi"] or "").partition(" / ")[0].strip()


def _contradictions(paper: Paper, reports: list[str]) -> list[dict[str, Any]]:
    """Failing relations of a report with itself; one with the warehouse stands in its line."""
    if not reports:
        return []
    listed = ", ".join(literal(report) for report in reports)
    sql = (
        f"SELECT * FROM {RELATIONS} WHERE ma_bao_cao IN ({listed}) AND ket_luan = 'lech' "
        "AND ma_quan_he NOT LIKE '%/kho' ORDER BY ma_bao_cao, ma_so_lieu, ma_quan_he"
    )
    return paper.desk.ask(sql, RELATIONS).rows


def _two_dates(paper: Paper, place: int) -> list[dict[str, Piece]]:
    """Decisions of the window that bear one number and two dates: no figure, and as wrong in print."""
    window = paper.desk.window
    between = f"BETWEEN DATE {literal(window.first.isoformat())} AND DATE {literal(window.last.isoformat())}"
    sql = (
        f"SELECT so_van_ban, list(DISTINCT ngay ORDER BY ngay) AS cac_ngay FROM {_DECISIONS} WHERE trung_so "
        f"GROUP BY so_van_ban, co_quan HAVING bool_or(ngay {between}) ORDER BY so_van_ban"
    )
    return [
        {
            "so": f"({at})", "ma": "văn bản", "so_in": "–", "so_tinh": "–", "lech": "–",
            "mo_ta": f"{row['so_van_ban']} mang {len(row['cac_ngay'])} ngày khác nhau: "
            + ", ".join(day(one) for one in row["cac_ngay"]),
        }
        for at, row in enumerate(paper.desk.ask(sql, _DECISIONS).rows, place)
    ]  # fmt: skip


def _note(place: int, row: Mapping[str, Any]) -> dict[str, Piece]:
    between = ""
    if row["mau_so_tu"] is not None:
        to = f" đến {number(row['mau_so_den'])}" if row["mau_so_den"] not in (None, row["mau_so_tu"]) else ""
        between = f"; mẫu số giải thích được tỷ lệ in: {number(row['mau_so_tu'])}{to}"
    code = str(row["ma_so_lieu"])
    return {
        "so": f"({place})", "ma": "suy ra" if code.startswith("suy_ra") else code,
        "mo_ta": f"{row['mo_ta']}{between}", "so_in": _plain(row["gia_tri_in"]), "so_tinh": _plain(row["gia_tri_tinh"]),
        "lech": _plain(row["chenh_lech"]),
    }  # fmt: skip


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    exact = Decimal(str(value))
    return number(exact, 0 if exact == exact.to_integral_value() else 2)


def _line(paper: Paper, place: int, row: Mapping[str, Any], notes: Mapping[str, list[str]]) -> dict[str, Piece]:
    figure, why = _figure(paper, place, row)
    unit = str(row["don_vi_tinh"] or "")
    printed = str(row["gia_tri_goc"] or row["gia_tri_ngay_goc"] or "")
    if not row["gia_tri_goc"]:  # a printed date has no unit
        printed, unit = re.sub(r"^(\d{4})-(\d\d)(?:-(\d\d))?$", _as_written, printed), ""
    line: dict[str, Piece] = {
        "ma": str(row["ma_so_lieu"]),
        "muc": str(row["trich_dan"] or "").removeprefix(f"{row['ma_bao_cao']} – "),
        "chi_tieu": str(row["ten_chi_tieu"]),
        "pham_vi": str(row["pham_vi"]), "so_in": f"{printed} {unit}".strip(), "so_kho": "–", "ma_kho": "",
        "lech": "", "ket_luan": why, "chu_thich": " ".join(notes.get(row["ma_so_lieu"], [])),
    }  # fmt: skip
    if figure is None:
        return line
    if not is_number(printed):
        return line | {"ket_luan": "số in không phải một con số"}
    line |= {"so_kho": figure, "ma_kho": figure.code}
    if figure.value is None:
        return line | {"ket_luan": figure.reason}
    verdict = judged(figure, Claim("", "", printed, unit))
    window = "" if figure.window == paper.desk.window.words else f" (số của kho: {figure.window})"
    return line | {"lech": verdict.apart, "ket_luan": _WORDS[verdict.verdict] + window}


def _named(row: Mapping[str, Any], within: str) -> str:
    """The code of the agency that the warehouse found in a printed scope; a publication of before has none."""
    return str(row.get("ma_don_vi") or "") if within else ""


def _as_written(found: re.Match[str]) -> str:
    """A day or a month as an official writes it."""
    return "/".join(part for part in reversed(found.groups()) if part)


def _figure(paper: Paper, place: int, row: Mapping[str, Any]) -> tuple[Figure | None, str]:
    """The figure of the paper that a printed one is of, or why there is none."""
    said, metric = known(), str(row["chi_tieu"])
    if metric in said.reasons:
        return None, said.reasons[metric]
    question = said.hoi.get(metric)
    names = said.chi_tieu.get(metric, [])
    if question is None and not names:
        return None, "kho không có chỉ tiêu này"
    _, level, within = ([part.strip() for part in str(row["pham_vi"]).split(" / ", 2)] + ["", ""])[:3]
    scope = _LEVELS.get(level or _first(row).lower())
    if scope is None or (not _is_ours(paper, row) and _first(row).lower() != "cả nước"):
        return None, "phạm vi khác của kho"
    if not (question and question.ky == "ngay_in") and not _is_of_window(paper, row):
        return None, "kỳ in khác kỳ báo cáo"
    if within in said.ca_cap:
        within = ""
    if question is not None:
        return answered(paper, f"DI.{place}.6", row, (scope, within, _named(row, within))), ""
    if within:
        return None, "kho không tách chỉ tiêu này theo đơn vị"
    parts = [_part(paper, name.format(cap=scope)) for name in names]
    if len(parts) == 1 and parts[0] is not None and not names[0].endswith(".tu_so"):
        return parts[0], ""
    return _sum_of(paper, place, row, [part for part in parts if part is not None]), "kho không có chỉ tiêu này"


def _is_of_window(paper: Paper, row: Mapping[str, Any]) -> bool:
    """A printed window is the paper's, or its last day; of a month (points of 766) or none, it is the report's own."""
    window = paper.desk.window
    if row["tu_ngay"] is not None:
        return (row["tu_ngay"], row["den_ngay"]) == (window.first, window.last)
    return row["den_ngay"] is None or row["den_ngay"] >= window.last


def _part(paper: Paper, name: str) -> Figure | None:
    return paper.named.get(name.removesuffix(".tu_so"))


def _sum_of(paper: Paper, place: int, row: Mapping[str, Any], parts: list[Figure]) -> Figure | None:
    """A figure that the paper has only in parts, or only as the part of a share, under a code of its own."""
    if not parts:
        return None
    values = [part.part if part.unit == SHARE else part.value for part in parts]
    lacking = next((part.reason for part, value in zip(parts, values, strict=True) if value is None), "")
    sql = " + ".join(f"(SELECT #1 FROM ({part.sql}))" for part in parts)
    known = Field("", f"DI.{place}.6", str(row["ten_chi_tieu"]), parts[0].unit if parts[0].unit != SHARE else "TTHC")
    total = [sum((v for v in values if v is not None), Decimal(0))]
    about = {"scope": str(row["pham_vi"]), "window": parts[0].window, "reason": lacking}
    return paper.desk.put(known, f"SELECT {sql}", [] if lacking else total, table="tthc.ho_so", **about)
