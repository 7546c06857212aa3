"""A day of the past, kept beside what is published, begins and ends no life of a defect."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipelines import publishing
from pipelines.defects.export import _last_evaluation
from pipelines.publish.publish import Outcome
from pipelines.quality.defects import enter_defects
from pipelines.quality.model import Dimension, Locator, RowCheck, Rule, Severity
from pipelines.warehouse import safekeeping
from tests.integration.quality.conftest import create_warehouse

TODAY, PAST = date(2025, 9, 30), date(2025, 1, 31)
RULE = Rule(
    code="HS_DUNG_99",
    dimension=Dimension.CORRECT,
    table="stg.stg_dvc__ho_so",
    columns=("ngay_tra",),
    description="Ngày trả không ở sau ngày số liệu.",
    severity=Severity.WARN,
    threshold=0.0,
    mended_by="Đơn vị",
    basis="Luật",
    check=RowCheck("t.ngay_tra <= $ngay_so_lieu"),
    relation="stg.stg_dvc__ho_so",
    locator=Locator(key="t.ma_ho_so", file="t._ma_tep", row="t._dong"),
)


class Night:
    """A job that has a warehouse and nothing else."""

    def __init__(self, file: Path, connection: duckdb.DuckDBPyConnection) -> None:
        self.paths, self._connection = SimpleNamespace(working=file), connection

    def warehouse(self) -> Any:
        return self

    def __enter__(self) -> duckdb.DuckDBPyConnection:
        return self._connection

    def __exit__(self, *_: object) -> None: ...


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    monkeypatch.setattr(safekeeping, "keep", lambda *_: None)
    monkeypatch.setattr(publishing.turn, "note", lambda *_, **__: None)
    connection = duckdb.connect()
    create_warehouse(connection)
    for code, day in (("sau", "2025-11-01"), ("trong_nam", "2025-03-01"), ("cu", "2025-01-01")):
        connection.execute(
            "insert into stg.stg_dvc__ho_so (ma_ho_so, ma_don_vi, ngay_tra, _ma_tep, _dong) "
            f"values ('{code}', 'A', '{day}', 'abc', 1)"
        )
    return Night(tmp_path, connection)


def _run(night: Night, number: int, as_of: date, outcome: Outcome) -> None:
    with night.warehouse() as db:
        db.execute(
            "insert into so_cai.lan_chay (so_lan, bat_dau, ngay_so_lieu) values (?, timestamp '2025-10-01', ?)",
            [number, as_of],
        )
        db.execute(
            "insert into so_cai.ket_qua_kiem_tra (so_lan, ma_quy_tac, so_dong, so_ap_dung) values (?, ?, 3, 3)",
            [number, RULE.code],
        )
        db.execute("insert into so_cai.quy_tac_dem (ma_quy_tac, lan) values (?, ?)", [RULE.code, number])
        enter_defects(db, [RULE], number, as_of)
    report: Any = SimpleNamespace(kept=f"v{number}", version=f"v{number}", outcome=outcome)
    job: Any = night
    run: Any = SimpleNamespace(number=number)
    publishing.enter_publication(job, run, report)


def _asked(night: Night, sql: str) -> list[tuple[Any, ...]]:
    with night.warehouse() as db:
        found: list[tuple[Any, ...]] = db.execute(sql).fetchall()
        return found


def test_a_past_day_kept_beside_leaves_the_defects_as_they_were(night: Night) -> None:
    lives = "select khoa, tu_lan, dong_lan from so_cai.loi order by all"
    _run(night, 1, TODAY, Outcome.SWAPPED)
    assert _asked(night, lives) == [("sau", 1, None)]
    _run(night, 2, PAST, Outcome.ASIDE)
    assert _asked(night, lives) == [("sau", 1, None)]
    with night.warehouse() as db:
        db.execute("update stg.stg_dvc__ho_so set ngay_tra = '2025-09-01' where ma_ho_so = 'sau'")
    _run(night, 3, PAST, Outcome.ASIDE)
    assert _asked(night, lives) == [("sau", 1, None)]
    assert _asked(night, "select count(*) from so_cai.quy_tac_dem") == [(0,)]  # the next night counts every row
    with night.warehouse() as db:
        assert _last_evaluation(db) == TODAY
    _run(night, 4, TODAY, Outcome.SWAPPED)
    assert _asked(night, lives) == [("sau", 1, 4)]


def test_an_earlier_day_that_takes_the_place_of_what_is_published_is_a_night(night: Night) -> None:
    _run(night, 1, TODAY, Outcome.SWAPPED)
    _run(night, 2, PAST, Outcome.SWAPPED)
    assert _asked(night, "select khoa, tu_lan, dong_lan from so_cai.loi order by all") == [
        ("sau", 1, None), ("trong_nam", 2, None),
    ]  # fmt: skip
    with night.warehouse() as db:
        assert _last_evaluation(db) == PAST
