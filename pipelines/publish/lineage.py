"""What the manifest says of a published table and its file does not: what it is made of, what tells its rows apart."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.quality.manifest import Manifest, Mart

_SEEDS = (("lich", "lich"), ("don_vi", "don_vi"))


def made_of(manifest: Manifest, mart: Mart) -> dict[str, list[str]]:
    """Raw feeds (``nguon``) and kinds of reference data (``goc``) that a mart is made of, by dbt's lineage."""
    parents: Mapping[str, list[str]] = manifest.get("parent_map", {})
    waiting, seen = [mart.unique_id], set[str]()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += parents.get(node, [])
    feeds = {node.split(".")[-1].replace("__", "/", 1) for node in seen if ".tho." in node}
    return {"nguon": sorted(feeds), "goc": sorted({kind for node in seen if (kind := _kind(node))})}


def _kind(node: str) -> str | None:
    if node.startswith("seed."):
        name = node.rsplit(".", maxsplit=1)[-1]
        return next((kind for prefix, kind in _SEEDS if name.startswith(prefix)), "dinh_nghia")
    return "don_vi" if node.startswith("source.") and ".dvhc." in node else None
