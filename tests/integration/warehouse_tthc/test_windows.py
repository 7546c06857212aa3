"""Any window: the reference counts, identities, chaining, and one formula everywhere (R5, R16)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from province import Warehouse
from reference_rules import Dossier

COUNTS = (
    "tiep_nhan", "truc_tuyen", "truc_tiep", "buu_chinh", "khong_ro_kenh", "ky_truoc", "da_giai_quyet", "truoc_han",
    "dung_han", "qua_han", "khong_han", "tra_lai", "dang_giai_quyet", "dang_trong_han", "dang_qua_han",
    "dang_khong_han", "tu_choi_tiep_nhan",
)  # fmt: skip
BY_KEY = ("bieu_giai_quyet_don_vi", "bieu_giai_quyet_don_vi_hien_nay", "bieu_giai_quyet_tthc")
SPRING = "SELECT * FROM tthc.bieu_giai_quyet(DATE '2025-03-15', DATE '2025-09-14')"
FIXED = [
    (date(2025, 1, 1), date(2025, 12, 31)),
    (date(2024, 12, 15), date(2025, 6, 14)),
    (date(2025, 6, 15), date(2025, 7, 20)),
    (date(2025, 9, 30), date(2025, 9, 30)),
    (date(2020, 1, 1), date(2020, 12, 31)),
]


def windows() -> list[tuple[date, date]]:
    rng = random.Random(7)  # noqa: S311
    result = list(FIXED)
    for _ in range(15):
        start = date(2025, 1, 1) + timedelta(days=rng.randrange(320))
        result.append((start, start + timedelta(days=rng.randrange(100))))
    return result


def ask(warehouse: Warehouse, macro: str, window: tuple[date, date]) -> dict[Any, dict[str, Any]]:
    cursor = warehouse.connection.execute(f"SELECT * FROM tthc.{macro}(?::DATE, ?::DATE)", list(window))
    names = [item[0] for item in cursor.description or []]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


def expected(warehouse: Warehouse, window: tuple[date, date], key: Callable[[Dossier], Any]) -> dict[Any, Counter[str]]:
    groups: dict[Any, list[Dossier]] = {}
    for dossier in warehouse.dossiers:
        groups.setdefault(key(dossier), []).append(dossier)
    counted = {name: warehouse.rules.count(group, *window) for name, group in groups.items()}
    return {name: counts for name, counts in counted.items() if counts.total()}


def as_counts(row: dict[str, Any]) -> dict[str, int]:
    return {name: row[name] for name in COUNTS}


@pytest.mark.parametrize("window", windows(), ids=str)
def test_levels_and_province_have_the_reference_counts(warehouse: Warehouse, window: tuple[date, date]) -> None:
    rows = ask(warehouse, "bieu_giai_quyet", window)
    want = expected(warehouse, window, lambda d: d.level or "khong_ro")
    assert list(rows)[:4] == ["toan_tinh", "tinh", "huyen", "xa"]
    assert ("khong_ro" in rows) == ("khong_ro" in want)
    for scope, row in rows.items():
        counts = warehouse.rules.count(warehouse.dossiers, *window) if scope == "toan_tinh" else want.get(scope)
        assert as_counts(row) == {name: (counts or Counter())[name] for name in COUNTS}, scope


@pytest.mark.parametrize("window", windows()[:8], ids=str)
@pytest.mark.parametrize(
    ("macro", "key"),
    [
        ("bieu_giai_quyet_don_vi", lambda d: d.unit),
        ("bieu_giai_quyet_don_vi_hien_nay", lambda d: d.today),
        ("bieu_giai_quyet_tthc", lambda d: d.procedure or "chua_anh_xa"),
    ],
    ids=["don_vi", "don_vi_hien_nay", "tthc"],
)
def test_agencies_and_procedures_have_the_reference_counts(
    warehouse: Warehouse, window: tuple[date, date], macro: str, key: Callable[[Dossier], Any]
) -> None:
    rows = ask(warehouse, macro, window)
    want = expected(warehouse, window, key)
    assert {name: as_counts(row) for name, row in rows.items()} == {
        name: {count: counts[count] for count in COUNTS} for name, counts in want.items()
    }


@pytest.mark.parametrize("window", windows(), ids=str)
def test_identities_hold_on_every_row(warehouse: Warehouse, window: tuple[date, date]) -> None:
    for macro in (
        "bieu_giai_quyet",
        "bieu_giai_quyet_don_vi",
        "bieu_giai_quyet_don_vi_hien_nay",
        "bieu_giai_quyet_tthc",
    ):
        for r in ask(warehouse, macro, window).values():
            new = r["truc_tuyen"] + r["truc_tiep"] + r["buu_chinh"] + r["khong_ro_kenh"]
            assert r["tiep_nhan"] == new + r["ky_truoc"]
            assert r["tiep_nhan"] == r["da_giai_quyet"] + r["tra_lai"] + r["dang_giai_quyet"]
            assert r["da_giai_quyet"] == r["truoc_han"] + r["dung_han"] + r["qua_han"] + r["khong_han"]
            assert r["dang_giai_quyet"] == r["dang_trong_han"] + r["dang_qua_han"] + r["dang_khong_han"]
            judged = r["da_giai_quyet"] - r["khong_han"]
            assert r["ty_le_dung_va_truoc_han"] == ((r["truoc_han"] + r["dung_han"]) / judged if judged else None)
            assert r["ty_le_truc_tuyen"] == (r["truc_tuyen"] / new if new else None)


def test_a_window_that_ends_before_it_begins_is_an_error_in_words(warehouse: Warehouse) -> None:
    for window in ((date(2025, 6, 2), date(2025, 6, 1)), (date(2025, 9, 1), date(2025, 3, 1))):
        for macro in ("bieu_giai_quyet", *BY_KEY, "bieu_giai_quyet_phan_bo", "bieu_06a"):
            with pytest.raises(
                duckdb.InvalidInputException, match=f"ngày đầu .{window[0]}. sau ngày cuối .{window[1]}."
            ):
                ask(warehouse, macro, window)


def test_windows_may_be_given_as_text_or_dates_and_a_day_is_a_window(warehouse: Warehouse) -> None:
    day = date(2025, 6, 2)
    text = warehouse.connection.execute("SELECT * FROM tthc.bieu_giai_quyet('2025-06-02', '2025-06-02')").fetchall()
    dates = warehouse.connection.execute("SELECT * FROM tthc.bieu_giai_quyet(?::DATE, ?::DATE)", [day, day]).fetchall()
    assert text == dates
    assert dates[0][1] > 0


def test_adjoining_windows_chain(warehouse: Warehouse) -> None:
    rng = random.Random(11)  # noqa: S311
    for _ in range(10):
        start = date(2025, 1, 1) + timedelta(days=rng.randrange(200))
        middle = start + timedelta(days=rng.randrange(1, 60))
        end = middle + timedelta(days=rng.randrange(1, 60))
        for macro in ("bieu_giai_quyet", "bieu_giai_quyet_don_vi", "bieu_giai_quyet_tthc"):
            left = ask(warehouse, macro, (start, middle))
            right = ask(warehouse, macro, (middle + timedelta(days=1), end))
            whole = ask(warehouse, macro, (start, end))
            for key, row in whole.items():
                first, second = left.get(key), right.get(key)
                carried = first["dang_giai_quyet"] if first else 0
                assert (second["ky_truoc"] if second else 0) == carried
                for name in ("da_giai_quyet", "tra_lai"):
                    assert row[name] == (first[name] if first else 0) + (second[name] if second else 0)
                assert row["dang_giai_quyet"] == (second["dang_giai_quyet"] if second else 0)


def test_agencies_and_levels_add_up_to_the_province(warehouse: Warehouse) -> None:
    for window in windows():
        levels = ask(warehouse, "bieu_giai_quyet", window)
        province = as_counts(levels.pop("toan_tinh"))
        groups = [levels] + [
            ask(warehouse, macro, window)
            for macro in ("bieu_giai_quyet_don_vi", "bieu_giai_quyet_don_vi_hien_nay", "bieu_giai_quyet_tthc")
        ]
        for rows in groups:
            assert {name: sum(row[name] for row in rows.values()) for name in COUNTS} == province


def test_stored_months_equal_the_same_window_asked_for(warehouse: Warehouse) -> None:
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in COUNTS)
    cursor = warehouse.connection.execute(
        f"SELECT ma_don_vi, {sums} FROM tthc.giai_quyet_thang WHERE ky = '2025-07' GROUP BY ma_don_vi"
    )
    stored = {row[0]: dict(zip(COUNTS, row[1:], strict=True)) for row in cursor.fetchall()}
    asked = ask(warehouse, "bieu_giai_quyet_don_vi", (date(2025, 7, 1), date(2025, 7, 31)))
    assert stored == {unit: as_counts(row) for unit, row in asked.items()}


def test_form_06a_is_the_count_folded_and_balances(warehouse: Warehouse) -> None:
    for window in windows():
        province = ask(warehouse, "bieu_giai_quyet", window)["toan_tinh"]
        cursor = warehouse.connection.execute("SELECT * FROM tthc.bieu_06a(?::DATE, ?::DATE)", list(window))
        names = [item[0] for item in cursor.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for r in rows:
            assert r["nhan_tong_so"] == r["giai_quyet_tong_so"] + r["dang_giai_quyet_tong_so"]
            parts = r["giai_quyet_truoc_han"] + r["giai_quyet_dung_han"] + r["giai_quyet_qua_han"]
            assert r["giai_quyet_tong_so"] == parts
        assert sum(r["nhan_tong_so"] for r in rows) == province["tiep_nhan"]
        assert sum(r["giai_quyet_qua_han"] for r in rows) == province["qua_han"]


def test_a_dossier_is_of_an_essential_service_by_its_day_of_receipt(warehouse: Warehouse) -> None:
    macros = warehouse.connection.execute(
        "SELECT function_name, parameters, macro_definition FROM duckdb_functions() "
        "WHERE schema_name = 'tthc' AND function_name LIKE 'bieu_thiet_yeu%'"
    ).fetchall()
    with duckdb.connect() as other:
        other.execute("CREATE SCHEMA tthc")
        other.execute(
            "CREATE TABLE tthc.danh_muc AS SELECT 'A' AS ma_tthc, '1.1' AS ma_tthc_qg, 'a' AS ten_tthc, * FROM (VALUES "
            "(true, DATE '2020-01-01', DATE '2025-05-31'), (false, DATE '2025-06-01', NULL)) "
            "AS v(thiet_yeu, hieu_luc_tu, hieu_luc_den)"
        )
        other.execute(
            "CREATE TABLE tthc.ho_so AS SELECT 'A' AS ma_tthc, 'X' AS ma_don_vi, true AS co_anh_xa, "
            "'truc_tuyen' AS kenh, true AS duoc_tiep_nhan, * FROM (VALUES (true, TIMESTAMP '2025-05-31 23:59:59'), "
            "(false, TIMESTAMP '2025-06-01')) AS v(thiet_yeu, ngay_tiep_nhan)"
        )
        other.execute(
            "CREATE TABLE tthc.don_vi AS SELECT 'X' AS ma_don_vi, 'x' AS ten_don_vi, DATE '2020-01-01' AS hieu_luc_tu"
        )
        for name, parameters, definition in macros:
            other.execute(f"CREATE MACRO tthc.{name}({', '.join(parameters)}) AS TABLE {definition}")
            counts = other.execute(
                f"SELECT so_ho_so, truc_tuyen FROM tthc.{name}('2025-05-15', '2025-06-14')"
            ).fetchall()
            assert counts == [(1, 1)], name


def test_a_macro_can_be_created_again_in_another_file_from_its_definition(
    warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory
) -> None:
    macros = warehouse.connection.execute(
        "SELECT function_name, parameters, macro_definition FROM duckdb_functions() "
        "WHERE schema_name = 'tthc' AND function_type = 'table_macro'"
    ).fetchall()
    further = {
        f"bieu_{table}{by}"
        for table in ("pakn", "tra_lai", "thiet_yeu", "so_hoa", "thanh_toan")
        for by in ("", "_don_vi")
    }
    own = {"bieu_giai_quyet", *BY_KEY, "bieu_giai_quyet_phan_bo", "bieu_06a"}
    assert {name for name, _, _ in macros} == own | further
    tables = {
        name: warehouse.connection.execute(f"SELECT * FROM tthc.{name}").to_arrow_table()
        for name in ("ho_so", "don_vi", "danh_muc", "pakn_chi_tiet", "giao_dich")
    }
    want = warehouse.connection.execute(
        "SELECT * FROM tthc.bieu_giai_quyet(DATE '2025-03-15', DATE '2025-09-14')"
    ).fetchall()
    with duckdb.connect(str(tmp_path_factory.mktemp("khac") / "kho.duckdb")) as other:
        other.execute("CREATE SCHEMA tthc")
        for name, table in tables.items():
            other.register("nguon", table)
            other.execute(f"CREATE TABLE tthc.{name} AS SELECT * FROM nguon")
            other.unregister("nguon")
        other.execute("CREATE TABLE tthc.don_vi_chia AS FROM (VALUES ('D', 'C', 1, 3, 1 / 3)) AS x "
                      "(ma_don_vi, ma_don_vi_hien_nay, phan, tong_phan, ty_le)")  # fmt: skip
        for name, parameters, definition in macros:
            other.execute(f"CREATE MACRO tthc.{name}({', '.join(parameters)}) AS TABLE {definition}")
        assert other.execute(SPRING).fetchall() == want
        share = "SELECT * FROM tthc.bieu_giai_quyet_phan_bo(DATE '2025-03-15', DATE '2025-09-14')"
        cursor = other.execute(share)
        names = [item[0] for item in cursor.description or []]
        rows = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    window = (date(2025, 3, 15), date(2025, 9, 14))
    whole = ask(warehouse, "bieu_giai_quyet_don_vi_hien_nay", window)
    divided = ask(warehouse, "bieu_giai_quyet_don_vi", window)["D"]
    for name in COUNTS:
        assert rows["C"][name] == pytest.approx(whole["C"][name] + divided[name] / 3)
        assert rows[None][name] == pytest.approx(whole[None][name] - divided[name] / 3)
        assert rows["A"][name] == whole["A"][name]
    assert rows["C"]["tiep_nhan_theo_ty_le"] == pytest.approx(divided["tiep_nhan"] / 3)


def test_without_a_share_table_divided_units_stay_unattributed(warehouse: Warehouse) -> None:
    window = (date(2025, 3, 15), date(2025, 9, 14))
    plain = ask(warehouse, "bieu_giai_quyet_don_vi_hien_nay", window)
    shared = ask(warehouse, "bieu_giai_quyet_phan_bo", window)
    assert {unit: as_counts(row) for unit, row in shared.items()} == {u: as_counts(row) for u, row in plain.items()}
    assert plain[None]["tiep_nhan"] > 0
