"""orchestration.yaml: the shipped file is valid; mistakes are told with their line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.orchestration import DEFAULT_FILE, load_orchestration
from pipelines.config.yaml_lines import ConfigError
from pipelines.contracts.loader import load_contracts
from pipelines.job import load_job

TEXT = DEFAULT_FILE.read_text(encoding="utf-8")
FEEDS = set(load_contracts())


def line_of(text: str, fragment: str) -> int:
    return next(i for i, line in enumerate(text.splitlines(), 1) if fragment in line)


def mistakes(tmp_path: Path, text: str) -> list[tuple[int | None, str]]:
    file = tmp_path / "orchestration.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_orchestration(file, feeds=FEEDS)
    return caught.value.mistakes


def test_the_shipped_file_runs_at_one_in_the_morning_in_vietnam() -> None:
    settings = load_orchestration(feeds=FEEDS)
    assert settings.cron == "0 1 * * *"
    assert settings.mui_gio == "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('gio: "01:00"', 'gio: "25:00"', "HH:MM"),
        ("nguong_chan: 0.05", "nguong_chan: 5", "nhỏ hơn hoặc bằng 1"),
        ("luong: 2", "luong: hai", "số nguyên"),
        ("bo_nho: 2500MB", "bo_nho: nhiều", "MB|GB"),
        ("parquet: true", "parket: true", "không có trong mẫu"),
        ("mui_gio: Asia/Ho_Chi_Minh", "mui_gio: UTC", "Asia/Ho_Chi_Minh"),
        ("dvc/tthc: {nhip_ngay: 31}", "dvc/thtc: {nhip_ngay: 31}", "không có nguồn"),
        ("dvc/tthc: {nhip_ngay: 31}", "dvc/tthc: {nhip_ngay: 31, chan_ngay: 30}", "chan_ngay không ngắn hơn nhip_ngay"),
    ],
)
def test_a_mistake_names_its_line_and_what_was_expected(tmp_path: Path, before: str, after: str, expected: str) -> None:
    text = TEXT.replace(before, after)
    found = mistakes(tmp_path, text)
    assert any(line == line_of(text, after) and expected in message for line, message in found), found


def test_a_missing_feed_is_named(tmp_path: Path) -> None:
    text = TEXT.replace("  dvc/pakn: {nhip_ngay: 7}\n", "")
    assert any("dvc/pakn" in message for _, message in mistakes(tmp_path, text))


@pytest.mark.parametrize("text", ["nguon: [", "a: 1\n\tb: 2", "", "- một\n- hai\n"])
def test_unreadable_yaml_is_told_in_vietnamese(tmp_path: Path, text: str) -> None:
    found = mistakes(tmp_path, text)
    assert found
    assert all(message for _, message in found)


def test_a_repeated_key_is_refused(tmp_path: Path) -> None:
    found = mistakes(tmp_path, TEXT + "\nmui_gio: Asia/Ho_Chi_Minh\n")
    assert any("bị lặp" in message for _, message in found)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="không tìm thấy"):
        load_orchestration(tmp_path / "khong_co.yaml", feeds=FEEDS)


@pytest.mark.parametrize(
    ("whole", "reader", "expected"),
    [
        ("6GB", "3GB", (3_000_000_000, "3000MB")),
        ("6GB", "5GB", (4_000_000_000, "2000MB")),
        ("16GB", "3GB", (3_000_000_000, "13000MB")),
        ("1GB", "3GB", (666_666_666, "333MB")),
        ("500MB", "3GB", (400_000_000, "125MB")),
    ],
)
def test_reader_and_warehouse_share_the_memory_that_is_allowed(
    whole: str, reader: str, expected: tuple[int, str]
) -> None:
    limits = load_job().settings.gioi_han.model_copy(update={"bo_nho": whole, "bo_nho_doc": reader})
    assert (limits.reader_bytes, limits.intake_memory) == expected
