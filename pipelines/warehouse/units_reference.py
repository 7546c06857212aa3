"""Makes the reference of administrative units through time (rule R6): CSV files that are frozen in the repository.

Names, codes and successions come from the wheel of ``vietnamadminunits`` 1.0.4 (MIT, see NOTICE); the package is no
dependency. ``dvhc_dieu_chinh.csv`` beside them holds dated corrections of its pairs. The package knows two states:
the 63 provinces, 696 districts and 10,035 communes that ended on 30/06/2025, and the 34 provinces and 3,321 communes
since 01/07/2025 (as of 18/07/2025). Codes were given anew on that day, so a code means nothing without a date. When a
unit of the first state began is not in the source: ``hieu_luc_tu`` is empty there, never invented.

``pip download --no-deps --dest DIR vietnamadminunits==1.0.4``, then
``python -m pipelines.warehouse.units_reference DIR/vietnamadminunits-1.0.4-py3-none-any.whl`` writes the files anew.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parent / "reference"
LAST_OLD_DAY = date(2025, 6, 30)
FIRST_NEW_DAY = date(2025, 7, 1)
UNIT_HEADER = ("cap", "ma", "ten", "ma_cha", "hieu_luc_tu", "hieu_luc_den")
PAIR_HEADER = ("cap", "ma_cu", "cap_moi", "ma_moi", "ngay", "loai")
_DATA = "vietnamadminunits/data/"


@dataclass(frozen=True, order=True)
class Unit:
    """A unit of a level (``tinh``/``huyen``/``xa``) with its dates, both included; ``None`` is open."""

    cap: str
    ma: str
    ten: str
    ma_cha: str
    hieu_luc_tu: date | None
    hieu_luc_den: date | None


@dataclass(frozen=True, order=True)
class Pair:
    """``ma_cu`` went into ``ma_moi``: the whole unit (one successor) or a part of it (several)."""

    cap: str
    ma_cu: str
    cap_moi: str
    ma_moi: str
    loai: str


class Source:
    """The package's tables: old and new units by the package's own name keys, and its map of successions."""

    def __init__(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "dataset.db"
            file.write_bytes(archive.read(_DATA + "dataset.db"))
            self.map: dict[str, dict[str, Any]] = json.loads(archive.read(_DATA + "converter_2025.json"))
            connection = sqlite3.connect(file)
            self.old = connection.execute(
                "SELECT provinceKey, districtKey, wardKey, provinceCode, districtCode, wardCode, province, district, "
                "ward FROM admin_units_legacy"
            ).fetchall()
            self.new = connection.execute(
                "SELECT provinceKey, wardKey, provinceCode, wardCode, province, ward FROM admin_units"
            ).fetchall()
            connection.close()


def units(source: Source) -> list[Unit]:
    """Every unit of both states, ordered by level, code and end."""
    found: set[Unit] = set()
    for _, _, _, province, district, commune, province_name, district_name, name in source.old:
        found.add(Unit("tinh", province, _clean(province_name), "", None, LAST_OLD_DAY))
        found.add(Unit("huyen", district, _clean(district_name), province, None, LAST_OLD_DAY))
        if commune:
            found.add(Unit("xa", commune, _clean(name), district, None, LAST_OLD_DAY))
    for _, _, province, commune, province_name, name in source.new:
        found.add(Unit("tinh", province, _clean(province_name), "", FIRST_NEW_DAY, None))
        found.add(Unit("xa", commune, _clean(name), province, FIRST_NEW_DAY, None))
    levels = ("tinh", "huyen", "xa")
    return sorted(found, key=lambda u: (levels.index(u.cap), u.ma, u.hieu_luc_den is None))


def pairs(source: Source, corrections: dict[tuple[str, str], str]) -> list[Pair]:
    """Successions of 01/07/2025 after the corrections, (old, new) → ``them``/``bo``.

    A district is succeeded as such only where it had no commune (the five island districts).
    """
    old: dict[str, tuple[str, str]] = {}
    provinces: dict[str, str] = {}
    for province, district, commune, province_code, district_code, code, *_ in source.old:
        provinces[province] = province_code
        old[f"{province}_{district}_{commune or ''}"] = ("xa", code) if code else ("huyen", district_code)
    new = {(province, commune): code for province, commune, _, code, *_ in source.new}
    new_provinces = {province: code for province, _, code, *_ in source.new}
    found: set[tuple[str, str, str, str]] = set()
    for province, keys in source.map["DICT_PROVINCE"].items():
        found.update(("tinh", provinces[key], "tinh", new_provinces[province]) for key in keys)
    for province, communes in source.map["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, keys in communes.items():
            found.update((*old[key], "xa", new[province, commune]) for key in keys)
    for province, divided in source.map["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in divided.items():
            found.update((*old[key], "xa", new[province, part["newWardKey"]]) for part in parts)
    for (before, after), kind in corrections.items():
        pair = ("xa", before, "xa", after)
        if (pair in found) != (kind == "bo"):
            raise ValueError(f"dvhc_dieu_chinh.csv: cặp {before} → {after} không hợp với nguồn.")
        found ^= {pair}
    successors = Counter((level, before) for level, before, _, _ in found)
    return sorted(Pair(*pair, "toan_bo" if successors[pair[:2]] == 1 else "mot_phan") for pair in found)


def read_corrections(file: Path) -> dict[tuple[str, str], str]:
    """(old commune, new commune) → ``them`` (the package lacks the pair) or ``bo`` (the pair is wrong)."""
    with file.open(encoding="utf-8", newline="") as handle:
        return {(row["ma_cu"], row["ma_moi"]): row["viec"] for row in csv.DictReader(handle)}


def write(source: Source, folder: Path) -> None:
    """Write ``dvhc.csv`` and ``dvhc_ke_thua.csv``; the same source gives the same bytes."""
    _csv(
        folder / "dvhc.csv",
        UNIT_HEADER,
        [(u.cap, u.ma, u.ten, u.ma_cha, u.hieu_luc_tu or "", u.hieu_luc_den or "") for u in units(source)],
    )
    _csv(
        folder / "dvhc_ke_thua.csv",
        PAIR_HEADER,
        [
            (p.cap, p.ma_cu, p.cap_moi, p.ma_moi, FIRST_NEW_DAY, p.loai)
            for p in pairs(source, read_corrections(folder / "dvhc_dieu_chinh.csv"))
        ],
    )


def _csv(file: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    file.write_text(buffer.getvalue(), encoding="utf-8")


def _clean(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def main() -> None:
    """Write the reference from the wheel named on the command line."""
    write(Source(Path(sys.argv[1])), REFERENCE)


if __name__ == "__main__":
    main()
