"""The four restrictions of a token: what each is called, how it is kept, told, and compared (SPEC 8, 9).

A restriction is kept as a JSON value, None where there is none: the same in the token's row, in a change that waits for
approval and in the audit log."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.domain import access_rules, containment, hours, rates, whitelist
from app.domain.access_rules import AccessRule
from app.domain.errors import Faults, Unfit
from app.domain.hours import Hours
from app.domain.rates import Rate
from app.domain.whitelist import Whitelist

IP_WHITELIST, TIME_RESTRICTION = "ip_whitelist", "time_restriction"
RATE_LIMIT, ACCESS_RULES = "rate_limit", "access_rules"
MOST_RULES = 100
Plain = list[str] | str | None


@dataclass(frozen=True)
class Restrictions:
    """What narrows one token. Each is checked only where it is set."""

    whitelist: Whitelist | None = None
    hours: Hours | None = None
    rate: Rate | None = None
    access_rules: tuple[AccessRule, ...] = ()


NOTHING = Restrictions()


@dataclass(frozen=True)
class Typed:
    """What a form holds of restrictions: None for one that the form does not show, nothing for one that is taken away.
    `days` are `Mon` to `Sun`; `time_from` and `time_until` go with them."""

    ip_whitelist: str | None = None
    rate_limit: str | None = None
    days: tuple[str, ...] | None = None
    time_from: str = ""
    time_until: str = ""
    access_rules: str | None = None


@dataclass(frozen=True)
class Field:
    """One restriction. `is_looser(before, after)` compares kept values, `described` tells one that is set in words."""

    label: str
    is_looser: Callable[[Any, Any], bool]
    described: Callable[[Any], str]


def _looser_whitelist(before: Plain, after: Plain) -> bool:
    return whitelist.is_looser(_whitelist(before), _whitelist(after))


def _looser_hours(before: Plain, after: Plain) -> bool:
    return hours.is_looser(_hours(before), _hours(after))


def _looser_rate(before: Plain, after: Plain) -> bool:
    return rates.is_looser(_rate(before), _rate(after))


def _looser_rules(before: Plain, after: Plain) -> bool:
    return bool(before) and (not after or not containment.all_inside(_rules(after), _rules(before)))


FIELDS: Mapping[str, Field] = {
    IP_WHITELIST: Field("IP whitelist", _looser_whitelist, "\n".join),
    RATE_LIMIT: Field("Rate limit", _looser_rate, lambda plain: rates.described(rates.of(plain))),
    TIME_RESTRICTION: Field("Time restriction", _looser_hours, lambda plain: hours.described(hours.of(plain))),
    ACCESS_RULES: Field("Access rules", _looser_rules, "\n".join),
}


def of(kept: Mapping[str, Plain]) -> Restrictions:
    """The restrictions that the database keeps, by field."""
    return Restrictions(
        _whitelist(kept.get(IP_WHITELIST)),
        _hours(kept.get(TIME_RESTRICTION)),
        _rate(kept.get(RATE_LIMIT)),
        _rules(kept.get(ACCESS_RULES)),
    )


def described(field: str, plain: object) -> str:
    """One restriction in words; of several entries a line for each."""
    return FIELDS[field].described(plain) if plain else "None"


def read(typed: Typed, faults: Faults) -> Mapping[str, Plain]:
    """The restrictions that a form names, by field, as they are kept; what is wrong is noted in `faults`, at the fields
    of `Typed`."""
    found: dict[str, Plain] = {}
    if typed.ip_whitelist is not None:
        with faults.at("ip_whitelist"):
            listed = whitelist.typed(typed.ip_whitelist).whitelist
            found[IP_WHITELIST] = listed.plain() if listed else None
    if typed.rate_limit is not None:
        with faults.at("rate_limit"):
            rate = rates.typed(typed.rate_limit)
            found[RATE_LIMIT] = str(rate) if rate else None
    if typed.days is not None:
        found[TIME_RESTRICTION] = _read_hours(typed.days, typed.time_from, typed.time_until, faults)
    if typed.access_rules is not None:
        with faults.at("access_rules"):
            found[ACCESS_RULES] = _read_rules(typed.access_rules)
    return found


def _read_hours(days: Sequence[str], start: str, end: str, faults: Faults) -> Plain:
    if not days and not start.strip(" ") and not end.strip(" "):
        return None
    value = None
    with faults.at("days"):
        chosen = hours.days(days)
    with faults.at("time_from"):
        begins = hours.start(start)
    with faults.at("time_until"):
        ends = hours.end(end)
    if not {"days", "time_from", "time_until"} & set(faults.fields):
        with faults.at("time_until"):
            value = str(hours.between(chosen, begins, ends))
    return value


def _read_rules(text: str) -> Plain:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_RULES:
        raise Unfit(f"Write at most {MOST_RULES} access rules; these are {len(lines):,}.")
    return sorted({str(access_rules.parse(line)) for line in lines}) or None


def _whitelist(plain: Plain) -> Whitelist | None:
    return whitelist.of(plain) if plain else None


def _hours(plain: Plain) -> Hours | None:
    return hours.of(plain) if isinstance(plain, str) else None


def _rate(plain: Plain) -> Rate | None:
    return rates.of(plain) if isinstance(plain, str) else None


def _rules(plain: Iterable[str] | None) -> tuple[AccessRule, ...]:
    return tuple(_rule(text) for text in plain or ())


_rule = lru_cache(maxsize=10_000)(access_rules.parse)
