"""The step ``link``: new and changed records of a register against the whole of it, or the full rebuild.

Reads the record views that dbt builds from the newest states; writes ledger tables of the working warehouse:
``ung_vien_trung`` (pairs with evidence), ``ban_ghi_da_so`` (what was compared), ``cap_trung`` and ``cum_trung``
(the outcome that ``ho_tich.trung_lap`` reads). Record ids are ``ma_ban_ghi`` of the marts, unique over registers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.config.paths import OWNER_DIR, DataPaths
from pipelines.linkage.births import BIRTHS
from pipelines.linkage.compare import EVIDENCE_FLOOR, PAIRS, compare_all, compare_new, train
from pipelines.linkage.deaths import DEATHS
from pipelines.linkage.decide import RESULT, clusters, decide, evidence_floor
from pipelines.linkage.model import fingerprint, load_limits, load_model, model_file, save_model
from pipelines.linkage.records import TABLE, keep_records
from pipelines.linkage.register import Register

REGISTERS = (BIRTHS, DEATHS)
"""Registers with probable kinds; the exact kinds of all four come from keys (``int_ho_tich__trung_chinh_xac``)."""

Tell = Callable[[str, int, int], None]
_FLOOR = "/"
"""In the mark of a compared record: after the model, the evidence below which its pairs were not kept."""
_LEDGER = ("ung_vien_trung", "ban_ghi_da_so", "cap_trung", "cum_trung")


@dataclass(frozen=True)
class LinkReport:
    """What a run of linkage did; ``compared``: records that were new or changed (all, in a rebuild)."""

    records: int
    compared: int
    candidates: int
    pairs: int
    trained: bool


def link(
    paths: DataPaths, *, full: bool = False, threads: int | None = None, memory: str | None = None, tell: Tell
) -> dict[str, LinkReport]:
    """Bring ``so_cai.cap_trung`` up to date with the registers; nothing of them is merged or deleted.

    ``full`` compares everything anew, and trains the province's own model first where a register is large
    enough. The warehouse must not be open elsewhere; it is written in one transaction after the last register.
    Returns a report a register. Raises ``LinkageError``.
    """
    reports = {}
    with workbench(paths, threads=threads, memory=memory) as connection:
        for table in _LEDGER:
            connection.execute(f"create table moi_{table} as from kho_lam_viec.so_cai.{table} limit 0")
        for register in REGISTERS:
            reports[register.name] = _link(connection, paths, register, full=full, tell=tell)
        connection.execute("begin")
        for table in _LEDGER:
            _replace_what_differs(connection, f"kho_lam_viec.so_cai.{table}", f"moi_{table}")
        connection.execute("commit")
    return reports


def take_over(connection: duckdb.DuckDBPyConnection, paths: DataPaths) -> bool:
    """Let the outcome of the last build stand for this run too; whether it can, under the models there are now.

    ``connection``: the working warehouse, whose records have not changed since.
    """
    kept = connection.execute(
        "select count(*) from so_cai.lien_ket l, so_cai.dung d where l.lan = d.lan_nen"
    ).fetchall()[0][0]
    marks = connection.execute("select distinct mo_hinh from so_cai.ban_ghi_da_so").fetchall()
    used = {str(mark).split(_FLOOR)[0] for (mark,) in marks}
    if kept != len(REGISTERS) or not used <= {fingerprint(model_file(item, paths.working)) for item in REGISTERS}:
        return False
    connection.execute("update so_cai.lien_ket set lan = (select lan from so_cai.dung)")
    return True


def _replace_what_differs(connection: duckdb.DuckDBPyConnection, stored: str, fresh: str) -> None:
    """Make ``stored`` hold the rows of ``fresh`` (none twice); on most nights a few of millions differ."""
    connection.execute(f"create or replace temp table them as from {fresh} except from {stored}")
    connection.execute(
        f"delete from {stored} where rowid in "
        f"(select s.rowid from {stored} s anti join {fresh} f on {_equal(connection, fresh)})"
    )
    connection.execute(f"insert into {stored} select * from them order by all")


def _equal(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    names = [str(row[0]) for row in connection.execute(f"describe {table}").fetchall()]
    return " and ".join(f"s.{name} is not distinct from f.{name}" for name in names)


def _link(
    connection: duckdb.DuckDBPyConnection, paths: DataPaths, register: Register, *, full: bool, tell: Tell
) -> LinkReport:
    """One register into the ``moi_…`` tables."""
    records = keep_records(connection, "kho_lam_viec", register)
    limits = load_limits(register)
    trained = full and records >= limits.train_from
    if trained:
        save_model(train(connection, register, tell), register, register.own_file(paths.working))
    file = model_file(register, paths.working)
    model = load_model(file, register)
    floor = evidence_floor(model, limits, records)
    mark = f"{fingerprint(file)}{_FLOOR}{floor:.6f}" if floor > EVIDENCE_FLOOR else fingerprint(file)
    compared = _changed(connection, mark, full=full)
    tell(f"so bản ghi {register.name}", 0, 2)
    if compared and compared == records:
        compare_all(connection, model, floor)
    elif compared:
        compare_new(connection, model, "thay_doi", floor)
    else:
        _no_pairs(connection)
    tell(f"kết luận {register.name}", 1, 2)
    candidates = _merge_candidates(connection)
    pairs = decide(connection, register, model, limits)
    found = connection.execute(f"select ma_ban_ghi_1, ma_ban_ghi_2 from {RESULT} where chac_chan").fetchall()
    exact = connection.execute(
        f"select a.ma_ban_ghi, b.ma_ban_ghi from {TABLE} a"
        f" join {TABLE} b on a._khoa = b._khoa and a.ma_ban_ghi < b.ma_ban_ghi"
    ).fetchall()
    _collect(connection, register, mark, clusters([(str(a), str(b)) for a, b in [*found, *exact]]))
    tell(f"xong {register.name}", 2, 2)
    return LinkReport(records, compared, candidates, pairs, trained)


@contextmanager
def workbench(paths: DataPaths, *, threads: int | None, memory: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory database with the working warehouse attached; spills to an owner-only folder."""
    spill = paths.working / "tam_lien_ket"
    spill.mkdir(mode=OWNER_DIR, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(spill),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if threads:
        config["threads"] = threads
    if memory:
        config["memory_limit"] = memory
    connection = duckdb.connect(config=config)
    try:
        # Under the name it has when dbt opens it: dbt's views name their tables with it.
        connection.execute(f"attach '{_quoted(paths.warehouse_file)}' as kho_lam_viec")
        yield connection
    finally:
        connection.close()


def _quoted(file: Path) -> str:
    return str(file).replace("'", "''")


def _changed(connection: duckdb.DuckDBPyConnection, mark: str, *, full: bool) -> int:
    """Table ``thay_doi``: ids not yet compared in this form under this model; returns how many."""
    connection.execute(
        f"""create or replace table thay_doi as select b.ma_ban_ghi from {TABLE} b
        left join kho_lam_viec.so_cai.ban_ghi_da_so d
          on b.ma_ban_ghi = d.ma_ban_ghi and b.dau = d.dau and d.mo_hinh = $mark
        where $full or d.ma_ban_ghi is null order by 1""",
        {"mark": mark, "full": full},
    )
    return int(connection.execute("select count(*) from thay_doi").fetchall()[0][0])


def _no_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"create or replace table {PAIRS} (ma_ban_ghi_1 varchar, ma_ban_ghi_2 varchar, chung_cu double)")


