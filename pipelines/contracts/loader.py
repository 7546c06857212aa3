"""Reads the contracts and code lists, and checks them against each other before anything is ingested."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import Field as Key

from pipelines.config.checked import StrictModel, load_checked
from pipelines.config.paths import PROJECT_ROOT
from pipelines.config.yaml_lines import ConfigError, LocatedYaml, load_yaml
from pipelines.contracts.dialect import DIALECTS
from pipelines.contracts.model import Code, CodeList, Contract, Field, KeyPart, Kind, Sensitivity
from pipelines.contracts.normal_form import normal_form, word_form

FEEDS = Path(__file__).parent / "feeds"
CODE_LISTS = Path(__file__).parent / "code_lists"
OWN_CODES = CODE_LISTS.with_name("own_codes")
DICTIONARIES = PROJECT_ROOT / "dbt_project" / "seeds"

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
    gia_tri_gia_phuong_ngu: dict[str, tuple[str, ...]] = Key(default_factory=dict)
    cach_viet_rieng: dict[str, bool] = Key(default_factory=dict)
    gia_tri_khi_trong: str | None = None
    ma_so: bool = False
    bang_chu: bool = False
    tu_dien: str | None = Key(default=None, pattern=_NAME)
    che: bool = False
    lon_nhat: float | None = None
    thay_bang: str | None = None
    mo_ta: str = ""


class _IdentityFile(StrictModel):
    ho_ten: tuple[str, ...] = Key(min_length=1)
    ngay_sinh: tuple[str, ...] = Key(min_length=1)


class _ContractFile(StrictModel):
    ten: str
    mo_ta: str
    khoa: tuple[str, ...] = Key(min_length=1)
    thoi_diem_trang_thai: tuple[str, ...] = ()
    su_kien: tuple[str, ...] = ()
    khoa_bi_mat: bool = False
    giu_moi_trang_thai: bool = False
    bo_doc: str | None = None
    nhan_dang: _IdentityFile | None = None
    khong_kiem_khoa: str | None = None
    truong: tuple[_FieldFile, ...] = Key(min_length=1)


class _CodeFile(StrictModel):
    ma: str
    nhan: str
    bi_danh: tuple[str, ...] = ()


class _CodeListFile(StrictModel):
    mo_ta: str
    gia_tri: tuple[_CodeFile, ...] = Key(min_length=1)
    theo_nguon: dict[str, dict[str, str]] = Key(default_factory=dict)


def _field_mistakes(item: _FieldFile, lists: dict[str, CodeList]) -> list[str]:
    mistakes = []
    allowed = item.kieu in (Kind.CODE_LIST, Kind.CODE)
    if (item.kieu is Kind.CODE_LIST and item.danh_muc is None) or (item.danh_muc is not None and not allowed):
        mistakes.append(
            f"trường “{item.ten}”: kiểu danh_muc phải có khóa “danh_muc”; kiểu ma có thể có; kiểu khác thì không."
        )
    elif item.danh_muc is not None and item.danh_muc not in lists:
        mistakes.append(f"không có danh mục “{item.danh_muc}” trong code_lists/.")
    unknown = sorted(set(item.gia_tri_gia_phuong_ngu) - set(DIALECTS))
    if unknown:
        mistakes.append(f"trường “{item.ten}”: phương ngữ “{unknown[0]}” không có; cần: {', '.join(DIALECTS)}.")
    if item.cach_viet_rieng and item.kieu is not Kind.BOOLEAN:
        mistakes.append(f"trường “{item.ten}”: khóa “cach_viet_rieng” chỉ dùng cho kiểu logic.")
    if item.lon_nhat is not None and item.kieu is not Kind.DECIMAL:
        mistakes.append(f"trường “{item.ten}”: khóa “lon_nhat” chỉ dùng cho kiểu so_thap_phan.")
    if item.che and item.kieu is not Kind.TEXT:
        mistakes.append(f"trường “{item.ten}”: khóa “che” chỉ dùng cho kiểu van_ban.")
    if item.tu_dien is not None and item.kieu is not Kind.CODE:
        mistakes.append(f"trường “{item.ten}”: khóa “tu_dien” chỉ dùng cho kiểu ma.")
    elif item.tu_dien is not None and not _dictionary(item.tu_dien).is_file():
        mistakes.append(f"không có từ điển “{item.tu_dien}” trong dbt_project/seeds/.")
    if item.thay_bang is not None and not item.bat_buoc:
        mistakes.append(f"trường “{item.ten}”: khóa “thay_bang” chỉ dùng cho trường bắt buộc.")
    return mistakes


def _dictionary(name: str) -> Path:
    return DICTIONARIES / f"{name}.csv"


@cache
def _vocabulary(name: str) -> frozenset[str]:
    """Codes of a dictionary: the first column of its seed."""
    with _dictionary(name).open(encoding="utf-8", newline="") as file:
        return frozenset(row[0] for row in list(csv.reader(file))[1:] if row)


def _header_collisions(parsed: _ContractFile, located: LocatedYaml) -> list[tuple[int | None, str]]:
    """Headers that two fields of the feed claim, or that have no letter or digit."""
    owners: dict[str, str] = {}
    mistakes: list[tuple[int | None, str]] = []
    for index, item in enumerate(parsed.truong):
        places = [("ten", item.ten), ("nhan", item.nhan), *(("tieu_de", text) for text in item.tieu_de)]
        for place, text in places:
            line = located.line(("truong", index, place))
            form = normal_form(text)
            if not form:
                mistakes.append((line, f"trường “{item.ten}”: tiêu đề phải có ít nhất một chữ hoặc số."))
            elif owners.setdefault(form, item.ten) != item.ten:
                mistakes.append(
                    (
                        line,
                        f"tiêu đề “{text}” của trường “{item.ten}” trùng với trường “{owners[form]}”; bỏ một bên.",
                    )
                )
    return mistakes


def _spelling_collisions(parsed: _CodeListFile, located: LocatedYaml) -> list[tuple[int | None, str]]:
    """Spellings that two codes of the list claim."""
    owners: dict[str, str] = {}
    mistakes: list[tuple[int | None, str]] = []
    for index, code in enumerate(parsed.gia_tri):
        for place, text in [
            ("ma", code.ma),
            ("nhan", code.nhan),
            *(("bi_danh", text) for text in code.bi_danh),
        ]:
            line = located.line(("gia_tri", index, place))
            form = word_form(text)
            if not form:
                mistakes.append((line, f"mã “{code.ma}”: cách viết để trống."))
            elif owners.setdefault(form, code.ma) != code.ma:
                mistakes.append(
                    (
                        line,
                        f"cách viết “{text}” của mã “{code.ma}” trùng với mã “{owners[form]}”; bỏ một bên.",
                    )
                )
    return mistakes


def load_code_lists(folder: Path = CODE_LISTS) -> dict[str, CodeList]:
    """Every code list by name (the file's stem); raises ``ConfigError`` with line numbers."""
    result: dict[str, CodeList] = {}
    for path in sorted(folder.glob("*.yaml")):
        parsed, located = load_checked(path, _CodeListFile)
        codes = tuple(Code(c.ma, c.nhan, c.bi_danh) for c in parsed.gia_tri)
        mistakes = _spelling_collisions(parsed, located)
        known = {c.code for c in codes}
        for feed, mapping in parsed.theo_nguon.items():
            for spelling, code in mapping.items():
                if code not in known:
                    line = located.line(("theo_nguon", feed, spelling))
                    mistakes.append((line, f"mã “{code}” không có trong “gia_tri”."))
        if mistakes:
            raise ConfigError(path, mistakes)
        result[path.stem] = CodeList(path.stem, parsed.mo_ta, codes, parsed.theo_nguon)
    return result


@cache
def own_words(name: str) -> Mapping[str, str]:
    """Code → label of one of the product's own code lists (``own_codes``), in its order. Raises ``ConfigError``."""
    return {item.ma: item.nhan for item in load_checked(OWN_CODES / f"{name}.yaml", _CodeListFile)[0].gia_tri}


def load_contracts(folder: Path = FEEDS, code_lists: dict[str, CodeList] | None = None) -> dict[str, Contract]:
    """Every feed contract by feed name ``<system>/<feed>``; raises ``ConfigError`` with line numbers."""
    lists = load_code_lists() if code_lists is None else code_lists
    result: dict[str, Contract] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        feed = f"{path.parent.name}/{path.stem}"
        result[feed] = _load_contract(path, feed, lists)
    return result


def kind_has_changed(contract: Contract, name: str, lost: int, folder: Path = FEEDS) -> ConfigError:
    """What to tell where ``lost`` stored values of field ``name`` cannot be turned into its new kind."""
    path = folder / f"{contract.feed}.yaml"
    place = next(i for i, field in enumerate(contract.fields) if field.name == name)
    line = load_yaml(path).line(("truong", place, "kieu")) if path.exists() else None
    text = (
        f"kiểu “{contract.by_name[name].kind}” của cột “{name}” khác kiểu đã dùng trong kho, và {lost} giá trị đã nạp "
        "không đổi sang được. Hãy ghi lại kiểu cũ; nếu cần kiểu mới thì thêm một trường khác, hoặc chuyển lam_viec/ đi "
        "nơi khác để dựng lại kho từ raw/."
    )
    return ConfigError(path, [(line, text)])


def _reference_mistakes(
    parsed: _ContractFile, key: tuple[KeyPart, ...], located: LocatedYaml
) -> list[tuple[int | None, str]]:
    """Names of fields, in the key and elsewhere, that the contract does not have or that cannot stand there."""
    references = [("khoa", part.field) for part in key]
    references += [("khoa", part.otherwise) for part in key if part.otherwise]
    references += [("truong", item.thay_bang) for item in parsed.truong if item.thay_bang]
    references += [("thoi_diem_trang_thai", name) for name in parsed.thoi_diem_trang_thai]
    references += [("su_kien", name) for name in parsed.su_kien]
    if parsed.nhan_dang is not None:
        references += [("nhan_dang", name) for name in (*parsed.nhan_dang.ho_ten, *parsed.nhan_dang.ngay_sinh)]
    names = {item.ten for item in parsed.truong}
    mistakes: list[tuple[int | None, str]] = [
        (located.line((place,)), f"“{place}” nhắc tới trường không có: “{name}”.")
        for place, name in references
        if name not in names
    ]
    needed = {item.ten for item in parsed.truong if item.bat_buoc}
    for part in key:
        if part.otherwise and part.otherwise not in needed:
            text = f"khóa “{part.text}”: trường “{part.otherwise}” phải là trường bắt buộc."
            mistakes.append((located.line(("khoa",)), text))
    return mistakes


def _load_contract(path: Path, feed: str, lists: dict[str, CodeList]) -> Contract:
    parsed, located = load_checked(path, _ContractFile)
    mistakes: list[tuple[int | None, str]] = []
    names: set[str] = set()
    for index, item in enumerate(parsed.truong):
        line = located.line(("truong", index))
        if item.ten in names:
            mistakes.append((line, f"trường “{item.ten}” khai báo hai lần."))
        names.add(item.ten)
        mistakes += [(line, text) for text in _field_mistakes(item, lists)]
    mistakes += _header_collisions(parsed, located)
    key = tuple(KeyPart.parse(text) for text in parsed.khoa)
    mistakes += _reference_mistakes(parsed, key, located)
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
            numeric_code=f.ma_so,
            code_in_words=f.bang_chu,
            vocabulary=_vocabulary(f.tu_dien) if f.tu_dien else frozenset(),
            description=f.mo_ta,
            dialect_sentinels=f.gia_tri_gia_phuong_ngu,
            masked=f.che,
            maximum=f.lon_nhat,
            instead=f.thay_bang,
            own_booleans=f.cach_viet_rieng,
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
        keeps_states=parsed.giu_moi_trang_thai,
        reader=parsed.bo_doc,
        identity=(parsed.nhan_dang.ho_ten, parsed.nhan_dang.ngay_sinh) if parsed.nhan_dang else None,
        key_untested=parsed.khong_kiem_khoa,
    )
