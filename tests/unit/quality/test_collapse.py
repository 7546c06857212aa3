"""What is about to be published against what is: a fall beyond the tolerated share is named where it begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from pipelines.quality.collapse import collapsed, table_rows

MARTS = Path(__file__).parents[3] / "dbt_project" / "models" / "marts"
MANIFEST: dict[str, Any] = {
    "nodes": {
        f"model.kho06.{schema}__{name}": {
            "resource_type": "model",
            "schema": schema,
            "name": f"{schema}__{name}",
            "alias": name,
            "description": "x",
            "columns": {},
            "config": {"materialized": "table", "meta": {"nhom_mart": schema, "phat_hien": schema == "doi_soat"}},
        }
        for schema, name in (
            ("tthc", "ho_so"),
            ("tthc", "tra_lai"),
            ("ho_tich", "dang_ky"),
            ("chat_luong", "loi"),
            ("doi_soat", "hai_cong"),
        )
    }
}
PUBLISHED = {
    "nguon": {"dvc__ho_so": 1000, "dvc__tthc": 40},
    "nguon_don": {"dvc__ho_so": 10000},
    "so_dong": {
        "tthc.ho_so": 900,
        "tthc.tra_lai": 100,
        "ho_tich.dang_ky": 500,
        "chat_luong.loi": 5000,
        "doi_soat.hai_cong": 2095,
    },
}
TABLES = {("tthc", "ho_so"): 900, ("tthc", "tra_lai"): 100, ("ho_tich", "dang_ky"): 500, ("chat_luong", "loi"): 5000}


def found(feeds: dict[str, int], removed: dict[str, int] | None = None, **tables: int) -> dict[str, str]:
    now = TABLES | {tuple(name.split("__")): rows for name, rows in tables.items()}
    return collapsed(MANIFEST, PUBLISHED, feeds, now, 0.3, removed=removed or {})  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [0, 699])
def test_a_feed_that_falls_holds_what_is_below_it(rows: int) -> None:
    reasons = found({"dvc__ho_so": rows, "dvc__tthc": 0})
    assert list(reasons) == ["source.kho06.tho.dvc__ho_so"]
    assert "dvc/ho_so" in reasons["source.kho06.tho.dvc__ho_so"]
    assert "--chap-nhan-giam" in reasons["source.kho06.tho.dvc__ho_so"]


def test_growth_and_a_small_fall_are_nothing() -> None:
    assert found({"dvc__ho_so": 700, "dvc__tthc": 400}) == {}
    assert collapsed(MANIFEST, {}, {}, {}, 0.3, removed={}) == {}


def test_what_retention_removed_since_is_no_loss_and_hides_none() -> None:
    feeds = {"dvc__ho_so": 400, "dvc__tthc": 40}
    assert list(found(feeds, {"dvc__ho_so": 10000})) == ["source.kho06.tho.dvc__ho_so"]
    assert found(feeds, {"dvc__ho_so": 10600}) == {}
    assert "từ 600 xuống 400" in found(feeds, {"dvc__ho_so": 10400})["source.kho06.tho.dvc__ho_so"]
    assert list(found(feeds, {})) == ["source.kho06.tho.dvc__ho_so"]  # a ledger of before the removals


def test_a_group_that_falls_while_its_feeds_stand_is_held() -> None:
    reasons = found({"dvc__ho_so": 1000, "dvc__tthc": 40}, tthc__ho_so=0)
    assert list(reasons) == ["model.kho06.tthc__ho_so"]
    assert "từ 1.000 xuống 100" in reasons["model.kho06.tthc__ho_so"]


def test_findings_may_vanish() -> None:
    gone = found({"dvc__ho_so": 1000, "dvc__tthc": 40}, tthc__tra_lai=0, chat_luong__loi=0, doi_soat__hai_cong=332)
    assert gone == {}


def test_alerts_are_findings() -> None:
    """A night that clears them, or brings the steps they waited for, must not leave yesterday's alerts standing."""
    models = [
        model for path in MARTS.rglob("*.yml") for model in yaml.safe_load(path.read_text("utf-8")).get("models", [])
    ]
    metas = {model["name"]: model.get("config", {}).get("meta", {}) for model in models}
    alerts = {name: meta.get("phat_hien") for name, meta in metas.items() if meta.get("nhom_mart") == "canh_bao"}
    assert alerts == {"dieu_hanh__canh_bao": True, "dieu_hanh__viec_don_vi": True}


def test_a_mart_that_is_a_view_counts_the_rows_it_shows_and_none_where_its_base_is_gone() -> None:
    with duckdb.connect() as connection:
        for schema in ("tthc", "ho_tich", "trung_gian"):
            connection.execute(f"CREATE SCHEMA {schema}")
        connection.execute("CREATE TABLE trung_gian.goc AS SELECT * FROM range(7) t(i)")
        connection.execute("CREATE TABLE tthc.tra_lai AS SELECT * FROM range(3) t(i)")
        connection.execute("CREATE VIEW tthc.ho_so AS SELECT i FROM trung_gian.goc")
        connection.execute("CREATE TABLE trung_gian.mat AS SELECT 1 AS i")
        connection.execute("CREATE VIEW ho_tich.dang_ky AS SELECT i FROM trung_gian.mat")
        connection.execute("DROP TABLE trung_gian.mat")
        rows = table_rows(connection, MANIFEST)
    assert (rows["tthc", "ho_so"], rows["tthc", "tra_lai"], rows["ho_tich", "dang_ky"]) == (7, 3, 0)
