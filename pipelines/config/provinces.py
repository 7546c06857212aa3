"""``cac_tinh.yaml``: the provinces of one deployment of Dagster, each with a data folder and a secret of its own.

A mistake raises ``ConfigError`` naming the line and what was expected.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from pipelines.config.checked import StrictModel, load_checked
from pipelines.config.yaml_lines import ConfigError, LocatedYaml

Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]


class Province(StrictModel):
    """One province: code of two digits, data folder, key file, and its ``orchestration.yaml`` unless the common one."""

    ma: Code
    ten: str = Field(min_length=1)
    du_lieu: Path
    tep_khoa: Path
    cau_hinh: Path | None = None


class Provinces(StrictModel):
    """The whole file; ``thu_muc``: Dagster's home of all of them; ``cung_luc``: runs at a time on this machine."""

    thu_muc: Path
    cung_luc: int = Field(ge=1, le=100)
    tinh: list[Province] = Field(min_length=1)


def load_provinces(path: Path) -> Provinces:
    """Read and check ``path``; relative places count from its folder. Raises ``ConfigError``."""
    read, located = load_checked(path, Provinces)
    base = path.resolve().parent
    found = read.model_copy(
        update={
            "thu_muc": _place(base, read.thu_muc),
            "tinh": [
                item.model_copy(
                    update={
                        "du_lieu": _place(base, item.du_lieu),
                        "tep_khoa": _place(base, item.tep_khoa),
                        "cau_hinh": _place(base, item.cau_hinh) if item.cau_hinh else None,
                    }
                )
                for item in read.tinh
            ],
        }
    )
    mistakes = _shared(found, located)
    if mistakes:
        raise ConfigError(path, mistakes)
    return found


def _place(base: Path, given: Path) -> Path:
    return (base / given.expanduser()).resolve()


def _shared(found: Provinces, located: LocatedYaml) -> list[tuple[int | None, str]]:
    """What two provinces must never have in common, and places that do not exist."""
    mistakes: list[tuple[int | None, str]] = []
    for number, item in enumerate(found.tinh):
        for other in found.tinh[:number]:
            if item.ma == other.ma:
                mistakes.append((located.line(("tinh", number, "ma")), f"mã tỉnh {item.ma} đã có ở trên."))
            if _within(item.du_lieu, other.du_lieu) or _within(other.du_lieu, item.du_lieu):
                text = f"thư mục dữ liệu của tỉnh {item.ma} trùng hoặc nằm trong thư mục của tỉnh {other.ma}."
                mistakes.append((located.line(("tinh", number, "du_lieu")), text))
            if item.tep_khoa == other.tep_khoa:
                text = f"tệp khóa là của tỉnh {other.ma}; mỗi tỉnh một khóa, để không nối được người qua hai tỉnh."
                mistakes.append((located.line(("tinh", number, "tep_khoa")), text))
        mistakes += [(located.line(("tinh", number, "tep_khoa")), text) for text in _key_inside(item.tep_khoa, found)]
        if _within(found.thu_muc, item.du_lieu):
            text = f"thư mục chung không được nằm trong thư mục dữ liệu của tỉnh {item.ma}."
            mistakes.append((located.line(("thu_muc",)), text))
        if item.cau_hinh is not None and not item.cau_hinh.is_file():
            mistakes.append((located.line(("tinh", number, "cau_hinh")), f"không có tệp {item.cau_hinh}."))
    return mistakes


def _key_inside(key: Path, found: Provinces) -> list[str]:
    """Of every folder that is copied as a whole, whoever's it is, and that the key lies in."""
    folders = [(item.du_lieu, f"thư mục dữ liệu của tỉnh {item.ma}") for item in found.tinh]
    return [
        f"tệp khóa phải nằm ngoài {name}, để bản chép thư mục đó không mang theo khóa."
        for folder, name in [*folders, (found.thu_muc, "thư mục chung")]
        if _within(key, folder)
    ]


def _within(place: Path, folder: Path) -> bool:
    return place == folder or folder in place.parents
