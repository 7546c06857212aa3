"""A tiny province for these tests: agencies, procedures and random dossiers, written into the raw tables."""

from __future__ import annotations

import csv
import hashlib
import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from reference_rules import ASK, DONE, ORDER, REFUSED, STOPPED, WITHDRAWN, Dossier, Limit, Rules

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from pipelines.contracts.loader import load_contracts
from pipelines.warehouse.schema import create_tables

AS_OF = date(2025, 9, 30)
MERGER = date(2025, 7, 1)
LIMITS = {
    "P.LV": Limit(5, "ngay_lam_viec"),
    "P.NG": Limit(10, "ngay"),
    "P.GI": Limit(12, "gio"),
    "P.TN": Limit(None, "trong_ngay"),
    "P.KH": Limit(None, "ngay_lam_viec"),
}
AGENCIES: list[dict[str, Any]] = [
    {"ma_don_vi": "A", "ten_don_vi": "Sở A", "cap": "tinh", "hieu_luc_tu": date(1990, 1, 1)},
    {"ma_don_vi": "B", "ten_don_vi": "Huyện B", "cap": "huyen", "hieu_luc_tu": date(1990, 1, 1),
     "hieu_luc_den": date(2025, 6, 30), "thay_the_boi": "C"},
    {"ma_don_vi": "C", "ten_don_vi": "Phường C", "cap": "xa", "hieu_luc_tu": MERGER},
    {"ma_don_vi": "D", "ten_don_vi": "Xã D", "cap": "xa", "hieu_luc_tu": date(1990, 1, 1),
     "hieu_luc_den": date(2025, 6, 30)},
]  # fmt: skip
LEVEL = {"A": "tinh", "B": "huyen", "C": "xa", "D": "xa", "Z": None}
TODAY = {"A": "A", "B": "C", "C": "C", "D": None, "Z": None}


@dataclass(frozen=True)
class Warehouse:
    """The built warehouse, open read-only, with the dossiers it was built from and the reference rules."""

    paths: DataPaths
    connection: duckdb.DuckDBPyConnection
    dossiers: list[Dossier]
    rules: Rules


