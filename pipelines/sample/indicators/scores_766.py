"""Scores of Bộ chỉ số 766 as the national portal would publish them: long and wide tables, its JSON answers.

Numerators and denominators are drawn; ratio and points follow from them by R15, so a reader that recomputes
the points must find what is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

GROUPS = ("CKMB", "TDGQ", "CLGQ", "TTTT", "MDSH", "MDHL", "TONG_SCORE")

# code, code of the portal's JSON, maximum, threshold (1 = linear), usual share, usual denominator
_COMPONENTS = (
    ("1.1", "PUBLISH_ON_TIME", 6, 1.0, 0.82, 60),
    ("1.2", "PUBLIC_UPDATE_ON_TIME", 4, 1.0, 0.95, 60),
    ("1.3", "PUBLIC_CONTENT_FULL", 2, 1.0, 0.97, 1900),
    ("1.4", "DOSSIER_SYNC", 6, 1.0, 0.96, 30000),
    ("2.1", "TDGQ", 20, 1.0, 0.93, 30000),
    ("3.1", "", 2, 0.8, 0.6, 1900),
    ("3.2", "", 4, 1.0, 0.45, 1100),
    ("3.3", "", 6, 0.5, 0.87, 30000),
    ("3.5", "", 2, 0.8, 0.66, 300),
    ("3.5b", "", 2, 0.8, 0.58, 300),
    ("3.6", "", 6, 0.3, 0.55, 18000),
    ("4.1", "ORIGINAL_RESULT_AVAILABLE", 6, 1.0, 0.8, 30000),
    ("4.2", "SO_HOA_GIAY_TO_GIAI_QUYET", 4, 0.8, 0.72, 30000),
    ("4.3", "REUSED_DIGITIZED_DATA", 2, 0.8, 0.4, 30000),
    ("4.4", "SYNCED_WITH_DVCQG_PERSONAL_STORAGE", 4, 1.0, 0.2, 30000),
    ("4.5a", "CITIZEN_DATA_CONNECTED_FORMALITY", 2, 1.0, 0.5, 400),
    ("4.5b", "CITIZEN_DATA_CONNECTED_DOSSIER", 2, 1.0, 0.55, 30000),
    ("5.2", "PETITION_PROCESSING_ON_TIME", 6, 1.0, 0.9, 24),
    ("5.3", "PETITION_HANDLING_SATISFACTION", 6, 1.0, 0.93, 24),
    ("5.4", "DOSSIER_RECEIVING_SATISFACTION", 6, 0.9, 0.94, 30000),
)  # fmt: skip


@dataclass(frozen=True)
class Board:
    """One period of one agency: components as rows of feed ``bo_chi_so_766/diem`` and points by group."""

    rows: pl.DataFrame
    groups: dict[str, float]


def board(rng: np.random.Generator, period: str, agency: tuple[str, str], taken: datetime, scale: float = 1.0) -> Board:
    """Scores of ``agency`` (code, name) for ``period`` (``2025-06``); ``scale`` shrinks the denominators.

    From 2026 on 3.6 and 4.2 are linear (version of 1/1/2026).
    """
    code, name = agency
    rows = []
    totals = dict.fromkeys(GROUPS, 0.0)
    for indicator, _, maximum, threshold, share, usual in _COMPONENTS:
        bar = 1.0 if period >= "2026" and indicator in {"3.6", "4.2"} else threshold
        denominator = max(int(usual * scale * rng.uniform(0.85, 1.15)), 5)
        ratio_wanted = min(max(rng.normal(share, 0.03), 0.0), 1.0)
        numerator = round(denominator * ratio_wanted)
        points = round(maximum * min(1.0, numerator / denominator / bar), 2)
        totals[_group(indicator)] += points
        rows.append(
            (period, code, name, indicator, numerator, denominator, round(numerator / denominator, 4), points, maximum)
        )
    totals = {group: round(value, 2) for group, value in totals.items()}
    totals["TONG_SCORE"] = round(sum(totals.values()), 2)
    schema = ["ky", "ma_don_vi", "ten_don_vi", "ma_chi_so", "tu_so", "mau_so", "ty_le", "diem", "diem_toi_da"]
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        (pl.col("diem") * 0.93).round(2).alias("binh_quan_ca_nuoc"),
        pl.lit(int(rng.integers(3, 20))).alias("xep_hang"),
        pl.lit(63 if period < "2025-07" else 34).alias("so_don_vi_xep_hang"),
        pl.lit(taken).cast(pl.Datetime("us")).alias("thoi_diem_lay"),
    )
    return Board(frame, totals)


def _group(indicator: str) -> str:
    if indicator.startswith("3."):
        return "TTTT" if indicator in {"3.5", "3.5b", "3.6"} else "CLGQ"
    return {"1": "CKMB", "2": "TDGQ", "4": "MDSH", "5": "MDHL"}[indicator[0]]


def wide(boards: list[tuple[str, tuple[str, str], Board]], taken: datetime) -> pl.DataFrame:
    """The old board's wide form: one row an agency, a column an indicator group."""
    return pl.DataFrame(
        [
            {"ky": period, "ma_don_vi": agency[0], "ten_don_vi": agency[1], **result.groups}
            for period, agency, result in boards
        ]
    ).with_columns(pl.lit(taken).cast(pl.Datetime("us")).alias("thoi_diem_lay"))


def metrics_answer(result: Board, period: str, taken: datetime) -> dict[str, object]:
    """The portal's JSON of one group: ``metrics`` with code, numerator, denominator, ratio (%), points."""
    api = {indicator: name for indicator, name, *_ in _COMPONENTS if name}
    year, month = period.split("-")
    rows = [row for row in result.rows.iter_rows(named=True) if row["ma_chi_so"][0] == "4"]
    return {
        "departmentCode": rows[0]["ma_don_vi"],
        "departmentName": rows[0]["ten_don_vi"],
        "timeType": "month",
        "year": int(year),
        "month": int(month),
        "thoiDiemLay": taken.isoformat(),
        "metrics": [
            {
                "code": api[row["ma_chi_so"]],
                "numerator": row["tu_so"],
                "denominator": row["mau_so"],
                "ratio": round(row["ty_le"] * 100, 2),
                "score": row["diem"],
                "maxScore": row["diem_toi_da"],
            }
            for row in rows
        ],
    }


def tree_answer(
    rng: np.random.Generator, province: tuple[str, str], units: list[tuple[str, str]], period: str, taken: datetime
) -> dict[str, object]:
    """The portal's JSON tree for indicator 2.1: ``parent`` (the province) and ``children`` (agencies)."""
    children = []
    for code, name in units:
        received = int(rng.integers(40, 4000))
        on_time = round(received * rng.uniform(0.85, 1.0))
        children.append(_node(code, name, received, on_time))
    year, month = period.split("-")
    received = sum(int(str(child["totalReceived"])) for child in children)
    on_time = sum(int(str(child["totalOnTime"])) for child in children)
    return {
        "departmentCode": province[0],
        "timeType": "month",
        "year": int(year),
        "month": int(month),
        "thoiDiemLay": taken.isoformat(),
        "parent": _node(*province, received, on_time),
        "children": children,
    }


def _node(code: str, name: str, received: int, on_time: int) -> dict[str, object]:
    ratio = on_time / received
    return {
        "departmentCode": code,
        "departmentName": name,
        "totalReceived": received,
        "totalOnTime": on_time,
        "ratio": round(ratio * 100, 2),
        "score": round(20 * ratio, 2),
        "maxScore": 20,
    }
