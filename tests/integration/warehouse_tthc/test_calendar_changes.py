"""A corrected calendar: the year is listed with the dossiers whose due date it moved, once (R2, R3).

First the module alone, dbt played by a few lines; at the end the real models on the shared warehouse.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from province import Warehouse, data_folder
from reference_rules import Rules

from pipelines.contracts.loader import load_contracts
from pipelines.warehouse import calendar, calendar_changes, dbt
from pipelines.warehouse.schema import create_tables

SWAP = [
    ("2026-03-09", "nghi", "Nghỉ hoán đổi", "thử"),
    ("2026-03-14", "lam_bu", "Làm bù", "thử"),
]
DUE_BEFORE = {
    "qua": date(2026, 3, 10),
    "truoc": date(2026, 3, 6),
    "sau": date(2026, 4, 10),
    "doi_tthc": date(2026, 3, 10),
}
DUE_AFTER = DUE_BEFORE | {"qua": date(2026, 3, 11), "doi_tthc": date(2026, 3, 20), "moi": date(2026, 3, 12)}
RECEIVED = {"truoc": datetime(2026, 3, 2, 8), "sau": datetime(2026, 4, 1, 8)}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The committed corrections and one more swap, as an operator would add it, and the calendar made of them."""
    for name in ("lich_dieu_chinh.csv", "lich_cong_bo.csv"):
        (tmp_path / name).write_text((calendar.SEEDS / name).read_text(encoding="utf-8"), encoding="utf-8")
    with (tmp_path / "lich_dieu_chinh.csv").open("a", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(SWAP)
    (tmp_path / "lich.csv").write_text(calendar.generate(tmp_path), encoding="utf-8")
    return tmp_path


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse built on the committed calendar."""
    with duckdb.connect(":memory:") as connection:
        create_tables(connection, load_contracts().values())
        connection.execute("CREATE SCHEMA tham_chieu")
        _build(connection, calendar.SEEDS, DUE_BEFORE, "mot")
        yield connection


def _build(connection: duckdb.DuckDBPyConnection, seeds: Path, due: dict[str, date], version: str) -> None:
    """What dbt does as far as it matters here: the seed and ``tthc.ho_so``."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS tthc")
    connection.execute(f"CREATE OR REPLACE TABLE tham_chieu.lich AS FROM read_csv('{seeds / 'lich.csv'}')")
    connection.execute(
        "CREATE OR REPLACE TABLE tthc.ho_so (ma_ho_so VARCHAR, ngay_tiep_nhan TIMESTAMP, ma_tthc VARCHAR, "
        "trang_thai VARCHAR, han_tinh_lai DATE, ngay_so_lieu DATE, phien_ban VARCHAR)"
    )
    for code, day in due.items():
        procedure = "B" if code == "doi_tthc" and version != "mot" else "A"
        received = RECEIVED.get(code, datetime(2026, 3, 3, 8))
        row = [code, received, procedure, "dang_xu_ly", day, date(2026, 3, 5), version]
        connection.execute("INSERT INTO tthc.ho_so VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    connection.execute("DELETE FROM so_cai.tham_so")
    connection.execute("INSERT INTO so_cai.tham_so VALUES (DATE '2026-03-05', ?)", [version])


def _listed(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, ...]]:
    return connection.execute("SELECT so_lan, nam, so_ngay, so_ho_so FROM so_cai.thay_doi_lich ORDER BY ALL").fetchall()


def test_a_changed_swap_lists_its_year_and_the_dossiers_it_moved(
    connection: duckdb.DuckDBPyConnection, seeds: Path
) -> None:
    calendar_changes.before_build(connection, seeds)
    _build(connection, seeds, DUE_AFTER, "hai")
    calendar_changes.after_build(connection, 2)
    assert _listed(connection) == [(2, 2026, 2, 1)]


