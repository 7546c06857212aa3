import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Kind
from tests.unit.intake.values.columns import SECRET, fault, field_of, parsed


def identity(cell):
    result = parsed([cell], field_of(Kind.IDENTITY))
    return tuple(result.columns[name].to_list()[0] for name in ("f", "f_goc", "f_khoa"))


@pytest.mark.parametrize(
    "cell", ["24190001234", "24190001234.0", "2.4190001234E+10", "2.4190001234e10", "2,4190001234E+10"]
)
def test_a_lost_leading_zero_is_given_back_and_the_text_kept(cell):
    digits, as_read, keyed = identity(cell)
    assert (digits, as_read) == ("024190001234", cell)
    assert keyed == identity("024190001234")[2]
    assert fault(cell, Kind.IDENTITY) == "da_khoi_phuc"


def test_sound_numbers_are_kept_without_a_copy():
    assert identity("024190001234")[:2] == ("024190001234", None)
    assert identity("123456789")[:2] == ("123456789", None)
    assert identity("4190001234")[0] == "004190001234"
    assert identity("024 190 001 234")[0] == "024190001234"
    assert fault("024 190 001 234", Kind.IDENTITY) is None


@pytest.mark.parametrize("cell", ["2.4190E+10", "2.4190E+11", "2E+10", "1.2E+8"])
def test_an_exponent_with_lost_digits_is_destroyed(cell):
    assert identity(cell) == (None, cell, None)
    assert fault(cell, Kind.IDENTITY) == "so_bi_hong"


@pytest.mark.parametrize("cell", ["B1234567", "99", "12345678", "1234567890123", "２４１９", "không có"])
def test_another_shape_is_unreadable_not_destroyed(cell):
    digits, _, keyed = identity(cell)
    assert digits is None
    assert keyed is None
    assert fault(cell, Kind.IDENTITY) == "khong_doc_duoc"


def test_the_hash_is_keyed_and_cut_to_32_characters():
    expected = hmac.new(SECRET, b"024190001234", hashlib.sha256).hexdigest()[:32]
    assert identity("024190001234")[2] == expected
    assert identity("024190001234")[2] != hashlib.sha256(b"024190001234").hexdigest()[:32]


@settings(max_examples=100)
@given(st.integers(10**9, 10**11 - 1))
def test_every_damaged_spelling_of_a_number_gives_one_key(number):
    digits = str(number).zfill(12)
    mantissa = str(number)
    spellings = [digits, mantissa, f"{mantissa}.0", f"{mantissa[0]}.{mantissa[1:]}E+{len(mantissa) - 1:02d}"]
    assert {identity(cell)[2] for cell in spellings} == {identity(digits)[2]}
    assert {identity(cell)[0] for cell in spellings} == {digits}
