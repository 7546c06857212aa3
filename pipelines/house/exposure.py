"""The dbt exposure of what is published: it names every mart, so the machine writes it."""

from __future__ import annotations

from pathlib import Path

EXPOSURE = "dbt_project/models/noi_dung_kho_duckdb.yml"
_MARTS = "dbt_project/models/marts"
_HEAD = """\
# do not edit: `make docs` writes this file from dbt_project/models/marts
version: 2

exposures:
  - name: kho_duckdb
    label: "Dữ liệu công bố cho người phân tích"
    type: analysis
    maturity: high
    description: "Tệp data/marts/kho.duckdb và các tệp Parquet: mọi bảng công bố, hỏi bằng `kho sql` hay công cụ \
bất kỳ. Chỉ nhóm qua cổng chất lượng có mặt."
    owner: {name: "Tổ vận hành kho dữ liệu", email: van-hanh@kho06.invalid}
    depends_on:
"""


def exposure(root: Path) -> str:
    """Text of ``EXPOSURE``: one line a mart below ``root``, in order."""
    marts = sorted(path.stem for path in (root / _MARTS).rglob("*.sql"))
    return _HEAD + "".join(f"      - ref('{name}')\n" for name in marts)
