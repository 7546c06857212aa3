"""A warehouse with files of several years, a quarantined row, a defect; no night is run."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines import nightly
from pipelines.config.paths import DataPaths
from pipelines.job import Job, load_job
from pipelines.warehouse import safekeeping
from tests.integration.upkeep.servers import hook as hook  # noqa: PLC0414 - fixtures
from tests.integration.upkeep.servers import smtp as smtp  # noqa: PLC0414

PERSON = "036212345678"
OTHER = "036212345679"
HEADER = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái,Số định danh\n"
OLD = datetime(2020, 1, 1, 1, 0)


def line(number: int, state: str = "Đang xử lý", identity: str = "", day: str = "03/06/2025") -> str:
    return f"H02.16-250601-{number:04d},H02.16,{day},{state},{identity}\n"


def put(folder: Path, name: str, rows: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(HEADER + "".join(rows), encoding="utf-8")


@pytest.fixture
def job(data: DataPaths) -> Job:
    """Three files of one feed; ``a`` is old and replaced in part by ``b``, ``c`` is the newest."""
    folder = data.raw / "dvc" / "ho_so"
    put(folder, "a.csv", [line(1), line(2, identity=PERSON), line(3, identity=OTHER)])
    put(folder, "b.csv", [line(1, "Đã trả kết quả"), line(4, identity=PERSON)])
    put(folder, "c.csv", [line(5), f",H02.16,03/06/2025,Đang xử lý,{PERSON}\n"])
    job = load_job(data.root)
    nightly.ingest(job, nightly.prepare(job, date(2025, 6, 30)))
    with job.warehouse() as connection:
        for number, name in enumerate(("a", "b", "c")):
            connection.execute(
                "UPDATE so_cai.tep SET nhan_luc = ?, thoi_diem = ? WHERE ten_tep LIKE ?",
                [OLD if name != "c" else datetime(2025, 6, 30), datetime(2020 + number, 1, 1), f"%{name}.csv"],
            )
        connection.execute("UPDATE tho.dvc__ho_so SET _thoi_diem = NULL")
        safekeeping.keep(connection, job.paths)
        safekeeping.keep_files(connection, job.paths)
    return job


def rows(job: Job, sql: str) -> list[tuple[object, ...]]:
    with job.warehouse(read_only=True) as connection:
        return connection.execute(sql).fetchall()


def printed(text: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(text)
    return found
