"""A kept publication as a database again: to be asked for a while, or to take the place of a damaged ``kho.duckdb``."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.publish import swap
from pipelines.publish.build import TARGET
from pipelines.publish.content import write_parquet
from pipelines.publish.keeping import fingerprint, marks
from pipelines.publish.materialise import materialise
from pipelines.publish.version_store import Store, Version, VersionError, files_of
from pipelines.warehouse.database import identifier, literal


@contextmanager
def reopened(paths: DataPaths, name: str) -> Iterator[Path]:
    """``kho.duckdb`` of a kept publication in a folder of its own outside the data folder, gone afterwards.

    Raises ``UnknownVersionError``, ``VersionError``. Rebuilding a small province takes under a second, some ten times
    what views over the kept files take; but then everything that can be asked, and nothing that cannot, is as it was:
    one database file, closed off from all others.
    """
    store = Store(paths.marts)
    version = store.get(name)
    with tempfile.TemporaryDirectory(prefix="kho_phien_ban_", ignore_cleanup_errors=True) as scratch:
        file = Path(scratch) / swap.DATABASE
        materialise(store, version, file)
        yield file


def restore_current(paths: DataPaths, *, parquet: bool) -> Version | None:
    """Put a damaged or lost ``kho.duckdb`` back from the store; None where it is whole or the store has it not.

    The one writer calls it, after ``swap.recover``. Raises ``OSError``.
    """
    store = Store(paths.marts)
    if swap.usable_database(paths.marts) is not None:
        return None
    named = swap.read_listing(paths.marts).get("giu")
    candidates = [v for v in store.versions() if v.name == named or (named is None and not v.is_aside)]
    if not candidates:
        return None
    try:
        install(store, candidates[0], paths.marts, parquet=parquet)
    except (VersionError, duckdb.Error):
        return None
    return candidates[0]


def issue_again(paths: DataPaths, changed: Collection[str]) -> bool:
    """Write the current publication anew of its kept content, where that is among ``changed`` (names of versions).

    So that rows taken out of it are out of what analysts read, whatever the next night holds back. Raises ``OSError``,
    ``VersionError``, ``duckdb.Error``.
    """
    store, named = Store(paths.marts), str(swap.read_listing(paths.marts).get("giu"))
    if named not in changed:
        return False
    install(store, store.get(named), paths.marts, parquet=swap.has_parquet(paths.marts))
    return True


def install(store: Store, version: Version, marts: Path, *, parquet: bool) -> None:
    """Make a kept publication the current one of ``marts``. Raises ``VersionError``, ``duckdb.Error``, ``OSError``."""
    staging = swap.begin(marts)
    try:
        _write(store, version, staging, parquet=parquet)
        swap.commit(staging, description(version))
    finally:
        swap.abandon(staging)


def _write(store: Store, version: Version, staging: swap.Staging, *, parquet: bool) -> None:
    materialise(store, version, staging.database)
    if parquet:
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"ATTACH {literal(str(staging.database))} AS {TARGET} (READ_ONLY)")
            for table, facts in version.tables.items():
                schema, name = table.split(".", maxsplit=1)
                place = f"{TARGET}.{identifier(schema)}.{identifier(name)}"
                contents = [store.place(file) for file in files_of(facts)]
                write_parquet(connection, place, facts, contents, staging.parquet(schema, name))
    for name, facts in version.facts["tai_lieu"].items():
        if store.is_whole(str(facts["tep"])):
            place = staging.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(store.place(str(facts["tep"])).read_bytes())


def description(version: Version) -> dict[str, object]:
    """What ``ban_ke.json`` says of the publication, for the next one to compare with."""
    return {
        "phien_ban": version.facts["ma"],
        "so_lan": version.facts["so_lan"],
        "nguon": version.facts["nguon"],
        "nguon_don": version.facts.get("nguon_don", {}),
        "so_cai": version.facts.get("so_cai"),
        "ngay_so_lieu": version.facts["ngay_so_lieu"],
        "nhom_mart": version.facts["nhom_mart"],
        "so_dong": {name: facts["so_dong"] for name, facts in version.tables.items()},
        "giu": version.name,
        "noi_dung": fingerprint(version.facts),
        "phan": marks(version.facts),
        "viet_lai": version.facts.get("viet_lai"),
    }
