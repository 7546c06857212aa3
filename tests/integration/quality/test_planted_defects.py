"""Every planted defect is caught by the rule meant for it; strict rules raise no alarm on clean rows."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks.planted_defects import INTENDED, Proof, fixture_proofs, prove
from benchmarks.planted_rows import BIRTHS, BOOKS, DEATHS, DOSSIERS, LINKEDS, MARRIAGES, PETITIONS
from pipelines.config.paths import data_paths

pytestmark = pytest.mark.cham

FIXTURES = yaml.safe_load((Path(__file__).parent / "rule_fixtures.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> list[Proof]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHO_KHOA_BI_MAT", "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=")
        return prove(data_paths(tmp_path_factory.mktemp("loi_cai") / "dữ liệu"))


def test_every_planted_defect_is_caught_by_the_rule_meant_for_it(proofs: list[Proof]) -> None:
    assert [(p.rule, p.planted, p.caught) for p in proofs if p.caught < p.planted] == []


def test_every_class_is_planted_for_a_rule_of_the_book(proofs: list[Proof]) -> None:
    tried = {p.rule.split("__")[0] for p in proofs if p.planted}
    assert {rule.split("__")[0] for rule in INTENDED.values()} <= tried


def test_every_planted_row_is_for_rules_that_were_tried(proofs: list[Proof]) -> None:
    meant = {code for case in DOSSIERS for codes in case[3].values() for code in codes.split()}
    meant |= {code for cases in (BIRTHS, BOOKS, DEATHS, LINKEDS, MARRIAGES, PETITIONS) for _, code in cases if code}
    assert meant <= {p.rule for p in proofs if p.caught}


def test_rules_raise_only_alarms_that_the_key_explains(proofs: list[Proof]) -> None:
    assert [(p.rule, p.raised, p.explained) for p in proofs if p.explained < p.raised] == []


def test_a_rule_that_never_fires_on_the_sample_has_a_fixture_on_which_it_must(proofs: list[Proof]) -> None:
    silent = {p.rule.split("__")[0] for p in proofs} - {p.rule.split("__")[0] for p in proofs if p.raised}
    shown = {code.split("__")[0] for code, case in FIXTURES.items() if case["khong_dat"]}
    assert silent - shown == set()


def test_every_rule_catches_its_bad_fixture_and_is_quiet_on_its_good_one() -> None:
    assert [code for code, (caught, wrong) in fixture_proofs().items() if not caught or wrong] == []
