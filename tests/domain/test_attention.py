"""When refusals stand out."""

import pytest

from app.domain.attention import rose


@pytest.mark.parametrize(
    ("lately", "before", "stands_out"),
    [
        (9, 0, False),
        (10, 0, True),
        # Three times a day of the week before is still usual.
        (30, 70, False),
        (31, 70, True),
        (1000, 7000, False),
    ],
)
def test_refusals_stand_out_when_they_are_many_and_more_than_usual(lately: int, before: int, stands_out: bool) -> None:
    assert rose(lately, before) is stands_out