def test_the_next_run_lists_nothing_new(connection: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    for number in (2, 3):
        calendar_changes.before_build(connection, seeds)
        _build(connection, seeds, DUE_AFTER, "hai")
        calendar_changes.after_build(connection, number)
    assert _listed(connection) == [(2, 2026, 2, 1)]
    assert connection.execute("SELECT count(*) FROM so_cai.han_truoc").fetchall() == [(0,)]


def test_a_build_that_failed_is_made_up_for_by_the_next(connection: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    calendar_changes.before_build(connection, seeds)
    connection.execute(f"CREATE OR REPLACE TABLE tham_chieu.lich AS FROM read_csv('{seeds / 'lich.csv'}')")
    connection.execute("UPDATE so_cai.tham_so SET phien_ban = 'hai'")
    calendar_changes.after_build(connection, 2)
    assert _listed(connection) == []
    calendar_changes.before_build(connection, seeds)
    _build(connection, seeds, DUE_AFTER, "ba")
    calendar_changes.after_build(connection, 3)
    assert _listed(connection) == [(3, 2026, 2, 1)]


def test_an_unchanged_calendar_and_a_first_run_list_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    calendar_changes.before_build(connection)
    _build(connection, calendar.SEEDS, DUE_AFTER, "hai")
    calendar_changes.after_build(connection, 2)
    assert _listed(connection) == []
    with duckdb.connect(":memory:") as empty:
        create_tables(empty, load_contracts().values())
        calendar_changes.before_build(empty)
        calendar_changes.after_build(empty, 1)
        assert _listed(empty) == []


def test_a_real_rebuild_moves_the_due_dates_of_the_rules_and_lists_them(warehouse: Warehouse, tmp_path: Path) -> None:
    """As if the swap of 26/4 and 2/5/2025 had been called off between two nights."""
    paths, seeds = data_folder(tmp_path / "data"), tmp_path / "seeds"
    shutil.copytree(warehouse.paths.working, paths.working)
    shutil.copytree(calendar.SEEDS, seeds)
    called_off = {date(2025, 4, 26), date(2025, 5, 2)}
    text = (seeds / "lich_dieu_chinh.csv").read_text(encoding="utf-8")
    text = text.replace("2025-04-26,lam_bu", "2025-04-26,nghi").replace("2025-05-02,nghi", "2025-05-02,lam_bu")
    (seeds / "lich_dieu_chinh.csv").write_text(text, encoding="utf-8")
    (seeds / "lich.csv").write_text(calendar.generate(seeds), encoding="utf-8")
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        assert _due(connection) == {d.code: warehouse.rules.due_again(d)[0] for d in warehouse.dossiers}
        connection.execute("UPDATE so_cai.tham_so SET phien_ban = 'sau'")
        calendar_changes.before_build(connection, seeds)
        connection.execute("DELETE FROM tham_chieu.lich")
        connection.execute(f"INSERT INTO tham_chieu.lich FROM read_csv('{seeds / 'lich.csv'}')")
    nodes = dbt.build(paths, select=["int_tthc__lich_lam_viec+,+tthc__ho_so"], exclude=["resource_type:test"])
    assert [node.unique_id for node in nodes if not node.ok] == []
    after = Rules(warehouse.rules.working ^ called_off, warehouse.rules.as_of)
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        assert _due(connection) == {d.code: after.due_again(d)[0] for d in warehouse.dossiers}
        calendar_changes.after_build(connection, 2)
    dbt.build(paths, select=["van_hanh__thay_doi_lich"], exclude=["resource_type:test"])
    moved = sum(1 for d in warehouse.dossiers if warehouse.rules.due_again(d)[0] != after.due_again(d)[0])
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        published = connection.execute(
            "SELECT so_lan, nam, so_ngay, so_ho_so, tam_tinh FROM van_hanh.thay_doi_lich"
        ).fetchall()
    assert published == [(2, 2025, 2, moved, False)]
    assert moved > 20


def _due(connection: duckdb.DuckDBPyConnection) -> dict[str, date | None]:
    return dict(connection.execute("SELECT ma_ho_so, han_tinh_lai FROM tthc.ho_so").fetchall())
