"""While an IP or time edit is typed, the page says what of late it would have refused, and from where. SPEC 13."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.checks import Code
from app.store.database import transaction
from app.store.tables import UsageHourRow, UsagePlaceRow
from tests.web.tokens.conftest import House, Visitor
from tests.web.tokens.edits import low
from tests.web.tokens.test_edit_restrictions import would

__all__ = ["low"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OFFICE = {"ip_whitelist": "10.0.0.0/8"}
MONDAYS = {"days": ["Mon"], "time_from": "09:00", "time_until": "12:30"}


@pytest.fixture
def accepted(low: str, house: House) -> str:
    """A token that was used from three addresses, yesterday at noon and today from 09:00 to 12:00."""
    now = house.clock()
    with house.app.app_context(), transaction() as session:
        for address, count in {"10.1.2.3": 500, "203.0.113.7": 30, "2001:db8::7": 7}.items():
            session.add(UsagePlaceRow(token_id=low, day=now.date(), address=address, count=count))
        for hours, count in {-24: 40, -3: 100, 0: 9}.items():
            hour = now + timedelta(hours=hours)
            session.add(UsageHourRow(token_id=low, hour=hour, code=Code.VALID.value, count=count))
            session.add(UsageHourRow(token_id=low, hour=hour, code=Code.DISABLED.value, count=1_000))
    return low


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        ("ip-whitelist", OFFICE, "refused 37 of the 537 verifications accepted in the last 30 days, from:"),
        ("ip-whitelist", OFFICE, "203.0.113.7 : 30 2001:db8::7 : 7"),
        ("ip-whitelist", {"ip_whitelist": "10.0.0.0/8, 203.0.113.0/24, 2001:db8::/32"}, "refused none of the 537"),
        ("time-restriction", MONDAYS, "refused 40 of the 149 verifications accepted in the last 30 days."),
        ("time-restriction", MONDAYS, "Perhaps 9 more"),
        ("time-restriction", MONDAYS | {"days": ["Sun", "Mon"], "time_until": "13:00"}, "refused none of the 149"),
    ],
)
def test_it_says_how_many_and_from_where(
    linus: Visitor, accepted: str, part: str, typed: dict[str, Any], said: str
) -> None:
    assert said in would(linus, accepted, part, **typed)


@pytest.mark.parametrize(("part", "typed"), [("ip-whitelist", OFFICE), ("time-restriction", MONDAYS)])
def test_a_token_that_was_not_used_has_nothing_to_compare_with(
    linus: Visitor, low: str, part: str, typed: dict[str, Any]
) -> None:
    assert "nothing to compare with" in would(linus, low, part, **typed)


def test_what_does_not_fit_yet_and_other_parts_say_nothing_of_it(linus: Visitor, accepted: str) -> None:
    for part, typed in (("ip-whitelist", {"ip_whitelist": "10."}), ("rate-limit", {"rate_limit": "5/day"})):
        assert "would have refused" not in would(linus, accepted, part, **typed)
