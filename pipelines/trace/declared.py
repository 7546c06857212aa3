"""What a mart's YAML says of the way back (``config.meta.truy_vet``), read from the project beside the code.

The manifest of the working folder says the same, but only its owner may read it; an analyst traces too.

``bang``: the relation that holds the records behind the figures (alias ``d``; the row of the mart is ``o``).
``noi``: SQL conditions that join the two. ``cot``: for each counted column the condition that picks its records, or
``{dieu_kien, bang, noi, khoa, cong}`` where it has a relation of its own; ``cong``: what a record adds if it is not 1.
``voi``: words for parts of conditions, written ``{word}`` there. ``don_vi``: what the records are, the counts' unit.
``khong_truy``: columns that are no count of records, with the reason. ``ly_do``: why a whole table has no way back.
``ban_ghi``: the rows of this mart are records themselves: ``khoa`` names one, ``o`` the relations that know its place.
``tham_so_bieu``: parameters of a mart that is a table macro, and ``hat``, its grain; conditions see them in ``o``.
``tham_so``: columns of the row that ``bang`` is called with, where it is a table macro.
``kem``: further relations that explain a row (a definition, a printed figure).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.config.paths import PROJECT_ROOT

MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
NUMBERS = frozenset({"bigint", "integer", "double", "decimal", "hugeint"})


@dataclass(frozen=True)
class Place:
    """A relation that knows where a record stands, by its column ``key``; ``when`` (SQL on ``d``) limits it."""

    table: str
    key: str
    when: str


@dataclass(frozen=True)
class Records:
    """Records behind one figure; ``weight`` is null where each counts for one.

    ``arguments``: columns of the row that a published macro is called with.
    """

    table: str
    joins: tuple[str, ...]
    condition: str
    key: str
    weight: str | None
    places: tuple[Place, ...]
    arguments: tuple[str, ...] = ()
    unit: str = ""

    @property
    def schema(self) -> str:
        """The schema of the relation."""
        return self.table.split(".")[0]


@dataclass(frozen=True)
class Beside:
    """A relation that explains a row: ``text`` (SQL on ``d``) names it, ``rule`` says how."""

    step: str
    table: str
    joins: tuple[str, ...]
    text: str
    rule: str


@dataclass(frozen=True)
class Trail:
    """The way back from one mart. ``grain``: columns that tell its rows apart; ``numbers``: its numeric columns."""

    table: str
    grain: tuple[str, ...]
    numbers: tuple[str, ...]
    figures: Mapping[str, Records]
    untraced: Mapping[str, str]
    itself: Records | None
    beside: tuple[Beside, ...]
    reason: str
    rule: str
    parameters: tuple[str, ...] = ()

    def silent(self) -> list[str]:
        """Numeric columns that are neither traced nor excused."""
        if self.reason or self.itself is not None:
            return []
        return [name for name in self.numbers if name not in self.figures and name not in self.untraced]


def published_names(folder: Path = MARTS) -> list[str]:
    """``schema.table`` of every mart of the project."""
    return sorted(path.stem.replace("__", ".", 1) for path in folder.glob("*/*.yml"))


def trail_of(table: str, folder: Path = MARTS) -> Trail | None:
    """The declared way back from ``schema.table`` (of a macro, its name); None where there is no such mart."""
    model = _model(table, folder)
    if model is None:
        return None
    said = _said(model)
    return Trail(
        table=table,
        grain=tuple(said.get("hat", ())) or _grain(model),
        numbers=tuple(c["name"] for c in model.get("columns", ()) if _is_number(str(c.get("data_type", "")))),
        figures={column: _records(said, own, folder) for column, own in (said.get("cot") or {}).items()},
        untraced={str(column): str(reason) for column, reason in (said.get("khong_truy") or {}).items()},
        itself=_itself(table, said),
        beside=tuple(
            Beside(k["buoc"], k["bang"], tuple(k.get("noi", ())), k["khoa"], k.get("quy_tac", "''"))
            for k in said.get("kem", ())
        ),
        reason=str(said.get("ly_do", "")),
        rule=str(said.get("quy_tac", "")),
        parameters=tuple(said.get("tham_so_bieu", ())),
    )


@cache
def _model(table: str, folder: Path) -> dict[str, Any] | None:
    if not re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", table):
        return None
    schema, name = table.split(".")
    file = folder / schema / f"{schema}__{name}.yml"
    if not file.is_file():
        return None
    model: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["models"][0]
    return model


def _said(model: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = ((model.get("config") or {}).get("meta") or {}).get("truy_vet") or {}
    return said


def _is_number(data_type: str) -> bool:
    return data_type.split("(", maxsplit=1)[0] in NUMBERS


def _grain(model: Mapping[str, Any]) -> tuple[str, ...]:
    for test in model.get("data_tests", ()):
        if isinstance(test, dict) and "khoa_duy_nhat" in test:
            return tuple(test["khoa_duy_nhat"]["arguments"]["cot"])
    unique = [column["name"] for column in model.get("columns", ()) if "unique" in column.get("data_tests", ())]
    return tuple(unique[:1])


def _itself(table: str, said: Mapping[str, Any]) -> Records | None:
    own = said.get("ban_ghi")
    if own is None:
        return None
    return Records(table, (), "true", str(own["khoa"]), None, _places(own))


def _records(said: Mapping[str, Any], own: Any, folder: Path) -> Records:
    """What one column says, above what its table says, above what the relation says of its own rows."""
    column = own if isinstance(own, dict) else {"dieu_kien": own}
    merged = {**said, **column}
    table = str(merged["bang"])
    detail = _model(table, folder)
    of_detail = _said(detail).get("ban_ghi", {}) if detail is not None else {}
    return Records(
        table=table,
        joins=tuple(filled(str(one), said) for one in merged.get("noi", ())),
        condition=filled(str(merged.get("dieu_kien", "true")), said),
        key=str(merged.get("khoa", of_detail.get("khoa", "d._khoa"))),
        weight=str(merged["cong"]) if "cong" in merged else None,
        places=_places(merged if "o" in merged else of_detail),
        arguments=tuple(merged.get("tham_so", ())),
        unit=str(merged.get("don_vi", "")),
    )


def filled(text: str, said: Mapping[str, Any]) -> str:
    """``text`` with every ``{word}`` of ``voi`` written out; a word may use those before it."""
    words: dict[str, str] = {}
    for word, meaning in (said.get("voi") or {}).items():
        words[word] = f"({_replaced(str(meaning), words)})"
    return _replaced(text, words)


def _replaced(text: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: words[found[1]], text)


def _places(said: Mapping[str, Any]) -> tuple[Place, ...]:
    return tuple(Place(p["bang"], p["khoa"], p.get("khi", "true")) for p in said.get("o", ()))
