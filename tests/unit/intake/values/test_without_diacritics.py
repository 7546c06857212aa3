"""Words in cells of systems that print no diacritics mean what they mean with them."""

import pytest

from pipelines.contracts.model import Kind
from pipelines.contracts.normal_form import bare
from tests.unit.intake.values.columns import fault, value

WORDED = {
    Kind.TIMESTAMP: [
        "ngày 05 tháng 06 năm 2024", "Ngày 5/6/2024 14:30", "14 giờ 30 phút ngày 05/06/2024", "05/06/2024 lúc 14:30",
        "Thứ Tư, 05/06/2024 14:30", "05/06/2024 14:30 (Thứ Tư)", "05/06/2024 02:30 Chiều", "05/06/2024 7:30 Tối",
        "Chủ nhật 09/06/2024", "vào hồi 14 giờ 30 ngày 05/06/2024",
    ],
    Kind.PARTIAL_DATE: ["năm 1975", "Tháng 2 năm 1976", "ngày 1 tháng 5 năm 1975", "Ngày 01/05/1975", "sinh năm 1975"],
    Kind.PERIOD: ["Tháng 6/2024", "THÁNG 06 NĂM 2024", "Quý II/2024", "QUÝ 2 NĂM 2024", "Năm 2024", "Kỳ tháng 6/2024"],
    Kind.MONEY: [
        "50.000 đồng", "50.000 VNĐ", "50 nghìn đồng", "1,5 triệu", "2 tỷ đồng", "50.000 đồng/hồ sơ", "Miễn phí",
        "Không thu", "không có lệ phí", "Được miễn lệ phí",
    ],
    Kind.IDENTITY: ["Số định danh: 024190001234", "căn cước công dân số 024190001234"],
    Kind.INTEGER: ["5 bản", "5 bản sao", "15 ngày làm việc", "1.204 hồ sơ", "7 trường hợp"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "cell"), [(kind, cell) for kind, cells in WORDED.items() for cell in cells])
def test_words_without_diacritics_are_the_same_words(kind, cell):
    assert value(cell, kind) is not None
    for spelling in (bare(cell), bare(cell).upper(), bare(cell).lower()):
        assert value(spelling, kind) == value(cell, kind)
        assert fault(spelling, kind) is None


@pytest.mark.parametrize("cell", ["Kỳ 06/2024", "kỳ: Tháng 6, 2024", "Kì tháng 6 năm 2024"])
def test_a_period_may_say_that_it_is_one(cell):
    assert value(cell, Kind.PERIOD) == "2024-06"
    assert value("Kỳ", Kind.PERIOD) is None


def test_thursday_and_what_weekdays_begin_with_are_told_apart():
    assert value("Thu 06/06/2024 08:00", Kind.TIMESTAMP) == value("Thu nam 06/06/2024 08:00", Kind.TIMESTAMP)
    assert value("thang nam 2024", Kind.TIMESTAMP) is None
