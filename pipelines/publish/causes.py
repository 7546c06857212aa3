"""Why a published figure moved from one kept publication to another, told from facts kept with both.

A listing keeps digests of calendar, agencies, definitions, rule book and code (``goc``), and with each table what it is
made of (``phu_thuoc``: raw feeds and kinds of reference data, by dbt's lineage). A cause is named only where the thing
changed and the table is made of it:

``sua_muon``    files that arrived in between, of the feeds behind the table; named, by agency and month where the
                later publication's ``van_hanh.thay_doi_tre`` knows them
``lich`` ``don_vi`` ``dinh_nghia`` ``quy_tac`` ``ma_nguon``    another calendar, reference of agencies, definition, rule
                book or version of the program
``ngay_so_lieu``    nothing of these: the day the figures are judged at is another one
``lan_chay``    nor that: the table counts runs
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pipelines.publish.materialise import content_of
from pipelines.publish.version_store import Store, Version

FILES, LEDGER, LATE = "sua_muon", "van_hanh.tep", "van_hanh.thay_doi_tre"
_DAY, _RUN = "ngay_so_lieu", "lan_chay"


@dataclass(frozen=True)
class Moved:
    """What is not the same in two publications, whatever the table."""

    origins: frozenset[str]
    files: Mapping[str, list[tuple[str, str]]]
    """Feed → (id, name as published) of files that only the later one had loaded."""
    late: Mapping[tuple[str, str], set[str]] = field(default_factory=dict)
    """(month, agency) → ids of files that changed it after its end."""
    other_day: bool = False


def between(connection: duckdb.DuckDBPyConnection, store: Store, old: Version, new: Version) -> Moved:
    """Facts that differ between two kept publications. Raises ``duckdb.Error``."""
    before, after = old.facts["goc"], new.facts["goc"]
    origins = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    files: dict[str, list[tuple[str, str]]] = {}
    if LEDGER in old.tables and LEDGER in new.tables:
        one, other = (content_of(store, version.tables[LEDGER]) for version in (old, new))
        rows = connection.execute(
            f"SELECT nguon_du_lieu, ma_tep, ten_tep FROM {other} WHERE trang_thai = 'da_nap' AND sha256 NOT IN "
            f"(SELECT sha256 FROM {one} WHERE trang_thai = 'da_nap') ORDER BY ALL"
        ).fetchall()
        for feed, identity, name in rows:
            files.setdefault(str(feed), []).append((str(identity), str(name)))
    late: dict[tuple[str, str], set[str]] = {}
    if LATE in new.tables:
        for month, agency, identity in connection.execute(
            f"SELECT ky, ma_don_vi, ma_tep FROM {content_of(store, new.tables[LATE])}"
        ).fetchall():
            late.setdefault((str(month), str(agency)), set()).add(str(identity))
    return Moved(frozenset(origins), files, late, old.as_of != new.as_of)


def cause(moved: Moved, table: Mapping[str, Any], *, month: Any = None, agency: Any = None) -> tuple[str, str]:
    """(causes joined by a comma, names of the files joined by a semicolon) for one figure of ``table``."""
    made = table.get("phu_thuoc") or {}
    feeds, kinds = made.get("nguon", []), {*made.get("goc", []), "ma_nguon"}
    if table.get("nhom") == "chat_luong":
        kinds.add("quy_tac")
    files = [file for feed in feeds for file in moved.files.get(feed, [])]
    known = moved.late.get((str(month), str(agency)), set()) & {identity for identity, _ in files}
    names = [name for identity, name in files if not known or identity in known]
    found = [FILES] if names else []
    found += sorted(moved.origins & kinds)
    if not found:
        found = [_DAY if moved.other_day else _RUN]
    return ", ".join(found), "; ".join(names)
