"""What an edit would have refused, counted against simple lists of uses."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.domain import hours, preview, whitelist
from app.domain.hours import Hours
from app.domain.preview import Accepted, OtherAddresses, OtherHours

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def in_hours(uses: list[datetime]) -> Accepted:
    return Accepted({}, 0, 0, Counter(use.weekday() * 24 + use.hour for use in uses))


def test_a_list_refuses_what_is_not_on_it_and_what_named_no_address() -> None:
    accepted = Accepted({"203.0.113.7": 10, "198.51.100.4": 3, "2001:db8::1": 5}, nowhere=2, elsewhere=40, by_hour={})
    office = whitelist.typed("203.0.113.0/24").whitelist

    found = preview.by_whitelist(accepted, office)

    assert found == OtherAddresses(
        total=10, of=60, addresses=(("2001:db8::1", 5), ("198.51.100.4", 3)), others=0, nowhere=2, unsure=40
    )


def test_no_list_refuses_nothing() -> None:
    accepted = Accepted({"203.0.113.7": 10}, nowhere=2, elsewhere=40, by_hour={})

    assert preview.by_whitelist(accepted, None) == OtherAddresses(0, 52, (), 0, 0, 0)


def test_the_twenty_addresses_refused_most_are_named_and_the_others_are_counted() -> None:
    accepted = Accepted({f"10.0.0.{n}": n for n in range(1, 31)}, nowhere=0, elsewhere=0, by_hour={})

    found = preview.by_whitelist(accepted, whitelist.typed("203.0.113.7").whitelist)

    assert [count for _, count in found.addresses] == list(range(30, 10, -1))
    assert (found.others, found.total, found.of) == (sum(range(1, 11)), sum(range(1, 31)), sum(range(1, 31)))


def test_hours_refuse_what_fell_outside_and_are_unsure_of_hours_that_they_cut() -> None:
    uses = [MONDAY + timedelta(hours=hour) for hour in (8, 9, 9, 12, 17, 17, 17)]
    half_past = Hours((0,), 9 * 60 + 30, 17 * 60)

    assert preview.by_hours(in_hours(uses), half_past) == OtherHours(total=4, of=7, unsure=2)


def test_no_hours_refuse_nothing() -> None:
    assert preview.by_hours(in_hours([MONDAY, MONDAY]), None) == OtherHours(0, 2, 0)


@pytest.mark.parametrize("seed", range(50))
def test_what_hours_would_have_refused_lies_between_the_certain_and_the_unsure(seed: int) -> None:
    chance = Random(seed)
    start, end = chance.sample(range(1440), 2)
    chosen = hours.between(tuple(sorted(chance.sample(range(7), chance.randint(1, 7)))), start, end)
    uses = [MONDAY + timedelta(minutes=chance.randrange(7 * 1440)) for _ in range(100)]

    found = preview.by_hours(in_hours(uses), chosen)

    refused = sum(not chosen.admits(use) for use in uses)
    assert found.total <= refused <= found.total + found.unsure
    assert found.of == len(uses)
