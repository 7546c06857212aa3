"""What dbt builds from, as Parquet: sources and seeds of a working warehouse, for a second engine (docs/mo_rong.md).

``python -m pipelines.warehouse.inputs FOLDER`` writes a folder ``<schema>/<table>`` a source or seed, of the warehouse
that ``KHO_DATA`` names, and what changed since the export that stood there before (``increments``). It holds personal
data: readable by its owner only, to be kept no longer than the raw layer is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.disk import whole_folder
from pipelines.config.paths import data_paths
from pipelines.warehouse import dbt, increments
from pipelines.warehouse.database import connect, identifier, literal


def tables(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Schema and name of every source and seed of the project, in order."""
    seeds = [node for node in manifest["nodes"].values() if node["resource_type"] == "seed"]
    for node in sorted([*manifest["sources"].values(), *seeds], key=lambda node: str(node["unique_id"])):
        yield str(node["schema"]), str(node.get("identifier") or node["alias"])


def write(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any], folder: Path) -> int:
    """Write all inputs into ``folder``, swapped in whole; returns how many.

    Raises ``OSError``, ``duckdb.Error``, and ``FileExistsError`` where the folder holds something else than inputs.
    """
    count = 0
    places = list(tables(manifest))
    ours = {schema for schema, _ in places} | {increments.SCHEMA, increments.CHANGED}
    if folder.exists() and {entry.name for entry in folder.iterdir()} - ours:
        raise FileExistsError(f"{folder} có tệp khác; hãy chọn một thư mục mới hoặc trống.")
    with whole_folder(folder) as fresh:
        for schema, table in places:
            place = fresh / schema / table
            place.mkdir(parents=True)
            source = f"{identifier(schema)}.{identifier(table)}"
            connection.execute(f"COPY {source} TO {literal(str(place / 'phan.parquet'))} (FORMAT parquet)")
            count += 1
        increments.write(connection, manifest, folder, fresh)
    return count


def main() -> None:
    """The command; the folder is replaced where it holds an earlier copy."""
    if len(sys.argv) != 2:
        raise SystemExit("Cách dùng: python -m pipelines.warehouse.inputs THƯ_MỤC")
    paths = data_paths()
    if not paths.warehouse_file.exists():
        raise SystemExit(f"Chưa có kho làm việc {paths.warehouse_file}; hãy chạy `kho run` trước.")
    try:
        with connect(paths.warehouse_file, read_only=True) as connection:
            count = write(connection, dbt.parse(paths), Path(sys.argv[1]).expanduser().resolve())
    except FileExistsError as foreign:
        raise SystemExit(str(foreign)) from None
    sys.stdout.write(f"Đã ghi {count} bảng đầu vào vào {sys.argv[1]} (có dữ liệu cá nhân).\n")


if __name__ == "__main__":
    main()
