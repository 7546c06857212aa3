"""A warehouse of every earlier release is brought up to date by this one's night; one of a newer release is refused."""

from __future__ import annotations

import hashlib
import re
import struct
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines import nightly
from pipelines.cli.main import run
from pipelines.config.paths import DataPaths
from pipelines.config.release import ReleaseError
from pipelines.job import Job, load_job
from pipelines.upkeep.backup import BackupError, backup
from pipelines.upkeep.restore import restore
from pipelines.warehouse import releases, safekeeping
from pipelines.warehouse.runs import now_in_vietnam
from pipelines.warehouse.schema import create_tables
from tests.integration.releases.dump import DAY, SECRET, write_files

KEPT = sorted(Path(__file__).parent.glob("luoc_do_*.sql"))
NUMBERS = [int(re.findall(r"\d+", file.stem)[0]) for file in KEPT]
SHAPE = (
    "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
    "WHERE NOT internal AND schema_name IN ('so_cai', 'tho', 'lan_thay', 'doi', 'dvhc') ORDER BY ALL"
)


def lay(data: DataPaths, kept: Path) -> Job:
    """A data folder as that release left it."""
    write_files(data.raw)
    data.prepare()
    with duckdb.connect(str(data.warehouse_file)) as connection:
        connection.execute(kept.read_text(encoding="utf-8"))
    return load_job(data.root)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", SECRET)


