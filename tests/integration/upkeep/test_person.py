"""``kho purge --nguoi``: listed first, then gone from every file the program writes; the number is kept nowhere."""

from __future__ import annotations

import errno
import zipfile
from datetime import date
from pathlib import Path

import pytest

from pipelines import nightly, past
from pipelines.cli.main import run
from pipelines.config.disk import sha256_of
from pipelines.config.secret import secret_key
from pipelines.intake.values.identity import keyed_hash
from pipelines.job import Job
from pipelines.warehouse import safekeeping
from pipelines.warehouse.runs import now_in_vietnam

from .conftest import HEADER, OTHER, PERSON, line, printed, put, rows

STATES = "SELECT count(*) FROM tho.dvc__ho_so"
_OF_PERSON = f"SELECT count(*) FROM tho.dvc__ho_so WHERE so_dinh_danh = '{PERSON}'"


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


def test_a_number_in_a_files_name_brings_nobody_back(job: Job) -> None:
    file = _named_file(job)
    loaded = rows(job, "SELECT ma_tep, nhan_luc, so_dong_nap FROM so_cai.tep ORDER BY 1")
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    assert rows(job, "SELECT ma_tep, nhan_luc, so_dong_nap FROM so_cai.tep ORDER BY 1") == loaded
    for kept in job.paths.working.rglob("*"):
        assert not kept.is_file() or PERSON.encode() not in kept.read_bytes(), kept
    assert safekeeping.open_or_rebuild(job.paths, job.contracts.values(), now_in_vietnam()) is None
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 2)))
    assert rows(job, "SELECT ma_tep, nhan_luc, so_dong_nap FROM so_cai.tep ORDER BY 1") == loaded
    assert rows(job, _OF_PERSON) == [(0,)]
    # Nothing published bears the person's name either, and no feed counts as gone from raw/.
    assert rows(job, "SELECT hien FROM so_cai.ten_hien WHERE goc LIKE '%la/%'") == [("dvc/ho_so/la/••• •••.csv",)]
    assert file.is_file()


@pytest.mark.parametrize("renamed", [False, True])
def test_a_lost_warehouse_brings_nobody_back_from_a_file_named_after_him(job: Job, renamed: bool) -> None:
    file = _named_file(job)
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    if renamed:
        file.rename(file.with_name("da_doi_ten.csv"))
    job.paths.warehouse_file.unlink()
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 2)))
    assert rows(job, _OF_PERSON) == [(0,)]
    assert rows(job, f"SELECT count(*) FROM so_cai.tep WHERE contains(ten_tep, '{PERSON}')") == [(0,)]


def test_a_file_named_after_a_person_is_listed(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    file = _named_file(job)
    put(file.parent, file.name, [line(9)])
    for _ in range(2):
        assert run(["purge", "--nguoi", PERSON, "--format", "json"]) == 0
        out = capsys.readouterr().out
        assert any(item["ten"].startswith("dvc/ho_so/la/") for item in printed(out) if isinstance(item["ten"], str))
        assert PERSON not in out
        assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
        capsys.readouterr()


def test_rows_that_only_the_search_finds_are_listed(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    put(job.paths.raw / "khac", "moi.csv", [line(7), line(8, identity=PERSON)])
    put(job.paths.raw / "dvc" / "ho_so", "a.csv", [line(1), line(2), line(3, identity=PERSON)])
    assert run(["purge", "--nguoi", PERSON, "--format", "json"]) == 0
    listed = {item["ten"]: item for item in printed(capsys.readouterr().out)}
    assert (listed["khac/moi.csv"]["so_dong"], listed["khac/moi.csv"]["dong"]) == (1, "3")


def test_a_number_that_a_spreadsheet_made_numeric_is_found_in_any_text_column(
    job: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = PERSON.lstrip("0")
    owners = [bare, f"{bare}.0", f"x{bare}", f"9{bare}", OTHER.lstrip("0"), f"Trần {PERSON}"]
    file = job.paths.raw / "dvc" / "ho_so" / "d.csv"
    lines = [f"{line(20 + n).rstrip()},{owner}\n" for n, owner in enumerate(owners)]
    file.write_text(HEADER.rstrip() + ",Chủ hồ sơ\n" + "".join(lines), encoding="utf-8")
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    held = "SELECT chu_ho_so FROM tho.dvc__ho_so WHERE chu_ho_so IS NOT NULL ORDER BY _dong"
    assert [owner for (owner,) in rows(job, held)] == owners
    assert run(["purge", "--nguoi", PERSON, "--dong-y", "--format", "json"]) == 0
    listed = {item["ten"]: item["dong"] for item in printed(capsys.readouterr().out)}
    assert listed["dvc/ho_so/d.csv"] == "2, 3, 4, 7"  # the fourth for somebody to look at: nothing removes it
    assert [owner for (owner,) in rows(job, held)] == owners[2:5]


def test_a_row_in_a_zip_is_listed_under_the_zip(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(job.paths.raw / "dvc" / "ho_so" / "z.zip", "w") as made:
        made.writestr("d.csv", HEADER + line(10) + line(11, identity=PERSON))
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert run(["purge", "--nguoi", PERSON, "--format", "json"]) == 0
    listed = {item["ten"]: item["dong"] for item in printed(capsys.readouterr().out)}
    assert listed["dvc/ho_so/z.zip"] == "d.csv!3"


def test_a_zip_named_after_a_person_brings_nobody_back(job: Job) -> None:
    place = job.paths.raw / "dvc/ho_so" / f"goi {PERSON}.zip"
    with zipfile.ZipFile(place, "w") as made:
        made.writestr(f"{PERSON}.csv", HEADER + line(10) + line(11, identity=PERSON))
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    before = rows(job, "SELECT ten_tep, nhan_luc FROM so_cai.tep ORDER BY ALL")
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 2)))
    assert rows(job, "SELECT ten_tep, nhan_luc FROM so_cai.tep ORDER BY ALL") == before
    assert rows(job, "SELECT ten_tep FROM so_cai.tep_nen") == [("dvc/ho_so/goi •••.zip",)]
    assert rows(job, f"SELECT count(*) FROM so_cai.tep_nen WHERE contains(thanh_phan, '{PERSON}')") == [(0,)]
    assert rows(job, _OF_PERSON) == [(0,)]
    # Other bytes under the same name are another zip; the place stays one.
    with zipfile.ZipFile(place, "w") as made:
        made.writestr("khac.csv", HEADER + line(12))
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 3)))
    assert rows(job, "SELECT ten_tep FROM so_cai.tep_nen") == [("dvc/ho_so/goi •••.zip",)]


