"""``kho trace`` on the random dossiers: the records found are as many as the figure says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import province
import pytest

from pipelines.cli.main import run
from pipelines.config.paths import DataPaths
from pipelines.publish.query import QuestionError
from pipelines.trace.tracer import trace
from tests.integration.cells import copy_as_published, disagreeing, failing_examples

MONTH = "ky = '2025-03' and da_giai_quyet > 0 and qua_han > 0"


@pytest.fixture(scope="module")
def published(warehouse: province.Warehouse, tmp_path_factory: pytest.TempPathFactory) -> DataPaths:
    return copy_as_published(warehouse.paths, tmp_path_factory.mktemp("truy_vet") / "data")


def test_random_cells_of_every_counted_column_agree(published: DataPaths) -> None:
    wrong, tried = disagreeing(published, {"tthc"}, seed=20250930, rows=3)
    assert wrong == []
    assert {"tthc.giai_quyet_thang.qua_han", "tthc.don_vi.so_ho_so", "tthc.tra_lai.so_ho_so"} <= tried
    assert {"tthc.bieu_06a.giai_quyet_dung_han", "tthc.bieu_giai_quyet.dang_qua_han"} <= tried


def test_examples_of_the_dictionary_run(published: DataPaths) -> None:
    assert failing_examples(published, "tthc") == {}


def test_a_figure_leads_to_its_dossiers_and_their_rows(published: DataPaths) -> None:
    answer = trace(published, "tthc.giai_quyet_thang", MONTH, columns=["qua_han"])
    figures = {figure.value for figure in answer.figures}
    records = [line for line in answer.lines if line.buoc == "ban_ghi:qua_han"]
    assert figures - {0, None}
    assert len(records) == sum(figure.value for figure in answer.figures)
    assert all(line.khoa and line.ma_tep and line.dong is not None for line in records)


def test_without_the_working_warehouse_codes_remain_and_words_say_what_is_missing(
    published: DataPaths, tmp_path: Path
) -> None:
    alone = DataPaths(tmp_path / "data")
    alone.marts.mkdir(parents=True)
    shutil.copyfile(published.marts_file, alone.marts_file)
    answer = trace(alone, "tthc.tra_lai", "so_ho_so > 0", columns=["so_ho_so"])
    assert not answer.whole
    assert "lam_viec/" in answer.notes[0]
    assert trace(alone, "tthc.giai_quyet_thang", MONTH).whole


@pytest.mark.parametrize(
    "where",
    [
        "true) union select (1",
        "true; drop table tthc.ho_so",
        "khong_co_cot = 1",
        "",
        "ky = (select content from read_text('/etc/hostname'))",
        "ky = 'khong co'",
    ],
)
def test_a_condition_that_is_none_is_refused(published: DataPaths, where: str) -> None:
    with pytest.raises(QuestionError):
        trace(published, "tthc.giai_quyet_thang", where)


def test_the_command_prints_lines_for_machines_and_says_mistakes(
    published: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KHO_DATA", str(published.root))
    asked = ["trace", "tthc.giai_quyet_thang", "--where", MONTH, "--cot", "qua_han"]
    assert run([*asked, "--format", "json"]) == 0
    lines = json.loads(capsys.readouterr().out)
    assert list(lines[0]) == ["buoc", "bang", "khoa", "ma_tep", "ten_tep", "trang_tinh", "dong", "quy_tac"]
    assert {line["buoc"] for line in lines} == {"hang", "so_lieu:qua_han", "ban_ghi:qua_han"}
    assert run(asked) == 0
    assert run(["trace", "tthc.khong_co", "--where", "true"]) == 2
    assert run(["trace", "tthc.ho_so", "--where", "khong_co = 1"]) == 2
    assert "--where" in capsys.readouterr().err
    monkeypatch.setenv("KHO_DATA", str(published.root / "khong_co"))
    assert run(asked) == 3


def test_unknown_tables_and_columns_are_refused(published: DataPaths) -> None:
    asked: list[tuple[str, list[str]]] = [("tthc.khong_co", []), ("so_cai.tep", []), ("tthc.ho_so", ["khong_co"])]
    asked += [("tthc.bieu_giai_quyet", []), ("tthc.bieu_giai_quyet('2025-01-01')", []), ("tthc.ho_so('a')", [])]
    asked += [("tthc.bieu_giai_quyet('hôm nay', '2025-01-01')", []), ("tthc.ho_so; drop table x", [])]
    for table, columns in asked:
        with pytest.raises(QuestionError):
            trace(published, table, "true", columns=columns)
