"""The shape of a feed contract and of a code list.

A contract is one YAML file under ``feeds/<system>/<feed>.yaml``; a code list one under ``code_lists/``.
Adding a field, an alias or a code is an edit of data, never of Python (docs/thay_doi).
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """How the text of a cell is read, and which columns it becomes in the raw layer."""

    TEXT = "van_ban"
    CODE = "ma"
    DOSSIER_CODE = "ma_ho_so"
    TIMESTAMP = "thoi_diem"
    DATE = "ngay"
    PARTIAL_DATE = "ngay_khuyet"
    INTEGER = "so_nguyen"
    DECIMAL = "so_thap_phan"
    MONEY = "tien"
    SHARE = "ty_le"
    BOOLEAN = "logic"
    CODE_LIST = "danh_muc"
    IDENTITY = "dinh_danh"
    PERIOD = "ky"
    REGISTER_NUMBER = "so_dang_ky"


DAYS = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.PARTIAL_DATE})
"""Kinds whose cells hold a day."""


class Sensitivity(StrEnum):
    """Class of a field (SECURITY.md)."""

    PUBLIC = "cong_khai"
    INTERNAL = "noi_bo"
    PERSONAL = "ca_nhan"
    SENSITIVE = "nhay_cam"


_COLUMNS: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.TEXT: (("", "VARCHAR"),),
    Kind.CODE: (("", "VARCHAR"),),
    Kind.DOSSIER_CODE: (("", "VARCHAR"),),
    Kind.TIMESTAMP: (("", "TIMESTAMP"),),
    Kind.DATE: (("", "DATE"),),
    Kind.PARTIAL_DATE: (("", "VARCHAR"), ("_tu", "DATE"), ("_den", "DATE")),
    Kind.INTEGER: (("", "BIGINT"),),
    Kind.DECIMAL: (("", "DECIMAL(28,6)"), ("_goc", "VARCHAR")),
    Kind.MONEY: (("", "DECIMAL(18,2)"),),
    Kind.SHARE: (("", "DECIMAL(18,10)"),),
    Kind.BOOLEAN: (("", "BOOLEAN"),),
    Kind.CODE_LIST: (("", "VARCHAR"),),
    Kind.IDENTITY: (("", "VARCHAR"), ("_goc", "VARCHAR"), ("_khoa", "VARCHAR")),
    Kind.PERIOD: (("", "VARCHAR"),),
    Kind.REGISTER_NUMBER: (("", "VARCHAR"),),
}

_YEAR_OF = re.compile(r"^nam\((?P<field>[a-z0-9_]+)\)$")
_PART = re.compile(r"^(?P<field>[a-z0-9_]+)(?:(?P<blank>\?)|\|(?P<otherwise>[a-z0-9_]+))?$")

PROVENANCE: tuple[tuple[str, str], ...] = (
    ("_khoa", "VARCHAR"),
    ("_gia_tri", "VARCHAR"),
    ("_ma_tep", "VARCHAR"),
    ("_trang_tinh", "VARCHAR"),
    ("_dong", "BIGINT"),
    ("_thu_tu", "BIGINT"),
    ("_thoi_diem", "TIMESTAMP"),
    ("_goc", "VARCHAR"),
    ("_tep_dau", "VARCHAR"),
)
"""Columns that every raw table ends with.

