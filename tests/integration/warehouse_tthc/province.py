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
from pipelines.warehouse import units
from pipelines.warehouse.schema import create_tables

AS_OF = date(2025, 9, 30)
MERGER = date(2025, 7, 1)
LIMITS = {
    "P.LV": Limit(5, "ngay_lam_viec"),
    "P.NG": Limit(10, "ngay"),
    "P.GI": Limit(12, "gio"),
    "P.TN": Limit(None, "trong_ngay"),
    "P.KH": Limit(None, "ngay_lam_viec"),
    "P.KO": Limit(0, "ngay_lam_viec"),
}
OPEN = date(9999, 12, 31)
LONG_AGO = date(1990, 1, 1)


@dataclass(frozen=True)
class Version:
    """A procedure's version in the province's catalogue; ``code`` is what the province calls it."""

    code: str
    national: str | None
    level: str
    limit: Limit
    since: date
    until: date = OPEN


VERSIONS = [
    *(Version(code, None, "xa", limit, date(2020, 1, 1)) for code, limit in LIMITS.items()),
    # two versions that overlap in June: the newer one is in force
    Version("P.OV", None, "xa", Limit(3, "ngay_lam_viec"), date(2020, 1, 1), date(2025, 6, 30)),
    Version("P.OV", None, "xa", Limit(9, "ngay_lam_viec"), date(2025, 6, 1)),
    # one national code at two levels; ended and begun anew with a month between
    Version("P.Q1", "1.001190", "tinh", Limit(4, "ngay_lam_viec"), date(2020, 1, 1)),
    Version("P.Q2", "1.001190", "xa", Limit(6, "ngay"), date(2020, 1, 1), date(2025, 3, 31)),
    Version("P.Q2", "1.001190", "xa", Limit(8, "ngay"), date(2025, 5, 1)),
    # no name or level tells these apart
    Version("P.M1", "2.000022", "xa", Limit(2, "ngay"), date(2020, 1, 1)),
    Version("P.M2", "2.000022", "xa", Limit(3, "ngay"), date(2020, 1, 1), date(2025, 4, 30)),
]
AGENCIES: list[dict[str, Any]] = [
    {"ma_don_vi": "A", "ten_don_vi": "Sở A", "cap": "tinh", "hieu_luc_tu": LONG_AGO},
    {"ma_don_vi": "B", "ten_don_vi": "Huyện B", "cap": "huyen", "hieu_luc_tu": LONG_AGO,
     "hieu_luc_den": date(2025, 6, 30), "thay_the_boi": "C"},
    {"ma_don_vi": "C", "ten_don_vi": "Phường C", "cap": "xa", "hieu_luc_tu": MERGER},
    {"ma_don_vi": "D", "ten_don_vi": "Xã D", "cap": "xa", "hieu_luc_tu": LONG_AGO,
     "hieu_luc_den": date(2025, 6, 30)},
    # a gap of two months, then another level
    {"ma_don_vi": "E", "ten_don_vi": "Thị xã E", "cap": "huyen", "hieu_luc_tu": LONG_AGO,
     "hieu_luc_den": date(2025, 2, 28), "thay_the_boi": "A"},
    {"ma_don_vi": "E", "ten_don_vi": "Phường E", "cap": "xa", "hieu_luc_tu": date(2025, 5, 1)},
    # a chain of two successors; a circle; a last day that is the as-of day; two successors
    {"ma_don_vi": "F", "ten_don_vi": "Xã F", "cap": "xa", "hieu_luc_tu": LONG_AGO,
     "hieu_luc_den": date(2025, 1, 31), "thay_the_boi": "B"},
    {"ma_don_vi": "G", "ten_don_vi": "Xã G", "cap": "xa", "hieu_luc_tu": LONG_AGO,
     "hieu_luc_den": date(2025, 3, 31), "thay_the_boi": "H"},
    {"ma_don_vi": "H", "ten_don_vi": "Xã H", "cap": "xa", "hieu_luc_tu": LONG_AGO,
     "hieu_luc_den": date(2025, 4, 30), "thay_the_boi": "G"},
    {"ma_don_vi": "I", "ten_don_vi": "Xã I", "cap": "xa", "hieu_luc_tu": LONG_AGO,
     "hieu_luc_den": AS_OF, "thay_the_boi": "C"},
    {"ma_don_vi": "K", "ten_don_vi": "Xã K", "cap": "xa", "hieu_luc_tu": LONG_AGO,
     "hieu_luc_den": date(2025, 6, 30), "thay_the_boi": "C;E"},
]  # fmt: skip
TODAY = {
    "A": "A",
    "B": "C",
    "C": "C",
    "D": None,
    "E": "E",
    "F": "C",
    "G": None,
    "H": None,
    "I": "I",
    "K": None,
    "Z": None,
}


