"""Reads the contracts and code lists, and checks them against each other before anything is ingested."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field as Key

from pipelines.config.checked import StrictModel, load_checked
from pipelines.config.yaml_lines import ConfigError
from pipelines.contracts.model import Code, CodeList, Contract, Field, KeyPart, Kind, Sensitivity

FEEDS = Path(__file__).parent / "feeds"
CODE_LISTS = Path(__file__).parent / "code_lists"

_NAME = r"^[a-z][a-z0-9_]*$"


class _FieldFile(StrictModel):
    ten: str = Key(pattern=_NAME)
    nhan: str
    kieu: Kind
    nhay_cam: Sensitivity
    tieu_de: tuple[str, ...] = ()
    bat_buoc: bool = False
    danh_muc: str | None = None
    gia_tri_gia: tuple[str, ...] = ()
    gia_tri_khi_trong: str | None = None
    mo_ta: str = ""


class _ContractFile(StrictModel):
    ten: str
    mo_ta: str
    khoa: tuple[str, ...] = Key(min_length=1)
    thoi_diem_trang_thai: tuple[str, ...] = ()
    su_kien: tuple[str, ...] = ()
    khoa_bi_mat: bool = False
    bo_doc: str | None = None
    truong: tuple[_FieldFile, ...] = Key(min_length=1)


class _CodeFile(StrictModel):
    ma: str
    nhan: str
    bi_danh: tuple[str, ...] = ()


class _CodeListFile(StrictModel):
    mo_ta: str
    gia_tri: tuple[_CodeFile, ...] = Key(min_length=1)
    theo_nguon: dict[str, dict[str, str]] = Key(default_factory=dict)


def load_code_lists(folder: Path = CODE_LISTS) -> dict[str, CodeList]:
    """Every code list by name (the file's stem); raises ``ConfigError`` with line numbers."""
    result: dict[str, CodeList] = {}
    for path in sorted(folder.glob("*.yaml")):
        parsed, located = load_checked(path, _CodeListFile)
        codes = tuple(Code(c.ma, c.nhan, c.bi_danh) for c in parsed.gia_tri)
        known = {c.code for c in codes}
        for feed, mapping in parsed.theo_nguon.items():
            for spelling, code in mapping.items():
                if code not in known:
                    line = located.line(("theo_nguon", feed, spelling))
                    raise ConfigError(path, [(line, f"mã “{code}” không có trong “gia_tri”.")])
        result[path.stem] = CodeList(path.stem, parsed.mo_ta, codes, parsed.theo_nguon)
    return result


def load_contracts(folder: Path = FEEDS, code_lists: dict[str, CodeList] | None = None) -> dict[str, Contract]:
    """Every feed contract by feed name ``<system>/<feed>``; raises ``ConfigError`` with line numbers."""
    lists = load_code_lists() if code_lists is None else code_lists
    result: dict[str, Contract] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        feed = f"{path.parent.name}/{path.stem}"
        result[feed] = _load_contract(path, feed, lists)
    return result


def _load_contract(path: Path, feed: str, lists: dict[str, CodeList]) -> Contract:
    parsed, located = load_checked(path, _ContractFile)
    mistakes: list[tuple[int | None, str]] = []
    names: set[str] = set()
    for index, item in enumerate(parsed.truong):
        line = located.line(("truong", index))
        if item.ten in names:
            mistakes.append((line, f"trường “{item.ten}” khai báo hai lần."))
        names.add(item.ten)
        if (item.kieu is Kind.CODE_LIST) != (item.danh_muc is not None):
            mistakes.append((line, f"trường “{item.ten}”: kiểu danh_muc phải đi cùng khóa “danh_muc”."))
        elif item.danh_muc is not None and item.danh_muc not in lists:
            mistakes.append((line, f"không có danh mục “{item.danh_muc}” trong code_lists/."))
    key = tuple(KeyPart.parse(text) for text in parsed.khoa)
    references = [("khoa", part.field) for part in key]
    references += [("thoi_diem_trang_thai", name) for name in parsed.thoi_diem_trang_thai]
    references += [("su_kien", name) for name in parsed.su_kien]
    for place, name in references:
        if name not in names:
            mistakes.append((located.line((place,)), f"“{place}” nhắc tới trường không có: “{name}”."))
    if mistakes:
        raise ConfigError(path, mistakes)
    fields = tuple(
        Field(
            name=f.ten,
            label=f.nhan,
            kind=f.kieu,
            sensitivity=f.nhay_cam,
            headers=f.tieu_de,
            required=f.bat_buoc,
            code_list=f.danh_muc,
            sentinels=f.gia_tri_gia,
            blank_value=f.gia_tri_khi_trong,
            description=f.mo_ta,
        )
        for f in parsed.truong
    )
    return Contract(
        feed=feed,
        title=parsed.ten,
        description=parsed.mo_ta,
        fields=fields,
        key=key,
        state_time=parsed.thoi_diem_trang_thai,
        events=parsed.su_kien,
        keyed_key=parsed.khoa_bi_mat,
        reader=parsed.bo_doc,
    )
