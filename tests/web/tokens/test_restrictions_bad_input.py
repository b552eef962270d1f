"""Bad input for the forms of the Security and ACL tabs: said at its field, kept, nothing changed. TRAPS 3.3."""

import html
from typing import Any

import pytest

from tests.web.tokens.conftest import House, Visitor
from tests.web.tokens.edits import low, save

__all__ = ["low"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WORK = {"days": ["Mon", "Tue"], "time_from": "09:00", "time_until": "17:00"}
REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    # S1, S3, S5
    ("ip-whitelist", {"ip_whitelist": "10.0.0.5/24"}, "ip_whitelist", "10.0.0.0/24"),
    *(
        ("ip-whitelist", {"ip_whitelist": text}, "ip_whitelist", "")
        for text in (
            *("10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/255.0.255.0", "10.0.0.0/0.0.0.255", "10.0.0.0-9"),
            *("0.0.0.0/0", "::/0", "0.0.0.0/1, 128.0.0.0/1", "fe80::1%eth0", "203.0.113.7:80", "127.1", "010.0.0.1"),
            *("localhost", "10.0.0.1 10.0.0.2", "10.0.0.1\t10.0.0.2", "10.0.0.1 # office"),
            *("\N{FULLWIDTH DIGIT ONE}.2.3.4", "10.0.0.0/8;192.0.2.1"),
        )
    ),
    ("ip-whitelist", {"ip_whitelist": ",".join(["10.0.0.1"] * 10_001)}, "ip_whitelist", "200"),
    ("ip-whitelist", {"ip_whitelist": "x" * 500_000}, "ip_whitelist", ""),
    # S9 and the grammar of rates
    *(
        ("rate-limit", {"rate_limit": text}, "rate_limit", "")
        for text in ("0/hour", "100001/hour", "1000/0hour", "1000/hour;5/minute", "1000", "1e3/hour", "9" * 20 + "/day")
    ),
    # S11
    ("time-restriction", WORK | {"time_until": "09:00"}, "time_until", "same as the start"),
    ("time-restriction", WORK | {"time_from": "24:00"}, "time_from", "24:00"),
    ("time-restriction", WORK | {"time_from": "25:00"}, "time_from", "HH:MM"),
    ("time-restriction", WORK | {"time_from": "9:5"}, "time_from", "HH:MM"),
    ("time-restriction", WORK | {"time_from": "09:00 PM"}, "time_from", "HH:MM"),
    ("time-restriction", WORK | {"days": []}, "days", "at least one day"),
    ("time-restriction", WORK | {"days": ["Mon", "Someday"]}, "days", "Choose days"),
    ("time-restriction", WORK | {"time_from": "", "time_until": ""}, "time_from", "HH:MM"),
    *(
        ("access-rules", {"access_rules": text}, "access_rules", "")
        for text in ("GET", "BREW /x", "get /x", "GET x", "GET /a//b", "GET /a/../b", "GET /**/a", "GET /x?y")
    ),
    ("access-rules", {"access_rules": "\n".join(f"GET /{n}" for n in range(101))}, "access_rules", "at most 100"),
    # A reason is needed for each, and read as everywhere.
    *(
        ("rate-limit", {"rate_limit": "5/day", "reason": reason}, "reason", "at least 10")
        for reason in ("", " " * 20, "short", "123456789 ")
    ),
    ("rate-limit", {"rate_limit": "5/day", "reason": "\N{ZERO WIDTH SPACE}" * 12}, "reason", "invisible"),
    ("rate-limit", {"rate_limit": "5/day", "reason": "x" * 2_001}, "reason", "at most 2,000"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "typed", "field", "sentence"), REFUSED)
def test_it_is_said_at_its_field_and_what_was_typed_is_kept(
    linus: Visitor, low: str, house: House, part: str, typed: dict[str, Any], field: str, sentence: str
) -> None:
    before = house.token(low)
    answer = save(linus, low, part, **typed)
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert sentence in page.split(f'id="{field}-error"')[1].split("</p>")[0]
    for name, value in typed.items():
        if name == "days":
            assert [day for day in value if f'value="{day}"' in page] == [day for day in value if day != "Someday"]
        else:
            assert str(value) in page, name
    assert house.token(low) == before


def test_unknown_and_repeated_fields_change_nothing_else(linus: Visitor, low: str, house: House) -> None:
    odd = {"__proto__": "x", "constructor": "x", "status": "revoked", "risk": "low", "scopes": "payout:create"}
    assert save(linus, low, "rate-limit", rate_limit=["5/day", "6/day"], **odd).status_code == 303
    token = house.token(low)
    assert token.restrictions["rate_limit"] == "5/day"
    assert (token.status.value, [scope.name for scope in token.scopes]) == ("active", ["invoice:read"])
