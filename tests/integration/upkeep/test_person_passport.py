"""``kho purge --nguoi`` by the number of a passport, which no column of identity numbers holds but as it was read."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines import nightly
from pipelines.cli.main import run
from pipelines.config.secret import secret_key
from pipelines.intake.values.identity import keyed_hash
from pipelines.job import Job
from pipelines.publish.forgetting import Places, Sought
from pipelines.upkeep import person

from .conftest import PERSON, line, printed, put, rows

PASSPORT, ANOTHER = "B1234567", "C7654321"
_LEFT = "SELECT _dong FROM tho.dvc__ho_so WHERE ma_ho_so LIKE '%-001%' ORDER BY ALL"


@pytest.fixture
def travellers(job: Job) -> Job:
    """Dossiers with passports: in the column of numbers, in words there, in a row that is set apart, and another's."""
    lines = [
        line(11, identity=PASSPORT),
        line(12, identity=ANOTHER),
        line(13, identity=f"Hộ chiếu {PASSPORT.lower()}"),
        f",H02.16,03/06/2025,Đang xử lý,{PASSPORT}\n",
        line(14, identity=f"A{PASSPORT}"),
        line(15, identity=ANOTHER),
    ]
    put(job.paths.raw / "dvc" / "ho_so", f"khách {PASSPORT}.csv", lines)
    put(job.paths.raw / "dvc" / "ho_so", "sau.csv", [line(15, "Đã trả kết quả", identity=PASSPORT)])
    nightly.ingest(job, nightly.prepare(job, date(2025, 6, 30)))
    assert rows(job, "SELECT count(*) FROM tho.dvc__ho_so WHERE ma_ho_so LIKE '%-001%'") == [(6,)]
    return job


@pytest.mark.parametrize("number", ["B123456", "B123456789", "ABC1234567", "1234567B", "B1234567X"])
def test_what_is_no_passport_is_refused_and_not_repeated(
    job: Job, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["purge", "--nguoi", number]) == 2
    said = capsys.readouterr().err
    assert "hộ chiếu" in said
    assert number not in said


def test_a_passport_is_listed_and_its_rows_are_told(travellers: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["purge", "--nguoi", PASSPORT, "--format", "json"]) == 0
    out = capsys.readouterr().out
    assert PASSPORT not in out
    listed = {item["ten"]: item for item in printed(out)}
    assert listed["tho.dvc__ho_so"]["so_dong"] == 3
    assert listed["so_cai.dong_cach_ly"]["so_dong"] == 1
    assert listed["dvc/ho_so/khách •••.csv"]["dong"] == "2, 4, 5"


@pytest.mark.parametrize("typed", [PASSPORT, "b 1234567"])
def test_a_passport_goes_and_stays_away(travellers: Job, typed: str) -> None:
    """Another's state of a dossier stays; old files read again bring nobody back, whatever they are called then."""
    job = travellers
    assert run(["purge", "--nguoi", typed, "--dong-y"]) == 0
    assert rows(job, _LEFT) == [(3,), (6,), (7,)]
    assert rows(job, "SELECT khoa FROM so_cai.go_bo") == [(keyed_hash(secret_key(), PASSPORT),)]
    for file in job.paths.root.rglob("*"):
        if file.is_file() and job.paths.raw not in file.parents:
            held = file.read_bytes().replace(f"A{PASSPORT}".encode(), b"").upper()
            assert PASSPORT.encode() not in held, file
    file = job.paths.raw / "dvc" / "ho_so" / f"khách {PASSPORT}.csv"
    file.rename(file.with_name("khác.csv"))
    job.paths.warehouse_file.unlink()
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert rows(job, _LEFT) == [(3,), (6,), (7,)]
    assert rows(job, f"SELECT count(*) FROM so_cai.dong_cach_ly WHERE noi_dung LIKE '%{PASSPORT}%'") == [(0,)]
    assert rows(job, f"SELECT count(*) FROM tho.dvc__ho_so WHERE so_dinh_danh = '{PERSON}'") == [(2,)]


def test_kept_publications_are_asked_for_the_dossiers_and_the_rows(
    travellers: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key of a passport is published: what a publication says of the dossier is known by its code and its row."""
    asked: list[Sought] = []
    monkeypatch.setattr(person, "places", lambda _store, sought: asked.append(sought) or Places({}, {}, sought))
    assert run(["purge", "--nguoi", PASSPORT]) == 0
    assert {cell for cell in asked[0].cells if cell.startswith("H02")} == {
        "H02.16-250601-0011",
        "H02.16-250601-0013",
    }
    assert {(sheet, row) for _, sheet, row in asked[0].rows} == {("", 2), ("", 4), ("", 5)}
