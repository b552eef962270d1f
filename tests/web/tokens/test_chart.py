"""Bars of a chart: in the picture, in proportion, and never too small to be seen."""

from datetime import date, timedelta

import pytest

from app.domain.usage_days import Day
from app.web.tokens.chart import HEIGHT, LEAST, WIDTH, of


def days(*counts: tuple[int, int]) -> list[Day]:
    return [Day(date(2026, 11, 1) + timedelta(days=place), *both) for place, both in enumerate(counts)]


def test_the_tallest_day_fills_the_height_and_the_others_stand_in_proportion() -> None:
    chart = of(days((100, 0), (50, 0), (0, 0)))

    full, half, none = (bar.accepted for bar in chart.bars)
    assert (full, none) == (HEIGHT - LEAST, 0)
    assert half == pytest.approx(full / 2, abs=0.1)
    assert (chart.most, chart.accepted, chart.refused) == (100, 150, 0)


def test_one_refusal_among_a_million_is_seen() -> None:
    (bar,) = of(days((1_000_000, 1))).bars

    assert bar.refused == LEAST
    assert bar.refused_top == HEIGHT - LEAST


@pytest.mark.parametrize("both", [(1_000_000, 1), (1, 1_000_000), (1, 1), (0, 7), (7, 0)])
def test_no_bar_grows_out_of_the_picture(both: tuple[int, int]) -> None:
    chart = of(days(*[both] * 30))

    assert all(0 <= bar.accepted_top <= bar.refused_top <= HEIGHT for bar in chart.bars)
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in chart.bars)


def test_days_without_use_have_no_bars() -> None:
    chart = of(days((0, 0)))

    assert (chart.most, chart.bars[0].accepted, chart.bars[0].refused) == (0, 0, 0)
