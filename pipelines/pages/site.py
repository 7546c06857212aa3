"""The site: every page by its path; static, offline, all text escaped."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment

from pipelines.config import figures
from pipelines.config.html import environment
from pipelines.config.mart_groups import group_name
from pipelines.opendata.package import stands
from pipelines.pages import charts, words
from pipelines.pages.answers import answers
from pipelines.pages.facts import MOST_CODES, Facts, read_facts
from pipelines.warehouse.database import connect

FOLDER = "tai_lieu/bang_dieu_hanh"
_TEMPLATES = Path(__file__).parent / "templates"
_SHOWN = 15


def site_of(database: Path, *, threads: int, memory: str) -> dict[str, str | bytes]:
    """The site of a publication by path below ``data/marts/``, which links to what stands there beside ``database``.

    Raises ``duckdb.Error``.
    """
    with connect(database, read_only=True, threads=threads, memory_limit=memory) as connection:
        facts = read_facts(connection)
    return {f"{FOLDER}/{name}": text for name, text in site(facts, beside=True, opened=stands(database.parent)).items()}


def site(facts: Facts, *, beside: bool, opened: bool = False) -> dict[str, str]:
    """Every page by its path below the site's folder.

    ``beside``: the dictionary and the quality page stand beside the folder; ``opened``: so do the open data.
    """
    made = templates()
    frame = {"f": facts, "public": False, "beside": beside, "opened": opened}
    shared: dict[str, Any] = {**frame, "words": words, "most": MOST_CODES}
    front = made.get_template("thang.html.j2")
    pages = {"index.html": front.render(shared, **_front(facts, facts.current), goc="", newest=True)}
    for ky in facts.months:
        pages[f"thang/{ky}.html"] = front.render(shared, **_front(facts, ky), goc="../", newest=ky == facts.current)
    agency, procedure = made.get_template("don_vi.html.j2"), made.get_template("tthc.html.j2")
    for code, name in facts.agencies.items():
        pages[f"don_vi/{words.file_name(code)}"] = agency.render(shared, **_agency(facts, code, name), goc="../")
    for code, name in facts.procedures.items():
        pages[f"tthc/{words.file_name(code)}"] = procedure.render(shared, **_procedure(facts, code, name), goc="../")
    pages["tra_cuu.html"] = made.get_template("tra_cuu.html.j2").render(
        shared,
        agencies=sorted(facts.agencies.items(), key=lambda item: words.order(item[1])),
        procedures=sorted(facts.procedures.items(), key=lambda item: words.order(item[1])),
        goc="",
    )
    return pages


def templates() -> Environment:
    """The templates of all pages, with the filters that write figures, days and names."""
    return environment(
        _TEMPLATES,
        so=words.number,
        pt=words.share,
        diem=figures.points,
        doi=words.change,
        ngay=figures.day,
        thang=words.month,
        trang=words.file_name,
        nhom=group_name,
    )


def _front(facts: Facts, ky: str | None) -> dict[str, Any]:
    groups = facts.groups(ky)
    agencies = [
        (code, name, facts.counted("don_vi", code, ky))
        for code, name in facts.agencies.items()
        if facts.counted("don_vi", code, ky)["xong"] > 0
    ]
    agencies.sort(key=lambda item: (item[2]["ty_le_dung"], -item[2]["xong"], item[0]))
    return {
        "ky": ky,
        "answers": answers(facts, ky),
        "groups": groups,
        "group_chart": charts.bars(
            [_group_bar(row) for row in groups if row["nhom"] != "tong"], "Điểm sáu nhóm so với tối đa"
        ),
        "trend": charts.line(_shares(facts, "tinh", ""), "Tỷ lệ đúng và trước hạn qua các tháng"),
        "agencies": agencies[:_SHOWN],
        "agency_count": len(agencies),
        "lost": facts.lost(ky)[:_SHOWN],
        "lost_by_component": _lost_by(facts, ky, "ma_chi_so"),
        "lost_by_agency": _lost_by(facts, ky, "ma_don_vi")[:_SHOWN],
        "faults": {row["ma_chi_so"]: row["loi"] for row in facts.lost(ky)},
        "targets": [row for row in facts.rows("chi_tieu", ky=ky) if row["thuc_hien"] is not None],
    }


def _lost_by(facts: Facts, ky: str | None, column: str) -> list[tuple[str, Decimal]]:
    """Points lost of a month by a column, the most first."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in facts.lost(ky):
        sums[row[column]] += row["diem_mat"]
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def _group_bar(row: Any) -> tuple[str, float | None, float | None, str]:
    top = float(row["diem_toi_da"] or 0)
    value, mean = row["diem"] if row["diem"] is not None else row["diem_cong_qg"], row["binh_quan_ca_nuoc"]
    return (
        row["ten_nhom"] or row["nhom"],
        float(value) / top if value is not None and top else None,
        float(mean) / top if mean is not None and top else None,
        f"{figures.points(value)}/{figures.points(row['diem_toi_da'])}",
    )


def _shares(facts: Facts, kind: str, code: str) -> list[tuple[str, float | None]]:
    return [(words.month(row["ky"]), row["ty_le_dung"]) for row in facts.months_of(kind, code)]


def _agency(facts: Facts, code: str, name: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "rows": facts.months_of("don_vi", code)[::-1],
        "chart": charts.line(_shares(facts, "don_vi", code), f"Tỷ lệ đúng và trước hạn của {name}"),
        "work": facts.rows("viec", ma_don_vi=code),
        "alerts": facts.alerts(code),
        "lost": facts.lost(facts.current, ma_don_vi=code),
    }


def _procedure(facts: Facts, code: str, name: str) -> dict[str, Any]:
    rows = facts.rows("thang", ky=facts.current, ma_tthc=code)
    return {
        "code": code,
        "name": name,
        "rows": facts.months_of("tthc", code)[::-1],
        "chart": charts.line(_shares(facts, "tthc", code), f"Tỷ lệ đúng và trước hạn của thủ tục {code}"),
        "by_agency": sorted(rows, key=lambda row: (-row["qua_han"], -row["da_giai_quyet"], row["ma_don_vi"])),
        "lost": facts.lost(facts.current, ma_tthc=code),
    }
