"""A publication made of the one before: the same tables, content and listing as one that is written whole."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.config.paths import DataPaths, data_paths
from pipelines.publish import comparing, parts, renewing
from pipelines.publish.forgetting import Sought, forget, places
from pipelines.publish.keeping import Night
from pipelines.publish.publish import publish
from pipelines.publish.reopening import reopened
from pipelines.publish.version_store import Store, files_of
from pipelines.quality.gate import GroupDecision, State

COLUMNS = {"ma": "varchar", "ngay": "timestamp", "chu": "varchar", "so": "double"}
ROWS = st.dictionaries(
    st.integers(0, 12),
    st.tuples(
        st.sampled_from([datetime(2025, 1, 5), datetime(2025, 1, 31, 23, 59), datetime(2025, 2, 1)]) | st.none(),
        st.sampled_from(["a", "b'", "Đ"]) | st.none(),
        st.sampled_from([0.5, 2.0]) | st.none(),
    ),
    max_size=8,
)
NIGHTS = st.lists(st.tuples(ROWS, st.sampled_from([State.NEW, State.NEW, State.KEPT])), min_size=2, max_size=4)


def manifest(*, month_of: bool = True) -> dict[str, Any]:
    described = [tiny.column(name) for name in (*COLUMNS, "ngay_so_lieu", "phien_ban")]
    key = [{"type": "primary_key", "columns": ["ma"]}]
    models = [
        tiny.model("tthc", "ho_so", described, constraints=key, config=_config(nhu="int_ho_so")),
        tiny.model("tthc", "bieu", [], config=_config("bang_macro")),
        tiny.model("tthc", "nho", described[:1]),
    ]
    stored = tiny.model("trung_gian", "ho_so", [], config={"thang": "ngay"} if month_of else {})
    nodes = {f"model.kho06.{m['name']}": m for m in models}
    return {"nodes": nodes | {"model.kho06.int_ho_so": stored}, "sources": {}, "child_map": {}}


def _config(materialized: str = "view", **more: str) -> dict[str, Any]:
    return {"materialized": materialized, "meta": {"nhom_mart": "tthc"}, **more}


def work(paths: DataPaths, version: str, rows: dict[int, tuple[Any, ...]]) -> None:
    paths.prepare()
    paths.warehouse_file.unlink(missing_ok=True)
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("create schema tthc")
        connection.execute("create schema trung_gian")
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"create table trung_gian.ho_so ({columns})")
        given = [[f"H{key:02}" for key in rows], *([values[i] for values in rows.values()] for i in range(3))]
        cells = ", ".join(f"unnest(?::{kind}[])" for kind in COLUMNS.values())
        connection.execute(f"insert into trung_gian.ho_so select {cells}", given)
        stamps = f"date '{tiny.AS_OF}' as ngay_so_lieu, '{version}' as phien_ban"
        connection.execute(f"create view tthc.ho_so as select *, {stamps} from trung_gian.ho_so")
        connection.execute("create table tthc.nho as select 'x' as ma")
        connection.execute("create macro tthc.bieu(a) as table select count(*) as n from tthc.ho_so where ma <> a")


def release(paths: DataPaths, version: str, state: State = State.NEW, **more: Any) -> None:
    options: dict[str, Any] = {"as_of": tiny.AS_OF, "night": Night(origins={"ma_nguon": "m"}), **more}
    decisions = [decision for decision in tiny.decisions(tthc=state) if decision.group == "tthc"]
    with patch.object(parts, "LARGE", 1):
        publish(paths, manifest(), decisions, version=version, parquet=False, **options)


def seen(file: Path) -> dict[str, list[Any]]:
    """All that a reader finds, whatever order rows lie in."""
    queries = [
        "select * from tthc.ho_so order by all",
        "select * from tthc.nho",
        "select * from tthc.bieu('H01')",
        "select table_name, comment from duckdb_tables() order by all",
        "select table_name, column_name, column_index, data_type, comment, column_default from duckdb_columns() "
        "where schema_name = 'tthc' order by all",
    ]
    with duckdb.connect(str(file), read_only=True) as connection:
        return {query: connection.execute(query).fetchall() for query in queries}


@contextmanager
def copies() -> Iterator[list[Path]]:
    """What ``renewing.copy`` was asked for."""
    asked: list[Path] = []
    real = renewing.copy
    with patch.object(renewing, "copy", lambda current, target: asked.append(current) or real(current, target)):
        yield asked


@settings(max_examples=6, suppress_health_check=[HealthCheck.data_too_large])
@given(NIGHTS, st.sampled_from([0.5, 1.0]), st.sampled_from([1, 120]))
def test_a_renewed_publication_is_what_a_whole_one_is(nights: list[Any], most: float, parts_at_most: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(renewing, "_MOST", most),
        patch.object(parts, "_MONTHS", parts_at_most),
    ):
        renewed, before = data_paths(Path(folder) / "a"), None
        for number, (rows, decided) in enumerate(nights):
            version, state = f"v{number}", decided if number else State.NEW
            work(renewed, version, rows)
            whole = data_paths(Path(folder) / f"w{number}")
            if before is not None:
                shutil.copytree(before, whole.root)
            work(whole, version, rows)
            with patch.object(renewing, "copy", lambda *_: False):
                release(whole, version, state)
            release(renewed, version, state)
            before = whole.root
            assert seen(renewed.marts_file) == seen(whole.marts_file)
            kept, of_whole = (Store(paths.marts).get(version) for paths in (renewed, whole))
            assert kept.tables == of_whole.tables
            with reopened(renewed, version) as file:
                assert seen(file) == seen(renewed.marts_file)


@settings(max_examples=6, suppress_health_check=[HealthCheck.data_too_large])
@given(st.tuples(ROWS, ROWS), st.booleans())
def test_what_changed_is_told_from_the_parts_that_differ(nights: tuple[Any, Any], shared: bool) -> None:
    one, two = nights
    if shared:
        two = {key: one.get(key, values) for key, values in two.items()}
    with tempfile.TemporaryDirectory() as folder:
        paths = data_paths(Path(folder))
        for number, rows in enumerate((one, two)):
            work(paths, f"v{number}", rows)
            release(paths, f"v{number}")
        store = Store(paths.marts)
        old, new = store.get("v0"), store.get("v1")
        for part in {*files_of(old.tables["tthc.ho_so"])} & {*files_of(new.tables["tthc.ho_so"])}:
            store.place(part).write_bytes(b"not read")
        found = {(table, kind): n for table, kind, n in comparing.by_table(store, old, new).rows}
        cells = [line[1:6] for line in comparing.by_key(store, old, new, "tthc.ho_so").rows]
    same = one.keys() & two.keys()
    counts = {
        "them": two.keys() - one.keys(),
        "bot": one.keys() - two.keys(),
        "doi": {k for k in same if one[k] != two[k]},
    }
    assert found == {("tthc.ho_so", kind): len(keys) for kind, keys in counts.items() if keys}
    wanted = [(kind, f"ma=H{key:02}", None, None, None) for kind in ("them", "bot") for key in counts[kind]]
    wanted += [
        ("doi", f"ma=H{key:02}", name, before, after)
        for key in counts["doi"]
        for name, before, after in zip(list(COLUMNS)[1:], one[key], two[key], strict=True)
        if before != after
    ]
    assert sorted(cells, key=repr) == sorted(wanted, key=repr)


def test_only_the_month_that_changed_is_kept_again(tmp_path: Path) -> None:
    paths = data_paths(tmp_path / "data")
    rows = {n: (datetime(2025, 1 + n % 3, 1), "a", 1.0) for n in range(9)}
    work(paths, "v1", rows)
    release(paths, "v1")
    work(paths, "v2", rows | {1: (datetime(2025, 2, 1), "b", 1.0)})
    with copies() as asked:
        release(paths, "v2")
    assert len(asked) == 1
    one, two = (Store(paths.marts).get(name).tables["tthc.ho_so"]["phan"] for name in ("v1", "v2"))
    assert [part["ten"] for part in two] == ["2025-01", "2025-02", "2025-03"]
    assert [a["tep"] == b["tep"] for a, b in zip(one, two, strict=True)] == [True, False, True]


@pytest.mark.parametrize(
    "more",
    [
        {"as_of": date(2025, 10, 1)},
        {"night": Night(origins={"ma_nguon": "another"})},
        {"forgotten": ["mot-nguoi-da-xin-go-ten"]},
    ],
)
def test_what_was_deleted_is_gone_where_it_must_be(tmp_path: Path, more: dict[str, Any]) -> None:
    paths = data_paths(tmp_path / "data")
    rows = {n: (datetime(2025, 1 + n % 9, 1), f"{n}" * 40, 1.0) for n in range(200)}
    work(paths, "v1", rows | {300: (datetime(2025, 1, 1), "mot-nguoi-da-xin-go-ten", 1.0)})
    release(paths, "v1")
    assert b"mot-nguoi-da-xin-go-ten" in paths.marts_file.read_bytes()
    work(paths, "v2", rows)
    with copies() as asked:
        release(paths, "v2", **more)
    assert not asked
    assert b"mot-nguoi-da-xin-go-ten" not in paths.marts_file.read_bytes()


def test_a_file_that_is_free_for_the_most_part_is_written_whole(tmp_path: Path) -> None:
    file, target = tmp_path / "a.duckdb", tmp_path / "b.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table t as select hash(i) as i from range(1_000_000) r(i)")
    assert renewing.copy(file, target)
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop table t")
        connection.execute("create table t as select 1 as i")
        connection.execute("checkpoint")
    assert not renewing.copy(file, target)


def test_a_damaged_part_is_written_again(tmp_path: Path) -> None:
    paths = data_paths(tmp_path / "data")
    rows = {n: (datetime(2025, 1 + n % 3, 1), "a", 1.0) for n in range(9)}
    work(paths, "v1", rows)
    release(paths, "v1")
    store = Store(paths.marts)
    damaged = store.get("v1").tables["tthc.ho_so"]["phan"][0]["tep"]
    store.place(damaged).write_bytes(b"")
    work(paths, "v2", rows)
    release(paths, "v2")
    assert store.is_whole(damaged)


def test_a_person_removed_does_not_come_back_with_a_held_group(tmp_path: Path) -> None:
    paths, person = data_paths(tmp_path / "data"), "mot-nguoi-da-xin-go-ten"
    rows = {n: (datetime(2025, 1 + n % 9, 1), "a", 1.0) for n in range(30)}
    work(paths, "v1", rows | {300: (datetime(2025, 1, 1), person, 1.0)})
    release(paths, "v1")
    now = datetime(2026, 1, 1)
    forget(Store(paths.marts), places(Store(paths.marts), Sought((person,))), now)
    work(paths, "v2", rows)
    release(paths, "v2", State.KEPT, forgotten=[person])
    assert not places(Store(paths.marts), Sought((person,))).tables
    assert person.encode() not in paths.marts_file.read_bytes()
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        assert connection.execute("select count(*), any_value(phien_ban) from tthc.ho_so").fetchall() == [(30, "v1")]
    work(paths, "v3", rows)
    with copies() as asked:
        release(paths, "v3", forgotten=[person])
        work(paths, "v4", rows)
        release(paths, "v4", forgotten=[person])
    assert len(asked) == 1, "after a held group was copied the file is written whole once"


def test_what_another_program_hides_is_not_left_behind_by_a_held_group(tmp_path: Path) -> None:
    paths, hidden = data_paths(tmp_path / "data"), "chuong-trinh-moi-che-di"
    rows = {n: (datetime(2025, 1 + n % 9, 1), "a", 1.0) for n in range(200)}
    work(paths, "v1", rows | {300: (datetime(2025, 1, 1), hidden, 1.0)})
    release(paths, "v1")
    other = Night(origins={"ma_nguon": "another"})
    for version, state in (("v2", State.KEPT), ("v3", State.NEW)):
        work(paths, version, rows)
        release(paths, version, state, night=other)
    assert hidden.encode() not in paths.marts_file.read_bytes()


def test_renewed_files_stay_of_one_size(tmp_path: Path) -> None:
    paths, sizes = data_paths(tmp_path / "data"), []
    rows = {n: (datetime(2025, 1 + n % 9, 1), f"{n}" * 50, 1.0) for n in range(2000)}
    with copies() as asked:
        for number in range(6):
            work(paths, f"v{number}", rows | {1: (datetime(2025, 2, 1), str(number), 1.0)})
            release(paths, f"v{number}")
            sizes.append(paths.marts_file.stat().st_size)
    assert len(asked) == 5
    assert max(sizes) <= 2 * sizes[0]


def test_a_schema_that_is_published_no_more_is_gone(tmp_path: Path) -> None:
    paths = data_paths(tmp_path / "data")
    work(paths, "v1", {1: (None, "a", 1.0)})
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("create schema khac")
        connection.execute("create table khac.bang as select 'x' as ma")
    more = tiny.model("khac", "bang", [tiny.column("ma")])
    before, after = manifest(), manifest()
    before["nodes"]["model.kho06.khac__bang"] = more
    night = Night(origins={"ma_nguon": "m"})
    decided = [GroupDecision(name, State.NEW, "") for name in ("tthc", "khac")]
    with patch.object(parts, "LARGE", 1), copies() as asked:
        publish(paths, before, decided, version="v1", as_of=tiny.AS_OF, night=night)
        publish(paths, after, decided[:1], version="v2", as_of=tiny.AS_OF, night=night)
    assert len(asked) == 1
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        found = connection.execute("select schema_name from duckdb_schemas() where database_name = 'kho'").fetchall()
    assert ("khac",) not in found


@pytest.mark.parametrize("marks", [None, [], {"tthc.ho_so": None}, {"tthc.ho_so": {"2025-01": 5}}, {"la.khong": {}}])
def test_odd_marks_in_the_listing_only_cost_the_renewal(tmp_path: Path, marks: object) -> None:
    paths = data_paths(tmp_path / "data")
    rows = {n: (datetime(2025, 1 + n % 3, 1), "a", 1.0) for n in range(9)}
    work(paths, "v1", rows)
    release(paths, "v1")
    listing = paths.marts / "ban_ke.json"
    listing.write_text(json.dumps(json.loads(listing.read_text(encoding="utf-8")) | {"phan": marks}), encoding="utf-8")
    work(paths, "v2", rows | {1: (datetime(2025, 2, 1), "b", 1.0)})
    release(paths, "v2")
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        found = connection.execute("select ma, chu, phien_ban from tthc.ho_so order by ma").fetchall()
    assert found == [(f"H{n:02}", "b" if n == 1 else "a", "v2") for n in range(9)]
