"""Provinces side by side, from the open data each of them has published and from nothing else (docs/mo_rong.md).

A province's folder is its ``data/marts/mo``, or a copy of it: files are taken as its ``datapackage.json`` describes
them, and only with the digest written there. A cell that a province has hidden is in no figure made of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.disk import PlaceError, sha256_of, whole_folder, why
from pipelines.opendata.package import DATAPACKAGE, NAME
from pipelines.warehouse.database import connect, identifier, insert, literal

FILE = "ca_nuoc.duckdb"
SCHEMA = "quoc_gia"

TABLES: Mapping[str, Mapping[str, str]] = {
    "tiep_nhan_toan_tinh": {
        "ky": "varchar",
        "nhan_moi": "bigint",
        "truc_tuyen": "bigint",
        "truc_tiep": "bigint",
        "buu_chinh": "bigint",
        "khong_ro_kenh": "bigint",
        "ty_le_truc_tuyen": "double",
    },
    "giai_quyet_toan_tinh": {
        "ky": "varchar",
        "da_giai_quyet": "bigint",
        "truoc_han": "bigint",
        "dung_han": "bigint",
        "qua_han": "bigint",
        "khong_han": "bigint",
        "ty_le_dung_va_truoc_han": "double",
    },
    "ho_tich_toan_tinh": {
        "ky": "varchar",
        "khai_sinh": "bigint",
        "khai_tu": "bigint",
        "ket_hon": "bigint",
        "nhan_cha_me_con": "bigint",
    },
    "diem_766_nhom": {
        "ky": "varchar",
        "nhom": "varchar",
        "ten_nhom": "varchar",
        "diem": "double",
        "diem_toi_da": "double",
    },
}
"""Open table of a province → the columns that are set side by side, with their types."""

_SIDE_BY_SIDE = """
    SELECT t.ma_tinh, p.chu_quan, t.ky, n.nhan_moi, n.truc_tuyen, n.ty_le_truc_tuyen, g.da_giai_quyet,
        g.ty_le_dung_va_truoc_han, h.khai_sinh, h.khai_tu, h.ket_hon, d.diem AS diem_766,
        d.diem_toi_da AS diem_766_toi_da
    FROM (
        SELECT ma_tinh, ky FROM tiep_nhan_toan_tinh UNION SELECT ma_tinh, ky FROM giai_quyet_toan_tinh
        UNION SELECT ma_tinh, ky FROM ho_tich_toan_tinh UNION SELECT ma_tinh, ky FROM diem_766_nhom
    ) AS t
    INNER JOIN tinh AS p ON t.ma_tinh = p.ma_tinh
    LEFT JOIN tiep_nhan_toan_tinh AS n ON t.ma_tinh = n.ma_tinh AND t.ky = n.ky
    LEFT JOIN giai_quyet_toan_tinh AS g ON t.ma_tinh = g.ma_tinh AND t.ky = g.ky
    LEFT JOIN ho_tich_toan_tinh AS h ON t.ma_tinh = h.ma_tinh AND t.ky = h.ky
    LEFT JOIN diem_766_nhom AS d ON t.ma_tinh = d.ma_tinh AND t.ky = d.ky AND d.nhom = 'tong'
    ORDER BY t.ky, t.ma_tinh
"""
_TOTALLED = ("nhan_moi", "truc_tuyen", "da_giai_quyet", "khai_sinh", "khai_tu", "ket_hon")


class ProvinceError(Exception):
    """A province's folder cannot be taken; Vietnamese text that names the folder, the file and what to do."""


@dataclass(frozen=True)
class Province:
    """A province by its two-digit code, and the folder with its open data."""

    code: str
    folder: Path


