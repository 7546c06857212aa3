"""A feed silent for longer than allowed holds back what rests on it; by default none does."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from pipelines.config.orchestration import FeedRhythm
from pipelines.quality.stale import stale

NODE = "source.kho06.tho.dvc__ho_so"


@pytest.fixture
def ledger() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA so_cai")
    connection.execute(
        "CREATE TABLE so_cai.tep AS SELECT * FROM (VALUES ('dvc/ho_so', 'da_nap', TIMESTAMP '2025-08-20 23:00:00'), "
        "('dvc/ho_so', 'tu_choi', TIMESTAMP '2025-08-29 23:00:00'), "
        "('dvc/pakn', 'da_nap', TIMESTAMP '2025-08-01 08:00:00')) v(nguon_du_lieu, trang_thai, thoi_diem)"
    )
    return connection


def rhythms(limit: int | None) -> dict[str, FeedRhythm]:
    return {"dvc/ho_so": FeedRhythm(nhip_ngay=1, chan_ngay=limit), "dvc/pakn": FeedRhythm(nhip_ngay=7)}


@pytest.mark.parametrize(
    ("limit", "as_of", "held"),
    [
        (5, date(2025, 8, 25), False),
        (5, date(2025, 8, 26), True),
        (5, date(2025, 8, 10), False),  # a day before the newest data: nothing was late then
        (None, date(2025, 12, 31), False),
    ],
)
def test_a_silent_feed_holds_back_what_rests_on_it(
    ledger: duckdb.DuckDBPyConnection, limit: int | None, as_of: date, held: bool
) -> None:
    found = stale(ledger, rhythms(limit), as_of, anything_published=True)
    assert set(found) == ({NODE} if held else set())
    if held:
        assert "Nguồn dvc/ho_so đã 6 ngày không có dữ liệu mới (đến 20/08/2025), quá 5 ngày" in found[NODE]


def test_where_nothing_is_published_yet_nothing_is_kept(ledger: duckdb.DuckDBPyConnection) -> None:
    assert stale(ledger, rhythms(5), date(2025, 12, 31), anything_published=False) == {}


def test_a_limit_is_no_shorter_than_the_rhythm() -> None:
    with pytest.raises(ValueError, match="chan_ngay"):
        FeedRhythm(nhip_ngay=7, chan_ngay=3)
