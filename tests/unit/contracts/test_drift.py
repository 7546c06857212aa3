"""Contract, raw table, dbt source, staging, rules and pages agree, both ways, on name, type, text and class."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.columns import Column, raw_columns, staging_columns
from pipelines.contracts.generate import DOCS, SOURCES, STAGING, stale, write
from pipelines.contracts.loader import load_contracts
from pipelines.contracts.model import Contract
from pipelines.quality.rules import load_rules
from pipelines.warehouse.schema import LEDGER_TABLES, create_tables

CONTRACTS = load_contracts()
BY_TABLE = {contract.table: contract for contract in CONTRACTS.values()}
MODELS = PROJECT_ROOT / "dbt_project" / "models"
RULES = load_rules()


def facts(columns: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [(c["name"], c["data_type"], c["description"], c["config"]["meta"]["nhay_cam"]) for c in columns]


def expected(columns: tuple[Column, ...]) -> list[tuple[str, str, str, str]]:
    return [(c.name, c.sql_type.lower(), c.text, c.sensitivity.value) for c in columns]


def read(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="module")
def raw() -> dict[str, list[tuple[str, str]]]:
    with duckdb.connect() as connection:
        create_tables(connection, CONTRACTS.values())
        rows = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'tho' "
            "order by table_name, column_index"
        ).fetchall()
    tables: dict[str, list[tuple[str, str]]] = {}
    for table, column, sql_type in rows:
        tables.setdefault(table, []).append((column, sql_type))
    return tables


def test_nothing_generated_is_stale() -> None:
    assert stale() == [], "chạy make docs"


def test_the_raw_tables_are_those_of_the_contracts(raw: dict[str, list[tuple[str, str]]]) -> None:
    assert raw == {name: [(c.name, c.sql_type) for c in raw_columns(c_)] for name, c_ in BY_TABLE.items()}


def test_the_sources_of_dbt_are_those_of_the_contracts() -> None:
    (source,) = read(PROJECT_ROOT / SOURCES)["sources"]
    declared = {table["name"]: facts(table["columns"]) for table in source["tables"]}
    assert declared == {name: expected(raw_columns(contract)) for name, contract in BY_TABLE.items()}


def test_the_staging_models_are_those_of_the_contracts() -> None:
    declared = {}
    for path in (PROJECT_ROOT / STAGING).rglob("*.yml"):
        for model in read(path)["models"]:
            assert model["config"]["contract"]["enforced"] is True
            assert path.with_suffix(".sql").is_file()
            declared[model["name"]] = facts(model["columns"])
    assert declared == {f"stg_{name}": expected(staging_columns(contract)) for name, contract in BY_TABLE.items()}
    assert {path.stem for path in (PROJECT_ROOT / STAGING).rglob("*.sql")} == set(declared)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda contract: contract.feed)
def test_a_staging_model_tests_its_key_or_says_why_not(contract: Contract) -> None:
    (model,) = read(next((PROJECT_ROOT / STAGING).rglob(f"stg_{contract.table}.yml")))["models"]
    tested = model.get("data_tests") or [c for c in model["columns"] if "unique" in c.get("data_tests", ())]
    assert tested or f"Không kiểm khóa ở đây: {contract.key_untested}" in model["description"]


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda contract: contract.feed)
def test_the_page_of_a_feed_holds_its_fields(contract: Contract) -> None:
    lines = (PROJECT_ROOT / DOCS / f"{contract.table}.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    rows = {cell[0]: cell for cell in cells if len(cell) == 7}
    assert [name for name in rows if name in contract.by_name] == [field.name for field in contract.fields]
    assert all(field.description in rows[field.name][6] for field in contract.fields)


def test_rules_on_raw_and_staging_tables_name_columns_of_the_contract() -> None:
    checked = 0
    for rule in RULES:
        schema, _, table = rule.table.partition(".")
        if schema not in ("tho", "stg"):
            continue
        contract = BY_TABLE[table.removeprefix("stg_")]
        columns = raw_columns(contract) if schema == "tho" else staging_columns(contract)
        assert set(rule.columns) <= {column.name for column in columns}, rule.code
        checked += 1
    assert checked > 100


def test_models_read_no_feed_without_a_contract() -> None:
    called = {
        name
        for path in MODELS.rglob("*.sql")
        for name in re.findall(r"source\('tho', '(\w+)'\)", path.read_text(encoding="utf-8"))
    }
    assert called <= set(BY_TABLE)


def test_the_ledger_of_dbt_is_the_ledger_of_the_warehouse() -> None:
    (source,) = read(MODELS / "sources_so_cai.yml")["sources"]
    made_elsewhere = {"nhip_nguon", "cap_trung", "cum_trung"}
    assert {table["name"] for table in source["tables"]} <= set(LEDGER_TABLES) | made_elsewhere


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The parts of the project that the generator reads and writes."""
    for name in (
        *(f"pipelines/contracts/{part}" for part in ("feeds", "code_lists", "own_codes")),
        "docs/feeds",
        "dbt_project",
    ):
        shutil.copytree(PROJECT_ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("target", "logs"))
    return tmp_path


def test_a_changed_a_new_and_a_deleted_feed_are_noticed_and_written(copy: Path) -> None:
    feeds = copy / "pipelines" / "contracts" / "feeds" / "dvc"
    assert stale(copy) == []
    text = (feeds / "danh_gia.yaml").read_text(encoding="utf-8")
    (feeds / "danh_gia.yaml").write_text(text.replace("Điểm từ 1 đến 5.", "Điểm, 1 đến 5."), encoding="utf-8")
    (feeds / "pakn.yaml").rename(feeds / "phan_anh.yaml")
    touched = set(write(copy))
    assert {"docs/feeds/dvc__pakn.md", "docs/feeds/dvc__phan_anh.md", SOURCES} <= touched
    assert not (copy / STAGING / "dvc" / "stg_dvc__pakn.sql").exists()
    assert (copy / STAGING / "dvc" / "stg_dvc__phan_anh.sql").exists()
    assert "Điểm, 1 đến 5." in (copy / STAGING / "dvc" / "stg_dvc__danh_gia.yml").read_text(encoding="utf-8")
    assert not any("stg_dvc__ho_so" in name for name in touched)
    assert stale(copy) == []
