"""dbt inside this process: parse, build, and what became of each node, without a value of anyone's data.

dbt writes failing values into its own messages and artefacts; so its log is off, its artefacts lie in the
owner-only working folder, and from a result only the node and its status leave this module.
"""

from __future__ import annotations

import dataclasses
import errno
import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.config import space
from pipelines.config.disk import write_whole
from pipelines.config.paths import OWNER_FILE, PROJECT_ROOT, DataPaths
from pipelines.config.space import Lack
from pipelines.config.traces import keep_trace
from pipelines.warehouse import parse_cache
from pipelines.warehouse.damage import flag_damage, is_damage_text
from pipelines.warehouse.database import Config

DBT_PROJECT = PROJECT_ROOT / "dbt_project"
WAREHOUSE_VARIABLE = "KHO_TEP_KHO_LAM_VIEC"
_CONFIG_VARIABLE = "KHO_CAU_HINH_DUCKDB"
_PARSE = ["parse"]
_MANIFEST = "manifest.json"
_MARK = "manifest.dau"
_WANTED = "dung_lan_nay"

GOOD = frozenset({"success", "pass", "warn", "no-op"})
"""dbt's words for a node on which others may rest."""

NodeCallback = Callable[[str, int, int], None]


class DbtError(Exception):
    """dbt could not run at all: the project does not parse, or the warehouse cannot be opened."""


@dataclass(frozen=True)
class NodeResult:
    """Outcome of one dbt node: ``status`` is dbt's word (success, pass, fail, error, skipped, warn).

    ``taken``: nothing was run, the outcome of the last build stands. ``reason``: why it failed, in Vietnamese, where
    that is no fault of the model.
    """

    unique_id: str
    status: str
    seconds: float
    failures: int | None = None
    taken: bool = False
    reason: str | None = None

    @property
    def ok(self) -> bool:
        """Whether what depends on the node may be published."""
        return self.status in GOOD


def parse(paths: DataPaths) -> dict[str, Any]:
    """Parse the project if its files changed since the kept manifest; returns the manifest.

    Raises ``DbtError`` where the project does not parse.
    """
    kept = _kept_manifest(paths, _sources_mark())
    if kept is None:
        _parsed(paths)
        kept = _kept_manifest(paths, None)
    if kept is None:
        raise DbtError(
            f"không giữ được manifest của dbt trong {paths.dbt_target}; kiểm tra quyền ghi và dung lượng đĩa."
        )
    return kept


def read_manifest(paths: DataPaths) -> dict[str, Any]:
    """The manifest of the last parse; where none is kept or it is damaged, the project is parsed again."""
    return kept_manifest(paths) or parse(paths)


def kept_manifest(paths: DataPaths) -> dict[str, Any] | None:
    """The manifest of the last run as it is kept, whatever became of the files since; null where there is none."""
    return _kept_manifest(paths, None)


def _kept_manifest(paths: DataPaths, mark: str | None) -> dict[str, Any] | None:
    """The manifest on disk, or None where it is not there, damaged, or of other files than those of ``mark``.

    Read again only where the file is another than at the last look: a night asks a dozen times.
    """
    file = paths.dbt_target / _MANIFEST
    try:
        if mark is not None and (paths.dbt_target / _MARK).read_text(encoding="ascii") != mark:
            return None
        found = file.stat()
        seen = (file, found.st_ino, found.st_size, found.st_mtime_ns)
        if _read.file != seen:
            _read.manifest, _read.file = json.loads(file.read_text(encoding="utf-8")), seen
    except (OSError, ValueError):
        return None
    return _read.manifest if isinstance(_read.manifest, dict) and _read.manifest.get("nodes") else None


@dataclass
class _Read:
    """The kept manifest as this process last read it."""

    file: tuple[Path, int, int, int] | None = None
    manifest: Any = None


_read = _Read()


def _keep_manifest(paths: DataPaths, manifest: Any, mark: str) -> None:
    """Beside it what it was made of; both are swapped in whole, since a second process may be reading."""
    fresh = paths.dbt_target / f".{_MANIFEST}.{os.getpid()}"
    manifest.write(str(fresh))
    fresh.replace(paths.dbt_target / _MANIFEST)
    write_whole(paths.dbt_target / _MARK, mark)


def build(
    paths: DataPaths,
    *,
    select: list[str],
    exclude: list[str],
    on_node: NodeCallback | None = None,
) -> list[NodeResult]:
    """``dbt build`` of seeds, models and data tests (unit tests belong to ``make test``), one result a node.

    A failing node is a result, not an exception. Raises ``DbtError`` where dbt cannot start and ``OSError`` where the
    disk is full or read-only: that is no fault of a model, and more of them would only follow.
    """
    selection = (["--select", *select] if select else []) + (["--exclude", *exclude] if exclude else [])
    return _build(paths, _parsed(paths), [*selection, "--indirect-selection", "eager"], on_node)


