"""Sources and seeds as Parquet for a second engine: all of them, as they stand, never over other files."""

import stat
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse import inputs
from pipelines.warehouse.schema import create_tables

MANIFEST = {
    "sources": {
        "source.kho06.tho.ho_so": {
            "unique_id": "source.kho06.tho.ho_so",
            "schema": "tho",
            "identifier": "ho_so",
            "source_name": "tho",
            "name": "ho_so",
        },
    },
    "nodes": {
        "seed.kho06.lich": {
            "unique_id": "seed.kho06.lich",
            "resource_type": "seed",
            "schema": "tham_chieu",
            "alias": "lich",
            "name": "lich",
        },
        "model.kho06.x": {
            "unique_id": "model.kho06.x",
            "resource_type": "model",
            "schema": "stg",
            "alias": "x",
            "name": "x",
            "config": {"materialized": "theo_khoa", "theo": {"tho": "ma"}},
            "depends_on": {"nodes": ["source.kho06.tho.ho_so", "seed.kho06.lich"]},
        },
    },
}


def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    create_tables(connection, [])
    connection.execute("CREATE SCHEMA tham_chieu; INSERT INTO so_cai.tham_so VALUES (DATE '2025-06-30', 'v1')")
    enter_build(connection, 1, base=None)
    connection.execute("CREATE TABLE tho.ho_so AS SELECT '01' AS ma, TIMESTAMP '2025-06-30 23:59:59.999999' AS luc")
    connection.execute("CREATE TABLE tham_chieu.lich AS SELECT DATE '2025-01-01' AS ngay, 12.50::DECIMAL(9, 2) AS diem")
    return connection


def enter_build(connection: duckdb.DuckDBPyConnection, run: int, base: int | None) -> None:
    """As ``plan`` leaves a night in which key `01` of the raw table was touched."""
    connection.execute("DELETE FROM so_cai.dung; DELETE FROM so_cai.nut_dung")
    connection.execute(
        "INSERT INTO so_cai.dung VALUES (?, DATE '2025-06-30', ?, NULL, false, false, NULL)", [run, base]
    )
    connection.execute(
        "INSERT INTO so_cai.nut_dung VALUES ('source.kho06.tho.ho_so', ?, ?, ?, NULL)", [run, run, base or run]
    )
    connection.execute("CREATE OR REPLACE TABLE doi.tho__ho_so AS SELECT '01' AS _khoa, 'H1' AS ma_ho_so")


def test_every_source_and_seed_is_written_as_it_stands(tmp_path: Path) -> None:
    folder = tmp_path / "dau_vao"
    with warehouse() as connection:
        for _ in range(2):  # the second replaces the first
            assert inputs.write(connection, MANIFEST, folder) == 2
        for table in ("tho.ho_so", "tham_chieu.lich"):
            file = folder / table.replace(".", "/") / "phan.parquet"
            rows = connection.execute(
                f"SELECT count(*) FROM (SELECT * FROM {table} EXCEPT ALL FROM '{file}')"
            ).fetchall()
            assert rows == [(0,)]
            types = [connection.execute(f"DESCRIBE FROM {place}").fetchall() for place in (table, f"'{file}'")]
            assert types[0] == types[1]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_with_the_inputs_goes_what_changed_since_the_export_before(tmp_path: Path) -> None:
    folder = tmp_path / "dau_vao"
    with warehouse() as connection:

        def told() -> tuple[dict[str, str], tuple[str, str | None]]:
            inputs.write(connection, MANIFEST, folder)
            changed = connection.execute(f"SELECT cha, thay_doi FROM '{folder}/ke_hoach/cha/phan.parquet'").fetchall()
            export = connection.execute(f"SELECT ma, ma_nen FROM '{folder}/ke_hoach/lan/phan.parquet'").fetchall()
            return dict(changed), export[0]

        first, (name, base) = told()
        assert (set(first.values()), base) == ({"het"}, None)
        assert not (folder / "doi").exists()
        enter_build(connection, 2, base=1)
        connection.execute("UPDATE tham_chieu.lich SET diem = 13")
        second, (_, base) = told()
        assert second == {"source.kho06.tho.ho_so": "khoa", "seed.kho06.lich": "het"}
        assert base == name
        keys = connection.execute(f"SELECT * FROM '{folder}/doi/tho__ho_so/phan.parquet'").fetchall()
        assert keys == [("01", "H1")]
        connection.execute("INSERT INTO so_cai.khoa_doi VALUES (2, 'ho_so', '02', NULL, 'go_bo')")
        third, _ = told()
        assert third == {"source.kho06.tho.ho_so": "het", "seed.kho06.lich": "khong"}


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "luan_van.docx").write_text("của tôi")
    with warehouse() as connection, pytest.raises(FileExistsError, match="có tệp khác"):
        inputs.write(connection, MANIFEST, tmp_path)
    assert (tmp_path / "luan_van.docx").read_text() == "của tôi"
