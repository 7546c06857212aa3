"""The intake over the small sample: every planted defect is treated as the key says, clean rows raise nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.config.paths import DataPaths
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.intake.limits import Limits
from pipelines.intake.run import ingest
from pipelines.sample import generate
from pipelines.warehouse.schema import create_tables

pytestmark = pytest.mark.cham


@dataclass(frozen=True)
class Ingested:
    """The key of the sample beside the ledger of the intake."""

    connection: duckdb.DuckDBPyConnection
    key: Path
    defects: pl.DataFrame
    files: pl.DataFrame

    def ask(self, query: str) -> pl.DataFrame:
        """A query over the working warehouse."""
        return self.connection.sql(query).pl()


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingested]:
    paths = DataPaths(tmp_path_factory.mktemp("kho"))
    key = generate(paths, size="small").answer_key
    lists = load_code_lists()
    contracts = load_contracts(code_lists=lists)
    with duckdb.connect(":memory:") as connection:
        create_tables(connection, contracts.values())
        ingest(paths, connection, contracts, lists, now=datetime(2026, 1, 5), run_number=1, limits=Limits())
        yield Ingested(
            connection,
            key,
            pl.read_csv(key / "dap_an_loi.csv", infer_schema_length=0).with_columns(
                pl.col("trang_tinh", "ly_do").fill_null("")
            ),
            pl.read_csv(key / "dap_an_tep.csv", infer_schema_length=0),
        )


_PLACE = ["tep", "trang_tinh", "dong", "cot", "ly_do"]


def _faults(ingested: Ingested, table: str) -> pl.DataFrame:
    return ingested.ask(
        "select t.ten_tep as tep, f.trang_tinh, f.dong::varchar as dong, f.cot, f.ly_do "
        f"from so_cai.{table} f join so_cai.tep t using (ma_tep)"
    )


def _compare(expected: pl.DataFrame, found: pl.DataFrame) -> None:
    expected, found = expected.select(_PLACE), found.select(_PLACE)
    missed = expected.join(found, on=_PLACE, how="anti")
    extra = found.join(expected, on=_PLACE, how="anti")
    assert missed.is_empty(), missed.rows()
    assert extra.is_empty(), extra.head(20).rows()


def test_each_file_ends_as_the_key_says(ingested: Ingested) -> None:
    found = ingested.ask("select ten_tep as tep, trang_thai, so_dong_doc, so_dong_cach_ly from so_cai.tep")
    both = ingested.files.join(found, on="tep", how="full", suffix="_kho")
    assert both.filter(pl.col("tep").is_null() | pl.col("tep_kho").is_null()).is_empty()
    assert both.filter(pl.col("trang_thai") != pl.col("trang_thai_kho")).is_empty()
    for column in ("so_dong_doc", "so_dong_cach_ly"):
        wrong = both.filter(pl.col(column).cast(pl.Int64) != pl.col(f"{column}_kho"))
        assert wrong.is_empty(), wrong.select("tep", column, f"{column}_kho").rows()


def test_quarantine_is_exactly_what_was_planted(ingested: Ingested) -> None:
    _compare(ingested.defects.filter(pl.col("xu_ly") == "cach_ly"), _faults(ingested, "cach_ly"))


def test_value_findings_are_exactly_what_was_planted(ingested: Ingested) -> None:
    planted = ingested.defects.filter(
        pl.col("xu_ly").is_in(["phat_hien", "khoi_phuc"]) & (pl.col("ly_do") != "") & pl.col("dong").is_not_null()
    )
    _compare(planted, _faults(ingested, "loi_gia_tri"))


def test_unknown_columns_are_exactly_what_was_planted(ingested: Ingested) -> None:
    planted = ingested.defects.filter(pl.col("loai") == "cot_la").select("nguon_du_lieu", "cot").unique()
    found = ingested.ask("select nguon_du_lieu, cot from so_cai.cot_la")
    assert sorted(planted.rows()) == sorted(found.rows())


def test_a_stated_total_differs_only_where_planted(ingested: Ingested) -> None:
    found = ingested.ask(
        "select t.ten_tep, s.trang_tinh from so_cai.trang_tinh s join so_cai.tep t using (ma_tep) "
        "where s.tong_ghi <> s.so_dong_doc"
    )
    planted = ingested.defects.filter(pl.col("loai") == "tong_ghi_sai").select("tep", "trang_tinh")
    assert found.rows() == planted.rows()


def test_the_newest_state_of_each_dossier_is_the_truth(ingested: Ingested) -> None:
    newest = ingested.ask(
        "select * from (select h.*, row_number() over (partition by h._khoa order by "
        "coalesce(h._thoi_diem, t.thoi_diem) desc, t.thoi_diem desc, t.sha256 desc, h._thu_tu desc) as rn "
        "from tho.dvc__ho_so h join so_cai.tep t on t.ma_tep = h._ma_tep) where rn = 1"
    )
    truth = pl.read_parquet(ingested.key / "dap_an_ho_so.parquet").filter(pl.col("ma_don_vi").is_not_null())
    both = truth.join(newest, on="ma_ho_so", how="full", suffix="_kho")
    assert both.height == truth.height == newest.height
    pairs = {"ma_tthc_xuat": "ma_tthc_kho"}
    for column in (
        "ma_don_vi",
        "kenh",
        "ngay_tiep_nhan",
        "ngay_hen_tra",
        "ngay_ket_thuc",
        "ngay_tra",
        "trang_thai",
        *pairs,
    ):
        wrong = both.filter(pl.col(column).ne_missing(pl.col(pairs.get(column, f"{column}_kho"))))
        assert wrong.is_empty(), (column, wrong.height)
