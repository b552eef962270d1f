"""Restrictions as a form names them and as they are kept."""

import itertools

import pytest

from app.domain import access_rules, restrictions
from app.domain.errors import Faults
from app.domain.restrictions import FIELDS, Plain, Typed

KEPT: dict[str, Plain] = {
    "ip_whitelist": ["10.0.0.0/8"],
    "rate_limit": "1000/hour",
    "time_restriction": "Mon Tue 09:00-17:00",
    "access_rules": ["GET /api/a/*", "POST /api/b"],
}


def read(typed: Typed) -> tuple[dict[str, Plain], dict[str, str]]:
    faults = Faults()
    return dict(restrictions.read(typed, faults)), faults.fields


def test_a_form_is_read_field_by_field() -> None:
    rules = " POST /api/b\r\n\nGET /api/a/*\nGET /api/a/*"
    found, faults = read(Typed("10.0.0.0/8", "1000/hour", ("Tue", "Mon"), "09:00", "17:00", rules))

    assert (found, faults) == (KEPT, {})


def test_what_a_form_does_not_show_stays_as_it_is() -> None:
    assert read(Typed()) == ({}, {})


def test_what_is_emptied_is_taken_away() -> None:
    assert read(Typed("", "", (), "", " ", "")) == (dict.fromkeys(FIELDS), {})


def test_every_fault_is_told_at_its_field() -> None:
    _, faults = read(Typed("10.0.0.0/33", "lots", (), "9", "24:01", "FETCH /"))

    assert set(faults) == {"ip_whitelist", "rate_limit", "days", "time_from", "time_until", "access_rules"}


def test_equal_times_are_a_fault_of_the_end() -> None:
    assert list(read(Typed(days=("Mon",), time_from="09:00", time_until="09:00"))[1]) == ["time_until"]


def test_at_most_a_hundred_access_rules() -> None:
    many = "\n".join(f"GET /api/{n}" for n in range(101))

    assert "at most 100" in read(Typed(access_rules=many))[1]["access_rules"]


def test_what_is_kept_is_read_back() -> None:
    value = restrictions.of(KEPT)

    assert value.whitelist is not None
    assert value.whitelist.plain() == KEPT["ip_whitelist"]
    assert [str(value.hours), str(value.rate)] == [KEPT["time_restriction"], KEPT["rate_limit"]]
    assert [str(rule) for rule in value.access_rules] == KEPT["access_rules"]


def test_each_is_told_in_words() -> None:
    assert [restrictions.described(field, plain) for field, plain in KEPT.items()] == [
        "10.0.0.0/8",
        "1,000 an hour",
        "Mon, Tue, 09:00 to 17:00 UTC",
        "GET /api/a/*\nPOST /api/b",
    ]
    assert restrictions.described("rate_limit", None) == "None"


RULES = ("GET /a", "GET /*", "GET /a/*", "GET /a/**", "* /a", "GET /**")
UNIVERSE = [list(some) or None for many in range(3) for some in itertools.combinations(RULES, many)]
ASKED = [(method, path) for method in ("GET", "POST", "HEAD") for path in ("/a", "/b", "/a/b", "/a/b/c", "/b/c", "/")]


def passes(rules: list[str] | None, method: str, path: str) -> bool:
    parsed = [access_rules.parse(rule) for rule in rules or ()]
    return not parsed or any(rule.matches(method, access_rules.segments_of(path)) for rule in parsed)


@pytest.mark.parametrize("before", UNIVERSE, ids=str)
def test_access_rules_are_never_called_tighter_where_a_request_is_newly_accepted(before: list[str] | None) -> None:
    for after in UNIVERSE:
        newly = any(passes(after, *asked) and not passes(before, *asked) for asked in ASKED)
        assert FIELDS["access_rules"].is_looser(before, after) or not newly, after
        if after is not None and set(after) <= set(before or after):
            assert not FIELDS["access_rules"].is_looser(before, after)
