"""What waits for the next run is named; what a file says of whole columns is on record."""

from __future__ import annotations

import dataclasses

import duckdb
import pytest

from pipelines.config.yaml_lines import ConfigError
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import Kind
from pipelines.warehouse.schema import create_tables
from tests.integration.intake.intake_exports import csv_text

CONTRACTS = load_contracts(code_lists=load_code_lists())


def _with_kind(feed: str, name: str, kind: Kind):
    contract = CONTRACTS[feed]
    fields = tuple(dataclasses.replace(f, kind=kind) if f.name == name else f for f in contract.fields)
    return dataclasses.replace(contract, fields=fields)


def _stored(contract, name: str, values: list[str]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    create_tables(connection, [contract])
    for value in values:
        connection.execute(f"INSERT INTO tho.{contract.table} ({name}) VALUES (?)", [value])
    return connection


@pytest.mark.parametrize(
    ("before", "after", "stored", "now"),
    [
        (Kind.TEXT, Kind.INTEGER, "12", 12),
        (Kind.INTEGER, Kind.TEXT, "12", "12"),
        (Kind.DATE, Kind.TIMESTAMP, "2024-06-03", "2024-06-03 00:00:00"),
        (Kind.CODE, Kind.TEXT, "a", "a"),
    ],
)
def test_field_of_another_kind_is_converted(before, after, stored, now):
    connection = _stored(_with_kind("dvc/ho_so", "linh_vuc", before), "linh_vuc", [stored])
    create_tables(connection, [_with_kind("dvc/ho_so", "linh_vuc", after)])
    value = connection.execute("SELECT linh_vuc FROM tho.dvc__ho_so").fetchall()[0][0]
    assert str(value) == str(now)


def test_field_that_cannot_be_converted_is_named_with_its_line():
    connection = _stored(_with_kind("dvc/ho_so", "linh_vuc", Kind.TEXT), "linh_vuc", ["Đất đai", "12"])
    with pytest.raises(ConfigError) as mistake:
        create_tables(connection, [_with_kind("dvc/ho_so", "linh_vuc", Kind.INTEGER)])
    assert mistake.value.mistakes[0][0] is not None
    assert "linh_vuc" in str(mistake.value)
    assert "ho_so.yaml:" in str(mistake.value)
    assert "Đất đai" not in str(mistake.value)


def test_partial_files_are_named_until_they_are_whole(warehouse):
    warehouse.put("dvc/ho_so", "a.csv.part", csv_text())
    warehouse.run()
    assert warehouse.sql("SELECT ten_tep FROM so_cai.tep_cho") == [("dvc/ho_so/a.csv.part",)]
    (warehouse.paths.raw / "dvc/ho_so/a.csv.part").rename(warehouse.paths.raw / "dvc/ho_so/a.csv")
    warehouse.run()
    assert warehouse.sql("SELECT count(*) FROM so_cai.tep_cho") == [(0,)]
    assert warehouse.sql("SELECT trang_thai FROM so_cai.tep") == [("da_nap",)]


def test_a_cut_file_is_read_once_it_is_whole(warehouse):
    text = csv_text()
    warehouse.put("dvc/ho_so", "a.csv", text[:-20])
    warehouse.run()
    assert warehouse.sql("SELECT trang_thai FROM so_cai.tep") == [("tu_choi",)]
    warehouse.put("dvc/ho_so", "a.csv", text)
    warehouse.run()
    assert warehouse.sql("SELECT count(*) FROM so_cai.tep WHERE trang_thai = 'da_nap'") == [(1,)]


def test_doubt_of_a_column_is_on_record(warehouse):
    text = csv_text().replace("Mã hồ sơ", "Số biên nhận", 1)
    lines = text.splitlines()
    delimiter = max(",;\t", key=lines[0].count)
    text = "\n".join(
        f"{line}{delimiter}{'Mã hồ sơ' if i == 0 else f'H02.01-250101-000{i}'}" for i, line in enumerate(lines)
    )
    warehouse.run_one("dvc/ho_so", "a.csv", text + "\n")
    assert warehouse.sql("SELECT cot, ly_do, dong_tieu_de FROM so_cai.cot_nghi") == [
        ("ma_ho_so", "hai_cot_mot_truong", 1)
    ]
