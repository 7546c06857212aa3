"""Where a table comes from, as dbt's manifest knows it, and as a picture (inline SVG, no script, no request)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from pipelines.quality.manifest import RAW_SOURCE, Manifest, find_node

_LEDGER = frozenset({"so_cai"})
_BOX, _GAP, _ROW, _HIGH, _EDGE = 250, 60, 34, 24, 12


@dataclass(frozen=True)
class Lineage:
    """``nodes``: name by id, ``edges``: from id to id, ``level``: 0 for what has no parents shown, rising to the table.

    ``raw``: raw tables of feeds, ``tables``: ``schema.table`` of everything above, the table included.
    """

    nodes: Mapping[str, str]
    edges: tuple[tuple[str, str], ...]
    level: Mapping[str, int]
    raw: tuple[str, ...]
    tables: frozenset[str]


def lineage_of(manifest: Manifest, unique_id: str) -> Lineage:
    """Everything the node rests on; the ledger's one-row table of the as-of day is left out."""
    parents: dict[str, list[str]] = {}
    waiting = [unique_id]
    while waiting:
        node = waiting.pop()
        if node not in parents:
            above = (find_node(manifest, node).get("depends_on") or {}).get("nodes", [])
            parents[node] = [p for p in above if _is_data(find_node(manifest, p))]
            waiting += parents[node]
    level: dict[str, int] = {}
    for node in parents:
        _level(node, parents, level)
    found = {node: find_node(manifest, node) for node in parents}
    return Lineage(
        nodes={node: _name(entry) for node, entry in found.items()},
        edges=tuple(sorted((p, node) for node, above in parents.items() for p in above)),
        level=level,
        raw=tuple(sorted(str(e["name"]) for e in found.values() if e.get("source_name") == RAW_SOURCE)),
        tables=frozenset(_name(entry) for entry in found.values()),
    )


def _is_data(entry: Mapping[str, Any]) -> bool:
    return bool(entry) and entry.get("source_name") not in _LEDGER


def _level(node: str, parents: Mapping[str, list[str]], level: dict[str, int]) -> int:
    if node not in level:
        level[node] = 1 + max((_level(p, parents, level) for p in parents[node]), default=-1)
    return level[node]


def _name(entry: Mapping[str, Any]) -> str:
    name = str(entry.get("identifier") or entry.get("alias") or entry.get("name"))
    return f"{entry.get('schema')}.{name}".lower()


def picture(lineage: Lineage, title: str) -> Markup:
    """The lineage from left (files) to right (the table)."""
    columns: dict[int, list[str]] = {}
    for node in sorted(lineage.nodes, key=lambda n: lineage.nodes[n]):
        columns.setdefault(lineage.level[node], []).append(node)
    tallest = max(len(nodes) for nodes in columns.values())
    width, height = len(columns) * (_BOX + _GAP) - _GAP + 4, tallest * _ROW + 4
    spot: dict[str, tuple[float, float]] = {}
    for number, level in enumerate(sorted(columns)):
        nodes = columns[level]
        top = (tallest - len(nodes)) * _ROW / 2 + 2
        spot |= {node: (2 + number * (_BOX + _GAP), top + place * _ROW) for place, node in enumerate(nodes)}
    parts = [
        f'<svg role="img" aria-label="{escape(title)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">'
    ]
    parts += [_line(spot[start], spot[end]) for start, end in lineage.edges]
    parts += [_box(lineage.nodes[node], *place) for node, place in spot.items()]
    # Thousands of lines a night: texts are escaped one by one, and numbers need no escaping.
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704 - every text in it is escaped


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (u, v) = (start[0] + _BOX, start[1] + _HIGH / 2), (end[0], end[1] + _HIGH / 2)
    half = (u - x) / 2
    return f'<path class="canh" d="M{x:.0f} {y:.0f}C{x + half:.0f} {y:.0f} {u - half:.0f} {v:.0f} {u:.0f} {v:.0f}"/>'


def _box(name: str, x: float, y: float) -> str:
    kind = {"tho": "tho", "stg": "tho", "trung_gian": "giua", "tham_chieu": "giua", "dvhc": "giua"}
    shown = name.replace("trung_gian.int_", "int_").replace("stg.stg_", "stg_")
    short = shown if len(shown) <= 38 else shown[:37] + "…"
    return (
        f'<g class="{kind.get(name.split(".", maxsplit=1)[0], "mart")}"><title>{escape(name)}</title>'
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{_BOX}" height="{_HIGH}" rx="3"/>'
        f'<text x="{x + 6:.0f}" y="{y + 16:.0f}">{escape(short)}</text></g>'
    )
