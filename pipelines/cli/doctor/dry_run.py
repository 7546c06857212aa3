"""What the doctor tries without changing anything: rules, kinds of the raw layer, models that went, units."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.figures import grouped
from pipelines.config.paths import DataPaths
from pipelines.config.release import ReleaseError
from pipelines.contracts.loader import load_contracts
from pipelines.quality.dry_run import explain
from pipelines.quality.rules import load_rules
from pipelines.warehouse import dbt, releases, units
from pipelines.warehouse.damage import TOLD
from pipelines.warehouse.database import connect, is_held
from pipelines.warehouse.runs import now_in_vietnam
from pipelines.warehouse.schema import NOT_DBT, create_tables, pending_conversions

_SHOWN = 3


class FoundError(Exception):
    """A finding of the doctor, in words for the operator."""


class Remark(Exception):  # noqa: N818 - no error: the check passed, with something to look at
    """What the operator should look at, though nothing of the product is wrong."""


class DryRun:
    """The checks that need the project parsed; it is parsed once, in a folder of its own."""

    def __init__(self, paths: DataPaths) -> None:
        self._paths = paths

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """dbt's manifest of the files as they are; raises ``DbtError``."""
        with tempfile.TemporaryDirectory(prefix="kho_doctor_") as scratch:
            return dbt.parse(DataPaths(Path(scratch)))

    def models(self) -> str:
        """The project parses; models of the last run that the files no longer have are named."""
        names = _models(self.manifest)
        kept = dbt.kept_manifest(self._paths)
        gone = sorted(_models(kept) - names) if kept is not None else []
        if gone:
            raise Remark(
                f"{len(names)} bảng và khung nhìn; {len(gone)} mô hình của lần chạy trước không còn trong dbt_project: "
                f"{_some(gone)}. Bảng cũ của chúng không được dựng nữa; nếu lỡ xóa, lấy lại tệp."
            )
        return f"{len(names)} bảng và khung nhìn"

    def rules(self) -> str:
        """Every rule can be planned against an empty warehouse."""
        rules = load_rules()
        contracts = load_contracts()
        found = explain(rules, self.manifest, lambda connection: create_tables(connection, contracts.values()))
        if found:
            told = "; ".join(f"{rule.code}: {text}" for rule, text in found[:_SHOWN])
            raise FoundError(f"{len(found)} quy tắc không chạy được trên kho trống: {told}. Sửa trong expectations/.")
        return f"{len(rules)} quy tắc chạy được trên kho trống"

    def warehouse(self) -> str:
        """Kinds of the raw layer against the contracts, and tables that no model builds any more."""
        if not self._paths.warehouse_file.exists():
            return "chưa có kho làm việc"
        try:
            with connect(self._paths.warehouse_file, read_only=True) as connection:
                number = releases.number_of(connection)
                releases.refuse_newer(number)
                changes = pending_conversions(connection, load_contracts().values())
                left = sorted(_relations(connection) - _named(self.manifest))
        except ReleaseError as mistake:
            raise FoundError(str(mistake)) from None
        except duckdb.IOException as error:
            _refuse_newer_engine(error)
            if not is_held(error):
                raise FoundError(TOLD) from None
            raise Remark("một lần chạy đang giữ kho làm việc; chạy lại khi nó xong.") from None
        told = []
        if number is not None and number < releases.CURRENT:
            told.append(f"lần chạy tới sẽ nâng lược đồ của kho từ số {number} lên số {releases.CURRENT}")
        if changes:
            told.append(f"lần chạy tới sẽ sửa {len(changes)} cột của lớp thô: {_some(changes)}")
        if left:
            told.append(f"{len(left)} bảng không còn mô hình dựng: {_some(left)}")
        if told:
            raise Remark("; ".join(told) + ".")
        return f"lược đồ số {releases.CURRENT}, kiểu cột khớp hợp đồng, bảng nào cũng có mô hình"


def _refuse_newer_engine(error: duckdb.Error) -> None:
    try:
        releases.refuse_newer_engine(error)
    except ReleaseError as mistake:
        raise FoundError(str(mistake)) from None


def unit_reference() -> str:
    """The frozen reference of units (R6): readable, no code twice at a time, every successor a unit."""
    with duckdb.connect(":memory:") as connection:
        try:
            units.load(connection)
        except (duckdb.Error, OSError) as error:
            raise FoundError(
                f"không đọc được danh mục đơn vị hành chính ({type(error).__name__}); "
                "lấy lại pipelines/warehouse/reference."
            ) from None
        twice, orphans, provinces, communes = connection.execute(_UNITS, [now_in_vietnam().date()] * 2).fetchall()[0]
    if twice or orphans:
        raise FoundError(
            f"danh mục đơn vị hành chính có {twice} mã trùng thời gian, {orphans} đơn vị kế thừa không có thật."
        )
    return f"{grouped(provinces)} tỉnh, {grouped(communes)} xã có hiệu lực hôm nay"


_UNITS = """
with song as (
    select d.cap from dvhc.don_vi d where coalesce(d.hieu_luc_tu, date '0001-01-01') <= ?
    and coalesce(d.hieu_luc_den, date '9999-12-31') >= ?
)
select
    (select count(*) from dvhc.don_vi a inner join dvhc.don_vi b on a.cap = b.cap and a.ma = b.ma
        and coalesce(a.hieu_luc_tu, date '0001-01-01') < coalesce(b.hieu_luc_tu, date '0001-01-01')
        and coalesce(a.hieu_luc_den, date '9999-12-31') >= b.hieu_luc_tu),
    (select count(*) from dvhc.ke_thua k where not exists (
        select 1 from dvhc.don_vi d where d.cap = k.cap_moi and d.ma = k.ma_moi)),
    (select count(*) from song where cap = 'tinh'),
    (select count(*) from song where cap = 'xa')
"""


def _models(manifest: Mapping[str, Any]) -> set[str]:
    return {str(node["name"]) for node in manifest["nodes"].values() if node["resource_type"] == "model"}


def _named(manifest: Mapping[str, Any]) -> set[str]:
    return {
        f"{node['schema']}.{node['alias']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] in {"model", "seed"}
    }


def _relations(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Tables and views that dbt built: those of no schema that the program fills itself."""
    rows = connection.execute(
        "SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns() WHERE NOT internal "
        "AND database_name = current_database() AND NOT list_contains(?, schema_name)",
        [[*NOT_DBT, "main"]],
    ).fetchall()
    return {str(row[0]) for row in rows}


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
