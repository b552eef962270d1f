"""Which live tokens somebody wants to see together, across applications (SPEC 14, incident)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain import networks
from app.domain.errors import Unfit
from app.domain.risk import Risk

# The fields of the form and the address. All are text, and empty for no limit.
FIELDS = ("application", "scope", "risk", "creator", "since", "until", "address")
RISKS: Mapping[str, Risk] = {each.word: each for each in Risk}


@dataclass(frozen=True)
class TokenSelection:
    """Tokens of this application, with this scope, of this risk, issued by this person, from `since` on and before
    `until`, last used from this address. None is no limit."""

    application_id: str | None = None
    scope: str | None = None
    risk: Risk | None = None
    creator_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    address: str | None = None


def risk(raw: str) -> Risk | None:
    """A risk by its word. Raises Unfit."""
    if raw and raw not in RISKS:
        raise Unfit("Choose a risk from the list.")
    return RISKS.get(raw)


def address(raw: str) -> str | None:
    """An address as usage keeps it. Raises Unfit."""
    return str(networks.address(raw.strip())) if raw.strip() else None
