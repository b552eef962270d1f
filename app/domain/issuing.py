"""What issuing these scopes would mean, said while the form is being filled in (SPEC 5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain import risk
from app.domain.approval import Policy
from app.domain.risk import Risk
from app.domain.scopes import Scope

MOST_LIVE_TOKENS = 200
MOST_PENDING_REQUESTS = 100


@dataclass(frozen=True)
class Forecast:
    """`because` names the scopes that set the risk; there is none where the risk is Low."""

    risk: Risk
    because: tuple[str, ...]
    approval_needed: bool
    reason_required: bool


def forecast(scopes: Sequence[Scope], policy: Policy) -> Forecast:
    """The risk of a token with these scopes, which of them set it, and what it takes to issue it."""
    highest = risk.highest(scope.risk for scope in scopes)
    because = tuple(scope.name for scope in scopes if scope.risk is highest and highest is not Risk.LOW)
    approval_needed = bool(scopes) and policy.asks_at(highest)
    return Forecast(highest, because, approval_needed, risk.reason_required(highest) or approval_needed)
