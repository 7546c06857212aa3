"""Random tables over random nights: every kept publication gives back what was published that night."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_versions import content

from pipelines.config.paths import data_paths
from pipelines.publish import parts
from pipelines.publish.keeping import Night
from pipelines.publish.proving import prove
from pipelines.publish.publish import publish
from pipelines.publish.reopening import reopened
from pipelines.publish.version_store import Store

TYPES = {
    "bigint": st.integers(-(2**62), 2**62),
    "varchar": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5),
    "double": st.floats(allow_nan=False),
    "boolean": st.booleans(),
    "decimal(18,6)": st.decimals(-(10**9), 10**9, places=6, allow_nan=False),
    "date": st.dates(),
    "timestamp": st.datetimes(),
    "hugeint": st.integers(-(2**100), 2**100),
    "varchar[]": st.lists(st.sampled_from(["a", "b'", ""]), max_size=2),
}
STAMPS = [("ngay_so_lieu", "date"), ("phien_ban", "varchar")]


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[tuple[str, str]], list[list[Any]]]:
    kinds = draw(st.lists(st.sampled_from(sorted(TYPES)), max_size=4))
    columns = [(f"c{i}", kind) for i, kind in enumerate(kinds)]
    columns += draw(st.lists(st.sampled_from(STAMPS), unique=True, min_size=0 if kinds else 1))
    cells = [TYPES[kind] | st.none() for _, kind in columns]
    same = draw(st.booleans())
    rows = draw(st.lists(st.tuples(*cells).map(list), max_size=4))
    if same and rows:
        for row in rows:
            for i, (name, _) in enumerate(columns):
                row[i] = rows[0][i] if (name, columns[i][1]) in STAMPS else row[i]
    return columns, rows


def release(root: Path, number: int, table: tuple[list[tuple[str, str]], list[list[Any]]]) -> None:
    columns, rows = table
    paths = data_paths(root)
    paths.prepare()
    paths.warehouse_file.unlink(missing_ok=True)
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("create schema tthc")
        connection.execute(f"create table tthc.bang ({', '.join(f'{n} {t}' for n, t in columns)})")
        for row in rows:
            connection.execute(f"insert into tthc.bang values ({', '.join('?' for _ in row)})", row)
        connection.execute("create macro tthc.bieu(a, b) as table select a as x, b as y, 'it''s' as z")
    described = [tiny.column(name) for name, _ in columns]
    models = [
        tiny.model("tthc", "bang", described),
        tiny.model("tthc", "bieu", [], config={"materialized": "bang_macro", "meta": {"nhom_mart": "tthc"}}),
    ]
    manifest = {"nodes": {f"model.kho06.{m['name']}": m for m in models}, "sources": {}, "child_map": {}}
    decisions = [decision for decision in tiny.decisions() if decision.group == "tthc"]
    night = Night(origins={"ma_nguon": "m"})
    with patch.object(parts, "LARGE", 1):  # so that every table is renewed, and kept in parts
        publish(paths, manifest, decisions, version=f"v{number}", as_of=tiny.AS_OF, night=night)


@settings(max_examples=15, suppress_health_check=[HealthCheck.data_too_large])
@given(st.lists(tables(), min_size=1, max_size=3))
def test_versions_always_reproduce_what_was_published(nights: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        published = {}
        for number, table in enumerate(nights):
            release(Path(folder), number, table)
            published[f"v{number}"] = content(data_paths(folder).marts_file)
        paths = data_paths(folder)
        for name, seen in published.items():
            with reopened(paths, name) as file:
                assert content(file) == seen
        assert all(not proof.faults for proof in prove(Store(paths.marts), None, None))