def build_nodes(
    paths: DataPaths,
    nodes: Collection[str],
    on_node: NodeCallback | None = None,
    *,
    config: Config | None = None,
) -> list[NodeResult]:
    """``build`` of exactly these seeds, models and data tests (unique ids).

    dbt goes through its whole graph for every name that a selection gives, three times over: with some hundred names
    that is most of a night's build. One tag on those that are wanted is one look. And it links and sums up all that
    the manifest holds for every invocation: it is given ``nodes`` and what they rest on, without the other tests.
    ``config``: DuckDB's settings, those of the connection that holds the warehouse open in this process, if one does.
    """
    if not nodes:
        return []
    manifest = _with_what_they_rest_on(_parsed(paths), nodes)
    known = manifest.nodes
    before = {name: known[name].tags for name in nodes}
    for name, tags in before.items():
        known[name].tags = [*tags, _WANTED]
    try:
        selection = ["--select", f"tag:{_WANTED}", "--indirect-selection", "empty"]
        return _build(paths, manifest, selection, on_node, config)
    finally:
        for name, tags in before.items():
            known[name].tags = tags


def _with_what_they_rest_on(manifest: Any, nodes: Collection[str]) -> Any:
    """dbt's manifest of ``nodes``, the models, seeds and sources above them, and every macro; the nodes are shared."""
    waiting, reached = list(nodes), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += manifest.nodes[name].depends_on_nodes if name in manifest.nodes else ()
    return dataclasses.replace(
        manifest,
        nodes={name: node for name, node in manifest.nodes.items() if name in reached},
        sources={name: source for name, source in manifest.sources.items() if name in reached},
        exposures={},
        unit_tests={},
    )


def _build(
    paths: DataPaths, manifest: Any, selection: list[str], on_node: NodeCallback | None, config: Config | None = None
) -> list[NodeResult]:
    # Only the schemas that are built are listed: a third of what an invocation costs besides its nodes.
    arguments = ["build", "--exclude-resource-type", "unit_test", "--cache-selected-only", *selection]
    outcome = _invoke(paths, arguments, on_node, manifest=manifest, config=config)
    said = [str(item.message) for item in outcome.results if item.message]
    if any(map(is_damage_text, said)):
        flag_damage(paths)
    _raise_for_the_disk(paths, map(space.lack_in, said))
    return [_result(paths, item) for item in outcome.results]


def _result(paths: DataPaths, item: Any) -> NodeResult:
    reason = None
    if item.message and space.lack_in(str(item.message)) is Lack.MEMORY:
        reason = space.sentence(paths, Lack.MEMORY, str(item.message))
    status = str(item.status.value)
    return NodeResult(item.node.unique_id, status, float(item.execution_time), item.failures, reason=reason)


def _raise_for_the_disk(paths: DataPaths, lacks: Iterable[Lack | None]) -> None:
    """dbt says in words what was an error of the operating system."""
    codes = {Lack.DISK: errno.ENOSPC, Lack.READ_ONLY: errno.EROFS}
    for lack in lacks:
        if lack in codes:
            raise OSError(codes[lack], os.strerror(codes[lack]), str(paths.warehouse_file))


_OF_THE_PROJECT = frozenset({"parse", "list", "ls", "deps", "clean", "--version", "--help", "-h"})
"""Commands of dbt that open no warehouse."""


def only_reads_the_project(arguments: Sequence[str]) -> bool:
    """Whether the command of dbt opens no warehouse, so that it need not wait for a run."""
    return arguments[0] in _OF_THE_PROJECT or not {"--help", "-h"}.isdisjoint(arguments)


