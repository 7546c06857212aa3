"""What a run is asked for: the whole night, or some feeds, mart groups or models of it (a selection in the web UI)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from dagster import AssetKey

from pipelines.contracts.model import Contract
from pipelines.nightly import LINKED
from pipelines.orchestrate.keys import gate_key, ledger_key, node_key, published_key, raw_key
from pipelines.quality.gate import mart_groups
from pipelines.quality.manifest import marts
from pipelines.warehouse.build_plan import needed


@dataclass(frozen=True)
class Scope:
    """Feeds to read, models to build (unique ids), mart groups to judge and publish; None: all of them."""

    feeds: frozenset[str] | None = None
    models: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    link: bool = True

    @property
    def publishes(self) -> bool:
        """Whether anything is judged and published."""
        return self.groups is None or bool(self.groups)

    @property
    def words(self) -> str | None:
        """The scope as the ledger and officials read it; None for the whole night."""
        if self.feeds is None:
            return None
        said = []
        if self.feeds:
            said.append(f"nguồn {', '.join(sorted(self.feeds))}")
        if self.groups:
            said.append(f"nhóm {', '.join(sorted(self.groups))}")
        elif self.models:
            said.append(f"{len(self.models)} bảng")
        if self.link and not self.groups:
            said.append("liên kết hộ tịch")
        return "; ".join(said) or "sổ cái"


WHOLE = Scope()


def scope_of(
    selected: Collection[AssetKey],
    every: Collection[AssetKey],
    contracts: Collection[Contract],
    manifest: dict[str, Any],
) -> Scope:
    """The scope of a selection of the night's assets.

    A gate or a published table stands for its whole mart group: everything the group rests on is built again, up to
    the raw tables, so that it is judged and published as one.
    """
    if set(selected) >= set(every):
        return WHOLE
    chosen = set(selected)
    groups = {
        group
        for group, tables in mart_groups(manifest).items()
        if gate_key(group) in chosen or any(published_key(*table) in chosen for table in tables)
    }
    models = {
        unique_id for unique_id, node in manifest["nodes"].items() if _is_built(node) and node_key(node) in chosen
    }
    models |= needed(manifest, [mart.unique_id for mart in marts(manifest) if mart.group in groups])
    rests_on_pairs = any(LINKED in _parents(manifest, unique_id) for unique_id in models)
    return Scope(
        frozenset(contract.feed for contract in contracts if raw_key(contract) in chosen),
        frozenset(models),
        frozenset(groups),
        ledger_key("cap_trung") in chosen or (bool(groups) and rests_on_pairs),
    )


def _is_built(node: dict[str, Any]) -> bool:
    return node["resource_type"] in {"model", "seed", "snapshot"}


def _parents(manifest: dict[str, Any], unique_id: str) -> list[str]:
    return list((manifest["nodes"][unique_id].get("depends_on") or {}).get("nodes", ()))
