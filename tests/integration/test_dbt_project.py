"""What dbt-project-evaluator asks of a project, computed from the manifest; every exception is named with its reason.

Not asked: fan-out of a model and rejoining of upstream models. A dossier is one concept that seven marts count, and the
counts of 766 read definitions beside what was made of them: both are the shape of the subject, not a missing layer.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines import building
from pipelines.config.paths import data_paths
from pipelines.contracts.loader import load_contracts
from pipelines.contracts.model import Sensitivity
from pipelines.quality.manifest import marts
from pipelines.quality.rules import load_rules
from pipelines.warehouse import dbt, plan

Manifest = dict[str, Any]
Node = dict[str, Any]

ALL_STATES = "cần mọi trạng thái của khóa, staging chỉ giữ trạng thái mới nhất"
REFERENCE = "danh mục tham chiếu được công bố nguyên trạng"
SOURCES_READ_AFTER_STAGING: dict[str, str] = {
    "int_tthc__buoc_ho_so": "mỗi bước nói như nhau ở mọi trạng thái: xếp hạng lại là thừa",
    "int_tthc__buoc_cho": "mỗi bước nói như nhau ở mọi trạng thái: xếp hạng lại là thừa",
    "int_tthc__tien_do_766": "mỗi bước nói như nhau ở mọi trạng thái: xếp hạng lại là thừa",
    "int_ho_tich__so_hoa": ALL_STATES,
    "int_ho_tich__so_hoa_doi": ALL_STATES,
    "int_ho_tich__cai_chinh": ALL_STATES,
    "int_ho_tich__cho_huy": ALL_STATES,
    "int_doi_soat__cach_ly": ALL_STATES,
    "van_hanh__thay_doi_tre": ALL_STATES,
    "chat_luong__cach_ly": ALL_STATES,
    "int_tthc__don_vi_dvhc": "nối cơ quan với danh mục đơn vị hành chính",
    "int_tthc__don_vi_ke_thua_goi_y": "nối cơ quan với danh mục đơn vị hành chính",
    "tthc__dvhc": REFERENCE,
    "tthc__dvhc_ke_thua": REFERENCE,
}
"""Models above staging that read raw tables (`tho`) or the reference of units (`dvhc`) themselves."""
LEDGER_READ_OUTSIDE_ITS_MARTS: dict[str, str] = {
    "int_doi_soat__cach_ly": "dòng cách ly ở sổ cái",
    "int_ho_tich__so_hoa": "tệp nào nói trước",
    "int_ho_tich__so_hoa_doi": "tệp nào nói trước",
    "int_ho_tich__cai_chinh": "tệp nào nói trước",
    "int_ho_tich__cho_huy": "tệp nào nói trước",
    "int_chi_so_766__thieu_nguon": "tháng nào chưa có tệp",
    "int_nguon__ky": "tháng nào chưa có tệp",
    "ho_tich__trung_lap": "kết quả liên kết nằm ở sổ cái",
    "ho_tich__khuyet_quyen": "loại sổ nào chưa có tệp",
    "int_ho_tich__dang_ky": "tên tệp được phép hiện",
    "int_tthc__ho_so": "tên trang tính đã che tên người",
    "tthc__cong_bo": "văn bản đã che tên người",
    "tthc__van_ban": "văn bản đã che tên người",
    "tthc__do_phu": "văn bản đã che tên người",
    "tthc__phi": "tên trang tính đã che tên người",
    "he_thong__ket_noi": "văn bản đã che tên người",
    "dieu_hanh__canh_bao": "nguồn nào im lặng",
    "dieu_hanh__nhiem_vu": "văn bản đã che tên người",
    "dieu_hanh__dao_tao": "văn bản đã che tên người",
    "ho_tich__co_so_y_te": "văn bản đã che tên người",
}
"""Models outside `chat_luong` and `van_hanh` that read the ledger for more than as-of day and publication id."""
LINKAGE_VIEWS = {"int_ho_tich__lien_ket", "int_ho_tich__lien_ket_khai_tu"}
LONGEST_CHAIN_OF_VIEWS = 3
_CONFIG = re.compile(r"\{\{\s*config\(.*?\)\s*\}\}", re.DOTALL)
WORD = "Không kiểm khóa ở đây: "


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    paths = data_paths(tmp_path_factory.mktemp("kho"))
    paths.prepare()
    return dbt.parse(paths)


@pytest.fixture(scope="module")
def models(manifest: Manifest) -> dict[str, Node]:
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def layer(node: Node) -> str:
    return str(node["fqn"][1])


def is_table_macro(node: Node) -> bool:
    return bool(node["config"]["materialized"] in {"bang_macro", "ham"})


def sources_of(manifest: Manifest, node: Node) -> Iterator[Node]:
    yield from (manifest["sources"][key] for key in node["depends_on"]["nodes"] if key.startswith("source."))


def test_a_month_is_named_only_where_rows_are_replaced_by_key_and_is_a_column(models: dict[str, Node]) -> None:
    """`thang`: what Spark stores a model by (`theo_thang.sql`); an intermediate says its columns when built."""
    named = {str(node["name"]): node for node in models.values() if node["config"].get("thang")}
    assert {"stg_dvc__ho_so", "int_tthc__ho_so", "int_ho_tich__ban_ghi"} <= named.keys()
    assert {name for name, node in named.items() if node["config"]["materialized"] != "theo_khoa"} == set()
    staging = {name: node for name, node in named.items() if node["fqn"][1] == "staging"}
    assert {name for name, node in staging.items() if node["config"]["thang"] not in node["columns"]} == set()


def test_the_plan_of_a_night_is_of_what_its_build_makes(manifest: Manifest) -> None:
    """What is planned and not built would never stand: no night would have nothing new."""
    built = {name for part in building.parts(manifest) for name in part.nodes}
    assert plan.definitions(manifest) | plan.planned(manifest).keys() <= built


def test_staging_reads_one_raw_table_and_no_model(manifest: Manifest, models: dict[str, Node]) -> None:
    for node in models.values():
        if layer(node) == "staging":
            assert all(key.startswith("source.") for key in node["depends_on"]["nodes"]), node["name"]
            raw = [source["name"] for source in sources_of(manifest, node) if source["source_name"] == "tho"]
            assert raw == [node["name"].removeprefix("stg_")]


def test_raw_tables_are_read_by_staging_but_for_named_reasons(manifest: Manifest, models: dict[str, Node]) -> None:
    found = {
        node["name"]
        for node in models.values()
        if layer(node) != "staging"
        and any(source["source_name"] in {"tho", "dvhc"} for source in sources_of(manifest, node))
    }
    assert found == set(SOURCES_READ_AFTER_STAGING)


def test_the_ledger_is_read_where_it_is_the_subject_but_for_named_reasons(
    manifest: Manifest, models: dict[str, Node]
) -> None:
    found = {
        node["name"]
        for node in models.values()
        if layer(node) != "staging" and node["group"] not in {"chat_luong", "van_hanh"}
        for source in sources_of(manifest, node)
        if source["source_name"] == "so_cai" and source["name"] != "tham_so"
    }
    assert found == set(LEDGER_READ_OUTSIDE_ITS_MARTS)


def test_no_mart_feeds_an_intermediate_or_staging(models: dict[str, Node]) -> None:
    arrows = [
        (parent, node["name"])
        for node in models.values()
        if layer(node) != "marts"
        for parent in node["depends_on"]["nodes"]
        if parent in models and layer(models[parent]) == "marts"
    ]
    assert arrows == []


def test_every_table_is_named_through_ref_or_source(models: dict[str, Node]) -> None:
    direct = re.compile(r"\b(?:from|join)\s+(?:tho|so_cai|dvhc|stg|trung_gian|tham_chieu|tthc|ho_tich)\.[a-z_]+")
    body = {node["name"]: _CONFIG.sub("", node["raw_code"]) for node in models.values()}
    assert [name for name, code in body.items() if direct.search(code)] == []


def test_tables_that_lead_to_keys_are_parents(manifest: Manifest, models: dict[str, Node]) -> None:
    """``theo`` and ``theo_ngay`` name tables as text (a configuration holds no ``ref``): dbt must know them."""
    named = re.compile(r"\b(?:stg|trung_gian|tham_chieu|tthc|ho_tich|so_cai)\.([a-z0-9_]+)")
    for node in models.values():
        told = json.dumps([node["config"].get("theo"), node["config"].get("theo_ngay")], ensure_ascii=False)
        parents = {name.rsplit(".", 1)[-1] for name in node["depends_on"]["nodes"]} | {str(node["name"])}
        assert set(named.findall(told)) <= parents, node["name"]


def test_nothing_stands_without_parents_or_without_a_use(manifest: Manifest, models: dict[str, Node]) -> None:
    used: set[str] = {parent for node in models.values() for parent in node["depends_on"]["nodes"]}
    used |= {parent for exposure in manifest["exposures"].values() for parent in exposure["depends_on"]["nodes"]}
    unused = {node["name"] for key, node in models.items() if layer(node) != "marts" and key not in used}
    assert unused <= {"stg_dvc__qua_trinh"}  # read by the rule book only
    roots = {n["name"] for n in models.values() if not n["depends_on"]["nodes"] and not is_table_macro(n)}
    assert roots == set()
    tested = {parent for node in manifest["nodes"].values() for parent in node["depends_on"].get("nodes", ())}
    unread = {s["name"] for key, s in manifest["sources"].items() if key not in used | tested}
    relations = " ".join(f"{rule.relation} {rule.check}" for rule in load_rules())
    assert {name for name in unread if f"so_cai.{name}" not in relations} == {"cot_la"}  # intake's


def test_chains_of_views_are_short(models: dict[str, Node]) -> None:
    def chain(key: str) -> int:
        node = models.get(key)
        if node is None or node["config"]["materialized"] != "view":
            return 0
        return 1 + max((chain(parent) for parent in node["depends_on"]["nodes"]), default=0)

    assert max(chain(key) for key in models) <= LONGEST_CHAIN_OF_VIEWS


def test_names_and_folders_say_the_layer(models: dict[str, Node]) -> None:
    for node in models.values():
        name, folder = node["name"], node["fqn"][2]
        if layer(node) == "staging":
            assert name.startswith(f"stg_{folder}__")
        elif layer(node) == "marts":
            assert name.startswith(f"{folder}__")
            assert node["schema"] == folder
        else:
            assert node["schema"] == "trung_gian"
            assert not name.startswith(("stg_", "tthc__", "ho_tich__"))
        assert Path(node["original_file_path"]).stem == name


def test_everything_is_described(manifest: Manifest, models: dict[str, Node]) -> None:
    assert [n["name"] for n in models.values() if not n["description"]] == []
    assert [s["name"] for s in manifest["sources"].values() if not s["description"]] == []
    seeds = [n for n in manifest["nodes"].values() if n["resource_type"] == "seed"]
    assert [n["name"] for n in seeds if not n["description"]] == []
    columns = [(n["name"], c["name"]) for n in models.values() for c in n["columns"].values() if not c["description"]]
    assert columns == []


def test_every_model_has_a_key_test_or_says_why_not(manifest: Manifest, models: dict[str, Node]) -> None:
    keyed = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test"
        and (node.get("test_metadata") or {}).get("name") in {"unique", "khoa_duy_nhat"}
    }
    for key, node in models.items():
        if is_table_macro(node):
            continue  # a question with parameters: there is no table whose key could be tested
        says = WORD in node["description"] or "Không kiểm khóa ở đây" in node["description"]
        assert (key in keyed) != says, (
            f"{node['name']}: thêm khoa_duy_nhat, hoặc ghi “{WORD}…” trong mô tả (một trong hai)"
        )


def test_published_marts_are_public_with_a_contract_and_the_rest_is_not(models: dict[str, Node]) -> None:
    for node in models.values():
        public = node["access"] == "public"
        assert public == (layer(node) == "marts"), node["name"]
        assert not public or node["config"]["contract"]["enforced"] or is_table_macro(node), node["name"]


def test_no_published_column_has_the_name_of_a_personal_field(manifest: Manifest) -> None:
    """Who reads a list of columns must not have to know that the text of one is masked (SECURITY.md)."""
    personal = {
        field.name
        for contract in load_contracts().values()
        for field in contract.fields
        if field.sensitivity in {Sensitivity.PERSONAL, Sensitivity.SENSITIVE}
    }
    published = {(mart.table, column.name) for mart in marts(manifest) for column in mart.columns if column.published}
    assert {(table, name) for table, name in published if name in personal} == set()


def test_every_model_belongs_to_a_group_with_an_owner(manifest: Manifest, models: dict[str, Node]) -> None:
    owners = {group["name"]: group["owner"] for group in manifest["groups"].values()}
    assert {node["group"] for node in models.values()} == set(owners)
    assert all(owner["name"] and owner["email"].endswith(".invalid") for owner in owners.values())
    for node in models.values():
        if layer(node) == "marts":
            assert node["group"] == node["schema"]


def test_what_only_its_own_subject_reads_is_private_where_a_whole_subject_is(models: dict[str, Node]) -> None:
    readers: dict[str, set[str]] = defaultdict(set)
    for node in models.values():
        for parent in node["depends_on"]["nodes"]:
            readers[parent].add(node["group"])
    for key, node in models.items():
        if layer(node) == "intermediate" and node["group"] in {"ho_tich", "doi_soat"}:
            alone = readers[key] <= {node["group"]} and node["name"] not in LINKAGE_VIEWS
            assert (node["access"] == "private") == alone, node["name"]


def test_exposures_name_every_published_mart_and_their_owner(manifest: Manifest, models: dict[str, Node]) -> None:
    exposures = {exposure["name"]: exposure for exposure in manifest["exposures"].values()}
    assert set(exposures) == {"kho_duckdb", "trang_chat_luong", "so_loi_don_vi", "lien_ket_ban_ghi"}
    published = {key for key, node in models.items() if layer(node) == "marts"}
    assert set(exposures["kho_duckdb"]["depends_on"]["nodes"]) == published
    assert all(exposure["owner"]["name"] and exposure["description"] for exposure in exposures.values())


def test_an_older_version_of_a_mart_is_published_beside_the_latest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The policy of docs/thay_doi/cot.md: readers of the old columns have a table of their own until its last day."""
    project = tmp_path / "dbt_project"
    shutil.copytree(dbt.DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    mart = project / "models" / "marts" / "tthc" / "tthc__pakn.sql"
    mart.with_name("tthc__pakn_v1.sql").write_text(mart.read_text(encoding="utf-8"), encoding="utf-8")
    described = mart.with_suffix(".yml")
    versions = (
        "    latest_version: 2\n    versions:\n"
        "      - {v: 1, defined_in: tthc__pakn_v1, deprecation_date: 2027-12-31}\n"
        "      - {v: 2, defined_in: tthc__pakn}\n    columns:\n"
    )
    described.write_text(described.read_text(encoding="utf-8").replace("    columns:\n", versions, 1), encoding="utf-8")
    monkeypatch.setattr(dbt, "DBT_PROJECT", project)
    monkeypatch.setattr(dbt, "_last", dbt._Parse())
    paths = data_paths(tmp_path / "kho")
    paths.prepare()
    published = {mart.table: mart for mart in marts(dbt.parse(paths)) if mart.name in {"pakn", "pakn_v1"}}
    assert set(published) == {"tthc.pakn", "tthc.pakn_v1"}
    assert published["tthc.pakn"].unique_id.endswith(".v2")
    assert published["tthc.pakn_v1"].columns == published["tthc.pakn"].columns


def test_references_that_hold_by_construction_are_tested(manifest: Manifest) -> None:
    """Codes of the registers and of the national portal may be unknown (R16): those are for the rules to tell."""
    found = {
        (manifest["nodes"][node["attached_node"]]["name"], node["column_name"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and (node.get("test_metadata") or {}).get("name") == "relationships"
    }
    assert {
        ("tthc__ho_so", "ma_don_vi"),
        ("tthc__giai_quyet_thang", "ma_don_vi"),
        ("tthc__tra_lai", "ma_don_vi"),
        ("tthc__thiet_yeu", "ma_tthc"),
        ("chi_so_766__diem_mat", "ma_chi_so"),
    } <= found
