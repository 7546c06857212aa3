"""Which figure of the warehouse a printed metric is: figures of the paper, a question of its own, or why there is none.

All of it is data: ``printed_metrics.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import model_validator

from pipelines.config.checked import StrictModel, load_checked
from pipelines.config.figures import day
from pipelines.contracts.normal_form import plain
from pipelines.papers.desk import Asked
from pipelines.papers.figure import SHARE, Field, Figure
from pipelines.papers.paper import Paper
from pipelines.papers.points import month_of
from pipelines.warehouse.database import literal

_METRICS = Path(__file__).with_name("printed_metrics.yaml")
_AGENCIES = "tthc.don_vi"
_DATES = {"ngay_in": "ngày {}", "ngay_so_lieu": "đến ngày {}"}


class Question(StrictModel):
    """``sql`` gives one value, or part and base where ``mau_so`` says what the base counts."""

    bang: str
    ten: str
    sql: str
    don_vi_tinh: str = ""
    mau_so: str = ""
    ky: Literal["ky", "ngay_in", "thang", "ngay_so_lieu"] = "ky"


class Reason(StrictModel):
    """Why the warehouse has none of these metrics, and what it would need."""

    ly_do: str
    chi_tieu: list[str]


class Metrics(StrictModel):
    """``chi_tieu``: printed metric → figures of the paper whose sum it is; ``ca_cap``: scopes that are a level."""

    ca_cap: list[str]
    chi_tieu: dict[str, list[str]]
    phan: dict[str, str]
    hoi: dict[str, Question]
    khong_co: list[Reason]

    @property
    def reasons(self) -> dict[str, str]:
        """Metric → why there is no figure of it."""
        return {metric: said.ly_do for said in self.khong_co for metric in said.chi_tieu}

    @model_validator(mode="after")
    def _one_place(self) -> Metrics:
        named = [*self.chi_tieu, *self.hoi, *(metric for said in self.khong_co for metric in said.chi_tieu)]
        twice = sorted({metric for metric in named if named.count(metric) > 1})
        if twice:
            raise ValueError(f"chỉ tiêu ở hai chỗ: {', '.join(twice)}")
        return self


@cache
def known() -> Metrics:
    """What the file says."""
    said, _ = load_checked(_METRICS, Metrics)
    return said


def answered(paper: Paper, code: str, row: Mapping[str, Any], agency: tuple[str, str, str]) -> Figure:
    """The answer to the question of a printed figure's metric, under ``code``; ``agency``: level, name and, where the
    warehouse knows it, code of the unit that its scope names, else empty."""
    question = known().hoi[str(row["chi_tieu"])]
    unit = SHARE if question.mau_so else question.don_vi_tinh
    field = Field("", code, question.ten, unit)
    month, why = month_of(paper) if question.ky == "thang" else ("", "")
    level, name, named = agency
    unit_code, unknown = (named, "") if named else _agency(paper, level, name)
    sql = _filled(paper, question, row, month=str(month), agency=unit_code)
    asked = Asked([], why or unknown) if why or unknown else paper.desk.ask(sql, question.bang)
    values = [None if v is None else Decimal(str(v)) for v in next(iter(asked.rows), {}).values()]
    lacking = None in values or not values
    none = f"bảng {question.bang} không có số liệu của chỉ tiêu này"
    return paper.desk.put(
        field, sql, [] if lacking else values, table=question.bang, scope=str(row["pham_vi"]),
        window=_window(paper, question, row, month), base_words=question.mau_so,
        reason=(asked.reason or none) if lacking else "",
    )  # fmt: skip


def _window(paper: Paper, question: Question, row: Mapping[str, Any], month: str | None) -> str | None:
    if question.ky == "thang":
        return f"tháng {month[5:]}/{month[:4]}" if month else None
    at = {"ngay_in": row["den_ngay"], "ngay_so_lieu": paper.desk.source(question.bang)[0]}.get(question.ky)
    return _DATES[question.ky].format(day(at)) if at else None


def _filled(paper: Paper, question: Question, row: Mapping[str, Any], *, month: str, agency: str) -> str:
    """The question with the days, the month and the unit in it."""
    window = paper.desk.window
    printed = row["den_ngay"] or window.last
    last = printed if question.ky == "ngay_in" else window.last
    given = {
        "tu": f"DATE {literal(window.first.isoformat())}", "den": f"DATE {literal(last.isoformat())}",
        "den_in": f"DATE {literal(printed.isoformat())}", "thang": literal(month), "don_vi": literal(agency),
    }  # fmt: skip
    parts = {name: sql.format(**given) for name, sql in known().phan.items()}
    return question.sql.format(**given, **parts)


def _agency(paper: Paper, level: str, name: str) -> tuple[str, str]:
    """The code of the one unit of a level, in force at the window's end, whose name ends like this; else why none."""
    if not name:
        return "", ""
    last = f"DATE {literal(paper.desk.window.last.isoformat())}"
    sql = (
        f"SELECT DISTINCT ma_don_vi, ten_don_vi, cap FROM {_AGENCIES} WHERE coalesce(hieu_luc_tu, {last}) <= {last} "
        f"AND coalesce(hieu_luc_den, {last}) >= {last} ORDER BY ALL"
    )
    asked = paper.desk.ask(sql, _AGENCIES)
    wanted = plain(name)
    found = {row["ma_don_vi"] for row in asked.rows
             if row["cap"] == level and f" {plain(str(row['ten_don_vi']))}".endswith(f" {wanted}")}  # fmt: skip
    if len(found) == 1:
        return str(found.pop()), ""
    return "", asked.reason or f"cuối kỳ có {len(found)} đơn vị tên “{name}” ở cấp in"