def write(provinces: Sequence[Province], out: Path) -> list[str]:
    """Set ``provinces`` side by side in ``out``; returns why some of them were left out, a sentence each.

    ``out`` holds ``ca_nuoc.duckdb`` and each of its tables as Parquet: the provinces taken (``tinh``), their tables
    under ``ma_tinh``, a row a month and province (``so_sanh``), and what the shown cells of a month sum to, with the
    number of provinces in each sum (``ca_nuoc``).
    Raises ``ProvinceError`` where none can be taken, where the code of one is given twice; ``PlaceError`` for ``out``.
    """
    codes = [province.code for province in provinces]
    if len(set(codes)) < len(codes):
        raise ProvinceError("một mã tỉnh được ghi hai lần; mỗi tỉnh một thư mục.")
    if out.exists() and any(out.iterdir()) and not (out / FILE).is_file():
        raise PlaceError(f"{out} đã có thứ khác; chọn thư mục trống hoặc chưa có.")
    refused: list[str] = []
    try:
        with whole_folder(out) as fresh, connect(fresh / FILE) as connection:
            _create(connection)
            for province in provinces:
                try:
                    _take(connection, province)
                except ProvinceError as mistake:
                    refused.append(f"Tỉnh {province.code}: {mistake}")
            if len(refused) == len(provinces):
                raise ProvinceError("không tỉnh nào đọc được. " + " ".join(refused))
            _conclude(connection, fresh)
    except OSError as failure:
        raise PlaceError(f"không ghi được {out}: {why(failure)}.") from None
    return refused


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"CREATE SCHEMA {SCHEMA}")
    connection.execute(f"USE {SCHEMA}")
    connection.execute("CREATE TABLE tinh (ma_tinh VARCHAR, chu_quan VARCHAR, phien_ban VARCHAR, ngay_cong_bo VARCHAR)")
    for table, columns in TABLES.items():
        typed = ", ".join(f"{identifier(name)} {kind}" for name, kind in columns.items())
        connection.execute(f"CREATE TABLE {identifier(table)} (ma_tinh VARCHAR, {typed})")


def _take(connection: duckdb.DuckDBPyConnection, province: Province) -> None:
    """All tables of a province, or none of them."""
    package = _package(province.folder)
    digests = {
        str(resource.get("path")): str(resource.get("hash"))
        for resource in package.get("resources", [])
        if isinstance(resource, dict)
    }
    files = {table: _checked(province.folder, f"{table}.parquet", digests) for table in TABLES}
    connection.execute("BEGIN TRANSACTION")
    try:
        for table, columns in TABLES.items():
            cells = ", ".join(f"CAST({identifier(name)} AS {kind})" for name, kind in columns.items())
            connection.execute(
                f"INSERT INTO {identifier(table)} SELECT ?, {cells} FROM read_parquet({literal(str(files[table]))})",
                [province.code],
            )
    except duckdb.Error:
        connection.execute("ROLLBACK")
        raise ProvinceError(
            f"{files[table]} không có đủ cột như docs/du_lieu_mo.md; hỏi tỉnh đã công bố bằng bản Kho 06 nào."
        ) from None
    publishers = [str(who.get("title")) for who in package.get("contributors", []) if isinstance(who, dict)]
    row = [province.code, ", ".join(publishers), str(package.get("version")), str(package.get("created"))]
    insert(connection, "tinh", ["ma_tinh", "chu_quan", "phien_ban", "ngay_cong_bo"], [row])
    connection.execute("COMMIT")


def _package(folder: Path) -> dict[str, Any]:
    file = folder / DATAPACKAGE
    try:
        package = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ProvinceError(f"không đọc được {file}; chép lại trọn thư mục data/marts/mo của tỉnh.") from None
    if not isinstance(package, dict) or package.get("name") != NAME:
        raise ProvinceError(f"{file} không phải dữ liệu mở của Kho 06 (name: {NAME}).")
    return package


def _checked(folder: Path, name: str, digests: Mapping[str, str]) -> Path:
    file = folder / name
    try:
        found = f"sha256:{sha256_of(file)}"
    except OSError as failure:
        raise ProvinceError(f"không đọc được {file}: {why(failure)}.") from None
    if digests.get(name) != found:
        raise ProvinceError(f"{file} khác mã băm ghi trong {DATAPACKAGE}; chép lại trọn thư mục của tỉnh.")
    return file


def _conclude(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}, count({name}) AS {name}_so_tinh" for name in _TOTALLED)
    connection.execute(f"CREATE TABLE so_sanh AS {_SIDE_BY_SIDE}")
    connection.execute(
        f"CREATE TABLE ca_nuoc AS SELECT ky, count(*) AS so_tinh, {sums} FROM so_sanh GROUP BY ky ORDER BY ky"
    )
    for table in ("tinh", *TABLES, "so_sanh", "ca_nuoc"):
        target = literal(str(folder / f"{table}.parquet"))
        connection.execute(f"COPY (SELECT * FROM {identifier(table)} ORDER BY ALL) TO {target} (FORMAT parquet)")
