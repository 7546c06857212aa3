"""``kho doctor`` on the list of agencies: remarks with an example each, never a failure (R6)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.cli.doctor import looking as doctor
from pipelines.config.paths import DataPaths


def _publish(root: Path, verdicts: list[tuple[str, str]]) -> DataPaths:
    paths = DataPaths(root)
    paths.prepare()
    with duckdb.connect(str(paths.marts_file)) as connection:
        connection.execute("CREATE SCHEMA tthc")
        connection.execute("CREATE TABLE tthc.don_vi (ma_don_vi VARCHAR, doi_chieu VARCHAR)")
        if verdicts:
            connection.executemany("INSERT INTO tthc.don_vi VALUES (?, ?)", verdicts)
    return paths


def test_agencies_that_agree_pass(tmp_path: Path) -> None:
    paths = _publish(tmp_path, [("H05.01", "khop"), ("H05.02", "khop")])
    assert doctor._agencies(paths) == "2 dòng, khớp danh mục đơn vị hành chính"


def test_missing_successors_and_codes_of_another_time_are_remarks_with_an_example(tmp_path: Path) -> None:
    verdicts = [
        ("H02.23", "thieu_ke_thua"),
        ("H05", "ma_dvhc_khong_hieu_luc"),
        ("H05.01", "khop"),
        ("H02.99", "chua_biet"),
    ]
    with pytest.raises(doctor._Remark) as remark:
        doctor._agencies(_publish(tmp_path, verdicts))
    text = str(remark.value)
    assert text.startswith("4 dòng: ")
    for example in ("(ví dụ H02.23)", "(ví dụ H05)", "(ví dụ H02.99)", "tthc.don_vi"):
        assert example in text
    assert "H05.01" not in text


def test_nothing_published_yet_is_no_remark(tmp_path: Path) -> None:
    assert doctor._agencies(DataPaths(tmp_path)) == "chưa công bố lần nào"
    paths = _publish(tmp_path / "cu", [])
    with duckdb.connect(str(paths.marts_file)) as connection:
        connection.execute("DROP TABLE tthc.don_vi")
    assert doctor._agencies(paths) == "chưa công bố bảng tthc.don_vi"
