"""Skeletons for the changes of ``docs/thay_doi``: valid as written, every text still to be written marked ``SỬA:``."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.loader import load_contracts
from pipelines.house.docs import write

MARK = "SỬA:"
"""Stands where a person must write; `kho doctor` finds it."""
FIXTURES = "tests/integration/quality/rule_fixtures.yaml"
_FEED = re.compile(r"^[a-z][a-z0-9_]*/[a-z][a-z0-9_]*$")
_COMPONENT = re.compile(r"^[0-9]\.[0-9]+[a-z]?$")
_RULE = re.compile(r"^[A-Z][A-Z0-9]*_(DUNG|DU|SACH|SONG)_[0-9]{2}$")


class SkeletonError(Exception):
    """A name that cannot be used, in words for the engineer."""


def new_feed(feed: str, root: Path = PROJECT_ROOT) -> list[str]:
    """Contract of ``<system>/<feed>``, its rhythm, and all that follows; paths written, those to edit first."""
    if not _FEED.match(feed):
        raise SkeletonError(f"tên nguồn “{feed}” phải có dạng hệ_thống/nguồn, chữ thường không dấu.")
    path = root / "pipelines" / "contracts" / "feeds" / f"{feed}.yaml"
    if path.exists():
        raise SkeletonError(f"đã có nguồn “{feed}”.")
    key = f"ma_{feed.split('/')[1]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_CONTRACT.format(mark=MARK, key=key), encoding="utf-8")
    settings = root / "orchestration.yaml"
    before, head, after = settings.read_text(encoding="utf-8").partition("\nnguon:\n")
    settings.write_text(f"{before}{head}  {feed}: {{nhip_ngay: 31}}\n{after}", encoding="utf-8")
    return [path.relative_to(root).as_posix(), "orchestration.yaml", *write(root)]


def new_component(code: str, *, group: str, title: str, feed: str, since: date, root: Path = PROJECT_ROOT) -> list[str]:
    """Definition (shown, not scored), counter and portal name of a component; paths written."""
    seeds = root / "dbt_project" / "seeds"
    groups = [row["nhom"] for row in _rows(seeds / "nhom_chi_so.csv")]
    if not _COMPONENT.match(code):
        raise SkeletonError(f"mã chỉ số “{code}” phải có dạng 4.6 hoặc 4.6a.")
    if group not in groups:
        raise SkeletonError(f"không có nhóm “{group}”; các nhóm: {', '.join(groups)}.")
    if feed not in load_contracts(root / "pipelines" / "contracts" / "feeds"):
        raise SkeletonError(f"không có nguồn “{feed}”.")
    if any(row["ma_chi_so"] == code for row in _rows(seeds / "dinh_nghia_chi_so.csv")):
        raise SkeletonError(f"đã có chỉ số {code}; đổi định nghĩa là thêm một dòng có ngày hiệu lực mới.")
    texts = {name: f"{MARK} {name}" for name in ("tu_so", "mau_so", "quy_tac_diem", "can_cu", "cum_tu")}
    rule = {"quy_tac": "NONE", "mau_so_bang_0": "null", "cap_ap_dung": "tinh huyen xa", "diem_toi_da": "0"}
    own = {"ma_chi_so": code, "nhom": group, "ten": title, "hieu_luc_tu": since.isoformat(), "cach_dem": code}
    _append(seeds / "dinh_nghia_chi_so.csv", {**texts, **rule, **own})
    counter = {"cach_dem": code, "nhom": group, "nguon_du_lieu": feed, "kieu": "theo_ky"}
    _append(seeds / "cach_dem_766.csv", counter)
    names = root / "pipelines" / "contracts" / "code_lists" / "chi_so_766.yaml"
    with names.open("a", encoding="utf-8") as stream:
        stream.write(f'  - {{ma: "{code}", nhan: {json.dumps(title, ensure_ascii=False)}}}\n')  # JSON is YAML
    return [
        "dbt_project/seeds/dinh_nghia_chi_so.csv",
        f"dbt_project/models/intermediate/chi_so_766/int_chi_so_766__vai_{group}.sql",
        "dbt_project/seeds/cach_dem_766.csv",
        names.relative_to(root).as_posix(),
        *write(root),
    ]


def new_rule(code: str, table: str, root: Path = PROJECT_ROOT) -> list[str]:
    """A rule on a table of the warehouse and its two fixtures; paths written."""
    match = _RULE.match(code)
    if match is None:
        raise SkeletonError(f"mã quy tắc “{code}” phải có dạng HS_DUNG_11 (chiều: DUNG, DU, SACH hoặc SONG).")
    book = root / "expectations"
    files = sorted(book.rglob("*.yaml"))
    if any(re.search(rf"ma_quy_tac: {code}\b", path.read_text(encoding="utf-8")) for path in files):
        raise SkeletonError(f"đã có quy tắc {code}.")
    own = [path for path in files if re.search(rf"^bang: {re.escape(table)}$", path.read_text(encoding="utf-8"), re.M)]
    path = own[0] if own else book / f"{table.rpartition('.')[2].removeprefix('stg_').replace('__', '/')}.yaml"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_BOOK.format(mark=MARK, table=table), encoding="utf-8")
    text = path.read_text(encoding="utf-8").rstrip("\n")
    rule = _RULE_TEXT.format(mark=MARK, code=code, dimension=match[1].lower(), table=table)
    path.write_text(f"{text}\n\n{rule}", encoding="utf-8")
    with (root / FIXTURES).open("a", encoding="utf-8") as stream:
        stream.write(f'{code}: {{dat: [{{_khoa: "{MARK}"}}], khong_dat: [{{_ma_tep: "{MARK}"}}]}}\n')
    return [path.relative_to(root).as_posix(), FIXTURES]


def unfinished(root: Path = PROJECT_ROOT) -> list[str]:
    """``path:line`` of every mark that a skeleton left in contracts, seeds, rules or fixtures."""
    folders = ("pipelines/contracts/feeds", "pipelines/contracts/code_lists", "dbt_project/seeds", "expectations")
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*")) if path.is_file()]
    found = []
    for path in [*paths, *(place for place in [root / FIXTURES] if place.exists())]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if MARK in line:
                found.append(f"{path.relative_to(root).as_posix()}:{number}")
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _append(path: Path, row: dict[str, str]) -> None:
    """One row more at the end of a seed, columns in the seed's order."""
    text = path.read_text(encoding="utf-8")
    header = next(csv.reader(io.StringIO(text)))
    line = io.StringIO()
    csv.DictWriter(line, header, restval="", lineterminator="\n").writerow(row)
    path.write_text(text.rstrip("\n") + "\n" + line.getvalue(), encoding="utf-8")


_CONTRACT = """\
ten: "{mark} tên loại tệp"
mo_ta: "{mark} mỗi dòng là gì."
khoa: [{key}]
truong:
  - ten: {key}
    nhan: "{mark} nhãn của mã"
    kieu: ma
    bat_buoc: true
    nhay_cam: noi_bo
    mo_ta: "{mark} mã của một dòng."
  - ten: ngay_cap_nhat
    nhan: Ngày cập nhật
    kieu: thoi_diem
    nhay_cam: noi_bo
    mo_ta: "{mark} thời điểm của số liệu."
"""
_BOOK = """\
mo_ta: "{mark} tệp này kiểm gì."
noi_sua: "{mark} ai sửa được"
bang: {table}
quy_tac:
"""
_RULE_TEXT = """\
  - ma_quy_tac: {code}
    chieu: {dimension}
    bang: {table}
    cot: [_khoa]
    mo_ta: "{mark} điều phải đúng, một câu cán bộ đọc hiểu."
    muc_do: theo_doi
    can_cu: "{mark} văn bản hoặc lý do"
    dieu_kien: t._khoa is not null
"""
