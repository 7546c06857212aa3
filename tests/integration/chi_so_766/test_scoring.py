"""The worked examples of R15 on the expression that the models use, and its behaviour at the edges."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.config.paths import DataPaths

LINEAR, CAP = "LINEAR", "CAP"


@pytest.fixture(scope="module", autouse=True)
def _scoring(built: DataPaths) -> Iterator[None]:
    """The macro as dbt made it, in a connection of its own."""
    with duckdb.connect(str(built.warehouse_file), read_only=True) as connection:
        _OPEN.append(connection)
        yield
        _OPEN.clear()


_OPEN: list[duckdb.DuckDBPyConnection] = []


def _row(rule: str, threshold: str | None, maximum: str, counts: tuple[str, str], on_zero: str) -> tuple[object, ...]:
    row = (
        _OPEN[0]
        .execute(
            "select diem, diem_hien_thi from chi_so_766.cham_diem(cast($1 as varchar), cast($2 as decimal(9, 4)), "
            "cast($3 as varchar), cast($4 as decimal(9, 2)), cast($5 as decimal(28, 6)), cast($6 as decimal(28, 6)), "
            "'tinh', 'tinh', true)",
            [rule, threshold, on_zero, maximum, *counts],
        )
        .fetchone()
    )
    assert row is not None
    return row


def score(
    rule: str, threshold: str | None, maximum: str, numerator: str, denominator: str, *, on_zero: str = "null"
) -> object:
    return _row(rule, threshold, maximum, (numerator, denominator), on_zero)[0]


def cents(value: object) -> Decimal:
    assert isinstance(value, Decimal)
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def online(services: tuple[str, str], used: tuple[str, str], share: str) -> Decimal:
    parts = [
        score(CAP, "0.80", "2", *services),
        score(LINEAR, None, "4", *used),
        score(CAP, "0.50", "6", share, "1"),
    ]
    return cents(sum(Decimal(str(part)) for part in parts))


@pytest.mark.parametrize(
    ("services", "used", "share", "expected"),
    [
        (("52", "89"), ("516", "1884"), "0.986", "8.56"),
        (("52", "89"), ("449", "1884"), "0.5", "8.41"),
        (("52", "56"), ("406", "1968"), "0.5", "8.83"),
        (("52", "89"), ("1", "1"), "0.5", "11.46"),
    ],
)
def test_worked_examples_of_online_services(
    services: tuple[str, str], used: tuple[str, str], share: str, expected: str
) -> None:
    assert online(services, used, share) == Decimal(expected)


@pytest.mark.parametrize(
    ("rule", "threshold", "maximum", "numerator", "denominator", "expected"),
    [
        (LINEAR, None, "20", "144625", "184513", "15.68"),
        (CAP, "0.80", "2", "3160", "184513", "0.04"),
        (LINEAR, None, "6", "133274", "184513", "4.33"),
        (LINEAR, None, "6", "1", "16", "0.38"),  # 0.375: half up
        (CAP, "0.30", "6", "3", "10", "6.00"),
    ],
)
def test_worked_examples_of_single_components(
    *, rule: str, threshold: str | None, maximum: str, numerator: str, denominator: str, expected: str
) -> None:
    assert cents(score(rule, threshold, maximum, numerator, denominator)) == Decimal(expected)
    assert _row(rule, threshold, maximum, (numerator, denominator), "null")[1] == Decimal(expected)


def test_a_zero_denominator_is_the_maximum_zero_or_not_applicable() -> None:
    assert score(LINEAR, None, "6", "0", "0", on_zero="max") == Decimal(6)
    assert score(LINEAR, None, "6", "0", "0", on_zero="0") == Decimal(0)
    assert score(LINEAR, None, "6", "0", "0", on_zero="null") is None
    assert score(LINEAR, None, "6", "0", "5") == Decimal(0)
    assert score("NONE", None, "0", "3", "5") is None


@given(
    st.integers(1, 10**8).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 2000),
    st.none() | st.integers(1, 10_000),
)
def test_points_are_the_nearest_hundred_millionth_to_the_exact_value(
    counts: tuple[int, int], hundredths: int, threshold: int | None
) -> None:
    numerator, denominator = counts
    maximum = Fraction(hundredths, 100)
    exact = maximum * Fraction(numerator, denominator)
    if threshold is not None:
        exact = min(maximum, exact / Fraction(threshold, 10_000))
    found = score(
        LINEAR if threshold is None else CAP,
        None if threshold is None else str(Decimal(threshold).scaleb(-4)),
        str(Decimal(hundredths).scaleb(-2)),
        str(numerator),
        str(denominator),
    )
    assert isinstance(found, Decimal)
    assert abs(Fraction(found) - exact) <= Fraction(1, 2 * 10**8)
    assert 0 <= found <= Decimal(hundredths) / 100
