"""What changed between two exports of the inputs (``warehouse.inputs``), for an engine that builds on from the first.

Two tables go with an export: ``ke_hoach.lan``, one row, which inputs these are and which stood in the folder before,
and ``ke_hoach.cha``, how each planned model depends on each parent and what became of it since. Small inputs are told
apart by their digests. Of a raw table the working warehouse says it, where its last build is the one after the earlier
export: the keys it had to replace (schema ``doi``). In any other case everything may have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from pipelines.warehouse.database import content_digest, identifier, literal
from pipelines.warehouse.dbt import DBT_PROJECT
from pipelines.warehouse.plan import changed_rows, parents_of, planned

Manifest = Mapping[str, Any]

SCHEMA = "ke_hoach"
CHANGED = "doi"
_PARTS = ("dbt_project.yml", "profiles.yml", "models", "macros")


class Change(StrEnum):
    """What became of an input, as the engine reads it."""

    NONE = "khong"
    KEYS = "khoa"
    WHOLE = "het"


@dataclass(frozen=True)
class State:
    """One export: run and base run of the last build, its day, and what was noted or is still being built after it."""

    run: int | None
    base_run: int | None
    day: date
    settled: bool
    project: str
    digests: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Change] = field(default_factory=dict)
    """Of each raw table, what the last build saw change of it."""

    @property
    def name(self) -> str:
        """Two exports of one name are of the same rows."""
        told = [self.run, self.settled, str(self.day), self.project, *sorted(self.digests.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def changes(before: State | None, now: State) -> dict[str, Change]:
    """What became of every input since ``before``; where nothing is known, all of it has changed."""
    if before is None:
        return dict.fromkeys([*now.digests, *now.raw], Change.WHOLE)
    small = {
        node: Change.NONE if before.digests.get(node) == digest else Change.WHOLE
        for node, digest in now.digests.items()
    }
    return small | {node: _raw_change(before, now, change) for node, change in now.raw.items()}


def _raw_change(before: State, now: State, change: Change) -> Change:
    if now.run is None or not (before.settled and now.settled):
        return Change.WHOLE
    if before.run == now.run:
        return Change.NONE
    return change if before.run == now.base_run else Change.WHOLE


def write(connection: duckdb.DuckDBPyConnection, manifest: Manifest, before: Path, folder: Path) -> None:
    """Write the plan into ``folder`` for one who has built from the export in ``before``, if there is one there."""
    parents = [
        (unique_id, parent.node, parent.way, parent.take, changed_rows(manifest, parent.node))
        for unique_id, node in planned(manifest).items()
        for parent in parents_of(manifest, node)
    ]
    earlier, now = _read(before), _state(connection, manifest, {parent[1] for parent in parents})
    became = changes(earlier, now)
    (folder / SCHEMA).mkdir(parents=True)
    (folder / SCHEMA / "trang_thai.json").write_text(json.dumps(_told(now), sort_keys=True), encoding="utf-8")
    base = (earlier.name, earlier.day) if earlier else (None, None)
    _parquet(
        connection,
        folder / SCHEMA / "lan",
        "SELECT ?::VARCHAR AS ma, ?::VARCHAR AS ma_nen, ?::VARCHAR AS du_an, ?::DATE AS ngay, ?::DATE AS ngay_nen",
        [now.name, base[0], now.project, now.day, base[1]],
    )
    columns = list(zip(*[(*parent, became.get(parent[1])) for parent in parents], strict=True)) or [()] * 6
    names = ("nut", "cha", "cach", "lay", "doi", "thay_doi")
    marks = ", ".join(f"unnest(?::VARCHAR[]) AS {name}" for name in names)
    _parquet(connection, folder / SCHEMA / "cha", f"SELECT {marks}", [list(column) for column in columns])
    for node, change in became.items():
        if change is Change.KEYS:
            table = changed_rows(manifest, node).partition(".")[2]
            _parquet(connection, folder / CHANGED / table, f"SELECT * FROM {CHANGED}.{identifier(table)}", [])


def _parquet(connection: duckdb.DuckDBPyConnection, place: Path, query: str, values: list[Any]) -> None:
    place.mkdir(parents=True)
    connection.execute(f"COPY ({query}) TO {literal(str(place / 'phan.parquet'))} (FORMAT parquet)", values)


def _state(connection: duckdb.DuckDBPyConnection, manifest: Manifest, read: set[str]) -> State:
    """Of the warehouse as it stands; ``read``: what planned models are made of."""
    build = connection.execute("SELECT lan, lan_nen, dang_dung, toan_bo FROM so_cai.dung").fetchall()
    run, base_run, going_on, whole = build[0] if build else (None, None, False, True)
    noted = connection.execute("SELECT count(*) FROM so_cai.khoa_doi").fetchall()[0][0]
    day = connection.execute("SELECT ngay_so_lieu FROM so_cai.tham_so").fetchall()[0][0]
    seen = dict(connection.execute("SELECT nut, (doi_lan, toan_lan) FROM so_cai.nut_dung").fetchall())
    digests, raw = {}, {}
    for node in sorted(read):
        source = manifest["sources"].get(node)
        if source is not None and source["source_name"] == "tho":
            changed, wholly = seen.get(node, (run, run))
            raw[node] = Change.WHOLE if whole or wholly == run else Change.KEYS if changed == run else Change.NONE
        elif source is not None:
            digests[node] = content_digest(
                connection, f"{identifier(source['schema'])}.{identifier(source['identifier'])}"
            )
        elif node.startswith("seed."):
            seed = manifest["nodes"][node]
            digests[node] = content_digest(connection, f"{identifier(seed['schema'])}.{identifier(seed['alias'])}")
    return State(run, None if whole else base_run, day, bool(going_on or not noted), _project(), digests, raw)


def _project() -> str:
    """Digest of the project's text: with another one everything is built whole."""
    files = sorted(
        file
        for part in _PARTS
        for file in ([DBT_PROJECT / part] if (DBT_PROJECT / part).is_file() else (DBT_PROJECT / part).rglob("*.*"))
    )
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(DBT_PROJECT)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def _told(state: State) -> dict[str, Any]:
    return {
        "lan": state.run,
        "ngay": state.day.isoformat(),
        "xong": state.settled,
        "du_an": state.project,
        "dau": dict(state.digests),
    }


def _read(folder: Path) -> State | None:
    file = folder / SCHEMA / "trang_thai.json"
    if not file.exists():
        return None
    told = json.loads(file.read_text(encoding="utf-8"))
    return State(told["lan"], None, date.fromisoformat(told["ngay"]), told["xong"], told["du_an"], told["dau"])
