"""A person taken out of kept publications where no keyed hash stands: by rows of files, by codes."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.files import describe
from pipelines.publish.forgetting import Sought, forget, places
from pipelines.publish.version_store import LISTINGS, Store

_RECORDS = (
    "SELECT 'r' || n AS ma_ban_ghi, '{file}' AS ma_tep, NULL::VARCHAR AS trang_tinh, n AS dong FROM range(3) t(n)"
)
_STEPS = "SELECT 'H02-' || n AS ma_ho_so, 'x' AS buoc FROM range(3) t(n)"


def kept(store: Store, number: int, tables: dict[str, str], *, aside: bool = False) -> None:
    """A publication with these tables, as ``kho versions`` knows one."""
    listed: dict[str, dict[str, Any]] = {}
    for table, sql in tables.items():
        staged = store.folder / "moi"
        staged.parent.mkdir(parents=True, exist_ok=True)
        duckdb.sql(f"COPY ({sql}) TO '{staged}' (FORMAT parquet)")
        name = f"{describe(staged)['sha256']}.bang"
        store.place(name).parent.mkdir(parents=True, exist_ok=True)
        staged.replace(store.place(name))
        listed[table] = {"tep": name, "kich_thuoc": store.place(name).stat().st_size, "so_dong": 3}
    facts = {
        "phien_ban": f"v{number}", "thu_tu": number, "truoc": None, "ngay_so_lieu": "2025-09-30", "rieng": aside,
        "luc_cong_bo": "2025-10-01T01:00:00", "nhom_mart": {}, "tai_lieu": {}, "bieu": [], "bang": listed,
    }  # fmt: skip
    place = store.folder / LISTINGS / f"v{number}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(facts), encoding="utf-8")


def test_a_registers_record_is_known_by_its_row_and_then_by_its_code(tmp_path: Path) -> None:
    """``v1`` has the record from an older file; ``v3`` is a past day, and has another's record from the row."""
    store = Store(tmp_path / "marts")
    pairs = "SELECT 'r0' AS ma_cum, 'r' || n AS ma_ban_ghi_1 FROM range(3) t(n)"
    kept(store, 1, {"ho_tich.dang_ky": _RECORDS.format(file="cu")})
    kept(store, 2, {"ho_tich.dang_ky": _RECORDS.format(file="moi"), "ho_tich.trung_lap": pairs})
    kept(store, 3, {"ho_tich.dang_ky": _RECORDS.format(file="moi").replace("'r'", "'s'")}, aside=True)
    found = places(store, Sought(("khóa",), (("moi", "", 1), ("khac", "", 1))))
    assert found.sought.cells == ("khóa", "r1")
    assert dict(found.tables) == {
        ("v1", "ho_tich.dang_ky"): 1,
        ("v2", "ho_tich.dang_ky"): 1,
        ("v2", "ho_tich.trung_lap"): 1,
        ("v3", "ho_tich.dang_ky"): 1,
    }
    forget(store, found, datetime(2026, 1, 1))
    assert places(store, found.sought).rows == 0
    assert {version.name: version.tables["ho_tich.dang_ky"]["so_dong"] for version in store.versions()} == {
        "v1": 2, "v2": 2, "v3": 2,
    }  # fmt: skip


def test_what_is_told_of_a_dossier_goes_by_its_code(tmp_path: Path) -> None:
    store = Store(tmp_path / "marts")
    kept(store, 1, {"tthc.buoc_ho_so": _STEPS, "tthc.tong": "SELECT 3 AS n FROM range(3)"})
    found = places(store, Sought(("khóa", "H02-1"), (("moi", "", 1),)))
    assert dict(found.tables) == {("v1", "tthc.buoc_ho_so"): 1}
