"""What the form says while it is being filled in: the risk, what it takes, and when the token would end."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.domain import expiry, issuing
from app.domain.approval import Policy
from app.domain.errors import Unfit
from app.domain.issuing import Forecast
from app.domain.scopes import Scope


@dataclass(frozen=True)
class Outlook:
    """`ends_at` is None for never, and where `end_fault` says what is wrong with the choice. A `preset` counts from the
    moment the token takes effect."""

    chosen: int
    forecast: Forecast
    preset: str | None
    ends_at: datetime | None
    end_fault: str | None


def of(
    names: Iterable[str], catalogue: Mapping[str, Scope], expires: str, expires_on: str, policy: Policy, now: datetime
) -> Outlook:
    """What issuing a token with these scopes and this end would mean. Scopes that nobody knows do not count."""
    scopes = [catalogue[name] for name in sorted(set(names)) if name in catalogue]
    forecast = issuing.forecast(scopes, policy)
    try:
        end = expiry.chosen(expires, expires_on, now)
    except Unfit as unfit:
        return Outlook(len(scopes), forecast, None, None, str(unfit))
    return Outlook(len(scopes), forecast, end.preset, end.counted_from(now), None)


def by_resource(catalogue: Mapping[str, Scope], kept: Container[str] = ()) -> Mapping[str, Sequence[Scope]]:
    """The scopes that are given out today, and those `kept` by a holder, by resource, both in order of name."""
    found = (scope for scope in catalogue.values() if not scope.retired or scope.name in kept)
    offered = sorted(found, key=lambda scope: scope.name)
    return {resource: list(scopes) for resource, scopes in groupby(offered, key=lambda scope: scope.resource)}