def test_files_that_cannot_be_searched_are_listed(job: Job, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in (job.paths.raw / "dvc" / "ho_so", tmp_path / "so"):
        folder.mkdir(exist_ok=True)
        (folder / f"cụt {PERSON}.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 40)
        (folder / "cụt.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 40)
    assert run(["purge", "--nguoi", "001099999999"]) == 0
    out = capsys.readouterr().out
    assert "Không có bản ghi nào" in out
    assert "xem tay" in out
    assert run(["purge", "--nguoi", PERSON, "--dong-y", "--thu-muc", str(tmp_path / "so"), "--format", "json"]) == 0
    out = capsys.readouterr().out
    unread = {item["ten"]: (item["dong"], item["da_xoa"]) for item in printed(out) if item["loai"] == "khong_doc_duoc"}
    told = ("không đọc được, xem tay", False)
    assert unread.items() >= {"dvc/ho_so/cụt.xlsx": told, str(tmp_path / "so" / "cụt.xlsx"): told}.items()
    assert PERSON not in out
    assert (tmp_path / "so" / "cụt.xlsx").exists()


def test_a_past_night_finds_a_file_named_after_a_person(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _named_file(job)
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    sought: list[Path] = []
    monkeypatch.setattr(past, "sha256_of", lambda path: sought.append(path) or sha256_of(path))
    (arrival,) = [a for a in past._arrivals(job, now_in_vietnam()) if a.source == file]
    assert arrival.name == "dvc/ho_so/la/Trần Dấu Mốc •••.csv"
    assert len(sought) == 4  # each file once: no search through the rest of raw/


def test_a_replay_that_was_killed_goes_with_a_known_person(job: Job) -> None:
    left = job.paths.working / "dung_lai" / "tmp1" / "lam_viec"
    left.mkdir(parents=True)
    (left / "kho_lam_viec.duckdb").write_bytes(b"packed")
    assert run(["purge", "--nguoi", "001099999999", "--dong-y"]) == 0
    assert left.is_dir()
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    assert not (job.paths.working / "dung_lai").exists()


def test_a_refused_file_named_after_a_person_is_tried_again(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    file = job.paths.raw / "dvc" / "ho_so" / f"Trần Dấu Mốc {PERSON}.csv"
    file.write_text("abc\n", encoding="utf-8")
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    masked = rows(job, "SELECT ten_tep FROM so_cai.tep WHERE ten_tep LIKE '%•%'")
    assert masked == [("dvc/ho_so/Trần Dấu Mốc •••.csv",)]
    capsys.readouterr()
    assert run(["quarantine", "retry", "--tep", str(masked[0][0])]) == 1
    assert "từ chối" in capsys.readouterr().out


def test_traces_are_listed_only_where_they_hold_the_number(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    working = job.paths.working
    (working / "hong").mkdir()
    (working / "hong" / "cu.duckdb").write_bytes(b"\0" * 9 + PERSON.encode() + b"\0")
    (working / "loi_cuoi.txt").write_text("Traceback", encoding="utf-8")
    (working / "loi_tep").mkdir()
    (working / "loi_tep" / "x.txt").write_text(f"cell {PERSON}", encoding="utf-8")
    assert run(["purge", "--nguoi", "001099999999"]) == 0
    assert "Không có bản ghi" in capsys.readouterr().out
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    assert not (working / "hong" / "cu.duckdb").exists()
    assert not (working / "loi_tep" / "x.txt").exists()
    assert (working / "loi_cuoi.txt").exists()


def _named_file(job: Job) -> Path:
    """A file of dossiers named after their person, loaded."""
    file = job.paths.raw / "dvc" / "ho_so" / "la" / f"Trần Dấu Mốc {PERSON}.csv"
    put(file.parent, file.name, [line(7, identity=PERSON), line(8, identity=PERSON)])
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    return file


def test_what_is_told_of_a_dossier_in_words_goes_with_it_and_stays_away(job: Job) -> None:
    """Steps, opinions and states without the number; the dossiers of others keep theirs."""
    steps = ("Mã hồ sơ;Thời điểm;Trạng thái;Nội dung\n"
             "H02.16-250601-0002;04/06/2025 08:00;Đang xử lý;gọi bà Lò Thị Mai\n"
             "H02.16-250601-0003;04/06/2025 08:00;Đang xử lý;đã gọi\n")  # fmt: skip
    grouped = " ".join(PERSON[at : at + 3] for at in range(0, 12, 3))
    petitions = ("Mã PAKN;Ngày tiếp nhận;Loại;Lĩnh vực;Mã đơn vị;Hạn xử lý;Ngày xử lý;Nội dung\n"
                 f"PA-1;04/06/2025 08:00;quy_dinh;Đất đai;H02.16;;;CCCD {grouped}\n"
                 "PA-2;04/06/2025 08:00;quy_dinh;Đất đai;H02.16;;;khác\n")  # fmt: skip
    for feed, text in (("qua_trinh", steps), ("pakn", petitions)):
        file = job.paths.raw / "dvc" / feed / "x.csv"
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    put(job.paths.raw / "dvc" / "ho_so", "d.csv", [line(2, "Mới đăng ký")])
    nightly.ingest(job, nightly.prepare(job, date(2025, 6, 30)))
    assert rows(job, "SELECT count(*) FROM tho.dvc__qua_trinh") == [(2,)]
    assert rows(job, "SELECT count(*) FROM tho.dvc__pakn") == [(2,)]
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    left = "SELECT ma_ho_so FROM tho.dvc__qua_trinh UNION ALL SELECT ma_pakn FROM tho.dvc__pakn ORDER BY 1"
    assert rows(job, left) == [("H02.16-250601-0003",), ("PA-2",)]
    assert rows(job, "SELECT count(*) FROM tho.dvc__ho_so WHERE ma_ho_so LIKE '%-0002'") == [(0,)]
    job.paths.warehouse_file.unlink()
    nightly.ingest(job, nightly.prepare(job, date(2025, 7, 1)))
    assert rows(job, left) == [("H02.16-250601-0003",), ("PA-2",)]
    assert rows(job, "SELECT count(*) FROM tho.dvc__ho_so WHERE ma_ho_so LIKE '%-0002'") == [(0,)]


def test_what_the_ledger_says_of_a_dossier_by_its_code_alone_goes_with_it(job: Job) -> None:
    """Defects that rules on marts found (file and row without a sheet, or neither), their answers, lives of alerts."""
    codes = {number: f"H02.16-250601-000{number}" for number in (2, 3)}
    with job.warehouse() as connection:
        for code in codes.values():
            for rule, file, row in (("MHS_DUNG_02", "x", 3), ("MHS_DU_01", None, None)):
                connection.execute(
                    "INSERT INTO so_cai.loi (ma_quy_tac, khoa_loi, khoa, ma_don_vi, ma_tep, dong, tu_lan) "
                    "VALUES (?, ?, ?, 'H02.16', ?, ?, 1)",
                    [rule, code, code, file, row],
                )
            connection.execute(
                "INSERT INTO so_cai.tra_loi (ma_loi, tra_loi) VALUES (md5(concat('MHS_DU_01', ':', ?)), 'dang_sua')",
                [code],
            )
            connection.execute(
                "INSERT INTO so_cai.vong_doi_canh_bao (ma_canh_bao, loai, mo_lan) VALUES (?, 'qua_han', 1)",
                [f"qua_han:{code}"],
            )
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    assert rows(job, "SELECT khoa, count(*) FROM so_cai.loi WHERE ma_quy_tac LIKE 'MHS%' GROUP BY 1") == [(codes[3], 2)]
    assert rows(job, "SELECT count(*) FROM so_cai.tra_loi") == [(1,)]
    assert rows(job, "SELECT ma_canh_bao FROM so_cai.vong_doi_canh_bao") == [(f"qua_han:{codes[3]}",)]


def test_a_file_that_cannot_be_written_anew_is_told_and_leaves_nothing(
    job: Job, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rows are out of the tables by then, and a half of the new file is a copy of everybody else."""
    replace = Path.replace

    def full(place: Path, target: Path) -> Path:
        if place.name == ".kho_lam_viec.moi":
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(place, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 3
    said = capsys.readouterr()
    assert "tho.dvc__ho_so" in said.out
    assert "CHƯA viết lại được tệp kho" in said.err
    assert [file.name for file in job.paths.working.iterdir() if ".moi" in file.name] == []
    assert rows(job, _OF_PERSON) == [(0,)]
    assert run(["purge", "--nguoi", PERSON, "--dong-y"]) == 0
    assert PERSON.encode() not in job.paths.warehouse_file.read_bytes()
