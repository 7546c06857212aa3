"""How a new publication takes the place of the old one, so that a crash at any point can be mended.

A publication is written in ``.dang_ghi/`` beside the files it will replace (a rename works within one file system
only). When every file is whole and on disk, the folder is renamed to ``.cho_thay/``: that one rename decides. From
then on the publication only goes forward: the store of versions takes what it keeps of it, ``kho.duckdb`` is swapped,
then each Parquet file, files that are no longer published are removed, and the list ``ban_ke.json`` is swapped last.

Guarantee, at every instant and after a crash at any instant: ``kho.duckdb`` is one whole publication, the old or the
new; each Parquet file is whole. Between the swap of ``kho.duckdb`` and that of the last Parquet file (milliseconds;
or, after a crash, until ``recover`` runs, which every publication does first) Parquet files of two publications lie
side by side: ``ban_ke.json`` then still names the old one, and every row says in ``phien_ban`` to which it belongs.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.paths import INTERNAL_DIR, INTERNAL_FILE, OWNER_DIR
from pipelines.publish.files import describe, sync, sync_all
from pipelines.publish.version_store import FOLDER, settle
from pipelines.warehouse.database import identifier

DATABASE = "kho.duckdb"
LISTING = "ban_ke.json"
_BUILDING = ".dang_ghi"
_PENDING = ".cho_thay"


@dataclass(frozen=True)
class Staging:
    """A publication being written: ``folder`` takes ``kho.duckdb`` and ``<schema>/<table>.parquet``."""

    marts: Path
    folder: Path

    @property
    def database(self) -> Path:
        """The new ``kho.duckdb``."""
        return self.folder / DATABASE

    @property
    def kept(self) -> Path:
        """What the store of versions takes over when the publication is swapped in."""
        return self.folder / FOLDER

    def parquet(self, schema: str, table: str) -> Path:
        """Where the Parquet file of a table is written; its folder is made."""
        place = self.folder / schema
        place.mkdir(exist_ok=True)
        return place / f"{table}.parquet"


def begin(marts: Path) -> Staging:
    """Finish or clear what an earlier crash left, and open an empty folder for a new publication."""
    recover(marts)
    folder = marts / _BUILDING
    folder.mkdir(mode=OWNER_DIR)
    return Staging(marts, folder)


def abandon(staging: Staging) -> None:
    """Remove a publication that failed before it was committed."""
    shutil.rmtree(staging.folder, ignore_errors=True)


def commit(staging: Staging, description: dict[str, Any]) -> None:
    """Make the publication durable, decide for it, and swap it in.

    ``description`` goes into ``ban_ke.json`` beside the size and SHA-256 of each file. Raises ``OSError``.
    """
    files = sorted(path for path in staging.folder.rglob("*") if path.is_file() and not _is_kept(staging, path))
    listed = {str(path.relative_to(staging.folder)): describe(path) for path in files}
    listing = staging.folder / LISTING
    text = json.dumps({**description, "tep": listed}, ensure_ascii=False, indent=1, sort_keys=True)
    listing.write_text(text + "\n", encoding="utf-8")
    for path in [*files, listing]:
        path.chmod(INTERNAL_FILE)
    sync_all([*files, listing, *staging.kept.rglob("*")])
    folders = [path for path in staging.folder.rglob("*") if path.is_dir() and not _is_kept(staging, path)]
    for folder in [*folders, staging.folder]:
        folder.chmod(INTERNAL_DIR)
    sync_all([*folders, staging.folder])
    sync(staging.marts)
    staging.folder.rename(staging.marts / _PENDING)
    sync(staging.marts)
    _go_forward(staging.marts)


def _is_kept(staging: Staging, path: Path) -> bool:
    """Whether a staged file is what the store of versions will take."""
    return path.is_relative_to(staging.kept)


def recover(marts: Path) -> bool:
    """After a crash: finish a publication that was decided, remove one that was not. True if there was anything.

    Every publication begins with it; a run may call it earlier. Raises ``OSError``.
    """
    marts.mkdir(parents=True, exist_ok=True)
    marts.chmod(INTERNAL_DIR)
    found = False
    if (marts / _PENDING).exists():
        _go_forward(marts)
        found = True
    if (marts / _BUILDING).exists():
        shutil.rmtree(marts / _BUILDING)
        found = True
    return found


def is_pending(marts: Path) -> bool:
    """Whether a publication is decided for but not yet swapped in whole: ``recover`` will finish it."""
    return (marts / _PENDING).exists()


def read_listing(marts: Path) -> dict[str, Any]:
    """``ban_ke.json`` of the current publication; empty before the first, and where it is damaged."""
    return _listing_in(marts / LISTING)


def _listing_in(path: Path) -> dict[str, Any]:
    try:
        listing = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return listing if isinstance(listing, dict) and isinstance(listing.get("tep"), dict) else {}


def usable_database(marts: Path) -> Path | None:
    """``kho.duckdb`` of the current publication, or None where it is absent or no longer what was published.

    A file cut or written over would fail, or lie, in the middle of the next publication: it counts as absent and is
    published anew.
    """
    file = marts / DATABASE
    if not file.is_file():
        return None
    listed = read_listing(marts).get("tep", {}).get(DATABASE)
    if listed is None and not is_pending(marts):
        return file if _opens(file) else None
    # Between the swap of the database and that of the listing the new listing still lies among what is pending.
    known = [listed, _listing_in(marts / _PENDING / LISTING).get("tep", {}).get(DATABASE)]
    return file if describe(file) in known else None


def is_whole(marts: Path) -> bool:
    """Whether every file of the current publication is what its listing says."""
    listed = read_listing(marts).get("tep", {})
    try:
        return DATABASE in listed and all(describe(marts / name) == facts for name, facts in listed.items())
    except OSError:
        return False


def has_parquet(marts: Path) -> bool:
    """Whether the current publication has its tables as Parquet too."""
    return any(name.endswith(".parquet") for name in read_listing(marts).get("tep", {}))


def _opens(file: Path) -> bool:
    """Whether a database that no listing vouches for can be read to its last row."""
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            tables = connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
            for schema, name in tables:
                place = f"{identifier(schema)}.{identifier(name)}"
                connection.execute(f"SELECT count(*) FROM (SELECT hash(t) AS h FROM {place} t) WHERE h = 0").fetchall()
    except duckdb.Error:
        return False
    return True


def _go_forward(marts: Path) -> None:
    """Swap in what lies in ``.cho_thay/``; each step can be repeated, so a crash within it does no harm."""
    pending = marts / _PENDING
    listing = _listing_in(pending / LISTING)
    if listing:
        settle(pending / FOLDER, marts)
        if (pending / DATABASE).exists():
            # A log left by somebody who opened the old file for writing must not be replayed into the new one.
            (marts / f"{DATABASE}.wal").unlink(missing_ok=True)
            (pending / DATABASE).replace(marts / DATABASE)
            sync(marts)
        new = set(listing["tep"])
        for name in sorted(new - {DATABASE}):
            _swap_in(pending / name, marts / name)
        # What lies in a folder is durable before the listing says so; each folder is flushed once, not once a file.
        folders = {folder for name in new for folder in (marts / name).parents if folder.is_relative_to(marts)}
        sync_all(sorted(folders))
        for name in sorted(_published_before(marts) - new):
            (marts / name).unlink(missing_ok=True)
        (pending / LISTING).replace(marts / LISTING)
        sync(marts)
    shutil.rmtree(pending)
    sync(marts)


def _published_before(marts: Path) -> set[str]:
    """Files of the former publication below ``marts``: by its listing, else whatever looks like one of its tables."""
    listed = set(read_listing(marts).get("tep", {}))
    return listed or {path.relative_to(marts).as_posix() for path in marts.glob("*/*.parquet")}


def _swap_in(source: Path, target: Path) -> None:
    """Put a file in its place; an equal one stays as it is, with its time, so that a mirror does not fetch it again."""
    if not source.exists() or (target.is_file() and describe(source) == describe(target)):
        return
    for folder in reversed([parent for parent in target.parents if not parent.exists()]):
        folder.mkdir()
        folder.chmod(INTERNAL_DIR)
    target.parent.chmod(INTERNAL_DIR)
    source.replace(target)
