"""A publication enters the store of versions, with its place in the chain; what its listing says of each table.

A table is kept as a Parquet file named by its digest, a large one as a file for each of its parts (``phan``: ``ten``,
``dau``, ``tep``, ``kich_thuoc``, ``so_dong``; see ``parts``). ``ngay_so_lieu`` and ``phien_ban`` change every night
while the rest of a table stands still, so where they hold one value throughout they are kept in the listing instead of
the content (``hang``), and put on again when the table is read.

Facts of a table in a listing: ``tep`` (content file), ``kich_thuoc`` (bytes), ``so_dong``, ``hang`` (column → its one
value as text, null in an empty table), ``cot`` (name, type, description; in order), ``mo_ta``, ``khoa`` (key of a row,
empty where the model declares none), ``nhom`` (mart group), ``phu_thuoc`` (what it is made of, see ``causes``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipelines.publish.content import stage
from pipelines.publish.parts import Parts
from pipelines.publish.signature import SigningKeyError, sign, signing_key
from pipelines.publish.swap import Staging, read_listing
from pipelines.publish.version_store import CONTENT, Store, Version, files_of, write_listing
from pipelines.quality.manifest import UNGATED_GROUPS, Manifest
from pipelines.warehouse.runs import now_in_vietnam

HISTORIES = frozenset(
    {
        "chat_luong.ket_qua",
        "chat_luong.theo_doi_quy_tac",
        "chat_luong.loi",
        "van_hanh.xuat_ban",
        "van_hanh.vong_doi_canh_bao",
    }
)
"""Tables that count runs: an equal run changes them, and nobody's figure with them."""


@dataclass(frozen=True)
class Night:
    """The run behind a publication: its number and start, and ``by``, where only files that had arrived by then count.

    ``origins``: digests of what besides the files decides the figures (``runs.origins``). ``scope``: the part of a
    night that the run made, in words; None: the whole.
    """

    number: int | None = None
    started: datetime | None = None
    by: datetime | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    scope: str | None = None


def staged(
    staging: Staging,
    manifest: Manifest,
    *,
    documents: Iterable[str],
    parts: Mapping[tuple[str, str], Parts],
    parquet: bool,
) -> dict[str, Any]:
    """Put the publication's content into ``staging``, for the store and with ``parquet`` as files of tables too.

    ``parts``: of its large tables. Returns what the listing says of it. Raises ``duckdb.Error``, ``OSError``.
    """
    store = Store(staging.marts)
    before = _tables_before(store, staging.marts)
    return stage(staging, manifest, documents, store, parts=parts, before=before, parquet=parquet)


def keep(staging: Staging, content: Mapping[str, Any], *, facts: Mapping[str, Any], night: Night) -> Version:
    """Stage the listing of a publication for the store; where one with this id and these figures is kept, it stays.

    ``content``: see ``staged``; ``facts``: ``ma`` (publication id), ``ngay_so_lieu``, ``rieng``, ``nhom_mart``,
    ``nguon``, ``nguon_don``. Raises ``OSError``.
    """
    by = night.by.isoformat() if night.by else None
    started = night.started.isoformat() if night.started else None
    told = {"so_lan": night.number, "bat_dau": started, "nhu_luc": by, "goc": dict(night.origins)}
    if night.scope is not None:
        told["pham_vi"] = night.scope
    return _enter(staging, Store(staging.marts), {**facts, **content, **told})


def _tables_before(store: Store, marts: Path) -> Mapping[str, Mapping[str, Any]]:
    """Facts of the tables of the current publication, by what the store says of it."""
    named = read_listing(marts).get("giu")
    return next((version.tables for version in store.versions() if version.name == named), {})


def adopt(staging: Staging, version: Version, source: Store) -> Version:
    """Stage a publication of another store for this one, as ``keep`` does. Raises ``OSError``."""
    store = Store(staging.marts)
    for content in version.content:
        if not store.is_whole(content):
            place = staging.kept / CONTENT / content[:2] / content
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.place(content), place)
    chained = ("phien_ban", "thu_tu", "truoc", "luc_cong_bo", "chu_ky")
    return _enter(staging, store, {name: fact for name, fact in version.facts.items() if name not in chained})


def _enter(staging: Staging, store: Store, facts: dict[str, Any]) -> Version:
    """Give a publication its name and its place in the chain, unless it is kept already."""
    for version in store.versions():
        if version.facts["ma"] == facts["ma"] and same_figures(version.facts, facts):
            # What is new in it tells of the run, and is not kept; what of it had been damaged is mended.
            _drop_unnamed(staging, version)
            return Version({**version.facts, **facts})
    number, before = store.last()
    version = Version(
        {
            **facts,
            "phien_ban": store.free_name(str(facts["ma"])),
            "thu_tu": number + 1,
            "truoc": before,
            "luc_cong_bo": now_in_vietnam().isoformat(),
        }
    )
    key = _key_or_none()
    signed = Version({**version.facts, "chu_ky": sign(key, version.digest)}) if key else version
    write_listing(signed, staging.kept)
    return signed


def _key_or_none() -> Ed25519PrivateKey | None:
    """A publication does not wait for its signature: that the key cannot be used is said when the run begins."""
    try:
        return signing_key()
    except SigningKeyError:
        return None


def _drop_unnamed(staging: Staging, version: Version) -> None:
    for file in (staging.kept / CONTENT).rglob("*"):
        if file.is_file() and file.name not in version.content:
            file.unlink()


def same_figures(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two listings hold the same figures: every gated table, macro and decision, whatever tells of the run."""
    return (
        one["bieu"] == other["bieu"]
        and one["nhom_mart"] == other["nhom_mart"]
        and _gated(one["bang"]) == _gated(other["bang"])
    )


def _gated(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        name: [files_of(facts), facts["hang"], facts["cot"], facts["mo_ta"]]
        for name, facts in tables.items()
        if facts["nhom"] not in UNGATED_GROUPS
    }


def fingerprint(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What ``ban_ke.json`` says of the current publication's content, to tell whether another one would change it."""
    tables = {name: [files_of(t), t["hang"]] for name, t in facts["bang"].items() if name not in HISTORIES}
    return {"bang": tables, "bieu": facts["bieu"]}


def marks(facts: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Marks of the parts of each large table by its name; none of one from which rows were taken out."""
    found = {
        name: {str(part["ten"]): part["dau"] for part in table["phan"]}
        for name, table in facts["bang"].items()
        if "phan" in table
    }
    return {name: parts for name, parts in found.items() if None not in parts.values()}
