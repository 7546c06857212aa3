"""One wording a meaning: a text of a column that stands twice is a block of ``dbt_project/models/_tu_dien``."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
DICTIONARY = PROJECT / "models" / "_tu_dien"
BLOCK = re.compile(r"{% docs (\w+) %}\n(.*?)\n{% enddocs %}", re.DOTALL)
CALL = re.compile(r"""{{ doc\("(\w+)"\) }}""")

# (model, column) → why a column means something else here than its name does elsewhere.
OTHER_MEANING: dict[tuple[str, str], str] = {
    ("chi_tieu", "phien_ban"): "version of a definition, not of the publication",
    ("tthc__ky_bao_cao", "ky"): "code of a reporting period, half years included",
    ("tthc__chua_anh_xa", "ma_tthc"): "the code as exported, since it could not be mapped",
    ("tthc__don_vi_chia", "ma_don_vi_hien_nay"): "one of several successors that share a unit",
    ("van_hanh__tep", "ma_tep"): "the key of the table of files",
    ("van_hanh__thay_doi_tre", "ma_tep"): "the file that first brought the new state",
}


def described() -> list[tuple[str, str, str]]:
    """(model or seed, column, text) of every column written by hand."""
    rows = []
    for path in sorted(PROJECT.rglob("*.yml")):
        if path.parent == PROJECT or not {"models", "seeds"} & set(path.parts) or "staging" in path.parts:
            continue
        if path.name.startswith("sources"):
            continue
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for model in [*(content.get("models") or ()), *(content.get("seeds") or ())]:
            for column in model.get("columns") or ():
                rows.append((model["name"], column["name"], " ".join(column.get("description", "").split())))
    return rows


DESCRIBED = described()
BLOCKS = {
    name: text for path in DICTIONARY.glob("*.md") for name, text in BLOCK.findall(path.read_text(encoding="utf-8"))
}


def test_a_block_is_defined_once_used_and_named_after_a_column() -> None:
    names = [n for path in DICTIONARY.glob("*.md") for n, _ in BLOCK.findall(path.read_text(encoding="utf-8"))]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(names) == {name for _, _, text in DESCRIBED for name in CALL.findall(text)}
    for _, column, text in DESCRIBED:
        for name in CALL.findall(text):
            assert name == column or name.startswith(f"{column}__"), (column, name)


def test_no_two_blocks_say_the_same() -> None:
    said = Counter((name.split("__")[0], text.strip().rstrip(".")) for name, text in BLOCKS.items())
    assert [key for key, count in said.items() if count > 1] == []


def test_a_column_whose_name_has_a_block_is_not_described_otherwise() -> None:
    found = {(m, c) for m, c, text in DESCRIBED if c in BLOCKS and not CALL.search(text)}
    assert found == set(OTHER_MEANING)


def test_no_text_of_a_column_is_written_twice() -> None:
    written = Counter((column, text.rstrip(".")) for _, column, text in DESCRIBED if text and not CALL.search(text))
    assert [key for key, count in written.items() if count > 1] == []


@pytest.mark.parametrize(
    "name", ["ngay_so_lieu", "phien_ban", "ma_don_vi", "ky", "ma_tthc", "ma_ho_so", "ma_tep", "dong"]
)
def test_the_names_that_stand_everywhere_have_a_block(name: str) -> None:
    assert name in BLOCKS