def working_days() -> frozenset[date]:
    """Working days of the committed calendar seed."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "lich.csv").open(encoding="utf-8") as handle:
        return frozenset(
            date.fromisoformat(row["ngay"]) for row in csv.DictReader(handle) if row["la_ngay_lam_viec"] == "true"
        )


def rules() -> Rules:
    """The reference rules for this province."""
    return Rules(working_days(), AS_OF)


def random_dossiers(count: int, seed: int) -> list[Dossier]:
    """Dossiers of every kind, the absurd ones too: ends before receipts, ends after the as-of day, no dates."""
    rng = random.Random(seed)  # noqa: S311
    return [_dossier(rng, number) for number in range(count)]


def _dossier(rng: random.Random, number: int) -> Dossier:
    received = _moment(rng, datetime(2025, 1, 2), 285)
    unit = rng.choice("AABBCCDZ")
    procedure = rng.choice([*LIMITS, "P.LV", "P.NG", None])
    status = rng.choice([*ORDER, *DONE, *DONE, *DONE, "dang_xu_ly", "dang_xu_ly", ASK])
    ended = status in (*DONE, WITHDRAWN, STOPPED, REFUSED) or rng.random() < 0.1
    finished = _moment(rng, received - timedelta(days=1), 40) if ended and rng.random() < 0.85 else None
    handed = _moment(rng, received, 45) if ended and rng.random() < 0.6 else None
    due = None
    if rng.random() < 0.9:
        due = _moment(rng, received, 25)
        if rng.random() < 0.4:
            due = due.replace(hour=0, minute=0, second=0)
    return Dossier(
        code=f"A-{received:%y%m%d}-{number:05d}",
        unit=unit,
        level=LEVEL[unit],
        today=TODAY[unit],
        procedure=procedure,
        limit=LIMITS[procedure] if procedure else None,
        channel=rng.choice(["truc_tuyen", "truc_tiep", "buu_chinh", None]),
        status=status,
        received=received,
        due=due,
        finished=finished,
        handed_over=handed,
        steps=_steps(rng, received),
    )


def _moment(rng: random.Random, start: datetime, days: int) -> datetime:
    moment = start.replace(hour=0, minute=0) + timedelta(days=rng.randrange(days))
    return moment + timedelta(minutes=rng.choice([rng.randrange(1440), 899, 900, 480]))


def _steps(rng: random.Random, received: datetime) -> tuple[tuple[datetime, str], ...]:
    if rng.random() < 0.25:
        return ()
    steps: dict[tuple[datetime, str], None] = {}
    moment = received
    for _ in range(rng.randrange(1, 8)):
        steps[moment, rng.choice([*ORDER, ASK, ASK, "dang_xu_ly"])] = None
        moment += timedelta(hours=rng.randrange(0, 160))
    return tuple(steps)


def write(paths: DataPaths, dossiers: list[Dossier]) -> None:
    """Fill the raw layer and the ledger of ``paths``; every tenth dossier also has an older, wrong state."""
    paths.prepare()
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        create_tables(connection, load_contracts().values())
        connection.execute("INSERT INTO so_cai.tham_so VALUES (?, 'thu')", [AS_OF])
        connection.execute(
            "INSERT INTO so_cai.tep (ma_tep, nguon_du_lieu, sha256, thoi_diem) VALUES "
            "('moi', 'dvc/ho_so', 'b', TIMESTAMP '2025-09-30 08:00'), "
            "('cu', 'dvc/ho_so', 'a', TIMESTAMP '2025-09-29 08:00')"
        )
        old = [
            replace(d, unit="Z", status="dang_xu_ly", finished=None, due=None)
            for d in dossiers[::10]
        ]  # fmt: skip
        _insert(connection, "dvc__co_quan", AGENCIES, ("ma_don_vi", "hieu_luc_tu"))
        _insert(connection, "dvc__tthc", _procedures(), ("ma_tthc", "hieu_luc_tu"))
        _insert(connection, "dvc__ho_so", [_row(d) for d in old], ("ma_ho_so",), "cu")
        _insert(connection, "dvc__ho_so", [_row(d) for d in dossiers], ("ma_ho_so",))
        steps = [
            {"ma_ho_so": d.code, "thoi_diem": moment, "trang_thai": status}
            for d in dossiers
            for moment, status in d.steps
        ]
        _insert(connection, "dvc__qua_trinh", steps, ("ma_ho_so", "thoi_diem", "trang_thai"))


def _procedures() -> list[dict[str, Any]]:
    return [
        {"ma_tthc": code, "ten_tthc": f"Thủ tục {code}", "linh_vuc": "Tư pháp", "cap": "xa", "thiet_yeu": True,
         "thoi_han": limit.amount, "don_vi_thoi_han": limit.unit, "hieu_luc_tu": date(2020, 1, 1)}
        for code, limit in LIMITS.items()
    ]  # fmt: skip


def _row(d: Dossier) -> dict[str, Any]:
    return {
        "ma_ho_so": d.code,
        "ma_tthc": d.procedure or "LA.001",
        "ma_don_vi": d.unit,
        "kenh": d.channel,
        "trang_thai": d.status,
        "ngay_tiep_nhan": d.received,
        "ngay_hen_tra": d.due,
        "ngay_ket_thuc": d.finished,
        "ngay_tra": d.handed_over,
    }


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    rows: list[dict[str, Any]],
    key: tuple[str, ...],
    file: str = "moi",
) -> None:
    for number, row in enumerate(rows, start=1):
        row["_khoa"] = _digest(*(row[part] for part in key))
        row["_gia_tri"] = _digest(*row.values())
        row["_ma_tep"], row["_trang_tinh"], row["_dong"], row["_thu_tu"] = file, "", number, number
    frame = pl.DataFrame(rows, infer_schema_length=None)
    connection.register("moi_vao", frame.to_arrow())
    connection.execute(f"INSERT INTO tho.{table} BY NAME SELECT * FROM moi_vao")
    connection.unregister("moi_vao")


def _digest(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def data_folder(root: Path) -> DataPaths:
    """Paths of a data folder of this test run."""
    return DataPaths(root)
