"""A tiny working warehouse and manifest; also a program: ``tiny.py ROOT VERSION NUMBER CALLS``.

It publishes and dies by SIGKILL just before its NUMBER-th file-system call among CALLS (names of functions of ``os``,
with commas); with NUMBER 0 it lives and prints how many there were. Dying before a call is dying after the last one.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from pipelines.config.paths import DataPaths, data_paths
from pipelines.publish import parts
from pipelines.publish.keeping import Night
from pipelines.publish.publish import PublishReport, publish
from pipelines.quality.gate import GroupDecision, State

AS_OF = date(2025, 9, 30)


def column(name: str, sensitivity: str | None = "noi_bo", description: str = "Cột.") -> dict[str, Any]:
    meta = {"nhay_cam": sensitivity} if sensitivity else {}
    return {"name": name, "description": description, "config": {"meta": meta}}


def model(schema: str, name: str, columns: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    node = {
        "resource_type": "model",
        "schema": schema,
        "name": f"{schema}__{name}",
        "alias": name,
        "description": f"Bảng {name}, hạt là 'dòng'.",
        "columns": {c["name"]: c for c in columns},
        "config": {"materialized": "table", "meta": {"nhom_mart": schema}},
    }
    return node | changes


def manifest() -> dict[str, Any]:
    ends = [column("ngay_so_lieu"), column("phien_ban")]
    dossier = [column("ma_ho_so"), column("so_tien", "cong_khai"), column("ngay")]
    models = [
        model("tthc", "ho_so", dossier + ends, constraints=[{"type": "primary_key", "columns": ["ma_ho_so"]}]),
        model("tthc", "bieu", [], config={"materialized": "bang_macro", "meta": {"nhom_mart": "tthc"}}),
        model("ho_tich", "dang_ky", [column("ma"), column("n"), *ends]),
        model("van_hanh", "xuat_ban", [column("nhom_mart"), column("trang_thai"), column("so_lan"), *ends]),
    ]
    return {"nodes": {f"model.kho06.{m['name']}": m for m in models}, "sources": {}, "child_map": {}}


def build(root: Path, version: str, amount: int) -> DataPaths:
    """Write the working warehouse of one night: every figure is ``amount``, every row says ``version``."""
    paths = data_paths(root)
    paths.prepare()
    paths.warehouse_file.unlink(missing_ok=True)
    ends = f"date '{AS_OF}' as ngay_so_lieu, '{version}' as phien_ban"
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        for schema in ("tthc", "ho_tich", "van_hanh"):
            connection.execute(f"create schema {schema}")
        connection.execute(
            f"create table tthc.ho_so as select 'H02-' || (2000 - i) as ma_ho_so, {amount} as so_tien, "
            f"date '2025-01-01' + cast(i % 100 as integer) as ngay, 'Đặng Mạc Đĩnh' as chu_ho_so, {ends} "
            "from range(1000) r(i)"
        )
        connection.execute(f"create table ho_tich.dang_ky as select 'K' as ma, {amount} as n, {ends}")
        connection.execute(
            f"create table van_hanh.xuat_ban as select 'tthc' as nhom_mart, 'moi' as trang_thai, 1 as so_lan, {ends}"
        )
        connection.execute(
            "create macro tthc.bieu(tu_ngay, den_ngay) as table "
            "select sum(so_tien) as tong, 'kho_lam_viec.x' as chu from kho_lam_viec.tthc.ho_so "
            "where ngay between cast(tu_ngay as date) and cast(den_ngay as date)"
        )
    return paths


def decisions(**states: State) -> list[GroupDecision]:
    every = {"tthc": State.NEW, "ho_tich": State.NEW, "van_hanh": State.NEW} | states
    return [GroupDecision(group, state, "" if state is State.NEW else "Lỗi.") for group, state in every.items()]


def release(paths: DataPaths, version: str, **states: State) -> PublishReport:
    """Publish; the dossiers are a large table here, so that a second publication renews the first."""
    night = Night(origins={"ma_nguon": "m"})
    with patch.object(parts, "LARGE", 500):
        return publish(paths, manifest(), decisions(**states), version=version, as_of=AS_OF, night=night)


def _dying(real: Callable[..., Any], counter: list[int], last: int) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        counter[0] += 1
        if counter[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    return call


def main(root: str, version: str, last: str, calls: str) -> None:
    paths = data_paths(root)
    counter = [0]
    for name in calls.split(","):
        setattr(os, name, _dying(getattr(os, name), counter, int(last)))
    release(paths, version)
    print(counter[0])


if __name__ == "__main__":
    main(*sys.argv[1:5])
