"""What the workbooks of defects show of every rule has Vietnamese words: columns, codes, records."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest
import yaml

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.defects.listing import _shown, _types
from pipelines.defects.wording import MACROS, Wording, register_table
from pipelines.quality.rules import load_rules
from tests.integration.quality.conftest import MODELS

AS_OF = date(2025, 12, 31)
CODES = load_code_lists()
CONTRACTS = load_contracts(code_lists=CODES)
WORDING = Wording(CONTRACTS, CODES)


def _coded() -> set[tuple[str, str]]:
    """(mart, column) whose values are a closed list of codes."""
    found = set()
    for file in MODELS.rglob("*.yml"):
        for model in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("models") or ():
            for column in model.get("columns", ()):
                if any(isinstance(test, dict) and "accepted_values" in test for test in column.get("data_tests", ())):
                    found.add((model["name"].replace("__", ".", 1), column["name"]))
    return found


def test_every_shown_column_and_record_of_every_rule_has_words(empty_warehouse: duckdb.DuckDBPyConnection) -> None:
    coded = _coded()
    own = {field.name for contract in CONTRACTS.values() for field in contract.fields}
    kinds: dict[str, dict[str, str]] = {}
    unnamed, uncoded, hashed = set(), set(), set()
    for rule in load_rules(feeds=CONTRACTS):
        if rule.relation not in kinds:
            kinds[rule.relation] = _types(empty_warehouse, rule.relation, AS_OF)
        types, feed = kinds[rule.relation], rule.locator.feed
        for name in _shown(rule, types):
            if WORDING.label(feed, name) == name:
                unnamed.add(name)
            if (rule.table, name) in coded and f"{name}_ten" not in types and not WORDING.codes(feed, name):
                uncoded.add((rule.table, name))
        record = WORDING.record(rule, types)
        whole = re.fullmatch(r"cast\(t\.([a-z_]+) as varchar\)|cast\(.*\)", record)
        if "t._khoa" in record or (whole and whole[1] not in own):
            hashed.add((rule.code, record))
        shown_names = re.findall(r"'([a-z_]+): ' \|\|", record)
        unnamed |= {name for name in shown_names if name.islower() and name.isascii()}
    assert not unnamed
    assert not uncoded
    assert not hashed


def _named(connection: duckdb.DuckDBPyConnection) -> None:
    """What the macros read: one file, agencies by time; and the macros."""
    connection.execute("create schema so_cai")
    connection.execute("create table so_cai.tep as select '0a1b' as ma_tep, 'dvc/ho_so/tháng 3.xlsx' as ten_tep")
    connection.execute("create schema stg")
    connection.execute(
        "create table stg.stg_dvc__co_quan as select * from (values "
        "('H05.13', 'Sở Tư pháp cũ', date '2020-01-01'), ('H05.13', 'Sở Tư pháp', date '2025-03-01'), "
        "('H05.14', null, date '2025-03-01')) v (ma_don_vi, ten_don_vi, hieu_luc_tu)"
    )
    for macro in MACROS:
        connection.execute(macro)


def test_numbers_days_and_shares_are_written_as_vietnamese_reads_them() -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("create schema so_cai")
        connection.execute("create table so_cai.tep (ma_tep varchar, ten_tep varchar)")
        connection.execute("insert into so_cai.tep values ('0a1b', 'dvc/ho_so/tháng 3.xlsx')")
        connection.execute("create schema stg")
        connection.execute(
            "create table stg.stg_dvc__co_quan (ma_don_vi varchar, ten_don_vi varchar, hieu_luc_tu date)"
        )
        for macro in MACROS:
            connection.execute(macro)
        types = {
            "ty_le": "DOUBLE",
            "gia_tri_in": "DECIMAL(28,6)",
            "nam": "BIGINT",
            "ky": "VARCHAR",
            "ma_tep": "VARCHAR",
        }
        types |= {"so_luong": "BIGINT", "ket_luan": "VARCHAR", "mat": "DECIMAL(38,8)"}
        texts = ", ".join(WORDING.shown(None, name, types) for name in types)
        row = connection.execute(
            f"select {texts} from (select 0.98744::double as ty_le, 1865.000000::decimal(28,6) as gia_tri_in, "
            "2025::bigint as nam, '2025-08' as ky, '0a1b' as ma_tep, 1234567::bigint as so_luong, 'lech' as ket_luan, "
            "-0.5::decimal(38,8) as mat) t"
        ).fetchall()[0]
        none = connection.execute(
            f"select {texts} from (select {', '.join(f'null::{kind} as {name}' for name, kind in types.items())}) t"
        ).fetchall()[0]
    assert row == ("98,74 %", "1.865", "2025", "08/2025", "dvc/ho_so/tháng 3.xlsx", "1.234.567", "Lệch", "-0,5")
    assert not any(none)


def test_an_agency_is_told_by_its_newest_name_and_its_code() -> None:
    types = {"ma_don_vi": "VARCHAR", "noi_dang_ky": "VARCHAR", "ma_don_vi_cha": "VARCHAR"}
    with duckdb.connect(":memory:") as connection:
        _named(connection)
        texts = ", ".join(WORDING.shown("ho_tich/khai_sinh", name, types) for name in types)
        row = connection.execute(
            f"select {texts} from (select 'H05.13' as ma_don_vi, 'H05.14' as noi_dang_ky, 'lạ' as ma_don_vi_cha) t"
        ).fetchall()[0]
    assert row == ("Sở Tư pháp (H05.13)", "H05.14", "lạ")
    assert WORDING.label("dvc/ho_so", "ma_don_vi") == "Đơn vị"


def test_a_record_of_the_registers_is_told_by_number_book_and_page() -> None:
    with duckdb.connect(":memory:") as connection:
        _named(connection)
        connection.execute("create schema trung_gian")
        connection.execute(
            "create table trung_gian.int_ho_tich__ban_ghi as select 'a1' as ma_ban_ghi, 'khai_sinh' as loai_so, "
            "'7' as so, '01/2025' as quyen_so, date '2025-02-03' as ngay_dang_ky, 'H05.13' as ma_don_vi, "
            "'t' as _ma_tep, '' as _trang_tinh, 3::bigint as _dong"
        )
        connection.execute(
            "create table stg.stg_x as select 't' as _ma_tep, '' as _trang_tinh, 3::bigint as _dong, '4' as trang_so"
        )
        connection.execute(register_table(["x"]))
        told = connection.execute("select mo_ta from so_bo").fetchall()
    assert told == [
        ("Khai sinh số 7, quyển số 01/2025, trang số 4, đăng ký ngày 03/02/2025, nơi đăng ký Sở Tư pháp (H05.13)",)
    ]


@pytest.mark.parametrize("feed", ["ho_tich/khai_sinh", "ho_tich/ket_hon"])
def test_the_key_of_a_register_shows_what_stands_on_the_page(feed: str) -> None:
    rule = next(r for r in load_rules(feeds=CONTRACTS) if r.locator.feed == feed and "_khoa" in r.locator.key)
    types = dict(CONTRACTS[feed].columns)
    record = WORDING.record(rule, types)
    assert [part for part in ("t.so ", "t.quyen_so", "t.trang_so", "t.noi_dang_ky", "t.ngay_dang_ky") if part in record]
    assert "_khoa" not in record
