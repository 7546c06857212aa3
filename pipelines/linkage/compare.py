"""Training and comparing with Splink, in a private in-memory DuckDB that holds table ``ban_ghi``.

A pair's ``chung_cu`` is its evidence in bits without the prior and without the frequency of the name: it depends
on the two records and the model only. So a nightly that compares new records with the register keeps the same
pairs as a rebuild; what depends on the whole register is added in ``decide``.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any

import duckdb

from pipelines.linkage.model import assert_trained
from pipelines.linkage.records import TABLE
from pipelines.linkage.register import PRIOR, Register

PAIRS = "ung_vien"
EVIDENCE_FLOOR = 8.0
"""Bits below which no name is rare enough and no register small enough to make a pair."""
TRAINING_RECORDS = 250_000
"""A random sample keeps few of the pairs: a quarter of the records holds a sixteenth of them."""
_U_PAIRS = 2e7
_U_COUNT = 30
_PRIOR_BITS = math.log2(PRIOR / (1 - PRIOR))

Tell = Callable[[str, int, int], None]


def train(connection: duckdb.DuckDBPyConnection, register: Register, tell: Tell) -> dict[str, Any]:
    """Estimate u by random sampling and m by EM on different blocks; returns the model's description.

    Registers above 250,000 records are trained on a sample. Raises ``LinkageError`` if a level stays untrained.
    """
    from splink import block_on

    connection.execute(
        f"create or replace table mau_huan_luyen as select * from {TABLE}"
        f" order by md5(ma_ban_ghi) limit {TRAINING_RECORDS}"
    )
    linker = _linker(connection, "mau_huan_luyen", register.settings())
    steps = len(register.training_blocks) + 1
    tell("tần suất trùng ngẫu nhiên", 0, steps)
    linker.training.estimate_u_using_random_sampling(max_pairs=_U_PAIRS, seed=1, min_count_per_level=_U_COUNT)
    for number, block in enumerate(register.training_blocks, start=1):
        tell("huấn luyện theo " + ", ".join(block), number, steps)
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*block), fix_probability_two_random_records_match=False
        )
    tell("huấn luyện xong", steps, steps)
    model: dict[str, Any] = linker.misc.save_model_to_json()
    model["probability_two_random_records_match"] = PRIOR
    assert_trained(model, register)
    connection.execute("drop table mau_huan_luyen")
    return model


def compare_all(connection: duckdb.DuckDBPyConnection, model: dict[str, Any], floor: float = EVIDENCE_FLOOR) -> int:
    """Compare the whole of ``ban_ghi`` with itself into table ``ung_vien``; returns the number of pairs.

    ``floor``: pairs with less evidence are not kept.
    """
    linker = _linker(connection, TABLE, model)
    found = linker.inference.predict(threshold_match_weight=floor + _PRIOR_BITS)
    return _keep(connection, [found.physical_name])


def compare_new(
    connection: duckdb.DuckDBPyConnection, model: dict[str, Any], changed: str, floor: float = EVIDENCE_FLOOR
) -> int:
    """Compare the records whose id is in table ``changed`` with all others and with each other, into ``ung_vien``."""
    from splink import Linker

    connection.execute(
        f"create or replace temp view ban_moi as select * from {TABLE} where ma_ban_ghi in (from {changed})"
    )
    connection.execute(
        f"create or replace temp view ban_cu as select * from {TABLE} where ma_ban_ghi not in (from {changed})"
    )
    api = _api(connection)
    new, old = api.register("ban_moi"), api.register("ban_cu")
    linker = Linker(new, model, log_level="ERROR")
    least = floor + _PRIOR_BITS
    between = linker.inference.predict_between(new, old, threshold_match_weight=least)
    within = linker.inference.predict_within(new, threshold_match_weight=least)
    kept = _keep(connection, [between.physical_name, within.physical_name])
    connection.execute("drop view ban_moi")
    connection.execute("drop view ban_cu")
    return kept


def _keep(connection: duckdb.DuckDBPyConnection, tables: list[str]) -> int:
    parts = " union all ".join(
        f"select ma_ban_ghi_l as l, ma_ban_ghi_r as r, match_weight as w from {t}" for t in tables
    )
    connection.execute(
        f"""create or replace table {PAIRS} as
        select least(l, r) as ma_ban_ghi_1, greatest(l, r) as ma_ban_ghi_2,
            round(w - ({_PRIOR_BITS!r}), 6) as chung_cu
        from ({parts}) order by 1, 2"""
    )
    for table in tables:
        connection.execute(f"drop table {table}")
    return int(connection.execute(f"select count(*) from {PAIRS}").fetchall()[0][0])


def _api(connection: duckdb.DuckDBPyConnection) -> Any:
    from splink import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    return DuckDBAPI(connection=connection)


def _linker(connection: duckdb.DuckDBPyConnection, table: str, settings: Any) -> Any:
    from splink import Linker

    return Linker(_api(connection).register(table), settings, log_level="ERROR")
