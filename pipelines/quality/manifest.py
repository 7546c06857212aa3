"""What the gate and the publication read from dbt's ``manifest.json``: lineage, mart groups, allow-listed columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Manifest = Mapping[str, Any]

PUBLISHED_CLASSES = frozenset({"cong_khai", "noi_bo"})
MACRO_MATERIALIZATIONS = frozenset({"bang_macro", "ham"})
"""Of a table macro, and of a scalar one."""
RAW_SOURCE = "tho"
UNGATED_GROUPS = frozenset({"chat_luong", "van_hanh"})


@dataclass(frozen=True)
class MartColumn:
    """A column as the model's YAML describes it; ``published`` only if its class allows it."""

    name: str
    description: str
    published: bool


@dataclass(frozen=True)
class Mart:
    """A published table or macro.

    ``finds``: it lists what is wrong or lacking, so that fewer rows are better. ``computed``: a view that is more than
    a stored table with the night's stamps. ``month_of``: the column by whose month its rows are divided, where there
    is one.
    """

    unique_id: str
    schema: str
    name: str
    group: str
    description: str
    columns: tuple[MartColumn, ...]
    key: tuple[str, ...]
    is_macro: bool
    finds: bool = False
    computed: bool = False
    month_of: str | None = None

    @property
    def table(self) -> str:
        """``schema.name``."""
        return f"{self.schema}.{self.name}"


def marts(manifest: Manifest) -> list[Mart]:
    """Every model that names a mart group in ``meta.nhom_mart``, in the order of schema and name."""
    found = []
    keys = _test_keys(manifest)
    for unique_id, node in manifest.get("nodes", {}).items():
        group = _meta(node).get("nhom_mart")
        if node.get("resource_type") == "model" and group:
            stored = manifest["nodes"].get(f"model.kho06.{_config(node).get('nhu')}", node)
            found.append(_mart(unique_id, node, str(group), keys.get(unique_id, ()), stored))
    return sorted(found, key=lambda mart: (mart.schema, mart.name))


def _mart(
    unique_id: str, node: Mapping[str, Any], group: str, tested_key: tuple[str, ...], stored: Mapping[str, Any]
) -> Mart:
    columns = tuple(
        MartColumn(
            name=str(column.get("name", name)).lower(),
            description=str(column.get("description") or "").strip(),
            published=_meta(column).get("nhay_cam") in PUBLISHED_CLASSES,
        )
        for name, column in (node.get("columns") or {}).items()
    )
    declared = tuple(str(name).lower() for name in _meta(node).get("khoa", ()))
    return Mart(
        unique_id=unique_id,
        schema=str(node["schema"]).lower(),
        name=str(node.get("alias") or node["name"]).lower(),
        group=group,
        description=str(node.get("description") or "").strip(),
        columns=columns,
        key=declared or _constraint_key(node) or tested_key,
        is_macro=_config(node).get("materialized") in MACRO_MATERIALIZATIONS,
        finds=bool(_meta(node).get("phat_hien")),
        computed=_config(stored).get("materialized") == "view",
        month_of=_config(stored).get("thang"),
    )


def _config(node: Mapping[str, Any]) -> Mapping[str, Any]:
    config: Mapping[str, Any] = node.get("config") or {}
    return config


def _meta(item: Mapping[str, Any]) -> dict[str, Any]:
    """``meta`` and ``config.meta`` of a node or column; the latter wins."""
    configured = (item.get("config") or {}).get("meta") or {}
    return {**(item.get("meta") or {}), **configured}


def _constraint_key(node: Mapping[str, Any]) -> tuple[str, ...]:
    for constraint in node.get("constraints") or ():
        if constraint.get("type") == "primary_key" and constraint.get("columns"):
            return tuple(str(name).lower() for name in constraint["columns"])
    for name, column in (node.get("columns") or {}).items():
        if any(c.get("type") == "primary_key" for c in column.get("constraints") or ()):
            return (str(name).lower(),)
    return ()


def _test_keys(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """Model → column of its generic ``unique`` test."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in manifest.get("nodes", {}).values():
        test = node.get("test_metadata") or {}
        column, model = node.get("column_name"), node.get("attached_node")
        if test.get("name") == "unique" and column and model:
            keys[str(model)] = (str(column).lower(),)
    return keys


def declared_keys(manifest: Manifest) -> dict[str, tuple[str, ...]]:
    """Model → columns that its ``khoa_duy_nhat`` test proves to be a key together."""
    keys: dict[str, tuple[str, ...]] = {}
    for node in manifest.get("nodes", {}).values():
        test = node.get("test_metadata") or {}
        columns = (test.get("kwargs") or {}).get("cot")
        if test.get("name") == "khoa_duy_nhat" and isinstance(columns, list) and node.get("attached_node"):
            keys[str(node["attached_node"])] = tuple(str(column).lower() for column in columns)
    return keys


def nodes_of_tables(manifest: Manifest) -> dict[str, str]:
    """``schema.table`` → unique id, of models, seeds, snapshots and sources."""
    found: dict[str, str] = {}
    for unique_id, node in manifest.get("nodes", {}).items():
        if node.get("resource_type") in {"model", "seed", "snapshot"}:
            found[f"{node['schema']}.{node.get('alias') or node['name']}".lower()] = unique_id
    for unique_id, source in manifest.get("sources", {}).items():
        found[f"{source['schema']}.{source.get('identifier') or source['name']}".lower()] = unique_id
    return found


def downstream(manifest: Manifest, starts: Iterable[str]) -> set[str]:
    """``starts`` and every node that depends on one of them.

    A failed test stands for the model it is attached to (its parents where it names none): what is downstream of
    that model is what the failure puts in doubt.
    """
    children: Mapping[str, list[str]] = manifest.get("child_map", {})
    waiting: list[str] = []
    for start in starts:
        waiting += _tested(manifest, start) or [start]
    reached: set[str] = set()
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += children.get(node, [])
    return reached


def _tested(manifest: Manifest, unique_id: str) -> list[str]:
    node = find_node(manifest, unique_id)
    if not is_test(node):
        return []
    attached = node.get("attached_node")
    if attached:
        return [str(attached)]
    return [str(name) for name in (node.get("depends_on") or {}).get("nodes", [])]


def raw_tables(manifest: Manifest, unique_id: str) -> list[str]:
    """The raw tables behind a staging view: a fault seen there is a fault of whatever else reads the same feed."""
    node = find_node(manifest, unique_id)
    if "staging" not in (node.get("fqn") or ()):
        return []
    parents = (node.get("depends_on") or {}).get("nodes", [])
    return [name for name in parents if manifest.get("sources", {}).get(name, {}).get("source_name") == RAW_SOURCE]


def find_node(manifest: Manifest, unique_id: str) -> Mapping[str, Any]:
    """The node, source or unit test of that id; empty where the project has none."""
    for part in ("nodes", "sources", "unit_tests"):
        found: Mapping[str, Any] | None = manifest.get(part, {}).get(unique_id)
        if found is not None:
            return found
    return {}


def is_test(node: Mapping[str, Any]) -> bool:
    """Whether a manifest entry is a data test or a unit test."""
    return node.get("resource_type") in {"test", "unit_test"}
