"""What a run needs to know: places, settings, contracts, code lists, rule book, limits; read and checked once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb

from pipelines.config.orchestration import Orchestration, load_orchestration
from pipelines.config.paths import DataPaths, data_paths
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import CodeList, Contract
from pipelines.intake.limits import Limits
from pipelines.quality.model import Rule
from pipelines.quality.rules import load_rules
from pipelines.warehouse import releases
from pipelines.warehouse.database import PATIENCE, Config, config_of, connect, threads_for


@dataclass(frozen=True)
class Job:
    """Everything a run needs to know, read and checked once."""

    paths: DataPaths
    settings: Orchestration
    contracts: dict[str, Contract]
    code_lists: dict[str, CodeList]

    @cached_property
    def rules(self) -> list[Rule]:
        """The rule book of ``expectations/``, with the operator's thresholds."""
        return load_rules(feeds=self.contracts, gates=self.settings.cong_chat_luong)

    @property
    def limits(self) -> Limits:
        """Limits for hostile files, from ``orchestration.yaml``."""
        limits = self.settings.gioi_han
        return Limits(
            member_bytes=limits.giai_nen_mb * 1024 * 1024,
            ratio=limits.ty_le_nen,
            columns=limits.so_cot,
            cell_characters=limits.o_kb * 1024,
            still_seconds=limits.dung_yen_giay,
            reader_memory_bytes=limits.reader_bytes,
            reader_seconds=limits.giay_doc,
        )

    @property
    def threads(self) -> int:
        """DuckDB's threads in a step of the night."""
        return threads_for(self.paths.warehouse_file, self.settings.gioi_han.luong)

    @property
    def warehouse_config(self) -> Config:
        """DuckDB's settings with which ``warehouse`` opens the file."""
        return config_of(self.threads, self.settings.gioi_han.bo_nho)

    @contextmanager
    def warehouse(self, *, read_only: bool = False, memory: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        """The working warehouse, within the machine's limits; ``memory`` in place of all that is allowed.

        To write, one who reads is waited for. Raises ``ReleaseError`` where a newer release of the program has
        written it, ``duckdb.IOException`` where another process holds it on.
        """
        limits = self.settings.gioi_han
        memory = memory or limits.bo_nho
        with connect(
            self.paths.warehouse_file,
            read_only=read_only,
            threads=self.threads,
            memory_limit=memory,
            patience=0 if read_only else PATIENCE,
        ) as connection:
            releases.refuse_newer(releases.number_of(connection))
            yield connection


def load_job(root: str | Path | None = None, orchestration: Path | None = None) -> Job:
    """Read contracts, code lists and ``orchestration.yaml``; raises ``ConfigError`` with line numbers."""
    code_lists = load_code_lists()
    contracts = load_contracts(code_lists=code_lists)
    settings = load_orchestration(orchestration, feeds=set(contracts))
    return Job(data_paths(root), settings, contracts, code_lists)
