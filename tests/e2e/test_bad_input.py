"""Bad input: a clear Vietnamese message, the exit code of the contract, everything else done, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.config.orchestration import DEFAULT_FILE
from tests.e2e.conftest import Kho

pytestmark = pytest.mark.cham

STEPS = (
    "MaHoSo;ThoiDiem;TrangThai\n"
    "H02.03-250203-0001;03/02/2025 07:27;Được tiếp nhận\n"
    "H02.03-250203-0001;03/02/2025 08:12;Đang xử lý\n"
)
TRUNCATED = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(200)


def put(raw: Path, name: str, content: bytes) -> None:
    file = raw / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_bad_files_are_named_and_the_rest_goes_on(fresh: Callable[[], Kho]) -> None:
    kho = fresh()
    raw = kho.paths.raw
    put(raw, "dvc/qua_trinh/tot.csv", STEPS.encode())
    put(raw, "dvc/qua_trinh/hong.xlsx", TRUNCATED)
    put(raw, "dvc/qua_trinh/thieu_cot.csv", STEPS.replace("ThoiDiem;", "Luc;").encode())
    put(raw, "dvc/qua_trinh/rong.csv", b"")
    put(raw, "dvc/khong_co_nguon/x.csv", STEPS.encode())
    done = kho("run", "--as-of", "2025-03-01")
    assert done.returncode == 1, done.stdout + done.stderr
    rows = {r["ten_tep"]: r for r in kho.sql("SELECT * FROM van_hanh.tep")}
    assert rows["dvc/qua_trinh/tot.csv"]["trang_thai"] == "da_nap"
    assert rows["dvc/qua_trinh/tot.csv"]["so_dong_nap"] == 2
    for name in ("dvc/qua_trinh/hong.xlsx", "dvc/qua_trinh/thieu_cot.csv", "dvc/qua_trinh/rong.csv"):
        assert rows[name]["trang_thai"] == "tu_choi", name
        assert rows[name]["ly_do"], name
        assert Path(name).name in done.stdout.replace("\n", ""), name
    assert "thoi_diem" in rows["dvc/qua_trinh/thieu_cot.csv"]["ly_do"]
    assert "Luc" in rows["dvc/qua_trinh/thieu_cot.csv"]["ly_do"]
    assert rows["dvc/khong_co_nguon/x.csv"]["trang_thai"] == "tu_choi"
    status = kho("status")
    assert status.returncode == 1


def test_a_missing_raw_folder_is_wrong_usage(fresh: Callable[[], Kho]) -> None:
    kho = fresh()
    done = kho("run")
    assert done.returncode == 2
    assert "raw" in done.stderr
    assert not kho.paths.marts_file.exists()


@pytest.mark.dai
def test_an_empty_raw_folder_publishes_empty_marts(fresh: Callable[[], Kho]) -> None:
    kho = fresh()
    kho.paths.raw.mkdir(parents=True)
    done = kho("run", "--as-of", "2025-03-01")
    assert done.returncode == 0, done.stdout + done.stderr
    assert kho.sql("SELECT count(*) AS n FROM tthc.ho_so") == [{"n": 0}]


def test_an_unreadable_orchestration_file_stops_before_anything_is_done(
    fresh: Callable[[], Kho], tmp_path: Path
) -> None:
    kho = fresh()
    kho.paths.raw.mkdir(parents=True)
    file = tmp_path / "orchestration.yaml"
    file.write_text(DEFAULT_FILE.read_text(encoding="utf-8").replace("luong: 2", "luong: hai"), encoding="utf-8")
    done = kho("run", KHO_ORCHESTRATION=str(file))
    assert done.returncode == 2
    assert "orchestration.yaml:" in done.stderr
    assert "số nguyên" in done.stderr
    assert not kho.paths.warehouse_file.exists()


@pytest.mark.parametrize("arguments", [["rum"], ["run", "--as-of", "hôm nay"], ["sql", "--format", "pdf", "SELECT 1"]])
def test_wrong_usage_is_told_in_vietnamese(fresh: Callable[[], Kho], arguments: list[str]) -> None:
    done = fresh()(*arguments)
    assert done.returncode == 2
    assert "Sai cách dùng" in done.stderr


def test_sql_before_the_first_publication_says_what_to_do(fresh: Callable[[], Kho]) -> None:
    done = fresh()("sql", "SELECT 1")
    assert done.returncode == 3
    assert "kho run" in done.stderr
