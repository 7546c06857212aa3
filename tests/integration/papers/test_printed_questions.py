"""What each printed metric is in the warehouse is data; none of the founding report's is left without an answer."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import openpyxl
import pytest
import sqlglot
from sqlglot import exp

from pipelines.config.checked import ConfigError, load_checked
from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.papers.printed_questions import Metrics, Question, known
from pipelines.papers.writing import write
from tests.integration.papers.published import JULY, publish

_TABLE = re.compile(r"\b(tthc|chi_so_766|ho_tich|dieu_hanh|doi_soat)\.(\w+)")
_FILLED = {"tu": "DATE '2025-07-01'", "den": "DATE '2025-07-31'", "den_in": "DATE '2025-07-31'", "thang": "'2025-07'",
           "don_vi": "'H05.03'"}  # fmt: skip


def test_every_metric_of_the_founding_report_is_a_figure_a_question_or_a_reason() -> None:
    with (PROJECT_ROOT / "pipelines/sample/founding/so_lieu_in.csv").open(encoding="utf-8") as lines:
        printed = {row["chi_tieu"] for row in csv.DictReader(lines) if row["ma_bao_cao"] == "BG-KSTT-2024-6T"}
    said = known()
    assert printed - {*said.chi_tieu, *said.hoi, *said.reasons} == set()


@pytest.mark.parametrize("metric", sorted(known().hoi))
def test_a_question_is_one_query_on_published_tables(metric: str) -> None:
    question = known().hoi[metric]
    parts = {name: sql.format(**_FILLED) for name, sql in known().phan.items()}
    sql = question.sql.format(**_FILLED, **parts)
    columns = sqlglot.parse_one(sql, dialect="duckdb").find(exp.Select)
    assert columns is not None
    assert len(columns.expressions) == (2 if question.mau_so else 1)
    assert bool(question.mau_so) != bool(question.don_vi_tinh)
    read = _TABLE.findall(sql)
    assert read
    for schema, table in (*read, question.bang.split(".")):
        assert (PROJECT_ROOT / f"dbt_project/models/marts/{schema}/{schema}__{table}.sql").is_file(), table


_DOSSIERS = """
    CREATE SCHEMA tthc;
    CREATE TABLE tthc.don_vi AS SELECT 'H05.03' AS ma_don_vi, NULL::VARCHAR AS ma_don_vi_cha;
    CREATE TABLE tthc.ho_so AS SELECT *, 'Chứng thực bản sao điện tử' AS ten_tthc, TRUE AS ket_qua_dien_tu FROM (VALUES
        ('a', TRUE, 'truc_tuyen', 'dung_han', DATE '2025-07-02', DATE '2025-07-05', DATE '2025-07-05', TRUE),
        ('a', TRUE, 'truc_tuyen', 'qua_han', DATE '2025-06-02', NULL, DATE '2025-07-31', TRUE),
        ('a', TRUE, 'truc_tuyen', 'qua_han', DATE '2025-06-02', NULL, DATE '2025-08-01', TRUE),
        ('H05.03', FALSE, 'truc_tuyen', NULL, DATE '2025-07-02', NULL, NULL, TRUE),
        ('H05.03', TRUE, 'truc_tiep', NULL, DATE '2025-07-02', NULL, NULL, FALSE)
    ) AS v(ma_don_vi, duoc_tiep_nhan, kenh, ket_qua_han, ngay_tiep_nhan, ngay_ket_thuc, ngay_ra, so_hoa_ho_so)
