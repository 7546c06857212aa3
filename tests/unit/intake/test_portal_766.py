"""The portal's answers and boards of Bộ chỉ số 766 become the feed's long form, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.loader import load_code_lists
from pipelines.intake.errors import FileRefusedError
from pipelines.intake.laid_out.portal_766 import normalise
from pipelines.intake.laid_out.portal_board import as_number, as_percent
from pipelines.intake.laid_out.portal_period import period_of
from pipelines.intake.sheet import RawSheet, column_names

PUBLISHED = PROJECT_ROOT.parent / "shared" / "data" / "qd766"


def parsed(document: Any) -> Any:
    """As intake hands a document over: numbers are the printed text."""
    return json.loads(json.dumps(document), parse_float=str, parse_int=str)


def rows(sheets: list[RawSheet] | None) -> list[dict[str, str | None]]:
    assert sheets is not None
    return [dict(zip(sheet.header or (), line, strict=True)) for sheet in sheets for line in sheet.cells.iter_rows()]


def grid(lines: list[list[str | None]]) -> RawSheet:
    """A sheet as a workbook reader gives it: everything on it, no header known."""
    width = max(len(line) for line in lines)
    full = [line + [None] * (width - len(line)) for line in lines]
    cells = pl.DataFrame(
        {
            name: pl.Series(name, [line[i] for line in full], dtype=pl.String)
            for i, name in enumerate(column_names(width))
        }
    )
    return RawSheet("Sheet1", cells, pl.Series("dong", range(1, len(lines) + 1), dtype=pl.Int64))


def scores(found: list[dict[str, str | None]]) -> dict[tuple[str | None, str | None], str | None]:
    return {(row["ma_don_vi"], row["ma_chi_so"]): row["diem"] for row in found}


METRICS = {
    "departmentCode": "H02",
    "timeType": "month",
    "year": 2026,
    "month": 8,
    "totalScore": 7.96,
    "totalMaxScore": 18,
    "metrics": [
        {"code": "PUBLISH_ON_TIME", "numerator": 0, "denominator": 0, "ratio": None, "score": None, "maxScore": 6},
        {"code": "DOSSIER_SYNC", "numerator": 10, "denominator": 10, "ratio": 100, "score": 6, "maxScore": 6},
        {"code": "PUBLIC_CONTENT_FULL", "numerator": 0, "denominator": 9, "ratio": 0.5, "score": 0, "maxScore": 2},
    ],
}
TREE = {
    "timeType": "quarter",
    "value": "2026-Q3",
    "parent": {
        "departmentCode": "H02",
        "departmentName": "UBND tỉnh",
        "totalReceived": 30,
        "totalOnTime": 20,
        "ratio": 66.67,
        "score": 13.333,
        "maxScore": 20,
    },
    "children": [
        {
            "departmentCode": "H02.16",
            "departmentName": "Sở Tư pháp",
            "totalReceived": 10,
            "totalOnTime": 10,
            "ratio": 100,
            "score": 20,
            "maxScore": 20,
            "children": [
                {"departmentCode": "H02.16.01", "totalReceived": 0, "totalOnTime": 0, "score": 0, "maxScore": 20}
            ],
        }
    ],
}


def test_metrics_answer_gives_its_group_and_each_scored_metric() -> None:
    found = rows(normalise(parsed(METRICS)))
    assert scores(found) == {
        ("H02", "cong_khai"): "7.96",
        ("H02", "DOSSIER_SYNC"): "6",
        ("H02", "PUBLIC_CONTENT_FULL"): "0",
    }
    assert {row["ky"] for row in found} == {"2026-08"}
    assert {row["thoi_diem_lay"] for row in found} == {"2026-08-31"}


def test_metric_without_a_score_is_no_row_but_zero_is_a_score() -> None:
    found = scores(rows(normalise(parsed(METRICS))))
    assert ("H02", "PUBLISH_ON_TIME") not in found
    assert found[("H02", "PUBLIC_CONTENT_FULL")] == "0"


def test_small_ratio_stays_a_percentage() -> None:
    ratios = {row["ma_chi_so"]: row["ty_le"] for row in rows(normalise(parsed(METRICS)))}
    assert ratios["PUBLIC_CONTENT_FULL"] == "0.5%"


def test_metrics_inside_an_envelope_are_found() -> None:
    inner = {k: v for k, v in METRICS.items() if k not in {"totalScore", "totalMaxScore"}}
    envelope = {"code": 200, "data": {**inner, "overview": {"totalScore": 7.96, "totalMaxScore": 18}}}
    assert scores(rows(normalise(parsed(envelope))))[("H02", "cong_khai")] == "7.96"


def test_tree_gives_one_row_an_agency_at_every_depth_with_its_counts() -> None:
    found = rows(normalise(parsed(TREE)))
    assert scores(found) == {("H02", "2.1"): "13.3330", ("H02.16", "2.1"): "20", ("H02.16.01", "2.1"): "0"}
    assert (found[1]["tu_so"], found[1]["mau_so"], found[1]["ky"]) == ("10", "10", "2026-Q3")
    assert found[0]["thoi_diem_lay"] == "2026-09-30"


def test_tree_of_another_group_is_told_by_its_maximum() -> None:
    node = {"departmentCode": "H02.16", "score": 8.5, "maxScore": 12}
    document = {"departmentCode": "H02", "timeType": "year", "value": 2026, "children": [node]}
    assert scores(rows(normalise(parsed(document)))) == {("H02.16", "truc_tuyen"): "8.5"}


def test_tree_of_no_known_group_is_refused_with_a_reason() -> None:
    node = {"departmentCode": "H02.16", "score": 8.5, "maxScore": 18}
    with pytest.raises(FileRefusedError, match="nhóm chỉ số nào"):
        normalise(parsed({"timeType": "year", "value": 2026, "children": [node]}))


def test_answer_without_a_period_is_refused_with_a_reason() -> None:
    document = {k: v for k, v in METRICS.items() if k not in {"timeType", "year", "month"}}
    with pytest.raises(FileRefusedError, match="không ghi kỳ"):
        normalise(parsed(document))


def test_several_answers_in_one_array_are_all_read() -> None:
    found = rows(normalise(parsed([METRICS, TREE])))
    assert len(found) == 6


def test_time_of_fetching_is_taken_in_vietnam_time() -> None:
    found = rows(normalise(parsed({**METRICS, "fetchedAt": "2026-09-26T18:14:00Z"})))
    assert {row["thoi_diem_lay"] for row in found} == {"2026-09-27 01:14:00"}


def test_long_form_is_left_to_the_ordinary_path() -> None:
    record = {"ky": "2026-08", "ma_don_vi": "H02", "ma_chi_so": "2.1", "diem": 15, "thoi_diem_lay": "2026-09-01"}
    assert normalise(parsed([record])) is None
    assert normalise(parsed({"data": [record]})) is None
    assert normalise(RawSheet.of_records(list(record), [[str(value) for value in record.values()]])) is None


def test_old_board_with_title_gives_a_row_an_agency_and_group() -> None:
    board = grid(
        [
            ["BẢNG ĐIỂM BỘ CHỈ SỐ 766"],
            ["Tháng 6 năm 2024"],
            ["Thời điểm kết xuất: 05/07/2024 08:00"],
            ["STT", "CODE", "DESCRIPTION", "CKMB", "TDGQ", "CLGQ", "TTTT", "MDSH", "MDHL", "TONG_SCORE", "ROW_STT"],
            ["1", "H02", "UBND tỉnh", "13.6", "19.6", "8.1", "6.3", "18.5", "17.6", "83.7", "5"],
            ["2", "H02.16", "Sở Tư pháp", "14", None, "9", "7", "20", "18", "88", None],
            ["Người lập biểu"],
        ]
    )
    found = rows(normalise(board))
    assert len(found) == 13
    assert scores(found)[("H02", "2.1")] == "19.6"
    assert ("H02.16", "2.1") not in scores(found)
    assert {row["ky"] for row in found} == {"2024-06"}
    assert {row["thoi_diem_lay"] for row in found} == {"2024-07-05 08:00:00"}
    ranks = {(row["ma_don_vi"], row["ma_chi_so"]): row["xep_hang"] for row in found if row["xep_hang"]}
    assert ranks == {("H02", "tong"): "5"}


def test_rows_of_a_board_keep_their_physical_row() -> None:
    board = grid(
        [
            ["Kỳ", "Mã đơn vị", "Công khai, minh bạch", "Số hóa hồ sơ", "Thời điểm lấy"],
            ["2026-08", "H02", "8", "9", "01/09/2026"],
            [None, None, None, None, None],
            ["2026-08", "H02.16", "7", "6", "01/09/2026"],
        ]
    )
    sheets = normalise(board)
    assert sheets is not None
    assert sheets[0].rows.to_list() == [2, 2, 4, 4]
    assert rows(sheets)[3]["thoi_diem_lay"] == "01/09/2026"


def test_agency_without_code_stays_a_row_and_is_judged_later() -> None:
    board = grid(
        [
            ["Kỳ", "Mã đơn vị", "Tên đơn vị", "CKMB", "MDSH"],
            ["2026-08", "H02", "UBND tỉnh", "8", "9"],
            ["2026-08", None, "Sở Tư pháp", "7", "6"],
        ]
    )
    assert ("Sở Tư pháp", None) in {(row["ten_don_vi"], row["ma_don_vi"]) for row in rows(normalise(board))}


def test_unknown_column_of_a_board_goes_along() -> None:
    board = grid([["Kỳ", "Mã đơn vị", "CKMB", "MDSH", "Xếp loại"], ["2026-08", "H02", "8", "9", "A"]])
    assert {row["Xếp loại"] for row in rows(normalise(board))} == {"A"}


def test_board_without_a_period_is_refused_with_a_reason() -> None:
    with pytest.raises(FileRefusedError, match="không ghi kỳ"):
        normalise(grid([["Mã đơn vị", "CKMB", "MDSH"], ["H02", "8", "9"]]))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-08", "2026-08"),
        ("08/2026", "2026-08"),
        ("Tháng 8/2026", "2026-08"),
        ("tháng 08 năm 2026", "2026-08"),
        ("202608", "2026-08"),
        ("2026-Q3", "2026-Q3"),
        ("Quý III/2026", "2026-Q3"),
        ("Quý 3 năm 2026", "2026-Q3"),
        ("Q3/2026", "2026-Q3"),
        ("Năm 2026", "2026"),
        ("Từ ngày 01/08/2026 đến ngày 31/08/2026", "2026-08"),
        ("01/07/2026 - 30/09/2026", "2026-Q3"),
        ("Từ ngày 15/12/2025 đến ngày 14/03/2026", None),
        ("Ngày 05/09/2026", None),
        ("Quyết định", None),
    ],
)
def test_periods_as_people_write_them(text: str, period: str | None) -> None:
    found = period_of(text)
    assert (found.text if found else None) == period


@given(st.text(max_size=40))
def test_any_text_is_a_period_or_none(text: str) -> None:
    found = period_of(text)
    assert found is None or found.text[:4] == f"{found.end.year:04d}"


@given(st.decimals(min_value=0, max_value=100, places=3))
def test_three_decimals_never_read_as_thousands(number: Any) -> None:
    printed = as_number(str(number))
    assert printed is not None
    assert len(printed.partition(".")[2]) != 3
    assert float(printed) == float(number)
    assert as_percent(str(number)) == f"{printed}%"


@given(
    st.recursive(
        st.none() | st.text(max_size=5) | st.booleans(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["metrics", "children", "parent", "nhom", "data", "ky", "score", "value", "x"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_document_is_read_left_alone_or_refused(document: Any) -> None:
    try:
        sheets = normalise(document)
    except FileRefusedError:
        return
    assert sheets is None or all(len(sheet.cells) == len(sheet.rows) for sheet in sheets)


def test_every_group_and_definition_has_one_code_in_the_code_list() -> None:
    seeds = Path(__file__).parents[3] / "dbt_project" / "seeds"
    definitions = pl.read_csv(seeds / "dinh_nghia_chi_so.csv", infer_schema=False)
    spellings = load_code_lists()["chi_so_766"].spellings("bo_chi_so_766/diem")
    for code, portal in definitions.select("ma_chi_so", "ma_api").unique().iter_rows():
        assert spellings[code] == code
        assert portal is None or spellings[portal] == code
    assert definitions.filter(pl.col("hieu_luc_den").is_null())["diem_toi_da"].cast(pl.Float64).sum() == 100


@pytest.mark.skipif(not PUBLISHED.exists(), reason="the collected figures lie beside the project, not in it")
def test_published_figures_of_a_province_come_out_as_they_are() -> None:
    text = (PUBLISHED / "tong_hop_phu_tho_2026-08.json").read_text(encoding="utf-8")
    found = rows(normalise(json.loads(text, parse_float=str, parse_int=str)))
    expected = {
        "cong_khai": "7.96",
        "2.1": "15.68",
        "truc_tuyen": "8.83",
        "thanh_toan": "6.25",
        "so_hoa": "8.22",
        "hai_long": "12.97",
    }
    points = scores(found)
    assert {code: points[("H44", code)] for code in expected} == expected
    assert {row["thoi_diem_lay"] for row in found} == {"2026-09-27 01:14:00"}
    lines = (PUBLISHED / "dvc_progress_tree_phu_tho_2026-08.csv").read_text(encoding="utf-8-sig").splitlines()
    tree = rows(normalise(RawSheet.of_records(lines[0].split(","), [_split(line) for line in lines[1:]])))
    assert len(tree) == 163
    assert sum(int(row["mau_so"] or 0) for row in tree) == 184_513
    assert sum(int(row["tu_so"] or 0) for row in tree) == 144_625
    assert {row["ma_chi_so"] for row in tree} == {"2.1"}


def _split(line: str) -> list[str | None]:
    import csv

    return [cell or None for cell in next(csv.reader([line]))]
