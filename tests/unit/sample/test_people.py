"""Synthetic people: lawful structure, unique numbers, phones that nobody has."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.sample.world.people import applicants, identity_numbers


def test_numbers_are_unique_and_carry_sex_century_year_and_block() -> None:
    rng = np.random.default_rng(1)
    sex, year = rng.integers(1, 3, 5_000), rng.integers(1940, 2026, 5_000)
    numbers = identity_numbers(sex, year, np.full(5_000, "024"), block=8)
    assert numbers.is_unique().all()
    for number, s, y in zip(numbers, sex, year, strict=True):
        assert len(number) == 12
        assert number.isdigit()
        assert int(number[3]) == (y - 1900) // 100 * 2 + (s == 2)
        assert int(number[4:6]) == y % 100
        assert number[6] == "8"


def test_a_block_that_is_used_up_is_an_error() -> None:
    with pytest.raises(ValueError, match="hết dải"):
        identity_numbers(np.array([1]), np.array([2000]), np.array(["024"]), block=8, skip=100_000)


def test_applicants_have_phones_of_an_unassigned_prefix() -> None:
    people = applicants(np.random.default_rng(2), 500)
    assert people["dien_thoai"].str.contains(r"^010\d{7}$").all()
    assert people["so_dinh_danh"].is_unique().all()
    assert people["so_dinh_danh"].str.len_chars().is_in([9, 12]).all()
