"""The build cut into one part a schema, in the order of dbt's lineage; what a failure in one part stops in the next.

Each part is an invocation of dbt of its own, so that the night tells how long each schema took. Within an invocation
dbt skips what rests on a failed node; across them ``blocked`` says the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """What is built of one schema: unique ids of its models and seeds, and of the tests that can run after it.

    ``before`` nodes come before it, of ``total``.
    """

    schema: str
    nodes: frozenset[str]
    before: int
    total: int


def parts(manifest: Manifest, *, after: str) -> list[Part]:
    """The parts of the build, a schema after those it reads; models tagged ``after``, and what tests them, are none.

    A test belongs to the last part that holds one of the tables it looks at. Raises ``graphlib.CycleError`` where two
    schemas read each other.
    """
    built = {
        unique_id: str(node["schema"])
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in {"model", "seed", "snapshot"} and after not in (node.get("tags") or ())
    }
    reads: dict[str, set[str]] = {schema: set() for schema in sorted(built.values())}
    for unique_id, schema in built.items():
        reads[schema] |= {built[parent] for parent in _parents(manifest, unique_id) if parent in built} - {schema}
    order = [schema for level in _levels(reads) for schema in level]
    nodes: dict[str, set[str]] = {schema: set() for schema in order}
    for unique_id, schema in built.items():
        nodes[schema].add(unique_id)
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] == "test":
            parents = [parent for parent in _parents(manifest, unique_id) if parent in manifest["nodes"]]
            if parents and all(parent in built for parent in parents):
                nodes[max((built[parent] for parent in parents), key=order.index)].add(unique_id)
    sizes = [len(nodes[schema]) for schema in order]
    return [
        Part(schema, frozenset(nodes[schema]), sum(sizes[:number]), sum(sizes)) for number, schema in enumerate(order)
    ]


def blocked(manifest: Manifest, failed: Collection[str]) -> set[str]:
    """What dbt skips when ``failed`` have not succeeded: what rests on a failed model, what rests on all that a
    failed test looks at, and the tests of either."""
    stopped: set[str] = set()
    broken: set[str] = set()
    for unique_id in failed:
        if _is_test(manifest, unique_id):
            reached = [_below(manifest, parent) for parent in _parents(manifest, unique_id)]
            stopped |= set.intersection(*reached) if reached else set()
        else:
            broken.add(unique_id)
            stopped |= _below(manifest, unique_id)
    doubtful = stopped | broken
    tests = {
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "test" and doubtful.intersection(_parents(manifest, unique_id))
    }
    return stopped | tests


def needed(manifest: Manifest, targets: Iterable[str]) -> set[str]:
    """``targets`` and every model and seed they rest on."""
    waiting, reached = list(targets), set()
    while waiting:
        unique_id = waiting.pop()
        if unique_id not in reached and unique_id in manifest["nodes"]:
            reached.add(unique_id)
            waiting += _parents(manifest, unique_id)
    return reached


def with_tests(manifest: Manifest, part: Part, models: Collection[str]) -> frozenset[str]:
    """Of a part, ``models`` and the tests on them that look at nothing beside them and what they rest on."""
    chosen = part.nodes.intersection(models)
    near = needed(manifest, chosen)
    tests = {
        name
        for name in part.nodes
        if _is_test(manifest, name)
        and chosen.intersection(_parents(manifest, name))
        and near.issuperset(parent for parent in _parents(manifest, name) if parent in manifest["nodes"])
    }
    return chosen | tests


def lineage_order(manifest: Manifest) -> dict[str, int]:
    """The place of every node in an order in which parents come first."""
    nodes: Mapping[str, Any] = manifest["nodes"]
    sorter = TopologicalSorter({name: [p for p in _parents(manifest, name) if p in nodes] for name in sorted(nodes)})
    return {name: place for place, name in enumerate(sorter.static_order())}


def _levels(reads: dict[str, set[str]]) -> Iterable[list[str]]:
    sorter = TopologicalSorter(reads)
    sorter.prepare()
    while sorter.is_active():
        level = sorted(sorter.get_ready())
        yield level
        sorter.done(*level)


def _parents(manifest: Manifest, unique_id: str) -> list[str]:
    return list((manifest["nodes"].get(unique_id, {}).get("depends_on") or {}).get("nodes", ()))


def _is_test(manifest: Manifest, unique_id: str) -> bool:
    return bool(manifest["nodes"].get(unique_id, {}).get("resource_type") == "test")


def _below(manifest: Manifest, unique_id: str) -> set[str]:
    """Models and seeds that rest on a node, itself not."""
    children: Mapping[str, list[str]] = manifest.get("child_map", {})
    waiting, reached = list(children.get(unique_id, ())), set()
    while waiting:
        child = waiting.pop()
        if child not in reached and child in manifest["nodes"] and not _is_test(manifest, child):
            reached.add(child)
            waiting += children.get(child, ())
    return reached
