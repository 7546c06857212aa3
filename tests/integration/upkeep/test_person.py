"""``kho purge --nguoi``: listed first, then gone from every file the program writes; the number is kept nowhere."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from pipelines import nightly
from pipelines.cli.main import run
from pipelines.config.secret import secret_key
from pipelines.intake.values.identity import keyed_hash
from pipelines.job import Job

from .conftest import OTHER, PERSON, printed, rows

STATES = "SELECT count(*) FROM tho.dvc__ho_so"


@pytest.mark.parametrize("number", ["12345", "abc", "0362123456789", "", "03621234567x"])
def test_a_malformed_number_is_refused_and_not_repeated(
    job: Job, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["purge", "--nguoi", number]) == 2
    assert not number or number not in capsys.readouterr().err


def test_options_that_need_a_number(job: Job) -> None:
    assert run(["purge", "--dong-y"]) == 2


def test_it_is_listed_first_and_nothing_is_removed(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    before = rows(job, STATES)
    assert run(["purge", "--nguoi", PERSON, "--format", "json"]) == 0
    out = capsys.readouterr().out
    listed = {item["ten"]: item for item in printed(out)}
    assert listed["tho.dvc__ho_so"]["so_dong"] == 2
    assert listed["so_cai.dong_cach_ly"]["so_dong"] == 1
    assert {name: item["dong"] for name, item in listed.items() if item["loai"] == "tep_goc"} == {
        "dvc/ho_so/a.csv": "3",
        "dvc/ho_so/b.csv": "3",
        "dvc/ho_so/c.csv": "3",
    }
    assert PERSON not in out
    assert rows(job, STATES) == before
    assert run(["purge", "--nguoi", PERSON, "--dong-y", "--dry-run"]) == 0
    assert rows(job, STATES) == before


def test_it_is_removed_everywhere_and_stays_removed(job: Job, tmp_path: Path) -> None:
    books = tmp_path / "so_loi"
    books.mkdir()
    for name, number in (("loi_x.xlsx", PERSON), ("loi_y.xlsx", OTHER)):
        with zipfile.ZipFile(books / name, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/sharedStrings.xml", f"<t>{number}</t>")
    aside = job.paths.working / "hong" / "cu.duckdb"
    aside.parent.mkdir()
    aside.write_bytes(PERSON.encode())
    assert run(["purge", "--nguoi", PERSON, "--dong-y", "--thu-muc", str(books)]) == 0
    assert [file.name for file in books.iterdir()] == ["loi_y.xlsx"]
    assert rows(job, STATES) == [(4,)]
    assert rows(job, "SELECT count(*) FROM so_cai.dong_cach_ly") == [(0,)]
    assert rows(job, f"SELECT count(*) FROM tho.dvc__ho_so WHERE so_dinh_danh = '{OTHER}'") == [(1,)]
    key = keyed_hash(secret_key(), PERSON)
    assert rows(job, "SELECT khoa, so_dong > 3 FROM so_cai.go_bo") == [(key, True)]
    # Byte by byte: not the number in anything but raw/, nor in free blocks of the warehouse.
    for file in job.paths.root.rglob("*"):
        if file.is_file() and job.paths.raw not in file.parents:
            assert PERSON.encode() not in file.read_bytes(), file
    # A rebuild from raw/ does not bring it back; what a later file says is a new record.
    job.paths.warehouse_file.unlink()
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert rows(job, f"SELECT count(*) FROM tho.dvc__ho_so WHERE so_dinh_danh = '{PERSON}'") == [(0,)]
    assert rows(job, STATES) == [(4,)]
    assert rows(job, "SELECT count(*) FROM so_cai.dong_cach_ly") == [(0,)]


def test_an_unknown_person_is_no_error(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["purge", "--nguoi", "001099999999"]) == 0
    assert "Không có bản ghi" in capsys.readouterr().out


def test_views_and_macros_live_through_the_rewriting(job: Job) -> None:
    with job.warehouse() as connection:
        connection.execute("CREATE SCHEMA stg")
        connection.execute("CREATE VIEW stg.x AS SELECT ma_ho_so FROM kho_lam_viec.tho.dvc__ho_so")
        connection.execute("CREATE VIEW stg.a AS SELECT * FROM kho_lam_viec.stg.x")
        connection.execute("CREATE MACRO stg.bieu(n) AS TABLE SELECT * FROM kho_lam_viec.stg.a LIMIT n")
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    assert rows(job, "SELECT count(*) FROM stg.a") == [(4,)]
    assert len(rows(job, "SELECT * FROM stg.bieu(2)")) == 2
    assert job.paths.warehouse_file.stat().st_mode & 0o777 == 0o600
