"""The working warehouse cut, flipped, emptied or lost: set aside, rebuilt from raw/, its history kept."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import nightly
from pipelines.cli.main import run
from pipelines.config.paths import DataPaths
from pipelines.intake.loaded.quarantine import open_refusals
from pipelines.job import Job, load_job
from pipelines.warehouse import damage, safekeeping

HEADER = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n"


@pytest.fixture
def job(data: DataPaths) -> Job:
    """A warehouse with two files loaded, a defect that is three runs old, and a copy of its ledger."""
    folder = data.raw / "dvc" / "ho_so"
    folder.mkdir(parents=True)
    for number, name in enumerate(("a", "b")):
        rows = "".join(f"H02.16-25060{number}-{i:04d},H02.16,03/06/2025,Đang xử lý\n" for i in range(3000))
        (folder / f"{name}.csv").write_text(HEADER + rows, encoding="utf-8")
    job = load_job(data.root)
    run = nightly.prepare(job, date(2025, 6, 30))
    nightly.ingest(job, run)
    with job.warehouse() as connection:
        connection.execute("INSERT INTO so_cai.loi VALUES ('R', 'k', 'k', 'H02.16', 't', '', 2, 1, NULL)")
        connection.execute("UPDATE so_cai.tep SET nhan_luc = TIMESTAMP '2025-06-01 01:00:00'")
        safekeeping.keep(connection, job.paths)
    return job


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def empty(file: Path) -> None:
    os.truncate(file, 0)


def overwrite_header(file: Path) -> None:
    with file.open("r+b") as handle:
        handle.write(b"\xa5" * 12288)


def lose(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("harm", [cut, empty, overwrite_header, lose])
def test_a_harmed_warehouse_is_rebuilt_and_its_history_lives_on(job: Job, harm: object) -> None:
    harm(job.paths.warehouse_file)  # type: ignore[operator]
    run = nightly.prepare(job, date(2025, 7, 1))
    assert run.number == 2
    report = nightly.ingest(job, run)
    assert {item.status for item in report.files} == {"da_nap"}
    with job.warehouse(read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM tho.dvc__ho_so").fetchall() == [(6000,)]
        assert connection.execute("SELECT tu_lan FROM so_cai.loi").fetchall() == [(1,)]
        seen = connection.execute("SELECT DISTINCT nhan_luc::DATE, trang_thai FROM so_cai.tep").fetchall()
    assert seen == [(date(2025, 6, 1), "da_nap")]
    kept = list((job.paths.working / "hong").glob("*.duckdb")) if harm not in (empty, lose) else [1]
    assert len(kept) == 1


def test_a_block_found_damaged_while_used_is_mended_by_the_next_start(job: Job) -> None:
    size = job.paths.warehouse_file.stat().st_size
    with job.paths.warehouse_file.open("r+b") as handle:
        for offset in range(size // 3, size - 4096, 65536):
            handle.seek(offset)
            handle.write(b"\xa5" * 512)
    with pytest.raises(duckdb.Error) as caught, job.warehouse() as connection:
        for schema, name in connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
            connection.execute(f"SELECT count(hash(t)) FROM {schema}.{name} t").fetchall()
    assert damage.is_damage(caught.value)
    damage.flag_damage(job.paths)
    report = nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert {item.status for item in report.files} == {"da_nap"}
    assert not damage.is_flagged(job.paths)


def test_a_lost_log_is_noticed_and_the_files_are_read_again(job: Job) -> None:
    with job.warehouse() as connection:
        connection.execute("DELETE FROM so_cai.tep WHERE ten_tep LIKE '%b.csv'")
        connection.execute("DELETE FROM tho.dvc__ho_so WHERE ma_ho_so LIKE 'H02.16-250601-%'")
    said = safekeeping.open_or_rebuild(job.paths, job.contracts.values(), nightly.now_in_vietnam())
    assert said is not None
    assert "mất 1 tệp" in said.sentence
    report = nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert sorted(item.status for item in report.files) == ["da_biet", "da_nap"]
    with job.warehouse(read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM tho.dvc__ho_so").fetchall() == [(6000,)]


def test_a_sound_warehouse_is_left_alone(job: Job) -> None:
    assert safekeeping.open_or_rebuild(job.paths, job.contracts.values(), nightly.now_in_vietnam()) is None


def test_a_file_gone_from_raw_is_named_after_a_rebuild(job: Job) -> None:
    cut(job.paths.warehouse_file)
    (job.paths.raw / "dvc" / "ho_so" / "b.csv").unlink()
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    with job.warehouse(read_only=True) as connection:
        left = connection.execute("SELECT ten_tep, ly_do FROM so_cai.tep WHERE trang_thai = 'tu_choi'").fetchall()
    assert [name for name, _ in left] == ["dvc/ho_so/b.csv"]
    assert "Chép lại" in left[0][1]


@pytest.mark.parametrize("first_is_gone", [False, True])
def test_of_files_with_the_same_bytes_the_one_of_before_is_taken_or_its_name_is_handed_on(
    job: Job, first_is_gone: bool
) -> None:
    folder = job.paths.raw / "dvc" / "ho_so"
    (folder / "b (gửi lại).csv").write_bytes((folder / "b.csv").read_bytes())  # sorts before b.csv
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    loaded = "SELECT ma_tep, nhan_luc, ten_tep FROM so_cai.tep WHERE trang_thai = 'da_nap' ORDER BY ten_tep"
    with job.warehouse() as connection:
        before = connection.execute(loaded).fetchall()
        safekeeping.keep(connection, job.paths)
    job.paths.warehouse_file.unlink()
    if first_is_gone:
        (folder / "b.csv").unlink()
        before[1] = (*before[1][:2], "dvc/ho_so/b (gửi lại).csv")
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 2)))
    with job.warehouse(read_only=True) as connection:
        assert connection.execute(loaded).fetchall() == before
        assert connection.execute("SELECT DISTINCT _ma_tep FROM tho.dvc__ho_so ORDER BY 1").fetchall() == sorted(
            (row[0],) for row in before
        )
        assert connection.execute("SELECT count(*), count(DISTINCT ma_tep) FROM so_cai.tep").fetchall() == [(3, 3)]


def test_a_refused_file_that_was_moved_to_its_feed_is_open_no_more(job: Job) -> None:
    wrong = job.paths.raw / "dvc" / "khong_co" / "c.csv"
    wrong.parent.mkdir()
    wrong.write_text(f"{HEADER}H02.16-250603-0001,H02.16,03/06/2025,Đang xử lý\n", encoding="utf-8")
    lost = wrong.with_name("d.csv")
    lost.write_text(HEADER, encoding="utf-8")
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    with job.warehouse(read_only=True) as connection:
        assert [name for name, _ in open_refusals(connection)] == ["dvc/khong_co/c.csv", "dvc/khong_co/d.csv"]
    wrong.rename(job.paths.raw / "dvc" / "ho_so" / "đúng chỗ.csv")
    lost.unlink()
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 2)))
    with job.warehouse(read_only=True) as connection:
        assert [name for name, _ in open_refusals(connection)] == ["dvc/khong_co/d.csv"]  # nothing came in its place
        kept = connection.execute("SELECT ly_do FROM so_cai.tep WHERE trang_thai = 'trung'").fetchall()
    assert kept == [("Trùng từng byte với tệp “dvc/ho_so/đúng chỗ.csv” đã nạp.",)]


@pytest.mark.parametrize("said", ["No space left on device", "Permission denied"])
def test_a_warehouse_that_cannot_be_opened_for_want_of_room_or_right_is_not_damaged(
    job: Job, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise duckdb.IOException(f'IO Error: Cannot open file "{job.paths.warehouse_file}": {said}')

    monkeypatch.setattr(safekeeping, "connect", refused)
    with pytest.raises(duckdb.IOException):
        safekeeping.open_or_rebuild(job.paths, job.contracts.values(), datetime(2025, 7, 1))
    assert job.paths.warehouse_file.exists()
    assert not (job.paths.working / "hong").exists()


@pytest.mark.parametrize("harm", [cut, overwrite_header])
@pytest.mark.parametrize(
    "command",
    [["quarantine", "list"], ["quarantine", "export", "x.xlsx"], ["defects", "--out", "so_loi"], ["link"]],
)
def test_a_command_tells_damage_from_a_run_that_is_going_on(
    job: Job, harm: object, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(job.paths.root)
    harm(job.paths.warehouse_file)  # type: ignore[operator]
    assert run(command) == 3
    assert damage.TOLD in capsys.readouterr().err.replace("\n", " ")


@pytest.mark.parametrize(
    "command", [["quarantine", "list"], ["quarantine", "export", "x.xlsx"], ["defects", "--out", "s"]]
)
def test_a_command_beside_a_run_says_that_it_is_going_on(
    job: Job, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(job.paths.root)
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('.', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(job.paths.warehouse_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert run(command) == 3
        other.kill()
    assert "Một lần chạy đang diễn ra" in capsys.readouterr().err
