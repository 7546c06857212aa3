"""``kho purge``: what is past its time goes and is listed; what is needed stays; no row of the warehouse is lost."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import nightly
from pipelines.cli.main import run
from pipelines.config.kept_name import MASK
from pipelines.job import Job
from pipelines.upkeep.retention import Purge, Removed, _months_back, purge

from .conftest import HEADER, OLD, PERSON, line, printed, rows

NOW = datetime(2025, 7, 1, 2, 0)


def purged(job: Job, *, dry_run: bool = False, pinned_by: datetime | None = None) -> list[Removed]:
    with job.warehouse(read_only=dry_run) as connection:
        task = Purge(job.paths, job.settings.luu_giu, job.contracts, connection, pinned_by)
        return purge(task, NOW, dry_run=dry_run)


def raw(job: Job) -> list[str]:
    return sorted(file.name for file in job.paths.raw.rglob("*.csv"))


def test_a_rehearsal_lists_the_same_and_removes_nothing(job: Job) -> None:
    before = rows(job, "SELECT count(*) FROM tho.dvc__ho_so")
    listed = purged(job, dry_run=True)
    assert raw(job) == ["a.csv", "b.csv", "c.csv"]
    assert rows(job, "SELECT count(*) FROM tho.dvc__ho_so") == before
    assert purged(job) == listed
    assert [(item.kind, item.name, item.rows) for item in listed] == [
        ("tep_goc", "dvc/ho_so/a.csv", 3),
        ("tep_goc", "dvc/ho_so/b.csv", 2),
        ("trang_thai_cu", "tho.dvc__ho_so", 1),
    ]
    assert purged(job) == []
    assert rows(job, "SELECT bang, so_dong, luc FROM so_cai.trang_thai_don") == [("dvc__ho_so", 1, NOW)]


def test_rows_of_a_removed_file_stay_and_survive_the_loss_of_the_warehouse(job: Job) -> None:
    purged(job)
    assert raw(job) == ["c.csv"]
    newest = "SELECT ma_ho_so, trang_thai, _ma_tep, _dong FROM tho.dvc__ho_so ORDER BY ALL"
    before = rows(job, newest)
    assert len(before) == 5
    assert all(file.stat().st_mode & 0o077 == 0 for file in (job.paths.working / "luu_tru").iterdir())
    job.paths.warehouse_file.unlink()
    report = nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert [item.status for item in report.files] == ["da_nap"]
    assert rows(job, newest) == before
    counted = "SELECT sum(so_dong_nap) FROM so_cai.tep WHERE trang_thai = 'da_nap'"
    assert rows(job, counted) == [(6,)]


@pytest.mark.parametrize(
    "need",
    [
        "INSERT INTO so_cai.loi SELECT 'R', 'k', 'k', NULL, ma_tep, '', 2, 1, NULL FROM so_cai.tep "
        "WHERE ten_tep LIKE '%a.csv'",
        "INSERT INTO so_cai.dong_cach_ly SELECT ma_tep, '', 9, NULL, '{}', NULL FROM so_cai.tep "
        "WHERE ten_tep LIKE '%a.csv'; INSERT INTO so_cai.cach_ly SELECT ma_tep, '', 9, 'ma_ho_so', 'thieu_khoa' "
        "FROM so_cai.tep WHERE ten_tep LIKE '%a.csv'",
        "UPDATE so_cai.tep SET trang_thai = 'tu_choi' WHERE ten_tep LIKE '%a.csv'",
        f"UPDATE so_cai.tep SET nhan_luc = TIMESTAMP '{NOW - timedelta(days=30)}' WHERE ten_tep LIKE '%a.csv'",
        "UPDATE so_cai.tep SET thoi_diem = TIMESTAMP '2030-01-01' WHERE ten_tep LIKE '%a.csv'",
    ],
    ids=["open defect", "open quarantine", "refused", "young", "newest of its feed"],
)
def test_what_is_needed_stays(job: Job, need: str) -> None:
    with job.warehouse() as connection:
        connection.execute(need)
    purged(job)
    assert "a.csv" in raw(job)
    assert "b.csv" not in raw(job)


def test_what_a_pinned_publication_was_built_from_stays(job: Job) -> None:
    purged(job, pinned_by=OLD)
    assert raw(job) == ["a.csv", "b.csv", "c.csv"]
    purged(job, pinned_by=OLD - timedelta(days=1))
    assert raw(job) == ["c.csv"]


def test_a_file_whose_name_the_ledger_masks_goes_as_any_other(job: Job) -> None:
    file = job.paths.raw / "dvc/ho_so/a.csv"
    file.rename(file.with_name(f"a {PERSON}.csv"))
    with job.warehouse() as connection:
        connection.execute(
            "UPDATE so_cai.tep SET ten_tep = ? WHERE ten_tep LIKE '%/a.csv'", [f"dvc/ho_so/a {MASK}.csv"]
        )
    assert f"dvc/ho_so/a {MASK}.csv" in {item.name for item in purged(job) if item.kind == "tep_goc"}
    assert raw(job) == ["c.csv"]
    assert rows(job, "SELECT count(*) FROM so_cai.tep_xoa") == [(2,)]


@pytest.mark.parametrize("needed", ["", "y.csv"], ids=["all due", "one needed"])
def test_a_zip_goes_once_all_in_it_are_due(job: Job, needed: str) -> None:
    packed = job.paths.raw / "dvc/ho_so/cu.zip"
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("x.csv", HEADER + line(11))
        bundle.writestr("thang 1/y.csv", HEADER + line(12) + line(13))
    nightly.ingest(job, nightly.prepare(job, date(2025, 6, 30)))
    with job.warehouse() as connection:
        connection.execute(
            "UPDATE so_cai.tep SET nhan_luc = ?, thoi_diem = TIMESTAMP '2019-01-01' WHERE ten_tep LIKE '%cu.zip/%'",
            [OLD],
        )
        if needed:
            connection.execute(f"UPDATE so_cai.tep SET nhan_luc = TIMESTAMP '{NOW}' WHERE ten_tep LIKE '%{needed}'")
    gone = [(item.name, item.rows) for item in purged(job) if "zip" in item.name]
    assert gone == ([] if needed else [("dvc/ho_so/cu.zip/x.csv", 1), ("dvc/ho_so/cu.zip/thang 1/y.csv", 2)])
    assert packed.exists() == bool(needed)
    assert purged(job) == []


def test_a_file_replaced_under_the_same_name_is_another_file(job: Job) -> None:
    (job.paths.raw / "dvc/ho_so/a.csv").write_text("khác\n", encoding="utf-8")
    purged(job)
    assert "a.csv" in raw(job)


def test_mended_quarantine_goes_open_quarantine_stays(job: Job) -> None:
    with job.warehouse() as connection:
        connection.execute("UPDATE so_cai.lan_chay SET bat_dau = ?", [OLD])
        connection.execute("INSERT INTO so_cai.dong_cach_ly VALUES ('t', '', 7, NULL, '{}', 1)")
        connection.execute("INSERT INTO so_cai.cach_ly VALUES ('t', '', 7, 'ma_ho_so', 'thieu_khoa')")
    assert ("cach_ly_da_sua", 1) in [(item.kind, item.rows) for item in purged(job)]
    assert rows(job, "SELECT count(*) FROM so_cai.dong_cach_ly WHERE sua_lan IS NULL") == [(1,)]
    assert rows(job, "SELECT count(*) FROM so_cai.cach_ly WHERE ma_tep = 't'") == [(0,)]


def test_broken_things_set_aside_go_after_their_days(job: Job) -> None:
    working, home = job.paths.working, job.paths.dagster_home
    old = (NOW - timedelta(days=31)).timestamp()
    for place in (working / "hong", home.with_name("dagster.hong_20250101_010101")):
        place.mkdir(parents=True, exist_ok=True)
        (place / "x.duckdb").write_bytes(b"x" * 10)
        os.utime(place / "x.duckdb", (old, old))
        os.utime(place, (old, old))
    _old_copy(working / "dung_lai" / "tmp1" / "lam_viec" / "kho.duckdb", working / "dung_lai", old)
    for name in ("loi_tep/a.txt", ".kho_lam_viec.moi", "loi_dung.txt"):
        _old_copy(working / name, working / name, old)
    (working / "loi_cuoi.txt").write_text("moi")
    (working / "loi_tep" / "b.txt").write_text("moi")
    removed = {item.name: item.size for item in purged(job) if item.kind == "hong"}
    assert removed == {
        "lam_viec/hong/x.duckdb": 10,
        "lam_viec/dung_lai": 10,
        "lam_viec/loi_tep/a.txt": 10,
        "lam_viec/.kho_lam_viec.moi": 10,
        "lam_viec/loi_dung.txt": 10,
        "van_hanh/dagster.hong_20250101_010101": 10,
    }
    assert (working / "loi_cuoi.txt").exists()
    assert (working / "loi_tep" / "b.txt").exists()
    assert not (working / "dung_lai").exists()


def _old_copy(file: Path, place: Path, moment: float) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" * 10)
    os.utime(place, (moment, moment))


def test_months_are_calendar_months() -> None:
    assert _months_back(datetime(2024, 3, 31), 1) == datetime(2024, 2, 29)
    assert _months_back(datetime(2025, 1, 15), 36) == datetime(2022, 1, 15)


@pytest.mark.parametrize(
    ("own", "words"), [("dagster_rieng.yaml", "PostgreSQL"), (None, "lập kho mới")], ids=["away", "broken"]
)
def test_a_storage_of_dagster_that_is_away_keeps_nothing_else(
    job: Job, capsys: pytest.CaptureFixture[str], own: str | None, words: str
) -> None:
    home = job.paths.dagster_home
    (home / "history").mkdir(parents=True)
    if own:
        away = {"module": "khong_co_goi", "class": "KhongCo", "config": {}}
        (home / own).write_text(json.dumps({"storage": {"custom": away}}), encoding="utf-8")
    else:
        (home / "history" / "runs.db").write_bytes(b"no database" * 900)
    assert run(["purge"]) == 1
    told = capsys.readouterr()
    assert "dvc/ho_so/a.csv" in told.out
    assert words in told.err
    assert raw(job) == ["c.csv"]


def test_the_command_lists_as_json_and_leaves_an_absent_folder_alone(
    job: Job, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    assert run(["purge", "--dry-run", "--format", "json"]) == 0
    listed = printed(capsys.readouterr().out)
    assert {item["ten"] for item in listed} == {"dvc/ho_so/a.csv", "dvc/ho_so/b.csv", "tho.dvc__ho_so"}
    assert {item["da_xoa"] for item in listed} == {False}
    assert run(["purge"]) == 0
    assert raw(job) == ["c.csv"]
    monkeypatch.setenv("KHO_DATA", f"{tmp_path}/khong_co")
    assert run(["purge"]) == 0
