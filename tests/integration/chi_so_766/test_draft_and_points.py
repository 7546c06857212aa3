"""Drafts read and scored, and lost points in words, on a publication made by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.cli.main import run
from pipelines.config.figures import points
from pipelines.config.orchestration import DEFAULT_FILE
from pipelines.config.paths import DataPaths
from pipelines.index766.draft import DraftError, read_draft
from pipelines.index766.lost_points import Loss, lost_points
from pipelines.index766.simulate import simulate
from pipelines.publish.query import QueryLimits, open_published
from tests.integration.chi_so_766.conftest import compiled

SCORING = [
    f"p_{name}"
    for name in [
        "quy_tac",
        "nguong",
        "mau_so_bang_0",
        "diem_toi_da",
        "tu_so",
        "mau_so",
        "cap_ap_dung",
        "cap",
        "toan_tinh",
    ]
]


@pytest.fixture
def published(data: DataPaths, built: DataPaths) -> DataPaths:
    data.marts.mkdir(parents=True)
    with duckdb.connect(str(data.marts_file)) as connection:
        connection.execute("create schema chi_so_766")
        scoring = compiled(built, "marts/chi_so_766", "chi_so_766__cham_diem")
        connection.execute(f"create macro chi_so_766.cham_diem({', '.join(SCORING)}) as table {scoring}")
        connection.execute(
            "create table chi_so_766.dinh_nghia as select * from (values "
            "('3.6', 'thanh_toan', 6.00::decimal(9, 2), 'CAP', 0.3::decimal(9, 4), '0', 'tinh huyen xa tthc', null, "
            "date '2022-08-01', date '2025-12-31'), "
            "('3.6', 'thanh_toan', 6.00, 'LINEAR', null, '0', 'tinh huyen xa tthc', null, date '2026-01-01', null), "
            "('3.5', 'thanh_toan', 2.00, 'CAP', 0.8, 'null', 'tinh', null, date '2022-08-01', null)) "
            "as t (ma_chi_so, bang, diem_toi_da, quy_tac, nguong, mau_so_bang_0, cap_ap_dung, cach_dem, "
            "hieu_luc_tu, hieu_luc_den)"
        )
        connection.execute(
            "create table chi_so_766.thanh_toan as select '2025-08' as ky, * from (values "
            "('H02', 'Toàn tỉnh', 'tinh', '3.6', 3, 10, 6.0::decimal(18, 8), 6.0::decimal(9, 2), true), "
            "('H02', 'Toàn tỉnh', 'tinh', '3.5', 0, 0, null, 2.0, true), "
            "('H02.01', 'Sở A', 'tinh', '3.6', 1, 10, 2.0, 6.0, false)) "
            "as t (ma_don_vi, ten_don_vi, cap, ma_chi_so, tu_so, mau_so, diem, diem_toi_da, la_toan_tinh)"
        )
        connection.execute(
            "create table chi_so_766.diem_mat as select * from (values "
            "('2025-07', 'H02.01', 'A', '2.1', 9, 1.0::decimal(18, 8), 'Sở A', 'Cấp phép', 'hồ sơ quá hạn'), "
            "('2025-08', 'H02.01', 'A', '2.1', 1213, 0.8, 'Sở A', 'Cấp phép', 'hồ sơ quá hạn'), "
            "('2025-08', 'H02', 'khong_theo_tthc', '3.6', 0, 6.0, 'Toàn tỉnh', null, 'không có trường hợp nào')) "
            "as t (ky, ma_don_vi, ma_tthc, ma_chi_so, so_ho_so_loi, diem_mat, ten_don_vi, ten_tthc, loi)"
        )
    return data


def draft(folder: Path, *lines: str) -> Path:
    file = folder / "du_thao.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return file


def test_a_draft_is_scored_for_all_agencies_and_changes_nothing(published: DataPaths, tmp_path: Path) -> None:
    before = published.marts_file.read_bytes()
    found = simulate(published, draft(tmp_path, "ma_chi_so,diem_toi_da,quy_tac", "3.6,6,LINEAR"), "2025-08")
    assert [(c.code, c.points, c.draft_points, c.difference) for c in found.agencies] == [
        ("H02", Decimal(6), Decimal("1.8"), Decimal("-4.2")),
        ("H02.01", Decimal(2), Decimal("0.6"), Decimal("-1.4")),
    ]
    assert [c.code for c in found.components] == ["3.6"]
    assert published.marts_file.read_bytes() == before


def test_the_definitions_in_force_change_nothing(published: DataPaths, tmp_path: Path) -> None:
    file = draft(tmp_path, "ma_chi_so,diem_toi_da,quy_tac,nguong", "3.6,6,CAP,0.3000")
    found = simulate(published, file, "2025-08")
    assert found.components == []
    assert {c.difference for c in found.agencies} == {Decimal(0)}


def test_a_new_component_counted_like_another_is_a_row(published: DataPaths, tmp_path: Path) -> None:
    file = draft(
        tmp_path, "ma_chi_so,diem_toi_da,quy_tac,cap_ap_dung,cach_dem", "3.9,1,LINEAR,tinh,3.6", "9.9,1,LINEAR,tinh,"
    )
    found = simulate(published, file, "2025-08")
    assert found.unknown == ["9.9"]
    assert [(c.code, c.draft_points) for c in found.components] == [("3.9", Decimal("0.3"))]
    assert found.agencies[1].difference == 0


def test_of_several_versions_the_one_in_force_is_taken(tmp_path: Path) -> None:
    head = "ma_chi_so,diem_toi_da,quy_tac,hieu_luc_tu,hieu_luc_den"
    file = draft(tmp_path, head, "1.1,6,LINEAR,2022-08-01,2025-12-31", "1.1,7,LINEAR,2026-01-01,")
    assert [d.maximum for d in read_draft(file, "2025-08")] == [6]
    assert [d.maximum for d in read_draft(file, "2026-08")] == [7]


@pytest.mark.parametrize(
    "lines",
    [
        ["ma_chi_so,quy_tac", "1.1,LINEAR"],
        ["ma_chi_so,diem_toi_da,quy_tac"],
        ["ma_chi_so,diem_toi_da,quy_tac", "1.1,6,MAX"],
        ["ma_chi_so,diem_toi_da,quy_tac", "1.1,nhiều,LINEAR"],
        ["ma_chi_so,diem_toi_da,quy_tac", "1.1,6.001,LINEAR"],
        ["ma_chi_so,diem_toi_da,quy_tac,nguong", "1.1,6,CAP,"],
        ["ma_chi_so,diem_toi_da,quy_tac,nguong", "1.1,6,CAP,0"],
        ["ma_chi_so,diem_toi_da,quy_tac,cap_ap_dung", "1.1,6,LINEAR,tỉnh"],
    ],
)
def test_a_faulty_draft_is_refused(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(DraftError):
        read_draft(draft(tmp_path, *lines), "2025-08")


def test_losses_come_in_words_largest_first(published: DataPaths) -> None:
    found = lost_points(published, 20)
    assert found.ky == "2025-08"
    assert found.total == Decimal("6.8")
    assert [loss.words for loss in found.rows] == [
        "Không có trường hợp nào của toàn tỉnh = 6,00 điểm (chỉ số 3.6)",
        "1.213 hồ sơ quá hạn của Sở A, thủ tục “Cấp phép” = 0,80 điểm (chỉ số 2.1)",
    ]
    assert lost_points(published, 1, "2025-07").rows == [
        Loss(9, "hồ sơ quá hạn", "Sở A", "Cấp phép", "2.1", Decimal(1))
    ]


def test_a_loss_too_small_to_show_is_not_zero() -> None:
    assert points(Decimal("0.004")) == "dưới 0,01"
    assert points(Decimal(0)) == "0,00"
    assert points(Decimal("1234.565")) == "1.234,57"


def test_the_commands_answer_with_their_exit_codes(
    published: DataPaths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(draft(tmp_path, "ma_chi_so,diem_toi_da,quy_tac", "3.6,6,LINEAR"))
    assert run(["points", "--top", "1"]) == 0
    assert run(["points", "--ky", "2019-01"]) == 3
    assert run(["points", "--ky", "2019-13"]) == 2
    assert run(["simulate", "--definitions", file, "--ky", "2025-08"]) == 0
    assert run(["simulate", "--definitions", file, "--ky", "2019-01"]) == 2
    assert run(["simulate", "--definitions", file + "x", "--ky", "2025-08"]) == 2
    capsys.readouterr()
    file = str(draft(tmp_path, "ma_chi_so,diem_toi_da,quy_tac,cap_ap_dung", "9.9,1,LINEAR,tinh"))
    assert run(["simulate", "--definitions", file, "--ky", "2025-08"]) == 1
    told = capsys.readouterr()
    assert "9.9" in told.err
    assert "H02.01" in told.out  # the others are scored all the same


@pytest.mark.parametrize("command", ["points", "simulate"])
def test_both_ask_as_other_readers_do(
    published: DataPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """A publication that was decided is brought into place first, and the operator's limits hold."""
    settings = yaml.safe_load(DEFAULT_FILE.read_text(encoding="utf-8"))
    settings["gioi_han"] |= {"hoi_bo_nho": "777MB", "hoi_giay": 77}
    (tmp_path / "orchestration.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("KHO_ORCHESTRATION", str(tmp_path / "orchestration.yaml"))
    done: list[object] = []
    monkeypatch.setattr("pipelines.publish.mend.is_pending", lambda _: True)
    monkeypatch.setattr("pipelines.publish.mend.recover", lambda _: done.append("swapped"))

    def opened(paths: DataPaths, limits: QueryLimits | None = None) -> object:
        done.append(limits and (limits.memory, limits.seconds))
        return open_published(paths, limits)

    module = {"points": "lost_points", "simulate": "simulate"}[command]
    monkeypatch.setattr(f"pipelines.index766.{module}.open_published", opened)
    file = str(draft(tmp_path, "ma_chi_so,diem_toi_da,quy_tac", "3.6,6,LINEAR"))
    asked = {"points": [], "simulate": ["--definitions", file, "--ky", "2025-08"]}[command]
    assert run([command, *asked]) == 0
    assert done == ["swapped", ("777MB", 77)]
