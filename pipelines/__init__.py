"""Kho 06: a province's data warehouse for Đề án 06 and administrative procedures.

Data flows one way: ``intake`` → ``warehouse`` (dbt) → ``quality`` → ``publish``;
``orchestrate`` (Dagster) and ``cli`` are the edges that call them. See ARCHITECTURE.md.
"""

__version__ = "0.1.0"