def _merge_candidates(connection: duckdb.DuckDBPyConnection) -> int:
    """Add kept pairs of records that neither changed nor left the register; returns the pairs there are now."""
    connection.execute(
        f"""insert into {PAIRS} select u.ma_ban_ghi_1, u.ma_ban_ghi_2, u.chung_cu
        from kho_lam_viec.so_cai.ung_vien_trung u
        where u.ma_ban_ghi_1 in (select ma_ban_ghi from {TABLE} where ma_ban_ghi not in (from thay_doi))
            and u.ma_ban_ghi_2 in (select ma_ban_ghi from {TABLE} where ma_ban_ghi not in (from thay_doi))"""
    )
    return int(connection.execute(f"select count(*) from {PAIRS}").fetchall()[0][0])


def _collect(connection: duckdb.DuckDBPyConnection, register: Register, mark: str, cluster_of: dict[str, str]) -> None:
    """Add the register's outcome to what the ledger's tables of linkage will hold."""
    connection.execute("create or replace table cum (ma_ban_ghi varchar, ma_cum varchar)")
    if cluster_of:
        members = sorted(cluster_of)
        connection.execute(
            "insert into cum select unnest($1::varchar[]), unnest($2::varchar[])",
            [members, [cluster_of[m] for m in members]],
        )
    connection.execute(f"insert into moi_ung_vien_trung select * from {PAIRS}")
    connection.execute(
        f"insert into moi_ban_ghi_da_so select ma_ban_ghi, dau, $mark from {TABLE}",
        {"mark": mark},
    )
    connection.execute(
        f"""insert into moi_cap_trung
        select '{register.name}', ma_ban_ghi_1, ma_ban_ghi_2, loai, xac_suat, ma_ban_ghi_hieu_luc, chac_chan
        from {RESULT}"""
    )
    connection.execute(f"insert into moi_cum_trung select '{register.name}', ma_ban_ghi, ma_cum from cum")
