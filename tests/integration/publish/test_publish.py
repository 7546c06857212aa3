"""What is published, what is held back, and what stays private."""

from __future__ import annotations

import json
import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tiny

from pipelines.config.paths import DataPaths
from pipelines.opendata.package import stands
from pipelines.publish.materialise import materialise
from pipelines.publish.publish import Outcome, PublishError, publish, unchanged
from pipelines.publish.version_store import Store
from pipelines.quality.gate import State


def ask(paths: DataPaths, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_everything_that_passed_is_published_with_parquet_and_comments(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    report = tiny.release(paths, "v1")
    assert report.rows == {("tthc", "ho_so"): 1000, ("ho_tich", "dang_ky"): 1, ("van_hanh", "xuat_ban"): 1}
    assert report.held == ()
    assert ask(paths, "select count(*), sum(so_tien), min(phien_ban) from tthc.ho_so") == [(1000, 1000, "v1")]
    parquet = paths.marts / "tthc" / "ho_so.parquet"
    assert duckdb.sql(f"select sum(so_tien) from '{parquet}'").fetchall() == [(1000,)]
    codecs = duckdb.sql(f"select distinct compression from parquet_metadata('{parquet}')").fetchall()
    assert codecs == [("ZSTD",)]
    comments = ask(paths, "select comment from duckdb_tables() where table_name = 'ho_so'")
    assert comments == [("Bảng ho_so, hạt là 'dòng'.",)]
    assert ask(paths, "select count(*) from duckdb_columns() where comment is null and not internal") == [(0,)]
    assert ask(paths, "select comment from duckdb_functions() where function_name = 'bieu'") == [
        ("Bảng bieu, hạt là 'dòng'.",)
    ]


def test_column_that_is_not_allowed_stays_private(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    report = tiny.release(paths, "v1")
    assert report.private_columns == ("tthc.ho_so.chu_ho_so",)
    assert "Đặng".encode() not in paths.marts_file.read_bytes()
    names = ask(paths, "select column_name from duckdb_columns() where table_name = 'ho_so'")
    assert ("chu_ho_so",) not in names


@pytest.mark.parametrize("changes", [{"sensitivity": "ca_nhan"}, {"description": ""}])
def test_class_or_description_taken_away_makes_a_column_private_again(tmp_path: Path, changes: dict[str, str]) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    manifest = tiny.manifest()
    manifest["nodes"]["model.kho06.tthc__ho_so"]["columns"]["ngay"] = tiny.column("ngay", **changes)
    del manifest["nodes"]["model.kho06.tthc__bieu"]
    publish(paths, manifest, tiny.decisions(tthc=State.KEPT), version="v2", as_of=tiny.AS_OF)
    assert ask(paths, "select column_name from duckdb_columns() where column_name = 'ngay'") == []


def test_table_without_a_description_is_not_published(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    manifest = tiny.manifest()
    manifest["nodes"]["model.kho06.ho_tich__dang_ky"]["description"] = " "
    report = publish(paths, manifest, tiny.decisions(), version="v1", as_of=tiny.AS_OF)
    assert report.undescribed == ("ho_tich.dang_ky",)
    assert ask(paths, "select count(*) from duckdb_tables() where schema_name = 'ho_tich'") == [(0,)]


def test_held_group_keeps_its_old_tables_and_the_others_are_published(tmp_path: Path) -> None:
    tiny.release(tiny.build(tmp_path, "v1", 1), "v1")
    paths = tiny.build(tmp_path, "v2", 2)
    report = tiny.release(paths, "v2", tthc=State.KEPT)
    assert report.held == ("tthc",)
    assert ask(paths, "select distinct so_tien, phien_ban from tthc.ho_so") == [(1, "v1")]
    assert ask(paths, "from tthc.bieu('2025-01-01', '2025-12-31')") == [(1000, "kho_lam_viec.x")]
    assert ask(paths, "select n, phien_ban from ho_tich.dang_ky") == [(2, "v2")]
    assert duckdb.sql(f"select min(so_tien) from '{paths.marts / 'tthc' / 'ho_so.parquet'}'").fetchall() == [(1,)]
    tiny.release(paths, "v2")
    assert ask(paths, "select distinct so_tien, phien_ban from tthc.ho_so") == [(2, "v2")]


def test_group_held_on_the_first_load_is_absent(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    report = tiny.release(paths, "v1", tthc=State.NEVER)
    assert report.held == ("tthc",)
    assert ask(paths, "select schema_name from duckdb_tables() order by all") == [("ho_tich",), ("van_hanh",)]
    assert not (paths.marts / "tthc").exists()


def test_macros_run_from_a_fresh_locked_connection_with_text_or_dates(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 3)
    assert tiny.release(paths, "v1").macros == ("tthc.bieu",)
    renamed = tmp_path / "ten khac.duckdb"
    renamed.write_bytes(paths.marts_file.read_bytes())
    config = {"enable_external_access": "false", "lock_configuration": "true"}
    with duckdb.connect(str(renamed), read_only=True, config=config) as connection:
        for query in (
            "from tthc.bieu('2025-01-01', '2025-01-01')",
            "from tthc.bieu(date '2025-01-01', date '2025-01-01')",
        ):
            assert connection.execute(query).fetchall() == [(30, "kho_lam_viec.x")]


def test_a_function_is_published_held_and_made_again_with_its_comment(tmp_path: Path) -> None:
    manifest = tiny.manifest()
    function = tiny.model("tthc", "khong_dau", [], config={"materialized": "ham", "meta": {"nhom_mart": "tthc"}})
    manifest["nodes"]["model.kho06.tthc__khong_dau"] = function
    asked = "select tthc.khong_dau('Đất'), comment from duckdb_functions() where function_name = 'khong_dau'"
    wanted = [("đất", "Bảng khong_dau, hạt là 'dòng'.")]
    for version, state in (("v1", State.NEW), ("v2", State.KEPT)):
        paths = tiny.build(tmp_path, version, 1)
        with duckdb.connect(str(paths.warehouse_file)) as connection:
            connection.execute("create macro tthc.khong_dau(van_ban) as (select lower(van_ban))")
        report = publish(paths, manifest, tiny.decisions(tthc=state), version=version, as_of=tiny.AS_OF)
        assert report.macros == ("tthc.bieu", "tthc.khong_dau")
        assert ask(paths, asked) == wanted
    store = Store(paths.marts)
    materialise(store, store.get("v1"), tmp_path / "lai.duckdb")
    with duckdb.connect(str(tmp_path / "lai.duckdb"), read_only=True) as connection:
        assert connection.execute(asked).fetchall() == wanted


def test_macro_that_reads_what_is_not_published_stops_the_publication(tmp_path: Path) -> None:
    tiny.release(tiny.build(tmp_path, "v1", 1), "v1")
    paths = tiny.build(tmp_path, "v2", 2)
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("create schema trung_gian")
        connection.execute("create table trung_gian.x as select 1 as a")
        connection.execute("create or replace macro tthc.bieu(tu_ngay, den_ngay) as table select * from trung_gian.x")
    with pytest.raises(PublishError, match="bản đang công bố giữ nguyên"):
        tiny.release(paths, "v2")
    assert ask(paths, "select min(phien_ban) from tthc.ho_so") == [("v1",)]
    assert not [p for p in paths.marts.iterdir() if p.name.startswith(".")]


def test_missing_table_of_a_group_that_passed_stops_the_publication(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("drop table ho_tich.dang_ky")
    with pytest.raises(PublishError, match=r"ho_tich\.dang_ky"):
        tiny.release(paths, "v1")
    assert not paths.marts_file.exists()


def test_error_of_a_publication_quotes_no_value(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    paths.warehouse_file.write_bytes("Đặng Mạc Đĩnh".encode() * 1000)
    with pytest.raises(PublishError) as caught:
        tiny.release(paths, "v1")
    assert "Đặng" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_modes_are_internal_and_no_log_or_scratch_is_left(tmp_path: Path) -> None:
    os.umask(0o022)
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    for path in [paths.marts, *paths.marts.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o750 if path.is_dir() else 0o640), path
    names = {p.name for p in paths.marts.iterdir()}
    assert names == {"kho.duckdb", "ban_ke.json", "tthc", "ho_tich", "van_hanh", "phien_ban"}
    assert [p.name for p in paths.working.iterdir()] == ["kho_lam_viec.duckdb"]


def test_listing_tells_version_rows_and_digests(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    listing = json.loads((paths.marts / "ban_ke.json").read_text(encoding="utf-8"))
    assert (listing["phien_ban"], listing["ngay_so_lieu"]) == ("v1", "2025-09-30")
    assert listing["so_dong"]["tthc.ho_so"] == 1000
    assert listing["tep"]["kho.duckdb"]["kich_thuoc"] == paths.marts_file.stat().st_size


def test_rows_lie_in_the_order_of_the_key_and_equal_input_gives_equal_parquet(tmp_path: Path) -> None:
    one, two = tiny.build(tmp_path / "a", "v1", 1), tiny.build(tmp_path / "b", "v1", 1)
    tiny.release(one, "v1")
    with duckdb.connect(str(two.warehouse_file)) as connection:
        connection.execute("create or replace table tthc.ho_so as select * from tthc.ho_so order by random()")
    tiny.release(two, "v1")
    codes = [row[0] for row in ask(two, "select ma_ho_so from tthc.ho_so")]
    assert codes == sorted(codes)
    files = [paths.marts / "tthc" / "ho_so.parquet" for paths in (one, two)]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_table_that_is_no_longer_published_disappears_with_its_parquet(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    (paths.marts / "mo").mkdir()
    (paths.marts / "mo" / "cua_nguoi_khac.parquet").write_bytes(b"x")
    manifest = tiny.manifest()
    del manifest["nodes"]["model.kho06.ho_tich__dang_ky"]
    publish(paths, manifest, tiny.decisions(), version="v2", as_of=date(2025, 10, 1))
    assert not (paths.marts / "ho_tich" / "dang_ky.parquet").exists()
    assert (paths.marts / "mo" / "cua_nguoi_khac.parquet").exists()
    assert ask(paths, "select count(*) from duckdb_tables() where table_name = 'dang_ky'") == [(0,)]


def test_without_parquet_old_parquet_does_not_stay_behind(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    publish(paths, tiny.manifest(), tiny.decisions(), version="v2", as_of=tiny.AS_OF, parquet=False)
    assert not list(paths.marts.rglob("*.parquet"))


def test_file_opens_in_any_client_from_1_0_on(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    tags = ask(paths, "select tags['storage_version'] from duckdb_databases() where database_name = 'kho'")
    assert tags == [("v1.0.0+",)]


def _stands(paths: DataPaths, **changes: Any) -> bool:
    said = {"version": "v1", "feeds": {"dvc__ho_so": 9}, "ledger": "a", "parquet": True} | changes
    decided = said.pop("decisions", tiny.decisions())
    return unchanged(paths, decided, **said) is not None


def test_what_stands_is_told_without_writing_and_only_where_nothing_differs(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    assert not _stands(paths)
    made = publish(
        paths, tiny.manifest(), tiny.decisions(), version="v1", as_of=tiny.AS_OF, feeds={"dvc__ho_so": 9}, ledger="a"
    )
    found = unchanged(paths, tiny.decisions(), version="v1", feeds={"dvc__ho_so": 9}, ledger="a", parquet=True)
    assert found is not None
    assert (found.rows, found.macros, found.kept, found.as_of) == (made.rows, made.macros, made.kept, made.as_of)
    assert found.outcome is Outcome.UNCHANGED
    for other in (
        {"version": "v2"},
        {"feeds": {"dvc__ho_so": 8}},
        {"ledger": "b"},
        {"parquet": False},
        {"decisions": tiny.decisions(tthc=State.KEPT)},
    ):
        assert not _stands(paths, **other), other
    (paths.marts / "tthc" / "ho_so.parquet").write_bytes(b"x")
    assert not _stands(paths)


@pytest.mark.parametrize(("aside", "opened"), [(False, "mo/index.html"), (False, "mo/TAM_DUNG.txt"), (True, "")])
def test_what_links_to_open_data_is_made_once_they_stand(tmp_path: Path, aside: bool, opened: str) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    told: list[bool] = []

    def links(database: Path) -> dict[str, str]:
        told.append(stands(database.parent))
        return {}

    publish(
        paths, tiny.manifest(), tiny.decisions(), version="v1", as_of=tiny.AS_OF, aside=aside,
        documents=links, pages=links, open_data=lambda _: {opened: b"x"},
    )  # fmt: skip
    assert told == [opened == "mo/index.html"] * 2


@pytest.mark.parametrize("lost", ["ban_ke", "noi_dung"])
def test_a_night_without_news_keeps_its_version_again_where_that_was_lost(tmp_path: Path, lost: str) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    given = {"version": "v1", "as_of": tiny.AS_OF, "feeds": {"dvc__ho_so": 9}, "ledger": "a"}
    publish(paths, tiny.manifest(), tiny.decisions(), **given)
    assert _stands(paths)
    next(path for path in (paths.marts / "phien_ban" / lost).rglob("*") if path.is_file()).unlink()
    assert not _stands(paths)
    publish(paths, tiny.manifest(), tiny.decisions(), **given)
    assert _stands(paths)
