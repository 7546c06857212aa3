"""JSON read by pieces gives what the reader of whole documents gives, refusals included."""

from __future__ import annotations

import json
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats import json_lines
from pipelines.intake.read.formats.json_lines import read_json

TEXTS = st.text(st.sampled_from('aấ"\\/~\n\t\u00a0\u0301 0{[,:😀'), max_size=5)
LEAVES = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2), max_leaves=3
)
RECORDS = st.lists(st.dictionaries(TEXTS | st.sampled_from("abAB"), VALUES, max_size=4), max_size=6)
GAPS = st.lists(
    st.sampled_from(["", "\u00a0\x1c", " ", "\t", "\r", "\u00a0", "\x1c", "[1]", "5", '{"a":', "null", "{}"]),
    max_size=3,
)


def _outcome(text: str, limits: Limits) -> object:
    try:
        sheet = read_json(text.encode("utf-8"), limits, lambda keys: len({"a", "b"} & set(keys)))
    except FileRefusedError as refusal:
        return str(refusal)
    return sheet.header, sheet.cells.rows(), sheet.rows.to_list()


def _both_ways(text: str, limits: Limits) -> None:
    with patch.object(json_lines, "_CHARACTERS", 20), patch.object(json_lines, "_ELEMENTS", 2):
        quick = _outcome(text, limits)
    with patch.object(json_lines, "_by_pieces", lambda *_: None):
        assert quick == _outcome(text, limits)


@settings(max_examples=60)
@given(records=RECORDS, gaps=GAPS, most=st.sampled_from([3, 2_000]))
def test_lines_by_pieces_give_what_all_at_once_gives(records, gaps, most):
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    _both_ways("\n".join([*lines[:2], *gaps, *lines[2:]]), Limits(columns=most))


@settings(max_examples=60)
@given(records=st.lists(RECORDS | VALUES, max_size=4), under_data=st.booleans(), indent=st.sampled_from([None, 2]))
def test_documents_by_pieces_give_what_all_at_once_gives(records, under_data, indent):
    document = [item for part in records for item in (part if isinstance(part, list) else [part])]
    _both_ways(json.dumps({"data": document} if under_data else document, indent=indent), Limits())


def test_keys_come_in_order_of_first_appearance_over_the_pieces():
    lines = ['{"b": 1}', '{"a": 2, "b": 3}', "", '{"c": 4, "a": 5}', '{"a": 6}']
    with patch.object(json_lines, "_CHARACTERS", 8):
        sheet = read_json("\n".join(lines).encode(), Limits())
    assert sheet.header == ("b", "a", "c")
    assert sheet.cells.rows() == [("1", None, None), ("3", "2", None), (None, "5", "4"), (None, "6", None)]


@settings(max_examples=40)
@given(pages=st.lists(st.fixed_dictionaries({"c": RECORDS, "n": st.integers()}), min_size=1, max_size=3))
def test_pages_by_pieces_give_what_all_at_once_gives(pages):
    _both_ways("\n".join(json.dumps(page) for page in pages), Limits())
    _both_ways(json.dumps(pages), Limits())
