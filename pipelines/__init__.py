"""Kho 06: a province's data warehouse for Đề án 06 and administrative procedures.

Data flows one way: ``intake`` → ``warehouse`` (dbt) → ``quality`` → ``publish``;
``orchestrate`` (Dagster) and ``cli`` are the edges that call them. See ARCHITECTURE.md.
"""

import os

# Polars reads and types columns of files here, some two hundred steps a file: handing each to a pool of threads and
# back costs more than the second thread brings. What runs in parallel is DuckDB's.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

__version__ = "0.1.0"
