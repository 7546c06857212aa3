"""Names are made of words that the glossary knows; layers are told by their prefix; one YAML a model."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from pipelines.config.paths import PROJECT_ROOT
from pipelines.house.docs import main, stale
from pipelines.house.words import load_words, names, parts, unknown

WORDS = load_words()
NAMES = names()
MODELS = PROJECT_ROOT / "dbt_project" / "models"


def test_every_part_of_a_name_is_in_the_glossary() -> None:
    assert unknown(NAMES, WORDS) == {}, "thêm vào pipelines/house/words.yaml, hoặc đặt tên bằng từ đã có"


def test_a_new_name_with_an_unknown_part_is_refused() -> None:
    assert unknown({"ngay_tiep_nhan", "ngay_foo_nhan"}, WORDS) == {"ngay_foo_nhan": ["foo"]}


def test_every_word_is_used_and_none_stands_for_another() -> None:
    used = {part for name in NAMES for part in parts(name)}
    assert set(WORDS) == used
    for word in WORDS.values():
        for avoided in word.tranh:
            assert [name for name in NAMES if f"_{avoided}_" in f"_{name}_"] == [], avoided


def test_the_glossary_is_not_stale_and_a_stale_one_is_told() -> None:
    assert stale() == [], "chạy make docs"
    assert main(["--check"]) == 0


def test_every_model_and_its_unit_tests_have_one_yaml_of_its_name() -> None:
    for path in MODELS.rglob("*.yml"):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        if content.keys() <= {"version", "sources", "groups", "exposures"}:
            continue
        assert [model["name"] for model in content.get("models", [{"name": path.stem}])] == [path.stem], path
        assert path.with_suffix(".sql").is_file(), path


def test_file_names_tell_what_is_inside() -> None:
    paths = [*MODELS.rglob("*.*"), *(PROJECT_ROOT / "expectations").rglob("*.yaml")]
    vague = re.compile(r"(_2|_day_du|_them|khac)$")
    assert [path.name for path in paths if vague.search(path.stem)] == []


def test_rules_that_are_cited_are_explained() -> None:
    page = (PROJECT_ROOT / "docs" / "quy_tac.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^## (R\d+) ", page, re.MULTILINE)) | set(
        re.findall(r"^\*\*(R\d+b) ", page, re.MULTILINE)
    )
    cited: set[str] = set()
    for folder in ("dbt_project/models", "dbt_project/macros", "expectations", "pipelines"):
        for path in Path(PROJECT_ROOT / folder).rglob("*"):
            if path.suffix in {".sql", ".yml", ".yaml", ".py"}:
                cited |= set(re.findall(r"\bR(?:1[0-6]|[1-9])b?\b", path.read_text(encoding="utf-8")))
    assert explained == {f"R{number}" for number in range(1, 17)} | {"R3b", "R4b"}
    assert cited <= explained
