"""How a model is built on Spark (``macros/theo_thang.sql``): the macros as they are, over a catalogue made here."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment

from pipelines.warehouse.dbt import DBT_PROJECT

MODEL, PARENT = "model.kho06.con", "model.kho06.cha"
LAST = {"kho.lan": "moi", "kho.du_an": "p", "kho.doi": "khong"}
BASE = {"kho.lan": "cu", "kho.du_an": "p", "kho.doi": "het"}


class Returned(Exception):  # noqa: N818 - what dbt's `return` does
    """Carries a value out of a macro."""


def call(name: str, found: dict[str, Any], *given: Any) -> Any:
    """A macro of the file called as dbt calls it, with ``found`` as what is around it."""
    text = (DBT_PROJECT / "macros" / "theo_thang.sql").read_text(encoding="utf-8")
    environment = Environment(extensions=["jinja2.ext.do"], autoescape=False)  # noqa: S701 - SQL, no page
    around: dict[str, Any] = dict(found)

    def give(value: Any) -> None:
        raise Returned(value)

    def macro(body: str, its_name: str) -> Callable[..., Any]:
        template = environment.from_string(body, globals=around)

        def called(*values: Any) -> Any:
            try:
                return str(getattr(template.module, its_name)(*values))
            except Returned as returned:
                return returned.args[0]

        return called

    around["return"] = give
    around["kieu_spark"] = str
    for body, its_name in re.findall(r"(\{% macro (\w+).*?\{%-? endmacro %\})", text, re.DOTALL):
        around[its_name] = macro(body, its_name)
    return around[name](*given)


def way(
    stands: dict[str, str] | None,
    parents: list[tuple[str, str, str | None, str, str | None]],
    *,
    parent: dict[str, str] | None = None,
    base: str | None = "cu",
    days: tuple[str, str] = ("2025-12-31", "2025-12-30"),
) -> dict[str, Any]:
    """What is decided for the model: ``stands``, ``parent``: what the tables say of themselves."""
    tables = {"thang.stg__con": stands, "stg.cha": parent}

    def run_query(sql: str) -> SimpleNamespace:
        if "ke_hoach.lan" in sql:
            return SimpleNamespace(rows=[("moi", base, "p", *days)])
        if "ke_hoach.cha" in sql:
            return SimpleNamespace(rows=[(MODEL, *parent) for parent in parents])
        if sql.startswith("show tables"):
            schema, table = re.findall(r"show tables in (\w+) like '(\w+)'", sql)[0]
            return SimpleNamespace(rows=[table] if tables.get(f"{schema}.{table}") is not None else [])
        return SimpleNamespace(rows=list((tables[sql.removeprefix("show tblproperties ")] or {}).items()))

    config = {"contract": SimpleNamespace(enforced=False)}
    nodes = {
        MODEL: {"unique_id": MODEL, "schema": "stg", "alias": "con", "config": {"materialized": "theo_khoa"}},
        PARENT: {"unique_id": PARENT, "schema": "stg", "alias": "cha", "config": {"materialized": "bang"}},
    }
    graph = {"nodes": nodes}
    decided = call(
        "spark__che_do_dung", {"run_query": run_query, "graph": graph, "model": dict(nodes[MODEL]), "config": config}
    )
    return {"che_do": decided} | {name: nodes[MODEL]["ke"][name] for name in ("tu_khoa", "so_duoc")}  # type: ignore[index]


def stands_for(parent_says: dict[str, str] | None) -> str:
    """Of which inputs a model calls itself that was built below such a parent."""
    said: list[str] = []

    def run_query(sql: str) -> SimpleNamespace:
        if "ke_hoach.cha" in sql:
            return SimpleNamespace(rows=[(MODEL, PARENT, "khoa", "ma", "doi.stg__cha", None), (MODEL, *RAW)])
        if sql.startswith("show tables"):
            return SimpleNamespace(rows=["cha"] if parent_says is not None else [])
        if sql.startswith("show tblproperties"):
            return SimpleNamespace(rows=list((parent_says or {}).items()))
        said.append(sql)
        return SimpleNamespace(rows=[])

    nodes: dict[str, Any] = {
        MODEL: {"unique_id": MODEL},
        PARENT: {"unique_id": PARENT, "schema": "stg", "alias": "cha", "config": {"materialized": "bang"}},
    }
    around = {"run_query": run_query, "graph": {"nodes": nodes}, "model": {"unique_id": MODEL}}
    call("ghi_dau", around, "thang.stg__con", {"ma": "moi", "du_an": "p"}, "khoa")
    return str(re.findall(r"'kho.lan' = '(\w*)'", said[0])[0])


RAW = ("source.kho06.tho.x", "khoa", "_khoa", "doi.tho__x", "khoa")


@pytest.mark.parametrize(
    ("stands", "base", "why"),
    [
        (None, "cu", "no table"),
        ({}, "cu", "a table that died while it was written"),
        (BASE | {"kho.lan": "truoc_nua"}, "cu", "a night was missed"),
        (BASE | {"kho.du_an": "q"}, "cu", "another release"),
        (BASE, None, "the first export"),
    ],
)
def test_what_does_not_stand_for_the_export_before_is_built_whole(
    stands: dict[str, str] | None, base: str | None, why: str
) -> None:
    decided = way(stands, [RAW], base=base)
    assert (decided["che_do"], decided["so_duoc"]) == ("toan_bo", False), why


def test_what_was_brought_to_these_inputs_already_is_left() -> None:
    assert way(LAST, [RAW])["che_do"] == "giu"


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        (RAW, "mot_phan"),
        ((*RAW[:4], "khong"), "giu"),
        ((*RAW[:4], "het"), "toan_bo"),
        (("source.kho06.so_cai.tep", "het", None, "doi.so_cai__tep", "khong"), "giu"),
        (("source.kho06.so_cai.tep", "het", None, "doi.so_cai__tep", "khoa"), "toan_bo"),
        (("source.kho06.so_cai.tham_so", "ngay", None, "doi.so_cai__tham_so", "het"), "mot_phan"),
    ],
)
def test_a_changed_input_reaches_the_model_as_its_configuration_says(parent: Any, expected: str) -> None:
    assert way(BASE, [parent])["che_do"] == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(("2025-12-30", "2025-12-30"), "giu"), (("2025-12-29", "2025-12-30"), "toan_bo")]
)
def test_a_day_that_stays_moves_nothing_and_an_earlier_one_everything(days: tuple[str, str], expected: str) -> None:
    assert way(BASE, [("source.kho06.so_cai.tham_so", "ngay", None, "d", "het")], days=days)["che_do"] == expected


@pytest.mark.parametrize(
    ("says", "by", "expected", "keys"),
    [
        (LAST, "khoa", "giu", []),
        (LAST | {"kho.doi": "khoa"}, "khoa", "mot_phan", [["doi.stg__cha", "ma"]]),
        (LAST | {"kho.doi": "khoa"}, "het", "toan_bo", []),
        (LAST | {"kho.doi": "het"}, "khoa", "toan_bo", []),
        (BASE | {"kho.doi": "khong"}, "khoa", "toan_bo", []),
        (None, "khoa", "toan_bo", []),
    ],
)
def test_a_parent_is_asked_what_this_build_changed_of_it(
    says: dict[str, str] | None, by: str, expected: str, keys: list[list[str]]
) -> None:
    decided = way(BASE, [(PARENT, by, "ma", "doi.stg__cha", None)], parent=says)
    assert (decided["che_do"], decided["tu_khoa"]) == (expected, keys)


def test_one_parent_that_asks_for_all_of_it_is_enough() -> None:
    whole = ("seed.kho06.lich", "het", None, "doi.x", "het")
    assert way(BASE, [whole, RAW])["che_do"] == way(BASE, [RAW, whole])["che_do"] == "toan_bo"


@pytest.mark.parametrize(("parent", "expected"), [(LAST, "moi"), (BASE, ""), ({}, ""), (None, "")])
def test_below_a_parent_that_was_left_out_a_table_stands_for_no_inputs(
    parent: dict[str, str] | None, expected: str
) -> None:
    assert stands_for(parent) == expected