def pass_through(paths: DataPaths, arguments: Sequence[str]) -> int:
    """Run any command of dbt in a process of its own, on this terminal; returns dbt's exit code (0, 1 or 2).

    Its log file is off and its artefacts lie apart from those of the night, in the owner-only working folder: both
    quote failing values. What the caller sets by an option of dbt prevails.
    """
    target = paths.working / "dbt_lenh"
    places = {
        WAREHOUSE_VARIABLE: str(paths.warehouse_file),
        "DBT_PROJECT_DIR": str(DBT_PROJECT),
        "DBT_PROFILES_DIR": str(DBT_PROJECT),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "DBT_LOG_LEVEL_FILE": "none",
        "DBT_VERSION_CHECK": "false",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli(prog_name='dbt')", *arguments]
    return subprocess.run(command, env=os.environ | places, check=False).returncode  # noqa: S603 - it is the caller's


@dataclass
class _Parse:
    """The project as this process last parsed it: parsing costs more than building a small province."""

    mark: str = ""
    manifest: Any = None


_last = _Parse()


def _parsed(paths: DataPaths) -> Any:
    """dbt's manifest of the project's files as they are now; parsed once a process, by one process at a time."""
    mark = _sources_mark()
    if _last.manifest is None or _last.mark != mark:
        with _parsing_alone(paths):
            _last.manifest, _last.mark = _parse_from_scratch_if_broken(paths), mark
    # Written where the one that is kept is damaged or of other files: to write it costs as much as to parse.
    if _kept_manifest(paths, mark) is None:
        _keep_manifest(paths, _last.manifest, mark)
    return _last.manifest


def _parse_from_scratch_if_broken(paths: DataPaths) -> Any:
    """dbt trusts its own cache of the last parse: where that is damaged, it is thrown away."""
    cache = paths.dbt_target / "partial_parse.msgpack"
    parse_cache.bring(cache, DBT_PROJECT)
    try:
        manifest = _invoke(paths, _PARSE)
    except DbtError:
        if not cache.exists():
            raise
        manifest = None
    # Of a program that stood elsewhere dbt keeps where its seeds were, which may be gone.
    if manifest is None or _stands_elsewhere(manifest):
        cache.unlink(missing_ok=True)
        manifest = _invoke(paths, _PARSE)
    parse_cache.keep(cache, DBT_PROJECT)
    return manifest


def _stands_elsewhere(manifest: Any) -> bool:
    return bool({getattr(node, "root_path", None) for node in manifest.nodes.values()} - {None, str(DBT_PROJECT)})


@contextmanager
def _parsing_alone(paths: DataPaths) -> Iterator[None]:
    paths.dbt_target.mkdir(parents=True, exist_ok=True)
    lock = os.open(paths.dbt_target / ".khoa", os.O_RDWR | os.O_CREAT, OWNER_FILE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _invoke(
    paths: DataPaths,
    arguments: list[str],
    on_node: NodeCallback | None = None,
    *,
    manifest: Any = None,
    config: Config | None = None,
) -> Any:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    paths.dbt_target.mkdir(parents=True, exist_ok=True)
    # A parse opens no warehouse, and is worth the same to every data folder if it is not told of one.
    place = paths.warehouse_file.name if arguments == _PARSE else paths.warehouse_file
    os.environ[WAREHOUSE_VARIABLE] = str(place)
    os.environ[_CONFIG_VARIABLE] = repr(config or {})
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    # No artefact of a build is written: they quote failing values, and a reader would find them half written.
    flags = ["--quiet", "--log-level", "none", "--log-level-file", "none", "--no-version-check", "--no-write-json"]
    places = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    places += ["--target-path", str(paths.dbt_target), "--log-path", str(paths.dbt_target / "logs")]
    runner = dbtRunner(manifest=manifest, callbacks=[_node_events(on_node)] if on_node else [])
    try:
        outcome = runner.invoke([*flags, *arguments, *places])
    finally:
        manager: Any = DuckDBConnectionManager
        manager.close_all_connections()
    if outcome.exception is not None and not isinstance(outcome.exception, Exception):
        raise outcome.exception  # dbt returns what asks a process to stop as if it were a fault of the project
    if outcome.result is None and outcome.exception is not None:
        place = keep_trace(paths, outcome.exception, "loi_dbt.txt")
        _raise_for_the_disk(paths, [space.lack_of(outcome.exception)])
        kind = type(outcome.exception).__name__
        raise DbtError(f"dbt dừng trước khi dựng bảng ({kind}); chi tiết (chỉ chủ thư mục đọc được): {place}") from None
    return outcome.result


def _node_events(on_node: NodeCallback) -> Callable[[Any], None]:
    def receive(event: Any) -> None:
        if event.info.name in {"LogModelResult", "LogSeedResult", "LogTestResult"}:
            data = event.data
            total = data.num_models if event.info.name == "LogTestResult" else data.total
            on_node(data.node_info.node_name, data.index, total)

    return receive


def _sources_mark() -> str:
    """Digest of names, sizes and times of the project's files, and dbt's version: a file gone counts as a new one."""
    files: list[Path] = [DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml"]
    for folder in ("models", "macros", "seeds", "tests"):
        files += [path for path in (DBT_PROJECT / folder).rglob("*") if path.is_file()]
    digest = hashlib.sha256(version("dbt-core").encode())
    for path in sorted(files):
        facts = path.stat()
        digest.update(f"{path.relative_to(DBT_PROJECT)}|{facts.st_size}|{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
