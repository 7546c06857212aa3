"""A worked case with its truth, where one is at hand (folder in ``KHO_BO_MAU``, with ``raw/`` and ``truth/``)."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

CASE = Path(os.environ.get("KHO_BO_MAU", "/khong/co"))

pytestmark = pytest.mark.skipif(not (CASE / "truth").is_dir(), reason="không có bộ mẫu (đặt KHO_BO_MAU)")


def copy(raw: Path, files: list[str] | None = None) -> None:
    names = files or [str(p.relative_to(CASE / "raw")) for p in (CASE / "raw").rglob("*") if p.is_file()]
    for name in names:
        target = raw / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CASE / "raw" / name, target)


def truth(name: str) -> list[dict[str, object]]:
    loaded: list[dict[str, object]] = json.loads((CASE / "truth" / name).read_text(encoding="utf-8"))
    return loaded


def test_every_file_and_every_row_is_accounted_for(warehouse):
    copy(warehouse.paths.raw)
    files = {item.path: item for item in warehouse.run().files}
    for expected in truth("tep.json"):
        found = files[str(expected["tep"])]
        assert found.status == expected["trang_thai"], (found, expected)
        if found.status == "da_nap":
            counts = found.counts
            assert counts.read == counts.loaded + counts.quarantined + counts.repeated
            assert (counts.read, counts.quarantined) == (expected["so_dong_doc"], expected["so_dong_cach_ly"]), found
            assert counts.repeated >= int(str(expected["lap_trong_tep"]))
    rows = warehouse.sql("SELECT ten_tep, cot, trang_tinh, dong FROM so_cai.cach_ly JOIN so_cai.tep USING (ma_tep)")
    keys = ("tep", "cot", "trang_tinh", "dong")
    assert Counter(rows) == Counter(tuple(item[key] for key in keys) for item in truth("cach_ly.json"))


def test_batches_in_either_order_hold_the_same_states(warehouse):
    batches = json.loads((CASE / "truth" / "lo.json").read_text(encoding="utf-8"))
    results = []
    for order in (("lo_1", "lo_2"), ("lo_2", "lo_1")):
        for contract in warehouse.contracts.values():
            warehouse.sql(f"DELETE FROM tho.{contract.table}")
        for table in ("tep", "trang_tinh", "dong_cach_ly", "cach_ly", "loi_gia_tri", "cot_la"):
            warehouse.sql(f"DELETE FROM so_cai.{table}")
        shutil.rmtree(warehouse.paths.raw)
        for name in order:
            copy(warehouse.paths.raw, batches[name])
            warehouse.run()
        tables = [f"tho.{c.table}" for c in warehouse.contracts.values()] + ["so_cai.loi_gia_tri", "so_cai.cach_ly"]
        results.append([warehouse.sql(f"SELECT * FROM {table} ORDER BY ALL") for table in tables])
    assert results[0] == results[1]
