"""Months below a line: a phone shows letters of 21 units, so that “11/2026” is 88 wide; none touches the next."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from pipelines.pages.charts import line

WIDE = 88
LABEL = re.compile(r'<text x="([\d.]+)" y="182" class="giua">(\d\d/\d{4})</text>')


@pytest.mark.parametrize("months", range(2, 37))
def test_months_stand_apart_and_within_the_chart(months: int) -> None:
    names = [f"{place % 12 + 1:02d}/{2024 + place // 12}" for place in range(months)]
    drawn = line([(name, 0.5 + place / 100) for place, name in enumerate(names)], "thử")
    labels = LABEL.findall(drawn)
    assert labels[-1][1] == names[-1]
    middles = [float(x) for x, _ in labels]
    assert all(after - before >= WIDE for before, after in pairwise(middles))
    assert middles[0] - WIDE / 2 >= 0
    assert middles[-1] + WIDE / 2 <= 640
