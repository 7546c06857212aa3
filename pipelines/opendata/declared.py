"""The one list of what is open, ``bang_mo.yaml``, read and checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field

from pipelines.config.checked import StrictModel, load_checked
from pipelines.config.yaml_lines import ConfigError

FILE = Path(__file__).parent / "bang_mo.yaml"
UNKNOWN = "khong_ro"


class Label(StrictModel):
    """A column and what it is called."""

    cot: str
    ten: str


class Level(Label):
    """Nodes of a tree: the column of their codes, and the end of the name of their table."""

    bang: str
    ten_bang: str


class Tree(StrictModel):
    """Leaves (``la``, named by ``nhan``) below parents (``cha``), by the newest row of each leaf in the mart ``tu``."""

    la: Level
    nhan: Label
    cha: Level
    tu: str


class Part(Label):
    """A measure: the sum of ``cong`` over the rows where each column of ``khi`` has its value."""

    cong: str
    khi: dict[str, str] = Field(default_factory=dict)


class Total(Label):
    """The sum of the parts, counted by itself as the sum of ``cong``."""

    cong: list[str]


class Share(Label):
    """Sum of the measures ``tu`` over sum of ``mau``; made of what is shown."""

    tu: list[str]
    mau: list[str]


class Block(StrictModel):
    """Counts of one kind of thing a month; see ``bang_mo.yaml``."""

    ma: str
    ten: str
    mo_ta: str
    nguon: str
    tong: Total | None = None
    phan: list[Part]
    con_lai: Label | None = None
    cay: list[str]
    ty_le: list[Share]

    @property
    def parts(self) -> list[str]:
        """Measures that add up to the total."""
        return [part.cot for part in self.phan] + ([self.con_lai.cot] if self.con_lai else [])

    @property
    def total(self) -> str | None:
        """The measure that is their sum."""
        return self.tong.cot if self.tong else None

    @property
    def measures(self) -> list[Label]:
        """Every count of a table, the total first."""
        return [*([self.tong] if self.tong else []), *self.phan, *([self.con_lai] if self.con_lai else [])]


class Points(StrictModel):
    """Marts of Bộ chỉ số 766: components, groups, and the definitions that say which is part of which.

    ``khong_dem_viec``: components that count procedures or agencies, nobody's dossier. ``theo_khoi``: block → those
    that are shares of what it counts.
    """

    thanh_phan: list[str]
    khong_dem_viec: list[str]
    theo_khoi: dict[str, list[str]]
    nhom: str
    dinh_nghia: str


class Catalogue(StrictModel):
    """Columns of a mart that are open as they are: rows where all of ``chi`` and none of ``tru`` is true."""

    ma: str
    ten: str
    mo_ta: str
    nguon: str
    chi: list[str]
    tru: list[str]
    khoa: list[str]
    cot: list[str]


class OpenTables(StrictModel):
    """The whole list."""

    nguong: int = Field(ge=2)
    cay: dict[str, Tree]
    khoi: list[Block]
    diem: Points
    danh_muc: list[Catalogue]


@cache
def open_tables(path: Path = FILE) -> OpenTables:
    """Read and check the list; raises ``ConfigError``."""
    found, located = load_checked(path, OpenTables)
    mistakes: list[tuple[int | None, str]] = []
    for at, block in enumerate(found.khoi):
        mistakes += [
            (located.line(("khoi", at, "cay")), f"không có cây “{name}”; các cây: {', '.join(found.cay)}.")
            for name in block.cay
            if name not in found.cay
        ]
        known = {measure.cot for measure in block.measures}
        mistakes += [
            (located.line(("khoi", at, "ty_le")), f"tỷ lệ {share.cot} dùng cột “{name}” mà khối không có.")
            for share in block.ty_le
            for name in (*share.tu, *share.mau)
            if name not in known
        ]
    mistakes += [
        (located.line(("diem", "theo_khoi", name)), f"không có khối có tổng nào tên “{name}”.")
        for name in found.diem.theo_khoi
        if name not in {block.ma for block in found.khoi if block.tong}
    ]
    if mistakes:
        raise ConfigError(path, mistakes)
    return found
