"""The trained model: parameters only, as JSON; every level of every comparison has estimates, or it is refused.

A default model a register, trained on the labelled synthetic one (``benchmarks/linkage.py``), ships with the code.
A full rebuild on a register that is large enough writes the province's own to ``lam_viec/``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.config.paths import OWNER_FILE
from pipelines.linkage.register import Register

THRESHOLDS_FILE = Path(__file__).with_name("nguong.yaml")


class LinkageError(Exception):
    """Linkage cannot go on; ``str()`` is a Vietnamese sentence without any value of the data."""


@dataclass(frozen=True)
class Threshold:
    """For registers of up to ``up_to`` records: ``sure`` makes a pair, ``doubtful`` puts it on the review list only.

    ``by_kind``: kinds of R10 whose sure limit is another.
    """

    up_to: int | None
    sure: float
    doubtful: float
    by_kind: dict[str, float]


@dataclass(frozen=True)
class Limits:
    """One register's, set on labelled synthetic data: share of duplicates expected, limits by size of the register."""

    duplicate_share: float
    train_from: int
    by_size: tuple[Threshold, ...]

    def for_size(self, records: int) -> Threshold:
        """The limits for a register of ``records`` records."""
        return next(t for t in self.by_size if t.up_to is None or records <= t.up_to)


def load_limits(register: Register, file: Path = THRESHOLDS_FILE) -> Limits:
    """Read the register's part of ``nguong.yaml``."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))[register.name]
    rows = tuple(
        Threshold(row["den_ban_ghi"], row["chac_chan"], row["nghi_ngo"], row.get("theo_loai", {}))
        for row in data["nguong"]
    )
    return Limits(data["ty_le_trung_du_kien"], data["tu_huan_luyen_tu"], rows)


def assert_trained(model: dict[str, Any], register: Register) -> None:
    """Raise ``LinkageError`` where a level has no estimate: Splink itself would silently leave it out (R10)."""
    missing = [
        f"{comparison['output_column_name']} / {level['label_for_charts']}"
        for comparison in model["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
        and not (_estimate(level.get("m_probability")) and _estimate(level.get("u_probability")))
    ]
    names = {comparison["output_column_name"] for comparison in model["comparisons"]}
    missing += [c.name for c in register.comparisons if c.name not in names]
    if missing:
        raise LinkageError(
            "Mô hình liên kết chưa học được các mức: "
            + "; ".join(missing)
            + ". Cần nhiều bản ghi hơn để huấn luyện, hoặc dùng mô hình mặc định."
        )


def _estimate(value: object) -> bool:
    return isinstance(value, float) and 0 < value <= 1


def model_file(register: Register, working: Path) -> Path:
    """The province's own model where a full rebuild wrote one, else the default."""
    own = register.own_file(working)
    return own if own.exists() else register.default_file


def load_model(file: Path, register: Register) -> dict[str, Any]:
    """Read and check a model; raises ``LinkageError`` if it is not of this code's comparisons or not fully trained."""
    try:
        model: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise LinkageError(f"Tệp mô hình {file.name} hỏng; xóa tệp rồi chạy `kho link --full`.") from None
    assert_trained(model, register)
    if _shape(model) != _shape(untrained(register)):
        raise LinkageError(f"Tệp mô hình {file.name} thuộc phiên bản khác; chạy `kho link --full` để huấn luyện lại.")
    return model


def save_model(model: dict[str, Any], register: Register, file: Path) -> None:
    """Write a fully trained model, owner-only, parameters rounded so that equal training gives equal files."""
    assert_trained(model, register)
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            for name in ("m_probability", "u_probability"):
                if name in level:
                    level[name] = float(f"{level[name]:.6g}")
    model.pop("linker_uid", None)
    file.write_text(json.dumps(model, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    file.chmod(OWNER_FILE)


def fingerprint(file: Path) -> str:
    """Digest of model and thresholds: pairs compared under another are compared anew."""
    return hashlib.sha256(file.read_bytes() + THRESHOLDS_FILE.read_bytes()).hexdigest()[:16]


def untrained(register: Register) -> dict[str, Any]:
    """The model's description before training."""
    described: dict[str, Any] = register.settings().create_settings_dict("duckdb")
    return described


def _shape(model: dict[str, Any]) -> list[list[str]]:
    return [[level["sql_condition"] for level in c["comparison_levels"]] for c in model["comparisons"]]
