"""Alerts over thirty nights: a life is told once and once more when it gets worse; one that comes back is another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.config.paths import DataPaths
from pipelines.upkeep.finding import Level
from pipelines.upkeep.notify import MARKS, State, Told, message, read_state, write_state
from pipelines.upkeep.watch_alerts import findings_of, unseen
from pipelines.warehouse import alerts
from pipelines.warehouse.alerts import OPEN, UnknownAlertError, mark_seen
from pipelines.warehouse.schema import create_tables

FIRST = date(2025, 12, 1)
NOON = datetime(2025, 12, 1, 12)


@pytest.fixture
def ledger() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as connection:
        create_tables(connection, [])
        connection.execute("CREATE SCHEMA dieu_hanh")
        connection.execute("CREATE SCHEMA van_hanh")
        connection.execute(
            "CREATE TABLE dieu_hanh.canh_bao (ma_canh_bao VARCHAR, loai VARCHAR, loai_ten VARCHAR, ma_don_vi VARCHAR, "
            "muc_do VARCHAR, mo_tu_ngay DATE, so_viec BIGINT)"
        )
        # As the mart says it, without words and days.
        connection.execute(
            "CREATE VIEW van_hanh.vong_doi_canh_bao AS "
            f"SELECT *, if(da_xem, 'da_xem', 'mo') AS trang_thai FROM ({OPEN})"
        )
        yield connection


def night(ledger: duckdb.DuckDBPyConnection, number: int, opened: dict[str, str]) -> None:
    """Publish these alerts (``code of an agency:object`` → level) and bring the lives up to date, twice."""
    day = FIRST + timedelta(days=number)
    ledger.execute("INSERT INTO so_cai.lan_chay (so_lan, ngay_so_lieu) VALUES (?, ?)", [number, day])
    ledger.execute("DELETE FROM dieu_hanh.canh_bao")
    for code, level in opened.items():
        ledger.execute(
            "INSERT INTO dieu_hanh.canh_bao VALUES (?, 'qua_han', 'Quá hẹn trả', ?, ?, ?, 1)",
            [code, code.partition(":")[0], level, day],
        )
    for _ in range(2):
        alerts.enter(ledger, number, day, keep_days=3650)


def told(ledger: duckdb.DuckDBPyConnection, paths: DataPaths) -> list[str]:
    """Parts that ``kho watch --gui`` tells tonight; what was told is remembered as it does."""
    findings = list(findings_of(unseen(ledger, ()), {}))
    before = read_state(paths).told
    fresh = sorted(part for f in findings if before.is_new(f) for part in f.parts - before.parts)
    write_state(paths, State(Told.of(findings)))
    return fresh


def test_work_of_agencies_does_not_move_the_exit_code_of_the_watch(ledger: duckdb.DuckDBPyConnection) -> None:
    night(ledger, 1, {"A:1": "do", "A:2": "vang"})
    findings = list(findings_of(unseen(ledger, ()), {}))
    assert [(f.level, MARKS[f.level]) for f in findings] == [(Level.WORK, "việc")]
    assert int(findings[0].level) == 0
    assert "[việc]" in message(findings, 0)


def test_thirty_nights_tell_each_life_once_and_once_more_when_it_gets_worse(
    ledger: duckdb.DuckDBPyConnection, data: DataPaths
) -> None:
    """Forty alerts open, get worse, get better, go and come back by a fixed pattern; the told ones are counted."""
    levels = {}
    letters: Counter[str] = Counter()
    lives: Counter[str] = Counter()
    worse: set[tuple[str, int]] = set()
    before: set[str] = set()
    for number in range(1, 31):
        opened = {}
        for place in range(40):
            code = f"A{place % 4}:{place}"
            phase = (number + 7 * place) % (11 + place % 5)
            if phase < 8:  # red in the middle of a life, yellow at both ends; some never
                opened[code] = "do" if place % 3 and 3 <= phase < 6 else "vang"
        for code in opened.keys() - before:
            lives[code] += 1
        worse |= {(code, lives[code]) for code, level in opened.items() if level == "do"}
        before = set(opened)
        levels[number] = opened
        night(ledger, number, opened)
        fresh = told(ledger, data)
        assert told(ledger, data) == []  # a second look the same morning tells nothing
        letters.update(part.partition("@")[0] for part in fresh)
    for code, times in letters.items():
        straight_red = sum(1 for c, life in worse if c == code and not _yellow_first(levels, code, life))
        assert times == lives[code] + sum(1 for c, _ in worse if c == code) - straight_red
    assert set(letters) == set(lives)
    assert max(lives.values()) >= 3  # some did come back
    rows = ledger.execute("SELECT count(*), count(het_lan) FROM so_cai.vong_doi_canh_bao").fetchall()[0]
    assert rows == (sum(lives.values()), sum(lives.values()) - len(before))


def _yellow_first(levels: dict[int, dict[str, str]], code: str, life: int) -> bool:
    """Whether the ``life``-th life of an alert began yellow."""
    begun = [n for n in levels if code in levels[n] and code not in levels.get(n - 1, {})]
    return levels[begun[life - 1]][code] == "vang"


def test_a_seen_alert_is_silent_until_it_gets_worse(ledger: duckdb.DuckDBPyConnection, data: DataPaths) -> None:
    night(ledger, 1, {"A:1": "vang", "A:2": "do", "B:1": "vang"})
    assert mark_seen(ledger, (), agencies={"A"}, role="A", now=NOON) == (2, 0)
    assert mark_seen(ledger, ("A:1",), agencies={"A"}, role="A", now=NOON) == (0, 1)
    assert told(ledger, data) == ["B:1@1@vang"]
    night(ledger, 2, {"A:1": "do", "A:2": "vang", "B:1": "vang"})
    assert told(ledger, data) == ["A:1@1@do"]
    night(ledger, 3, {"A:2": "do"})  # it had been seen red
    night(ledger, 4, {"A:1": "vang", "A:2": "do"})
    assert told(ledger, data) == ["A:1@4@vang"]  # another life: nobody has seen it
    assert ledger.execute("SELECT count(*) FROM so_cai.da_xem").fetchall() == [(2,)]


def test_the_work_of_an_ended_agency_is_seen_by_who_took_it_over(ledger: duckdb.DuckDBPyConnection) -> None:
    night(ledger, 1, {"A:1": "vang", "B:1": "vang", "C:1": "vang"})
    assert mark_seen(ledger, (), agencies={"A", "B"}, role="A", now=NOON) == (2, 0)
    assert mark_seen(ledger, (), agencies=None, role="A", now=NOON) == (1, 2)


def test_marks_of_unknown_alerts_mark_nothing(ledger: duckdb.DuckDBPyConnection) -> None:
    night(ledger, 1, {"A:1": "vang", "B:1": "vang"})
    for codes in (("A:1", "A:9"), ("A:1", "B:1")):
        with pytest.raises(UnknownAlertError, match=codes[1]):
            mark_seen(ledger, codes, agencies={"A"}, role="A", now=NOON)
    assert ledger.execute("SELECT count(*) FROM so_cai.da_xem").fetchall() == [(0,)]


def test_lives_long_gone_are_forgotten_with_their_marks(ledger: duckdb.DuckDBPyConnection) -> None:
    night(ledger, 1, {"A:1": "vang", "A:2": "vang"})
    mark_seen(ledger, (), agencies={"A"}, role="A", now=NOON)
    night(ledger, 2, {"A:2": "vang"})
    alerts.enter(ledger, 3, FIRST + timedelta(days=40), keep_days=30)
    assert ledger.execute("SELECT ma_canh_bao FROM so_cai.vong_doi_canh_bao").fetchall() == [("A:2",)]
    assert ledger.execute("SELECT ma_canh_bao FROM so_cai.da_xem").fetchall() == [("A:2",)]


def test_marks_are_read_from_the_ledger_and_none_where_there_is_none(data: DataPaths, tmp_path: Path) -> None:
    assert alerts.marks(data) == set()
    data.prepare()
    with duckdb.connect(str(data.warehouse_file)) as connection:
        connection.execute("CREATE SCHEMA so_cai")
        assert connection is not None
    assert alerts.marks(data) == set()  # of an earlier program
    with duckdb.connect(str(data.warehouse_file)) as connection:
        create_tables(connection, [])
        connection.execute("INSERT INTO so_cai.da_xem VALUES ('A:1', 3, 'vang', 'A', NULL, 3)")
    assert alerts.marks(data) == {("A:1", 3, "vang")}
