"""A code of a list stands beside its Vietnamese name in every mart, or a reason says why not."""

from __future__ import annotations

import pytest
import yaml

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import Kind

MARTS = {
    path.stem.replace("__", ".", 1): [
        c["name"] for c in yaml.safe_load(path.read_text("utf-8"))["models"][0]["columns"]
    ]
    for path in sorted((PROJECT_ROOT / "dbt_project" / "models" / "marts").glob("*/*.yml"))
}
CODES = {
    field.name
    for contract in load_contracts(code_lists=load_code_lists()).values()
    for field in contract.fields
    if field.kind is Kind.CODE_LIST
} | {"ket_qua_han", "loai_lech", "loai_buoc"}

WITHOUT_NAME: dict[str, str] = {
    "cap": "three words one reads as they stand: tinh, huyen, xa",
    "nhom": "the groups of 766 have ten_nhom in tong_hop and dinh_nghia",
    "hai_long": "a count of petitions, not a code",
    "loai_dang_ky": "four lists, one a register",
}
"""Column → why it has no name beside it in some marts."""
WITHOUT_NAME_IN: dict[tuple[str, str], str] = {
    ("tthc.thu_sai_phi", "loai"): "made in the same select; the three words are explained in its text",
}


@pytest.mark.parametrize("mart", MARTS)
def test_a_code_has_its_name_beside_it(mart: str) -> None:
    columns = MARTS[mart]
    bare = {name for name in columns if name in CODES and f"{name}_ten" not in columns}
    assert {name for name in bare if name not in WITHOUT_NAME and (mart, name) not in WITHOUT_NAME_IN} == set()


def test_every_reason_is_needed() -> None:
    bare = {
        (mart, name)
        for mart, columns in MARTS.items()
        for name in columns
        if name in CODES and f"{name}_ten" not in columns
    }
    assert set(WITHOUT_NAME) <= {name for _, name in bare}
    assert set(WITHOUT_NAME_IN) <= bare
