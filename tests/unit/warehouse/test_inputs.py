"""Sources and seeds as Parquet for a second engine: all of them, as they stand, never over other files."""

import stat
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse import inputs

MANIFEST = {
    "sources": {
        "source.kho06.tho.ho_so": {"unique_id": "source.kho06.tho.ho_so", "schema": "tho", "identifier": "ho_so"},
    },
    "nodes": {
        "seed.kho06.lich": {
            "unique_id": "seed.kho06.lich",
            "resource_type": "seed",
            "schema": "tham_chieu",
            "alias": "lich",
        },
        "model.kho06.x": {"unique_id": "model.kho06.x", "resource_type": "model", "schema": "tthc", "alias": "x"},
    },
}


def warehouse() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA tho; CREATE SCHEMA tham_chieu")
    connection.execute("CREATE TABLE tho.ho_so AS SELECT '01' AS ma, TIMESTAMP '2025-06-30 23:59:59.999999' AS luc")
    connection.execute("CREATE TABLE tham_chieu.lich AS SELECT DATE '2025-01-01' AS ngay, 12.50::DECIMAL(9, 2) AS diem")
    return connection


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


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "luan_van.docx").write_text("của tôi")
    with warehouse() as connection, pytest.raises(FileExistsError, match="có tệp khác"):
        inputs.write(connection, MANIFEST, tmp_path)
    assert (tmp_path / "luan_van.docx").read_text() == "của tôi"
