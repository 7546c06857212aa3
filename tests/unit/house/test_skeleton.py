"""Skeletons take a title as it is written."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipelines.config.paths import PROJECT_ROOT
from pipelines.house import skeleton

NAMES = "pipelines/contracts/code_lists/chi_so_766.yaml"
DEFINITIONS = "dbt_project/seeds/dinh_nghia_chi_so.csv"


@pytest.mark.parametrize("title", ['Tỷ lệ "một cửa", không phải chờ', "Đường dẫn C:\\x\\n {và} #dấu", "a: b\nc"])
def test_a_title_stands_in_yaml_and_csv_as_it_was_given(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in (NAMES, DEFINITIONS, "dbt_project/seeds/nhom_chi_so.csv", "dbt_project/seeds/cach_dem_766.csv"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_ROOT / part, tmp_path / part)
    for folder in ("feeds", "code_lists"):
        place = Path("pipelines/contracts") / folder
        shutil.copytree(PROJECT_ROOT / place, tmp_path / place, dirs_exist_ok=True)
    monkeypatch.setattr(skeleton, "write", lambda _: [])  # what `make docs` writes
    since = date(2027, 1, 1)
    skeleton.new_component("4.99", group="so_hoa", title=title, feed="dvc/ho_so", since=since, root=tmp_path)
    named = yaml.safe_load((tmp_path / NAMES).read_text(encoding="utf-8"))
    (listed,) = [items for items in named.values() if isinstance(items, list)]
    assert listed[-1] == {"ma": "4.99", "nhan": title}
    with (tmp_path / DEFINITIONS).open(encoding="utf-8", newline="") as stream:
        assert [row["ten"] for row in csv.DictReader(stream) if row["ma_chi_so"] == "4.99"] == [title]