def level_on(unit: str, day: date) -> str | None:
    """R6: the level a unit had that day; before it existed its first, in a gap and after its end the one before."""
    versions = sorted((a for a in AGENCIES if a["ma_don_vi"] == unit), key=lambda a: a["hieu_luc_tu"])
    begun = [a for a in versions if a["hieu_luc_tu"] <= day] or versions[:1]
    return begun[-1]["cap"] if begun else None


def version_on(exported: str, level: str | None, day: date) -> Version | None:
    """R7: the one procedure in force that day that the exported code means, province's code before national."""
    in_force = [v for v in VERSIONS if v.since <= day <= v.until]
    for meant in (
        [v for v in in_force if v.code == exported],
        [v for v in in_force if v.national == exported],
        [v for v in in_force if v.national and v.national.rstrip("0") == exported.rstrip("0")],
    ):
        at_level = [v for v in meant if v.level == level] or meant
        if at_level:
            one = len({v.code for v in at_level}) == 1
            return max(at_level, key=lambda v: v.since) if one else None
    return None


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


EXPORTED = [*LIMITS, "P.LV", "P.NG", "P.OV", "P.OV", "P.Q2", "1.001190", "1.00119", "2.000022", "2.000022", "LA.001"]


def _dossier(rng: random.Random, number: int) -> Dossier:
    received = _moment(rng, datetime(2025, 1, 2), 285)
    unit = rng.choice("AABBCCDEEFGHIKZ")
    level = level_on(unit, received.date())
    exported = rng.choice(EXPORTED)
    version = version_on(exported, level, received.date())
    status = rng.choice([*ORDER, *DONE, *DONE, *DONE, "dang_xu_ly", "dang_xu_ly", ASK])
    ended = status in (*DONE, WITHDRAWN, STOPPED, REFUSED) or rng.random() < 0.1
    finished = _moment(rng, received - timedelta(days=1), 40) if ended and rng.random() < 0.8 else None
    handed = _moment(rng, received, 45) if ended and rng.random() < 0.6 else None
    due = None
    if rng.random() < 0.9:
        due = _moment(rng, received - timedelta(days=3), 28)
        if rng.random() < 0.4:
            due = due.replace(hour=0, minute=0, second=0)
    return Dossier(
        code=f"A-{received:%y%m%d}-{number:05d}",
        unit=unit,
        level=level,
        today=TODAY[unit],
        exported=exported,
        procedure=version.code if version else None,
        limit=version.limit if version else None,
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
    moment = received - timedelta(hours=rng.choice([0, 0, 0, 30, 200]))
    for _ in range(rng.randrange(1, 8)):
        steps[moment, rng.choice([*ORDER, ASK, ASK, "dang_xu_ly"])] = None
        moment += timedelta(hours=rng.randrange(0, 160))
    return tuple(steps)


def write(paths: DataPaths, dossiers: list[Dossier]) -> None:
    """Fill the raw layer and the ledger of ``paths``; every tenth dossier also has an older, wrong state."""
    paths.prepare()
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        create_tables(connection, load_contracts().values())
        units.load(connection)
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
        {"ma_tthc": v.code, "ma_tthc_qg": v.national, "ten_tthc": f"Thủ tục {v.code}", "linh_vuc": "Tư pháp",
         "cap": v.level, "thiet_yeu": True, "thoi_han": v.limit.amount, "don_vi_thoi_han": v.limit.unit,
         "hieu_luc_tu": v.since, "hieu_luc_den": None if v.until == OPEN else v.until}
        for v in VERSIONS
    ]  # fmt: skip


def _row(d: Dossier) -> dict[str, Any]:
    return {
        "ma_ho_so": d.code,
        "ma_tthc": d.exported,
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
