"""Days of the past on the command line: what may not be asked, and what the summary says."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines import nightly
from pipelines.cli.main import run as kho
from pipelines.cli.terminal.summary import show_publication
from pipelines.config.paths import data_paths
from pipelines.outcome import Outcome
from pipelines.warehouse.runs import Run


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nhu-luc", "2025-07-01"],
        ["--as-of", "2025-06-30", "--nhu-luc", "hôm qua"],
        ["--as-of", "2025-06-30", "--nhu-luc", "2025-07-01", "--thay-ban-dang-dung"],
    ],
)
def test_by_files_of_a_time_goes_with_a_day_and_nothing_else(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHO_DATA", str(tmp_path))
    assert kho(["run", *arguments]) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ("2025-07-01", datetime(2025, 7, 1, 23, 59, 59)),
        ("2025-07-01 00:00", datetime(2025, 7, 1)),
        ("2025-07-01T00:00:00", datetime(2025, 7, 1)),
        ("2025-07-01 13:05", datetime(2025, 7, 1, 13, 5)),
    ],
)
def test_only_a_bare_day_means_its_end(
    typed: str, by: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHO_DATA", str(tmp_path))
    paths = data_paths(tmp_path)
    paths.prepare()
    paths.warehouse_file.touch()
    asked: list[object] = []

    def by_files_of(_: object, as_of: date, moment: datetime) -> None:
        asked.append((as_of, moment))
        raise nightly.RunError("thử")

    monkeypatch.setattr("pipelines.past.by_files_of", by_files_of)
    assert kho(["run", "--as-of", "2025-06-30", "--nhu-luc", typed]) == 3
    assert asked == [(date(2025, 6, 30), by)]


@pytest.mark.parametrize("more", [[], ["--nhu-luc", "2025-07-01"], ["--mau-neu-trong"], ["--thay-ban-dang-dung"]])
def test_a_day_to_come_is_refused_by_the_clock_of_vietnam(
    more: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KHO_DATA", str(tmp_path))
    monkeypatch.setattr(nightly, "now_in_vietnam", lambda: datetime(2025, 7, 1, 23, 59))
    assert kho(["run", "--as-of", "2025-07-02", *more]) == 2
    assert "02/07/2025 chưa đến" in " ".join(capsys.readouterr().err.split())
    assert not list(tmp_path.iterdir())
    with pytest.raises(nightly.RunError, match="chưa đến"):  # as Dagster's launchpad asks
        nightly.parse_day("2025-07-02")


def test_today_is_a_day_that_may_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KHO_DATA", str(tmp_path))
    monkeypatch.setattr(nightly, "now_in_vietnam", lambda: datetime(2025, 7, 1))
    assert kho(["run", "--as-of", "2025-07-01"]) == 2  # no raw/ there: the day itself is not spoken of
    assert "Không có thư mục" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("giu_rieng", ["2025-06-30.abc", "BẢN ĐANG CÔNG BỐ GIỮ NGUYÊN", "--thay-ban-dang-dung"]),
        ("khong_doi", ["Không có gì mới"]),
        ("thay", ["Đã công bố"]),
    ],
)
def test_the_summary_says_what_became_of_the_publication(
    how: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Outcome(
        run=Run(3, datetime(2025, 10, 1, 1), date(2025, 6, 30)),
        version="2025-06-30.abc",
        published=datetime(2025, 10, 1, 2),
        how=how,
        feeds=[],
        groups=[],
        unresolved=[],
        remarks=[],
        awaited=[],
        rules_passed=0,
        rules_failed=0,
        rules_unjudged=0,
        without_verdict=0,
        marts_file=Path("kho.duckdb"),
    )
    show_publication(outcome)
    said = capsys.readouterr().out
    assert all(word in said for word in words), said
