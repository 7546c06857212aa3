"""What a failed check says: what is wrong, whose it is, what to do, where to read on; and the page it links to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime

import pytest
from dagster import AssetCheckResult, AssetCheckSeverity
from starlette.requests import Request

from pipelines.config.paths import DataPaths
from pipelines.nightly import Verdict
from pipelines.orchestrate.documents import Documents
from pipelines.orchestrate.gate_checks import BUILD_CHECK, gate_results, gate_specs
from pipelines.orchestrate.specs import quality_url
from pipelines.publishing import QUALITY_PAGE
from pipelines.quality.evaluate import RuleResult
from pipelines.quality.model import Dimension, RowCheck, Rule, Severity

RULE = Rule(
    code="TT_01",
    dimension=Dimension.CORRECT,
    table="tthc.ho_so",
    columns=("ngay_tra",),
    description="Ngày trả không trước ngày nhận.",
    severity=Severity.BLOCK,
    threshold=0.05,
    mended_by="Đơn vị xử lý hồ sơ",
    basis="R3",
    check=RowCheck("true"),
    relation="tthc.ho_so",
    mending="Sửa ngày trả trên hệ thống rồi xuất lại.",
)
RESULT = RuleResult(
    "TT_01", Severity.BLOCK, 0.05, 1, "v", date(2025, 6, 30), 10, 10, 4, 0.4, False, datetime(2025, 7, 1), 1
)


def results(result: RuleResult, broken: dict[str, set[str]] | None = None) -> dict[str, AssetCheckResult]:
    verdict = Verdict("v", [result], [], broken or {})
    return {found.check_name or "": found for found in gate_results([RULE], {"TT_01": {"tthc"}}, verdict, ["tthc"])}


def test_a_failed_check_says_what_whose_and_how() -> None:
    found = results(RESULT)["dung"]
    assert not found.passed
    said = str(found.description)
    for part in (
        "nhóm tthc giữ bản cũ",
        "TT_01: Ngày trả không trước ngày nhận (4 dòng)",
        "người sửa: Đơn vị xử lý hồ sơ",
        "cách sửa: Sửa ngày trả trên hệ thống rồi xuất lại",
        "trang chất lượng",
    ):
        assert part in said
    assert found.metadata["trang_chat_luong"].value == quality_url()


def test_a_warning_is_no_error_and_a_passed_check_has_no_link() -> None:
    warned = results(replace(RESULT, severity=Severity.WARN))["dung"]
    assert warned.severity is AssetCheckSeverity.WARN
    passed = results(replace(RESULT, passed=True, failures=0, share=0.0))["dung"]
    assert passed.passed
    assert "trang_chat_luong" not in passed.metadata


def test_a_model_that_failed_names_itself_and_who_looks() -> None:
    found = results(RESULT, {"tthc": {"model.kho06.tthc__ho_so"}})[BUILD_CHECK]
    said = str(found.description)
    assert "model.kho06.tthc__ho_so" in said
    assert "Người quản trị kho" in said


def test_no_check_blocks_in_the_sense_that_skips_other_groups() -> None:
    specs = gate_specs(["tthc", "ho_tich"])
    assert len(specs) == 10
    assert not any(spec.blocking for spec in specs)


def test_the_web_ui_serves_the_published_quality_page(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    request = Request({"type": "http", "method": "GET", "path": quality_url(), "headers": []})
    missing = asyncio.run(Documents(data).quality_page(request))
    assert missing.status_code == 404
    assert "kho run" in bytes(missing.body).decode("utf-8")
    page = data.marts / QUALITY_PAGE
    page.parent.mkdir(parents=True)
    page.write_text("<p>chất lượng</p>", encoding="utf-8")
    found = asyncio.run(Documents(data).quality_page(request))
    assert found.status_code == 200
    assert found.media_type == "text/html; charset=utf-8"
