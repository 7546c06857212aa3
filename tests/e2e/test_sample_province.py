"""The main job on the small synthetic province: green, published, the same twice, nothing lost, nothing leaked."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from dagster import DagsterInstance, DagsterRunStatus, RunsFilter

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.questions.answers import faults
from pipelines.questions.statements import FOLDER, load
from pipelines.warehouse import alerts
from tests.e2e import first_hour
from tests.e2e.conftest import Kho
from tests.e2e.first_hour import PAGES
from tests.integration.cells import disagreeing, failing_examples
from tests.integration.first_joins import differing, unnamed
from tests.integration.open_tables import known_too_well, read_csv

pytestmark = pytest.mark.cham

MARTS = {
    ("tthc", "ho_so"),
    ("chi_so_766", "tong_hop"),
    ("ho_tich", "dang_ky_thang"),
    ("ho_tich", "so_hoa"),
    ("van_hanh", "tep"),
    ("van_hanh", "xuat_ban"),
    ("van_hanh", "nguon"),
    ("chat_luong", "ket_qua"),
}
COUNTS = (
    "SELECT schema_name || '.' || table_name AS bang, estimated_size AS so_dong FROM duckdb_tables() "
    "WHERE schema_name || '.' || table_name NOT IN ('chat_luong.ket_qua', 'van_hanh.xuat_ban') ORDER BY 1"
)


@pytest.fixture(scope="module")
def first(kho: Kho) -> str:
    done = kho("run", "--mau-neu-trong")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_run_ends_with_a_summary(first: str) -> None:
    assert "Công bố" in first
    assert "công bố mới" in first
    assert "dvc/ho_so" in first


@pytest.mark.parametrize("page", ["README.md", "README.vi.md"])
def test_the_readme_shows_what_the_run_prints(page: str, first: str) -> None:
    shown = (PROJECT_ROOT / page).read_text(encoding="utf-8")
    (verdicts,) = [line for line in first.splitlines() if line.startswith("Quy tắc chất lượng:")]
    assert verdicts in shown
    (dossiers,) = [line.split("\t") for line in first.splitlines() if line.startswith("dvc/ho_so\t")]
    (row,) = [line for line in shown.splitlines() if line.startswith("│ dvc/ho_so ")]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [cell.strip() for cell in dossiers]


@pytest.mark.parametrize("page", PAGES)
def test_the_first_hour_prints_what_its_page_shows(page: str, kho: Kho, first: str, tmp_path: Path) -> None:
    shutil.copytree(kho.paths.root, tmp_path / "data", symlinks=True)
    assert list(first_hour.differing(page, Kho(DataPaths(tmp_path / "data")), first)) == []


def test_comments_call_the_rules_by_their_titles(kho: Kho, first: str) -> None:
    named = kho.sql(
        "SELECT comment FROM (SELECT comment FROM duckdb_tables() UNION ALL SELECT comment FROM duckdb_columns() "
        "UNION ALL SELECT comment FROM duckdb_functions()) "
        "WHERE regexp_matches(comment, '\\bR(1[0-6]|[1-9])b?\\b')"
    )
    assert named == []


def test_the_contracted_marts_are_published_with_comments(kho: Kho, first: str) -> None:
    tables = kho.sql("SELECT schema_name, table_name, comment FROM duckdb_tables()")
    assert {(t["schema_name"], t["table_name"]) for t in tables} >= MARTS
    assert all(t["comment"] for t in tables)
    columns = kho.sql("SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal")
    assert [c for c in columns if not c["comment"]] == []


def test_open_data_are_published_and_no_empty_cell_can_be_reckoned_back(kho: Kho, first: str) -> None:
    folder = kho.paths.marts / "mo"
    said = kho("opendata")
    assert said.returncode == 0, said.stderr
    assert str(folder) in said.stdout
    months = {row["ky"] for row in read_csv(folder / "tiep_nhan_toan_tinh.csv")}
    assert max(months) == "2025-11"  # December is not over for long enough
    counted = kho.sql(
        "SELECT ky, sum(truc_tuyen + truc_tiep + buu_chinh + khong_ro_kenh)::VARCHAR AS nhan_moi "
        "FROM tthc.giai_quyet_thang GROUP BY 1"
    )
    totals = {row["ky"]: row["nhan_moi"] for row in counted}
    shown = {row["ky"]: row["nhan_moi"] for row in read_csv(folder / "tiep_nhan_toan_tinh.csv") if row["nhan_moi"]}
    assert shown and all(totals[ky] == count for ky, count in shown.items())
    tried, known = known_too_well(folder, cells=8)
    assert (tried > 20, known) == (True, [])


def test_every_row_of_every_file_is_accounted_for(kho: Kho, first: str) -> None:
    files = kho.sql("SELECT * FROM van_hanh.tep WHERE trang_thai = 'da_nap'")
    assert len(files) > 20
    for f in files:
        assert f["so_dong_doc"] == f["so_dong_nap"] + f["so_dong_cach_ly"] + f["so_dong_lap"], f["ten_tep"]


def test_any_window_holds_its_identity(kho: Kho, first: str) -> None:
    rows = kho.sql("SELECT * FROM tthc.bieu_giai_quyet(DATE '2025-03-15', DATE '2025-09-14')")
    whole = next(r for r in rows if r["pham_vi"] == "toan_tinh")
    assert whole["tiep_nhan"] > 0
    for r in rows:
        assert r["tiep_nhan"] == r["da_giai_quyet"] + r["tra_lai"] + r["dang_giai_quyet"]
    for name in ("tiep_nhan", "da_giai_quyet", "dang_giai_quyet"):
        assert whole[name] == sum(r[name] for r in rows if r["pham_vi"] != "toan_tinh")


def test_duplicates_of_the_registers_are_those_of_the_answer_key_by_kind(kho: Kho, first: str) -> None:
    truth = pl.read_parquet(kho.paths.working / "dap_an" / "dap_an_ho_tich.parquet")["loai_trung"].drop_nulls()
    planted = Counter(truth.filter(~truth.is_in(["sinh_doi", "anh_chi_em"])))
    found = kho.sql("SELECT loai, count(*) AS so_cap FROM ho_tich.trung_lap GROUP BY 1")
    assert {row["loai"]: row["so_cap"] for row in found} == planted


@pytest.mark.dai
def test_random_cells_of_every_counted_column_are_traced_to_as_many_records(kho: Kho, first: str) -> None:
    schemas = {"tthc", "chi_so_766", "ho_tich", "doi_soat", "van_hanh"}
    wrong, tried = disagreeing(kho.paths, schemas, seed=20260101, rows=1)
    assert wrong == []
    assert {column.split(".")[0] for column in tried} == schemas


def test_the_dictionary_is_published_with_the_figures(kho: Kho, first: str) -> None:
    pages = kho.paths.marts / "tai_lieu" / "tu_dien"
    tables = {f"{t['schema_name']}.{t['table_name']}" for t in kho.sql("SELECT * FROM duckdb_tables()")}
    assert {page.stem for page in pages.glob("*.html")} >= {"index", "quy_tac", *tables}
    assert (kho.paths.marts / "tai_lieu" / "tu_dien.xlsx").stat().st_size > 10_000
    for schema in ("tthc", "chi_so_766", "ho_tich"):
        assert failing_examples(kho.paths, schema) == {}


@pytest.mark.dai
def test_native_suites_of_great_expectations_agree_with_the_measure_on_every_rule(kho: Kho, first: str) -> None:
    docs = kho.paths.root.parent / "bộ kỳ vọng"
    done = kho("quality", "compare", "--format", "json", "--tai-lieu", str(docs))
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert [rule for rule in found if not rule["equal"]] == []
    assert {r["ma_quy_tac"] for r in kho.sql("SELECT ma_quy_tac FROM chat_luong.quy_tac")} == {r["code"] for r in found}
    assert sum(rule["failed_natively"] for rule in found) > 0
    with duckdb.connect(str(kho.paths.warehouse_file), read_only=True) as connection:
        people = connection.execute("SELECT nks_so_dinh_danh, nks_ho_ten FROM tho.ho_tich__khai_sinh").fetchall()
    text = "".join(page.read_text(encoding="utf-8") for page in docs.rglob("*.html"))
    assert [value for person in people for value in person if value is not None and value in text] == []
    assert kho("quality", "compare", "--tai-lieu", str(docs)).returncode == 2


def test_every_question_of_officials_is_answered_or_says_what_is_missing(kho: Kho, first: str) -> None:
    assert faults(kho.paths, load(), "mau_nho") == []


def test_a_statement_is_asked_as_its_page_says(kho: Kho, first: str) -> None:
    text = (PROJECT_ROOT / FOLDER / "ho_so" / "q001.sql").read_text(encoding="utf-8")
    done = kho("sql", "--format", "csv", "--", text)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "noi_dung,gia_tri,so_in,chenh_lech,noi_ro"


def test_the_joins_people_write_first_keep_their_totals(kho: Kho, first: str) -> None:
    assert differing(kho.paths) == {}


def test_every_code_has_its_name(kho: Kho, first: str) -> None:
    assert unnamed(kho.paths) == {}


@pytest.fixture
def storage(kho: Kho, first: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(kho.paths.operations / "dagster"))
    with DagsterInstance.get() as instance:
        yield instance


def test_the_run_is_green_in_dagster_with_row_counts(storage: DagsterInstance) -> None:
    runs = storage.get_runs()
    assert runs[-1].job_name == "hang_dem"
    assert runs[-1].status is DagsterRunStatus.SUCCESS
    served = RunsFilter(
        job_name="hang_dem", tags={".dagster/repository": "__repository__@pipelines.orchestrate.location"}
    )
    assert storage.get_runs(served)[-1].run_id == runs[-1].run_id, "the job's page and the timeline ask for this tag"
    keys = {tuple(key.path) for key in storage.all_asset_keys()}
    assert {("tho", "dvc__ho_so"), ("tthc", "ho_so"), ("cong", "tthc"), ("kho", "tthc", "ho_so")} <= keys


def test_a_second_run_changes_nothing(kho: Kho, first: str) -> None:
    before = kho.sql(COUNTS)
    dossiers = "SELECT * FROM tthc.ho_so ORDER BY ma_ho_so LIMIT 500"
    rows = kho.sql(dossiers)
    day = rows[0]["ngay_so_lieu"]
    again = kho("run", "--as-of", day)
    assert again.returncode == 0, again.stdout + again.stderr
    assert kho.sql(COUNTS) == before
    assert kho.sql(dossiers) == rows


def test_working_data_is_owner_only(kho: Kho, first: str) -> None:
    for top in (kho.paths.raw, kho.paths.working):
        for path in (top, *top.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0, path


def test_status_and_doctor_find_all_well(kho: Kho, first: str) -> None:
    status = kho("status")
    assert status.returncode == 0, status.stdout + status.stderr
    assert "dvc/ho_so" in status.stdout
    doctor = kho("doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr


def test_thirty_nights_of_alerts_keep_their_keys_and_tell_each_once(kho: Kho, first: str, tmp_path: Path) -> None:
    """The alert model as it was compiled, asked of thirty as-of days of the built warehouse, one after the other."""
    compiled = kho.paths.dbt_target / "compiled/kho06/models/marts/dieu_hanh/dieu_hanh__canh_bao.sql"
    sql = compiled.read_text(encoding="utf-8")
    file = tmp_path / kho.paths.warehouse_file.name
    shutil.copy(kho.paths.warehouse_file, file)
    told: Counter[str] = Counter()
    open_nights = 0
    with duckdb.connect(str(file)) as db:
        db.execute("DELETE FROM so_cai.vong_doi_canh_bao")
        for night in range(1, 31):
            day = date(2025, 12, 1) + timedelta(days=night)
            db.execute("UPDATE so_cai.tham_so SET ngay_so_lieu = ?", [day])
            db.execute(f"CREATE OR REPLACE TABLE dieu_hanh.canh_bao AS {sql}")
            keys = db.execute("SELECT count(*), count(DISTINCT ma_canh_bao) FROM dieu_hanh.canh_bao").fetchall()[0]
            assert keys[0] == keys[1]
            alerts.enter(db, 1000 + night, day, keep_days=3650)
            lives = db.execute(f"SELECT ma_canh_bao, mo_lan, muc_do FROM ({alerts.OPEN})").fetchall()
            open_nights += len(lives)
            told.update({f"{code}@{run}@{level}" for code, run, level in lives} - told.keys())
        begun, worse, back = db.execute(
            "SELECT count(*), count(*) FILTER (do_lan > mo_lan), count(*) - count(DISTINCT ma_canh_bao) "
            "FROM so_cai.vong_doi_canh_bao"
        ).fetchall()[0]
    assert set(told.values()) == {1}
    assert len(told) == begun + worse
    assert back == 0  # in these nights nothing goes and comes back
    assert begun > 200  # most of them dossiers nearly due
    assert len(told) * 10 < open_nights  # what stays open is not told again