def test_the_warehouse_of_every_number_is_kept() -> None:
    """Whoever raises the number keeps a warehouse of the release before (`dump`), and of the new one."""
    assert list(range(releases.CURRENT + 1)) == NUMBERS
    assert [migration.number for migration in releases.MIGRATIONS] == NUMBERS[1:]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> DataPaths:
    """The same files in a warehouse that this release made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHO_KHOA_BI_MAT", SECRET)
        paths = DataPaths(tmp_path_factory.mktemp("moi") / "data")
        write_files(paths.raw)
        job = load_job(paths.root)
        nightly.ingest(job, nightly.prepare(job, DAY))
    return paths


@pytest.mark.parametrize("kept", KEPT, ids=lambda file: file.stem)
def test_the_next_night_opens_it_and_loses_nothing(data: DataPaths, fresh: DataPaths, kept: Path) -> None:
    job = lay(data, kept)
    tonight = nightly.prepare(job, DAY)
    assert tonight.number == 2
    nightly.ingest(job, tonight)
    rows = (
        "SELECT ma_ho_so, ngay_tiep_nhan, trang_thai, _khoa, _gia_tri, _ma_tep, _dong FROM tho.dvc__ho_so ORDER BY ALL"
    )
    files = "SELECT ma_tep, ten_tep, goc_ten, so_dong_doc, so_dong_nap, so_dong_cach_ly, trang_thai FROM so_cai.tep"
    apart = "SELECT ma_tep, dong, sua_lan FROM so_cai.dong_cach_ly ORDER BY ALL"
    with job.warehouse(read_only=True) as here, duckdb.connect(str(fresh.warehouse_file), read_only=True) as there:
        for sql in (SHAPE, rows, f"{files} ORDER BY ALL", apart):
            assert here.execute(sql).fetchall() == there.execute(sql).fetchall(), sql
        assert here.execute("SELECT khoa_loi, tu_lan, dong_lan FROM so_cai.loi").fetchall() == [("k1", 1, None)]
        assert here.execute("SELECT count(*) FROM so_cai.cong_bo").fetchall() == [(1,)]
        assert here.execute("SELECT nhom_mart, trang_thai FROM so_cai.quyet_dinh").fetchall() == [("tthc", "moi")]
        assert here.execute("SELECT max(so) FROM so_cai.luoc_do").fetchall() == [(releases.CURRENT,)]


def test_windows_of_files_loaded_before_the_ledger_kept_them_are_read_once(data: DataPaths) -> None:
    job = lay(data, KEPT[-1])
    (data.raw / "dvc/pakn").mkdir()
    (data.raw / "dvc/pakn/quy.csv").write_text(
        "Từ ngày 01/04/2025 đến ngày 30/06/2025\nMã phản ánh,Ngày tiếp nhận,Loại,Mã đơn vị\n", encoding="utf-8"
    )
    nightly.ingest(job, nightly.prepare(job, DAY))
    with duckdb.connect(str(data.warehouse_file)) as connection:
        connection.execute("ALTER TABLE so_cai.tep DROP COLUMN tu_ngay")
        connection.execute("ALTER TABLE so_cai.tep DROP COLUMN den_ngay")
        connection.execute("UPDATE so_cai.luoc_do SET so = 1")
    windows = "SELECT tu_ngay, den_ngay, dau_quy_uoc FROM so_cai.tep WHERE nguon_du_lieu = 'dvc/pakn'"
    for again in (True, False):
        nightly.ingest(job, nightly.prepare(job, DAY))
        with job.warehouse(read_only=True) as connection:
            [(start, end, digest_of_contract)] = connection.execute(windows).fetchall()
            assert (start, end) == (date(2025, 4, 1), date(2025, 6, 30)), again
            assert digest_of_contract


def test_a_ledgers_copy_of_an_earlier_release_is_brought_up_to_date_too(data: DataPaths) -> None:
    """The warehouse is lost and only the copy beside it is left, written before the upgrade."""
    job = lay(data, KEPT[0])
    copy = data.working / "ban_sao_so_cai"
    copy.mkdir()
    with duckdb.connect(str(data.warehouse_file)) as connection:
        have = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        for name in have & set(safekeeping.HISTORY):
            connection.execute(f"COPY so_cai.{name} TO '{copy / name}.parquet' (FORMAT parquet)")
    data.warehouse_file.unlink()
    nightly.ingest(job, nightly.prepare(job, DAY))
    with job.warehouse(read_only=True) as connection:
        assert connection.execute("SELECT khoa_loi, tu_lan, dong_lan FROM so_cai.loi").fetchall() == [("k1", 1, None)]
        assert connection.execute("SELECT count(*), count(DISTINCT trang_thai) FROM so_cai.tep").fetchall() == [(2, 1)]
        assert connection.execute("SELECT count(*) FROM so_cai.ngay_su_kien").fetchall() == [(3,)]


def test_a_migration_that_is_killed_has_not_happened(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    job = lay(data, KEPT[0])
    with duckdb.connect(str(data.warehouse_file)) as connection:
        before = connection.execute(SHAPE).fetchall()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(releases, "_enter_event_days", killed)
        with pytest.raises(KeyboardInterrupt):
            nightly.prepare(job, DAY)
    with duckdb.connect(str(data.warehouse_file)) as connection:
        assert connection.execute(SHAPE).fetchall() == before
    assert nightly.prepare(job, DAY).number == 2


def newer(data: DataPaths) -> str:
    """A warehouse of the release after this one; its digest."""
    lay(data, KEPT[-1])
    with duckdb.connect(str(data.warehouse_file)) as connection:
        connection.execute("INSERT INTO so_cai.luoc_do VALUES (?, '9.9', NULL)", [releases.CURRENT + 1])
        connection.execute("ALTER TABLE so_cai.lan_chay RENAME COLUMN ngay_so_lieu TO ngay")
    return digest(data)


def digest(data: DataPaths) -> str:
    return hashlib.sha256(data.warehouse_file.read_bytes()).hexdigest()


def test_a_newer_one_is_refused_in_one_sentence_and_left_alone(
    data: DataPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    before = newer(data)
    job = load_job(data.root)
    with pytest.raises(ReleaseError, match=r"mới hơn.*kho restore"):
        nightly.prepare(job, DAY)
    for command in (["status"], ["quarantine", "list"], ["quarantine", "retry"]):
        assert run(command) == 3, command
        shown = capsys.readouterr()
        assert "bản chương trình mới hơn ghi" in shown.err, command
        assert "ngoài dự kiến" not in shown.err
    assert digest(data) == before
    assert not (data.working / "hong").exists()


def test_a_newer_copy_of_the_ledger_is_not_thrown_away_for_a_damaged_warehouse(data: DataPaths) -> None:
    job = lay(data, KEPT[-1])
    with duckdb.connect(str(data.warehouse_file)) as connection:
        create_tables(connection, list(job.contracts.values()))
        connection.execute("INSERT INTO so_cai.luoc_do VALUES (?, '9.9', NULL)", [releases.CURRENT + 1])
        safekeeping.keep(connection, data)
    data.warehouse_file.write_bytes(b"x" * 9000)
    with pytest.raises(ReleaseError):
        nightly.prepare(job, DAY)
    assert data.warehouse_file.read_bytes() == b"x" * 9000


def test_a_file_of_a_newer_duckdb_is_not_taken_for_a_damaged_one(
    data: DataPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    job = lay(data, KEPT[-1])
    with data.warehouse_file.open("r+b") as handle:
        # The file's first block: checksum, magic bytes, version of the storage.
        block = handle.read(4096)
        block = block[8:12] + struct.pack("<Q", 99) + block[20:]
        handle.seek(0)
        handle.write(struct.pack("<Q", checksum(block)) + block)
    before = digest(data)
    with pytest.raises(ReleaseError, match="DuckDB mới hơn"):
        nightly.prepare(job, DAY)
    assert run(["status"]) == 3
    assert "DuckDB mới hơn" in capsys.readouterr().err
    assert digest(data) == before


def checksum(block: bytes) -> int:
    """DuckDB's, of whole words."""
    found = 5381
    for (word,) in struct.iter_unpack("<Q", block):
        found ^= word * 0xBF58476D1CE4E5B9 & (2**64 - 1)
    return found


def test_a_backup_of_a_newer_release_is_not_put_in_place(data: DataPaths, tmp_path: Path) -> None:
    newer(data)
    backup(data, tmp_path / "sao_luu", now_in_vietnam(), raw=False, key=False)
    target = DataPaths(tmp_path / "may_moi")
    with pytest.raises(BackupError, match="mới hơn"):
        restore(target, tmp_path / "sao_luu")
    assert not target.root.exists()


def test_a_command_that_meets_an_older_one_says_to_run_first(
    data: DataPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(data, KEPT[0])
    before = digest(data)
    codes = {run([*command]) for command in (["quarantine", "list"], ["purge", "--dry-run"], ["status"])}
    shown = capsys.readouterr()
    assert codes <= {0, 1, 3}
    assert "ngoài dự kiến" not in shown.err + shown.out
    assert digest(data) == before
