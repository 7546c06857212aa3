"""A corrupted feed holds back only the marts it would falsify; the others are published, the run is red."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from dagster import AssetCheckSeverity, DagsterInstance, DagsterRunStatus
from dagster._core.execution.stats import StepEventStatus

from pipelines.warehouse.journal import RunState, last_entry
from tests.e2e.conftest import Kho

pytestmark = pytest.mark.cham

BOOKS = "MaDonVi;LoaiSo;QuyenSo;NamMoSo;SoTruongHop;DaNhap;DaDoiSoat;DaPheDuyet;NgayCapNhat\n"
UNITS = "MaDonVi;TenDonVi;Cap;HieuLucTu\nH02.03;Sở Tư pháp;tinh;01/01/1990\n"


def dossiers(count: int, *, reversed_dates: int) -> str:
    """``count`` dossiers, of which ``reversed_dates`` end before they were received: each contradicts itself."""
    lines = ["MaHoSo;MaTTHC;MaDonVi;NgayTiepNhan;NgayHenTra;NgayKetThucXuLy;TrangThaiHoSo"]
    start = date(2025, 2, 3)
    for n in range(count):
        end = start - timedelta(days=400) if n < reversed_dates else start + timedelta(days=2)
        lines.append(f"H02.03-250203-{n:04d};1.000001;H02.03;{start:%d/%m/%Y} 08:00;10/02/2025;{end:%d/%m/%Y} 09:00;9")
    return "\n".join(lines) + "\n"


def put(kho: Kho, name: str, text: str) -> None:
    file = kho.paths.raw / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def groups(kho: Kho) -> dict[str, str]:
    rows = kho.sql(
        "SELECT nhom_mart, trang_thai FROM van_hanh.xuat_ban WHERE phien_ban = (SELECT max_by(phien_ban, ngay_so_lieu) "
        "FROM van_hanh.xuat_ban WHERE nhom_mart = 'van_hanh')"
    )
    return {row["nhom_mart"]: row["trang_thai"] for row in rows}


def two_nights(kho: Kho) -> str:
    """A good night; then every dossier anew and corrupt, while digitisation goes on. Returns what the second said."""
    put(kho, "dvc/co_quan/a.csv", UNITS)
    put(kho, "dvc/ho_so/a.csv", dossiers(40, reversed_dates=0))
    put(kho, "ho_tich/so_hoa/a.csv", BOOKS + "H02.03;khai_sinh;01/1985;1985;100;90;80;70;01/02/2025\n")
    first = kho("run", "--as-of", "2025-03-01")
    assert first.returncode == 0, first.stdout + first.stderr
    assert kho.sql("SELECT count(*) AS n FROM tthc.ho_so") == [{"n": 40}]

    put(kho, "dvc/ho_so/b.csv", dossiers(60, reversed_dates=60))
    put(kho, "ho_tich/so_hoa/b.csv", BOOKS + "H02.03;khai_sinh;01/1985;1985;100;100;90;85;01/03/2025\n")
    second = kho("run", "--as-of", "2025-03-02")
    assert second.returncode == 1, second.stdout + second.stderr
    return second.stdout


def test_only_the_endangered_groups_are_held(fresh: Callable[[], Kho], monkeypatch: pytest.MonkeyPatch) -> None:
    kho = fresh()
    assert "giữ bản cũ" in two_nights(kho)

    state = groups(kho)
    assert state["tthc"] == "giu_ban_cu"
    assert state["ho_tich"] == "moi"
    assert kho.sql("SELECT count(*) AS n, max(ngay_so_lieu) AS d FROM tthc.ho_so") == [{"n": 40, "d": "2025-03-01"}]
    assert kho.sql("SELECT da_phe_duyet AS n FROM ho_tich.so_hoa") == [{"n": 85}]
    reason = kho.sql("SELECT ly_do FROM van_hanh.xuat_ban WHERE nhom_mart = 'tthc' AND trang_thai = 'giu_ban_cu'")
    assert "không đạt" in reason[0]["ly_do"]
    # The night was done: it is red in Dagster to be seen, and neither broken nor without a new publication.
    entry = last_entry(kho.paths)
    assert entry is not None
    assert entry.state is RunState.DONE
    looked = kho("status")
    assert (looked.returncode, "HỎNG" in looked.stdout + looked.stderr) == (1, False)
    assert "lan_chay_hong" not in {finding["ma"] for finding in json.loads(kho("watch", "--format", "json").stdout)}

    monkeypatch.setenv("DAGSTER_HOME", str(kho.paths.operations / "dagster"))
    with DagsterInstance.get() as storage:
        newest, oldest = storage.get_runs()
        assert oldest.status is DagsterRunStatus.SUCCESS
        assert newest.status is DagsterRunStatus.FAILURE
        failed = [
            entry.dagster_event.asset_check_evaluation_data
            for entry in storage.all_logs(newest.run_id)
            if entry.dagster_event is not None and entry.dagster_event.event_type_value == "ASSET_CHECK_EVALUATION"
        ]
        steps = {step.step_key: step.status for step in storage.get_run_step_stats(newest.run_id)}
        reason = next(
            entry.dagster_event.step_failure_data.user_failure_data.description
            for entry in storage.all_logs(newest.run_id)
            if entry.dagster_event is not None and entry.dagster_event.is_step_failure
        )
    error = AssetCheckSeverity.ERROR
    red = {(c.asset_key.path[-1], c.check_name): c for c in failed if not c.passed and c.severity is error}
    assert red
    assert "ho_tich" not in {group for group, _ in red}
    said = str(red["tthc", "dung"].description)
    assert "người sửa: " in said
    assert "cách sửa: " in said
    assert str(red["tthc", "dung"].metadata["trang_chat_luong"].value) == "/tai_lieu/chat_luong.html"
    # No step was skipped, each ended well; the last one turns the run red and says why.
    assert {step for step, status in steps.items() if status is not StepEventStatus.SUCCESS} == {"dem.ket_luan"}
    assert "Nhóm tthc: Quy tắc" in reason


@pytest.mark.dai
def test_a_mended_group_is_published_anew_and_the_run_is_green(fresh: Callable[[], Kho]) -> None:
    kho = fresh()
    two_nights(kho)
    put(kho, "dvc/ho_so/c.csv", dossiers(60, reversed_dates=0).replace("10/02/2025", "11/02/2025"))
    third = kho("run", "--as-of", "2025-03-03")
    assert third.returncode == 0, third.stdout + third.stderr
    assert kho.sql("SELECT count(*) AS n FROM tthc.ho_so") == [{"n": 60}]
