"""A small warehouse of this release as SQL, to be kept for the releases after it.

`python -m tests.integration.releases.dump tests/integration/releases/luoc_do_<number>.sql`, once before
`releases.CURRENT` is raised. What is kept is never made again: it is what that release wrote.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines import nightly
from pipelines.config.paths import DataPaths
from pipelines.job import load_job

SECRET = "khoa-chi-dung-trong-kiem-thu-du-32-byte"
DAY = date(2025, 6, 30)
HEADER = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n"
FILES = {
    "dvc/ho_so/thang_5.csv": HEADER
    + "H02.16-250505-0001,H02.16,05/05/2025,Đang xử lý\nH02.16-250506-0002,H02.16,06/05/2025,Không có mã này\n",
    "dvc/ho_so/thang_6.csv": HEADER
    + "H02.16-250505-0001,H02.16,05/05/2025,Đã trả kết quả\nH02.16-250602-0003,H02.16,02/06/2025,Đang xử lý\n"
    + ",H02.16,03/06/2025,Đang xử lý\n",
}
"""A dossier with two states, a value outside its code list, a row without its key."""


def write_files(raw: Path) -> None:
    """The exports that the kept warehouses were made of."""
    for name, text in FILES.items():
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_text(text, encoding="utf-8")
        os.utime(raw / name, (1751000000, 1751000000))


HISTORY = (
    "INSERT INTO so_cai.ket_qua_kiem_tra (so_lan, phien_ban, ma_quy_tac, so_dong, so_loi, dat) "
    "VALUES (1, '2025-06-30.0123456789ab', 'Q-CU', 3, 1, false)",
    "INSERT INTO so_cai.cong_bo (so_lan, phien_ban, luc) VALUES (1, '2025-06-30.0123456789ab', '2025-07-01 01:10:00')",
    "INSERT INTO so_cai.quyet_dinh (so_lan, phien_ban, nhom_mart, trang_thai, ngay_so_lieu) "
    "VALUES (1, '2025-06-30.0123456789ab', 'tthc', 'moi', '2025-06-30')",
)
"""What cannot be made again from files, in the words that every release knew."""
DEFECT = (
    "INSERT INTO so_cai.loi (ma_quy_tac, khoa_loi, khoa, ma_don_vi, ma_tep, trang_tinh, dong, tu_lan) "
    "SELECT 'Q-CU', 'k1', 'k1', 'H02.16', min(ma_tep), '', 2, 1 FROM so_cai.tep"
)


def dump(connection: duckdb.DuckDBPyConnection) -> str:
    """Every table of ledger and raw layer with its rows, as statements; the frozen reference of units is left out."""
    tables = connection.execute(
        "SELECT schema_name, table_name, sql FROM duckdb_tables() WHERE schema_name <> 'dvhc' ORDER BY ALL"
    ).fetchall()
    lines = [f"CREATE SCHEMA {schema};" for schema in sorted({schema for schema, _, _ in tables})]
    for schema, name, sql in tables:
        lines.append(sql)
        rows = connection.execute(f'SELECT * FROM {schema}."{name}" ORDER BY ALL').fetchall()
        lines += [f"INSERT INTO {schema}.{name} VALUES ({', '.join(map(_literal, row))});" for row in rows]
    return "\n".join(lines) + "\n"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if isinstance(value, datetime | date | str):
        return "'" + str(value).replace("'", "''") + "'"
    raise TypeError(type(value))


def main(out: Path) -> None:
    """Make the warehouse in a folder of its own and write it to ``out``."""
    os.environ["KHO_KHOA_BI_MAT"] = SECRET
    with tempfile.TemporaryDirectory() as folder:
        paths = DataPaths(Path(folder) / "data")
        write_files(paths.raw)
        job = load_job(paths.root)
        nightly.ingest(job, nightly.prepare(job, DAY))
        with job.warehouse() as connection:
            for statement in (*HISTORY, DEFECT):
                connection.execute(statement)
            out.write_text(dump(connection), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
