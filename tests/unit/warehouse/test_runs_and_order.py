"""The default as-of day (R1), the order between files (R8), and ledgers made before days of events were kept."""

from __future__ import annotations

from datetime import date, datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts.loader import load_contracts
from pipelines.warehouse import order
from pipelines.warehouse.order import Against, Profile
from pipelines.warehouse.runs import last_ended_day, publication_id
from pipelines.warehouse.schema import create_tables


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2025, 10, 1, 1), date(2025, 9, 30)),
        (datetime(2025, 10, 1, 23, 59, 59), date(2025, 9, 30)),
        (datetime(2026, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_default_as_of_day_has_ended(now: datetime, day: date) -> None:
    assert last_ended_day(now) == day


def _profile(days: list[int], sha256: str) -> Profile:
    moments = [datetime(2025, 1, 1 + day % 28, day % 24) for day in sorted(set(days))]
    by_day = sorted({moment.date(): moment for moment in moments}.items())
    return Profile(tuple(day for day, _ in by_day), tuple(moment for _, moment in by_day), sha256)


@given(st.lists(st.integers(0, 27), min_size=1, max_size=5), st.lists(st.integers(0, 27), min_size=1, max_size=5))
def test_a_file_is_newer_than_another_where_no_as_of_day_says_otherwise(first: list[int], second: list[int]) -> None:
    a, b = _profile(first, "a"), _profile(second, "b")
    found = a.against(b)
    signs = {(a.at(day) > b.at(day)) - (a.at(day) < b.at(day)) for day in [date(2025, 1, n) for n in range(1, 29)]}
    if found is Against.EITHER:
        assert {-1, 1} <= signs
    else:
        assert {Against.NEWER: -1, Against.OLDER: 1}[found] not in signs
    opposite = {Against.NEWER: Against.OLDER, Against.OLDER: Against.NEWER, Against.EITHER: Against.EITHER}
    assert b.against(a) is opposite[found]


def test_a_ledger_made_before_keeps_the_order_of_its_files() -> None:
    contracts = load_contracts()
    with duckdb.connect(":memory:") as connection:
        create_tables(connection, contracts.values())
        for name in ("luoc_do", "ngay_su_kien", "loi_lan_thay", "lan_dau"):
            connection.execute(f"DROP TABLE so_cai.{name}")
        connection.execute("DROP SCHEMA lan_thay CASCADE")
        connection.execute("ALTER TABLE tho.dvc__ho_so DROP COLUMN _tep_dau")
        connection.execute(
            "INSERT INTO so_cai.tep "
            "(ma_tep, nguon_du_lieu, sha256, trang_thai, su_kien_cuoi, thoi_diem, nhan_luc, so_lan) VALUES "
            "('a', 'dvc/ho_so', 'a', 'da_nap', '2025-03-03 08:00', '2025-03-03 08:00', '2025-10-01', 1), "
            "('b', 'dvc/co_quan', 'b', 'da_nap', null, '2025-10-01', '2025-10-01', 1)"
        )
        connection.execute(
            "INSERT INTO so_cai.lan_chay (so_lan, bat_dau, ngay_so_lieu) VALUES (1, '2025-10-01', '2025-09-30')"
        )
        connection.execute(
            "INSERT INTO tho.dvc__ho_so (_khoa, _gia_tri, _ma_tep, ngay_tiep_nhan, ngay_tra) "
            "VALUES ('k', 'g', 'a', '2025-02-02 07:00', '2031-01-01')"
        )
        for _ in range(2):
            create_tables(connection, contracts.values())
            order.settle(connection, contracts.values(), date(2025, 9, 30))
        times = connection.execute("SELECT ma_tep, thoi_diem FROM so_cai.tep ORDER BY 1").fetchall()
        assert times == [("a", datetime(2025, 3, 3, 8)), ("b", datetime(2025, 9, 30, 23, 59, 59, 1))]
        order.settle(connection, contracts.values(), date(2025, 2, 15))
        assert connection.execute("SELECT thoi_diem FROM so_cai.tep WHERE ma_tep = 'a'").fetchall() == [
            (datetime(2025, 2, 2, 7),)
        ]


def test_a_refused_file_that_a_whole_one_followed_makes_no_other_publication() -> None:
    def with_files(*files: tuple[str, str, int]) -> str:
        with duckdb.connect() as connection:
            create_tables(connection, [])
            for sha256, state, run in files:
                connection.execute(
                    "INSERT INTO so_cai.tep (ma_tep, nguon_du_lieu, goc_ten, sha256, trang_thai, so_lan) "
                    "VALUES (?, 'dvc/ho_so', 'a', ?, ?, ?)",
                    [sha256, sha256, state, run],
                )
            return publication_id(connection, date(2025, 12, 31))

    clean = with_files(("b", "da_nap", 1))
    assert with_files(("a", "tu_choi", 1), ("b", "da_nap", 2)) == clean
    assert with_files(("b", "da_nap", 1), ("a", "tu_choi", 2)) != clean
