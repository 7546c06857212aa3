"""``kho trace`` on the index: objects on either side are as many as numerator and denominator say."""

from __future__ import annotations

from pathlib import Path

from pipelines.config.paths import DataPaths
from pipelines.trace.tracer import trace
from tests.integration.cells import copy_as_published, disagreeing, failing_examples


def test_random_cells_of_every_counted_column_agree(built: DataPaths, tmp_path: Path) -> None:
    wrong, tried = disagreeing(copy_as_published(built, tmp_path / "data"), {"chi_so_766"}, seed=766, rows=6)
    assert wrong == []
    assert {"chi_so_766.tien_do_giai_quyet.mau_so", "chi_so_766.diem_mat.so_ho_so_loi"} <= tried


def test_examples_of_the_dictionary_run(built: DataPaths, tmp_path: Path) -> None:
    assert failing_examples(copy_as_published(built, tmp_path / "data"), "chi_so_766") == {}


def test_a_point_names_its_definition_and_the_dossiers_on_either_side(built: DataPaths, tmp_path: Path) -> None:
    where = "ky = '2025-08' and ma_don_vi = 'H05' and ma_chi_so = '2.1'"
    answer = trace(copy_as_published(built, tmp_path / "data"), "chi_so_766.tien_do_giai_quyet", where)
    lines = answer.lines
    assert sum(line.buoc == "ban_ghi:tu_so" for line in lines) == 3
    assert sum(line.buoc == "ban_ghi:mau_so" for line in lines) == 5
    assert [line.khoa[:4] for line in lines if line.buoc == "dinh_nghia"] == ["2.1 "]
    # Places stand in tthc.ho_so, which this warehouse lacks: said, not silently empty.
    assert answer.whole
    assert "tthc.ho_so" in answer.notes[0]
