"""Agencies are asked for by code or by a name that only one of them bears, and told apart where they share one."""

from __future__ import annotations

import pytest

from pipelines.warehouse.agencies import UnknownAgencyError, known_agency, told_apart

NAMES = {"H05": "UBND tỉnh", "H02.02": "Sở Công Thương", "H05.02": "Sở Công Thương", "H05.13": "Sở Tư pháp"}


@pytest.mark.parametrize(
    ("asked", "code"), [("h05.13", "H05.13"), ("Sở Tư pháp", "H05.13"), ("so tu phap", "H05.13"), ("X1", "X1")]
)
def test_by_code_or_by_its_own_name(asked: str, code: str) -> None:
    assert known_agency(asked, NAMES, ["X1"]) == code


def test_a_name_of_several_is_answered_with_their_codes() -> None:
    with pytest.raises(UnknownAgencyError, match=r"có 2 đơn vị tên “Sở Công Thương”: H02\.02, H05\.02; hãy ghi mã"):
        known_agency("Sở Công Thương", NAMES)


def test_one_that_nobody_bears_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownAgencyError, match=r"Gần nhất: H05\.13 \(Sở Tư pháp\)"):
        known_agency("Sở Tư phap tinh", NAMES)


def test_a_name_that_two_bear_stands_with_its_code() -> None:
    assert told_apart({**NAMES, "H9": "H9", "H8": "H9"}) == {
        "H05": "UBND tỉnh",
        "H02.02": "Sở Công Thương (H02.02)",
        "H05.02": "Sở Công Thương (H05.02)",
        "H05.13": "Sở Tư pháp",
        "H9": "H9",
        "H8": "H9 (H8)",
    }
