"""The recipes of ``docs/thay_doi``, run block by block in a copy of the repository, end with everything in order."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.config.paths import PROJECT_ROOT

RECIPES = ("nguon", "chi_so", "quy_tac", "cot")
BLOCK = re.compile(r"^```(sh|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PARTS = ("pipelines", "dbt_project", "expectations", "docs", "orchestration.yaml", "pyproject.toml")
FIXTURES = "tests/integration/quality/rule_fixtures.yaml"
BUILD = """
import sys
from datetime import date
import duckdb
from pipelines.config.paths import data_paths
from pipelines.contracts.loader import load_contracts
from pipelines.quality.evaluate import evaluate
from pipelines.quality.rules import load_rules
from pipelines.warehouse import dbt
from pipelines.warehouse.schema import create_tables

paths = data_paths()
paths.prepare()
with duckdb.connect(str(paths.warehouse_file)) as connection:
    create_tables(connection, load_contracts().values())
    connection.execute("insert into so_cai.tham_so values (?, 'v0')", [date(2027, 1, 31)])
names = ["stg_dvc__giam_dinh", "+tthc__pakn", "stg_dvc__thanh_toan"]
names += ["dinh_nghia_chi_so", "cach_dem_766", "nhom_chi_so"]
built = dbt.build(paths, select=names, exclude=["test_name:relationships"])
print("HONG", [node.unique_id for node in built if not node.ok])
rules = [rule for rule in load_rules() if rule.code == "TTOAN_DUNG_09"]
(result,) = evaluate(paths.warehouse_file, rules, run_number=1, version="v0", as_of=date(2027, 1, 31))
print("QUY_TAC", result.error)
with duckdb.connect(str(paths.warehouse_file), read_only=True) as connection:
    print("COT", connection.execute("select count(co_gia_han) from tthc.pakn").fetchone())
"""


class Copy:
    """The repository again, with a shell whose ``kho`` and ``make docs`` are those of the copy."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for part in PARTS:
            source = PROJECT_ROOT / part
            if source.is_dir():
                left_out = shutil.ignore_patterns("__pycache__", "target", "logs")
                shutil.copytree(source, root / part, ignore=left_out)
            else:
                shutil.copy(source, root / part)
        (root / FIXTURES).parent.mkdir(parents=True)
        shutil.copy(PROJECT_ROOT / FIXTURES, root / FIXTURES)
        self.environment = {**os.environ, "PYTHONPATH": str(root), "KHO_DATA": str(root / "du_lieu")}
        self.environment.pop("KHO_ORCHESTRATION", None)

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def kho(self, line: str) -> str:
        words = re.findall(r'"([^"]*)"|(\S+)', line)
        return self.run("-m", "pipelines.cli", *(quoted or plain for quoted, plain in words[1:]))

    def patch(self, text: str) -> None:
        done = subprocess.run(
            ["patch", "-p1", "--no-backup-if-mismatch"],
            cwd=self.root, input=text, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, list[str]]:
    """The copy after all four recipes, and the commands run; the doctor's parse is kept for the end."""
    copy = Copy(tmp_path_factory.mktemp("nha") / "kho")
    ran = []
    for recipe in RECIPES:
        text = (PROJECT_ROOT / "docs" / "thay_doi" / f"{recipe}.md").read_text(encoding="utf-8")
        blocks = BLOCK.findall(text)
        assert blocks[-1] == ("sh", "kho doctor\n") or blocks[-1][1].endswith("kho doctor\n"), recipe
        for kind, body in blocks:
            if kind == "diff":
                copy.patch(body)
                continue
            for line in body.splitlines():
                if line == "make docs":
                    copy.run("-m", "pipelines.house.docs")
                elif line != "kho doctor":
                    copy.kho(line)
                ran.append(line)
    return copy, ran


def test_the_recipes_are_run_and_the_doctor_finds_everything_in_order(changed: tuple[Copy, list[str]]) -> None:
    copy, ran = changed
    assert ran.count("kho doctor") == len(RECIPES)
    shown = copy.kho("kho doctor")
    assert "SAI" not in shown
    assert "28 nguồn" in shown


def test_what_the_recipes_added_is_built_and_judged(changed: tuple[Copy, list[str]]) -> None:
    shown = changed[0].run("-c", BUILD)
    assert "HONG []" in shown
    assert "QUY_TAC None" in shown
    assert "COT (0,)" in shown


def test_what_is_left_unfinished_or_not_made_again_is_told(changed: tuple[Copy, list[str]]) -> None:
    copy, _ = changed
    copy.kho("kho new nguon dvc/tam")
    told = "from pipelines.house.skeleton import unfinished; print(unfinished())"
    assert "pipelines/contracts/feeds/dvc/tam.yaml:1" in copy.run("-c", told)
    (copy.root / "pipelines" / "contracts" / "feeds" / "dvc" / "tam.yaml").unlink()
    assert "stg_dvc__tam.sql" in copy.run("-c", "from pipelines.house.docs import stale; print(stale())")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("nguon Dvc/x", "chữ thường"),
        ("nguon dvc/ho_so", "đã có nguồn"),
        ("chi-so 4.1 --nhom so_hoa --ten A --nguon dvc/ho_so --tu 2027-01-01", "đã có chỉ số"),
        ("chi-so 9.9 --nhom la --ten A --nguon dvc/ho_so --tu 2027-01-01", "không có nhóm"),
        ("quy-tac HS_DUNG_01 --bang stg.stg_dvc__ho_so", "đã có quy tắc"),
        ("quy-tac la --bang stg.stg_dvc__ho_so", "phải có dạng"),
    ],
)
def test_a_name_that_cannot_be_used_is_told(words: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    from pipelines.cli.main import run

    assert run(["new", *words.split()]) == 2
    assert told in "".join(capsys.readouterr())
