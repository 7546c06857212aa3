"""What has come of an owner's answer: one text of SQL for the mart and the workbooks."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.defects.answers import state_of


@pytest.mark.parametrize(
    ("answer", "until", "said", "opened", "judged", "expected"),
    [
        ("khong_thuoc", "null", 1, 2, 3, "da_chuyen"),
        ("khong_phai_loi", "date '2025-12-31'", 1, 2, 3, "dang_mien"),
        ("khong_phai_loi", "date '2025-12-30'", 1, 2, 3, "het_mien"),
        ("da_sua", "null", 1, 2, 3, None),
        ("da_sua", "null", 3, 2, 3, "bao_da_sua"),
        ("da_sua", "null", 2, 2, 3, "bao_sua_con_sai"),
        ("da_sua", "null", 2, 2, "null", "bao_da_sua"),
        (None, "null", "null", 2, 3, None),
    ],
)
def test_state(  # noqa: PLR0917
    answer: str | None, until: str, said: object, opened: int, judged: object, expected: str | None
) -> None:
    given = f"'{answer}'" if answer else "null"
    (row,) = duckdb.execute(
        f"select {state_of('a', str(opened), str(judged), 'date ' + repr('2025-12-31'))} "
        f"from (select {given} as tra_loi, {until} as den_ngay, {said} as so_lan) a"
    ).fetchall()
    assert row == (expected,)