"""


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("index766_online_on_time_rate", (1, 2)),  # the end is the day of return where no other is told
        ("units_digitising_on_site_rate", (1, 2)),  # what was refused at reception digitises nothing
        ("e_certified_copy_dossiers", (1,)),
    ],
)
def test_questions_count_dossiers_as_windows_do(metric: str, expected: tuple[int, ...]) -> None:
    parts = {name: sql.format(**_FILLED) for name, sql in known().phan.items()}
    with duckdb.connect() as db:
        db.execute(_DOSSIERS)
        assert db.execute(known().hoi[metric].sql.format(**_FILLED, **parts)).fetchone() == expected


@pytest.mark.parametrize(("metric", "expected"), [("tasks_total", (3,)), ("units_reported_simplification", (2,))])
def test_plans_are_known_by_their_short_names_too(metric: str, expected: tuple[int, ...]) -> None:
    parts = {name: sql.format(**_FILLED) for name, sql in known().phan.items()}
    with duckdb.connect() as db:
        db.execute(
            "CREATE SCHEMA dieu_hanh; CREATE TABLE dieu_hanh.nhiem_vu AS SELECT 'xong' AS trang_thai, * FROM (VALUES "
            "('Kế hoạch kiểm soát TTHC 2025', 'Rà soát TTHC', 'A'), ('Kế hoạch KSTTHC', 'x', 'B'), "
            "('Kiểm soát thủ tục hành chính', 'Rà soát thủ tục', 'C'), ('Đề án 06', 'Rà soát', 'D')) "
            "v(ke_hoach, ten_nhiem_vu, ma_don_vi)"
        )
        assert db.execute(known().hoi[metric].sql.format(**_FILLED, **parts)).fetchone() == expected


def test_a_metric_stands_in_one_place(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(
        "ca_cap: []\nchi_tieu: {a: [x]}\nphan: {}\nhoi: {}\nkhong_co: [{ly_do: b, chi_tieu: [a]}]\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="hai chỗ: a"):
        load_checked(file, Metrics)


def test_answers_stand_beside_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = DataPaths(tmp_path / "data")
    publish(paths.marts)
    with duckdb.connect(str(paths.marts_file)) as db:
        db.execute("CREATE TABLE he_so AS SELECT 1 AS so")
        db.execute("CREATE TABLE tthc.rong (so INT, ngay_so_lieu DATE, phien_ban VARCHAR)")
        for code, metric, level, number in (
            ("Q1", "mot", "toàn tỉnh", "1"), ("Q2", "hai", "toàn tỉnh", "33,3"), ("Q3", "rong", "toàn tỉnh", "5"),
            ("Q4", "cua_don_vi", "cấp tỉnh / x2", "7"), ("Q5", "cua_don_vi", "cấp tỉnh / Sở La", "7"),
            ("Q6", "trang", "toàn tỉnh", "9"), ("Q7", "thang", "toàn tỉnh", "9"),
            ("Q8", "cua_don_vi", "cấp tỉnh / Sở KH&X", "7"),
        ):  # fmt: skip
            db.execute(
                "INSERT INTO doi_soat.so_lieu_bao_cao BY NAME SELECT * REPLACE (? AS ma_so_lieu, ? AS chi_tieu, ? AS "
                "pham_vi, ? AS gia_tri_goc, '' AS don_vi_tinh) FROM doi_soat.so_lieu_bao_cao WHERE ma_so_lieu = 'R1'",
                [code, metric, f"Bắc Ninh / {level}", number],
            )
        db.execute("UPDATE tthc.don_vi SET ten_don_vi = 'Sở X2' WHERE ma_don_vi = 'H05.03'")
        db.execute("ALTER TABLE doi_soat.so_lieu_bao_cao ADD COLUMN ma_don_vi VARCHAR")
        db.execute("UPDATE doi_soat.so_lieu_bao_cao SET ma_don_vi = 'H05.03' WHERE ma_so_lieu = 'Q8'")
        db.execute("UPDATE doi_soat.so_lieu_bao_cao SET don_vi_tinh = '%' WHERE ma_so_lieu = 'Q2'")
    hoi = {
        "mot": Question(bang="tthc.ho_so", ten="Một", sql="SELECT so FROM he_so", don_vi_tinh="hồ sơ"),
        "hai": Question(bang="tthc.ho_so", ten="Hai", sql="SELECT 1, 3", mau_so="ba"),
        "rong": Question(bang="tthc.rong", ten="Rỗng", sql="SELECT sum(so) FROM tthc.rong", don_vi_tinh="hồ sơ"),
        "cua_don_vi": Question(
            bang="tthc.ho_so", ten="Của đơn vị", don_vi_tinh="hồ sơ", sql="SELECT 7 WHERE {don_vi} = 'H05.03'"
        ),
        "trang": Question(bang="tthc.khong", ten="Không", sql="SELECT 1 FROM tthc.khong", don_vi_tinh="hồ sơ"),
        "thang": Question(
            bang="tthc.ho_so", ten="Tháng", ky="thang", don_vi_tinh="hạng", sql="SELECT 9 WHERE {thang} = '2025-07'"
        ),
    }
    monkeypatch.setattr("pipelines.papers.printed.known", lambda: known().model_copy(update={"hoi": hoi}))
    monkeypatch.setattr("pipelines.papers.printed_questions.known", lambda: known().model_copy(update={"hoi": hoi}))
    write(paths, "kstthc", JULY, tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    name = next(sheet for sheet in book.sheetnames if sheet.startswith("DI "))
    lines = {row[0]: (row[5], row[7], row[8]) for row in book[name].iter_rows(min_row=3, values_only=True)}
    assert lines["Q1"] == (1, "", "khớp")
    assert lines["Q2"][1:] == ("", "khớp")
    assert lines["Q3"] == ("–", "", "bảng tthc.rong không có số liệu của chỉ tiêu này")
    assert lines["Q4"] == (7, "", "khớp")
    assert lines["Q5"] == ("–", "", "cuối kỳ có 0 đơn vị tên “Sở La” ở cấp in")
    assert lines["Q8"] == (7, "", "khớp")
    assert lines["Q6"][2].startswith("bảng tthc.khong chưa được công bố")
    assert lines["Q7"] == (9, "", "khớp (số của kho: tháng 07/2025)")
