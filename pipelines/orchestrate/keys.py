"""Asset keys: one place says how a file's feed, a raw table, a model and a published table are called.

In a deployment of several provinces each key begins with the province (``province``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dagster import AssetKey

from pipelines.contracts.model import Contract
from pipelines.orchestrate.several.province import own_location


def key(*parts: str) -> AssetKey:
    """A table of the working warehouse, by schema and name."""
    location = own_location()
    return AssetKey([*([location] if location else []), *parts])


def files_key(contract: Contract) -> AssetKey:
    """The folder a feed's files lie in: ``raw/<system>/<feed>``."""
    return key("raw", *contract.feed.split("/"))


def raw_key(contract: Contract) -> AssetKey:
    """The raw table of a feed: ``tho/<table>``."""
    return key("tho", contract.table)


def ledger_key(table: str) -> AssetKey:
    """A table of the ledger: ``so_cai/<table>``."""
    return key("so_cai", table)


def node_key(node: Mapping[str, Any]) -> AssetKey:
    """A dbt node: source name and table, or schema and table."""
    if node["resource_type"] == "source":
        return key(node["source_name"], node["name"])
    return key(node["schema"], node.get("alias") or node["name"])


def gate_key(group: str) -> AssetKey:
    """The gate of a mart group: ``cong/<group>``."""
    return key("cong", group)


def published_key(schema: str, table: str) -> AssetKey:
    """A published table: ``kho/<schema>/<table>``."""
    return key("kho", schema, table)
