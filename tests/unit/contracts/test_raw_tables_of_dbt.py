"""The list of raw tables that dbt walks through is the list of contracts."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines.contracts.loader import load_contracts

MACRO = Path(__file__).parents[3] / "dbt_project" / "macros" / "bang_tho.sql"


def test_every_contract_is_in_the_list_and_nothing_else() -> None:
    listed = re.findall(r"'([a-z0-9_]+)'", MACRO.read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(contract.table for contract in load_contracts().values())
    assert len(listed) == len(set(listed))
