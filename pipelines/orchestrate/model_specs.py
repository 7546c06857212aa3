"""dbt's models and seeds as Dagster's assets, from the manifest alone.

dagster-dbt says the same, and imports all of dbt for it: two seconds that a night with nothing to build need not pay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from dagster import AssetDep, AssetKey, AssetSpec, TableColumn, TableSchema

from pipelines.orchestrate.keys import node_key

_BUILT = {"model", "seed", "snapshot"}

Manifest = Mapping[str, Any]


def model_specs(manifest: Manifest, owner: str) -> dict[AssetKey, AssetSpec]:
    """What dbt builds, by key: grouped by schema, described by the Vietnamese descriptions, its columns beside them."""
    kinds = {"dbt", str(manifest["metadata"]["adapter_type"])}
    return {
        node_key(node): AssetSpec(
            node_key(node),
            deps=[_dep(manifest, parent) for parent in _parents(manifest, node)],
            skippable=True,
            group_name=str(node["schema"]),
            description=str(node.get("description") or ""),
            code_version=_code_version(node),
            kinds=kinds,
            owners=[owner],
            metadata=_metadata(manifest, node),
        )
        for node in manifest["nodes"].values()
        if node["resource_type"] in _BUILT
    }


def _parents(manifest: Manifest, node: Mapping[str, Any]) -> list[str]:
    found = {**manifest["nodes"], **manifest["sources"]}
    parents = (node.get("depends_on") or {}).get("nodes", ())
    return sorted({parent for parent in parents if found[parent]["resource_type"] in {*_BUILT, "source"}})


def _dep(manifest: Manifest, parent: str) -> AssetDep:
    source = manifest["sources"].get(parent)
    if source is None:
        return AssetDep(node_key(manifest["nodes"][parent]))
    return AssetDep(node_key(source), metadata=_place(manifest, source))


def _code_version(node: Mapping[str, Any]) -> str | None:
    code = node.get("raw_code")
    if code:
        return hashlib.sha256(code.encode()).hexdigest()
    return (node.get("checksum") or {}).get("checksum")


def _metadata(manifest: Manifest, node: Mapping[str, Any]) -> dict[str, Any]:
    told = _place(manifest, node)
    told["dagster-dbt/materialization_type"] = str(node["config"]["materialized"])
    if node.get("columns"):
        told["dagster/column_schema"] = TableSchema(
            [
                TableColumn(name, column.get("data_type") or "?", column.get("description"))
                for name, column in node["columns"].items()
            ]
        )
    return told


def _place(manifest: Manifest, node: Mapping[str, Any]) -> dict[str, Any]:
    parts = [node.get("database"), node.get("schema"), node.get("alias")]
    if node["resource_type"] == "source":
        parts.append(node["name"])
    return {
        "dagster/table_name": ".".join(part for part in parts if part),
        "dagster/storage_kind": str(manifest["metadata"]["adapter_type"]),
    }