``_khoa`` digest of the key; ``_gia_tri`` digest of all parsed values: (``_khoa``, ``_gia_tri``) is one state.
``_ma_tep``/``_trang_tinh``/``_dong`` are the newest sighting of the state (file id, sheet name or ``''``,
1-based physical row); ``_thu_tu`` is that row's order within its file over all sheets; ``_thoi_diem`` the
feed's own state time (rule R8) or null; ``_goc`` a JSON object of what the typed columns cannot hold:
unknown columns and the text of unreadable values (personal data: never published), or null; ``_tep_dau`` the
file of the state's first sighting (null in warehouses made before it: ``_ma_tep``): an exact repeat moves the newest
sighting, never the day on which the state began.
"""


@dataclass(frozen=True)
class Field:
    """One canonical field of a feed.

    ``code_list`` is closed for kind ``danh_muc``; for kind ``ma`` it is open: listed spellings become the
    canonical word, anything else is kept. ``dialect_sentinels`` are placeholders of one export dialect only.
    ``own_booleans`` are spellings of yes and no that hold in this field only. ``maximum`` settles how an
    ambiguous separator of a decimal is read (``7.958`` of at most 100 is no 7958). A required field may stay blank,
    and its column be missing, where field ``instead`` of the row has a value. A ``masked`` text is published, with the
    persons in it masked (``so_cai.ten_hien``). ``vocabulary`` are codes that a dictionary of ours has: they are codes
    even where they can be read as somebody's name (``dang_trong_han``).
    """

    name: str
    label: str
    kind: Kind
    sensitivity: Sensitivity
    headers: tuple[str, ...] = ()
    required: bool = False
    code_list: str | None = None
    sentinels: tuple[str, ...] = ()
    blank_value: str | None = None
    description: str = ""
    dialect_sentinels: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    maximum: float | None = None
    instead: str | None = field(default=None, repr=False)
    masked: bool = field(default=False, repr=False)
    numeric_code: bool = False
    code_in_words: bool = False
    vocabulary: frozenset[str] = field(default=frozenset(), repr=False)
    own_booleans: dict[str, bool] = field(default_factory=dict, hash=False)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """(column name, DuckDB type) of this field in the raw layer, main column first.

        A partial date is canonical text ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` plus its interval
        ``_tu``/``_den``; an identity number is the restored digits, ``_goc`` as read where that differs,
        ``_khoa`` its keyed hash; a decimal keeps the text as printed in ``_goc``.
        """
        return tuple((self.name + suffix, sql_type) for suffix, sql_type in _COLUMNS[self.kind])

    @property
    def all_headers(self) -> tuple[str, ...]:
        """Canonical name, label and every alias: all are headers."""
        return (self.name, self.label, *self.headers)


@dataclass(frozen=True)
class KeyPart:
    """A part of a feed's key: a field, or the year of a date field (``nam(ngay_dang_ky)``).

    ``may_be_blank`` (``kenh?``): a blank is a value of its own, such as “all channels”. ``otherwise``
    (``ma_tthc|linh_vuc``): the field that stands in the key where the first one is blank; that one is required.
    """

    field: str
    year_only: bool = False
    may_be_blank: bool = dataclasses.field(default=False, repr=False)
    otherwise: str | None = dataclasses.field(default=None, repr=False)

    @classmethod
    def parse(cls, text: str) -> KeyPart:
        """Read ``ma_ho_so``, ``nam(ngay_dang_ky)``, ``kenh?`` or ``ma_tthc|linh_vuc``."""
        match = _YEAR_OF.match(text)
        if match:
            return cls(match["field"], year_only=True)
        match = _PART.match(text)
        return cls(match["field"], False, bool(match["blank"]), match["otherwise"]) if match else cls(text)

    @property
    def text(self) -> str:
        """As it is written in the contract."""
        if self.year_only:
            return f"nam({self.field})"
        return f"{self.field}|{self.otherwise}" if self.otherwise else self.field + "?" * self.may_be_blank


@dataclass(frozen=True)
class Contract:
    """One feed: ``<system>/<feed>``.

    ``identity`` (fields of names, fields of dates of birth) says that one key can hold several records (rule R10).
    ``keeps_states``: a published figure is counted between states of a key (corrections of a register, the pace of
    digitisation), so none is ever too old to keep. ``key_untested`` is why the staging view's key is not tested: on a
    large feed that ranks all states once more.
    """

    feed: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[KeyPart, ...]
    state_time: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    keyed_key: bool = False
    keeps_states: bool = False
    reader: str | None = None
    identity: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    key_untested: str | None = None
    by_name: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {f.name: f for f in self.fields})

    @property
    def table(self) -> str:
        """Raw table name: ``dvc/ho_so`` → ``dvc__ho_so``, in schema ``tho``."""
        return self.feed.replace("/", "__")

    @property
    def required(self) -> tuple[Field, ...]:
        """Fields without whose column a file is refused."""
        return tuple(f for f in self.fields if f.required)

    @property
    def value_columns(self) -> tuple[tuple[str, str], ...]:
        """(column, type) of all fields in contract order."""
        return tuple(c for f in self.fields for c in f.columns)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """(column, type) of the raw table: values, then provenance."""
        return (*self.value_columns, *PROVENANCE)

    def is_key(self, name: str) -> bool:
        """Whether field ``name`` is a part of the key that must be filled."""
        return any(part.field == name and not (part.may_be_blank or part.otherwise) for part in self.key)

    def is_key_if_filled(self, name: str) -> bool:
        """Whether field ``name`` is a part of the key that may be blank, but must not be unreadable."""
        return any(part.field == name and (part.may_be_blank or part.otherwise) for part in self.key)

    def create_table_sql(self, schema: str = "tho") -> str:
        """DDL of the raw table (schema ``tho``; ``lan_thay``: its kept other sightings), for DuckDB."""
        body = ", ".join(f'"{name}" {sql_type}' for name, sql_type in self.columns)
        return f"CREATE TABLE IF NOT EXISTS {schema}.{self.table} ({body})"


@dataclass(frozen=True)
class Code:
    """One member of a code list: canonical word, Vietnamese label, spellings accepted anywhere."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList:
    """A closed list of codes; ``by_feed`` holds spellings that mean something only in one feed or dialect."""

    name: str
    description: str
    codes: tuple[Code, ...]
    by_feed: dict[str, dict[str, str]] = field(default_factory=dict)

    def spellings(self, feed: str) -> dict[str, str]:
        """Every accepted spelling (as written in the data) → canonical code, for one feed."""
        result: dict[str, str] = {}
        for code in self.codes:
            for spelling in (code.code, code.label, *code.aliases):
                result[spelling] = code.code
        result.update(self.by_feed.get(feed, {}))
        return result
