"""Thrift structures survive reading and writing; what is cut short is refused."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.publish.thrift import (
    BINARY,
    BYTE,
    DOUBLE,
    FALSE,
    I16,
    I32,
    I64,
    LIST,
    SET,
    STRUCT,
    TRUE,
    Field,
    Items,
    Struct,
    ThriftError,
    read_struct,
    written,
)

_INTEGERS = st.integers(-(2**63), 2**63 - 1)
_PLAIN = st.one_of(
    st.builds(Field, st.sampled_from([I16, I32, I64]), _INTEGERS),
    st.builds(Field, st.just(BYTE), st.integers(0, 255)),
    st.builds(Field, st.just(DOUBLE), st.floats(allow_nan=False)),
    st.builds(Field, st.just(BINARY), st.binary(max_size=300)),
    st.booleans().map(lambda value: Field(TRUE if value else FALSE, value)),
    st.builds(Field, st.sampled_from([LIST, SET]), st.builds(Items, st.just(I64), st.lists(_INTEGERS, max_size=40))),
    st.builds(Field, st.just(LIST), st.builds(Items, st.just(TRUE), st.lists(st.booleans(), max_size=4))),
)
_STRUCTS: st.SearchStrategy[Struct] = st.recursive(
    st.dictionaries(st.integers(1, 40), _PLAIN, max_size=6),
    lambda inner: st.dictionaries(
        st.integers(1, 40),
        st.one_of(
            st.builds(Field, st.just(STRUCT), inner),
            st.builds(Field, st.just(LIST), st.builds(Items, st.just(STRUCT), st.lists(inner, max_size=20))),
        ),
        max_size=4,
    ),
    max_leaves=20,
)


@given(_STRUCTS)
def test_a_structure_survives(fields: Struct) -> None:
    assert read_struct(written(fields)) == fields


@given(_STRUCTS)
def test_half_a_structure_is_refused(fields: Struct) -> None:
    data = written(fields)
    with pytest.raises(ThriftError):
        read_struct(data[:-1])


def test_a_type_that_no_parquet_foot_has_is_refused() -> None:
    with pytest.raises(ThriftError):
        read_struct(bytes([1 << 4 | 11, 0, 0]))  # a map


def test_the_foot_of_a_real_file_comes_out_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": [1, 2, None], "b": ["x", None, "ơ"], "c": [[1.5], [], None]}), file)
    data = file.read_bytes()
    size = int.from_bytes(data[-8:-4], "little")
    foot = data[-8 - size : -8]
    assert written(read_struct(foot)) == foot
