"""The scoring rule R15 as SQL, taken from the one place where it is written: the dbt macros.

A macro file is a Jinja template, so the expression that dbt puts into the models can be had without dbt.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from pipelines.config.paths import PROJECT_ROOT

_MACROS = PROJECT_ROOT / "dbt_project" / "macros"
_FILES = ("chia_nguyen.sql", "diem_766.sql", "nhom_766.sql")


class _Adapter:
    """dbt's dispatch for DuckDB: the default implementation of a macro."""

    def __init__(self, module: Callable[[], Any]) -> None:
        self._module = module

    def dispatch(self, name: str) -> Any:
        return getattr(self._module(), f"default__{name}")


@cache
def _macros(folder: Path = _MACROS) -> Any:
    source = "\n".join((folder / name).read_text(encoding="utf-8") for name in _FILES)
    environment = Environment(autoescape=False)  # noqa: S701 - SQL, not HTML
    environment.globals["return"] = lambda value: value
    environment.globals["adapter"] = _Adapter(lambda: module)
    module = environment.from_string(source).module
    return module


def points(*, rule: str, threshold: str, on_zero: str, maximum: str, numerator: str, denominator: str) -> str:
    """SQL expression of a component's points, decimal(18, 8); the arguments are SQL expressions (R15)."""
    return str(_macros().diem_766(rule, threshold, on_zero, maximum, numerator, denominator))


def shown(expression: str) -> str:
    """SQL expression of points as shown: two decimals, half up."""
    return str(_macros().diem_hien_thi(expression))


def applies_to_agency(levels: str, level: str) -> str:
    """SQL condition: a component of ``levels`` (words of ``cap_ap_dung``) exists for an agency of ``level``."""
    return str(_macros().ap_dung_cho_don_vi(levels, level))
