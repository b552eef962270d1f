"""What narrows a token, as its tabs show it: what is set in words, and what it means that nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain import emergency, restrictions
from app.domain.hours import DAYS, Hours, clock
from app.domain.restrictions import ACCESS_RULES, IP_WHITELIST, RATE_LIMIT, TIME_RESTRICTION
from app.store.queries.tokens import TokenView
from app.web.tokens.parts import PARTS, Part

UNSET = {
    IP_WHITELIST: "Every address may use the token.",
    RATE_LIMIT: "The token may be used as often as wanted.",
    TIME_RESTRICTION: "The token may be used at any time.",
    ACCESS_RULES: "The token may do all that its scopes permit.",
}
SET = {
    IP_WHITELIST: "Only these addresses may use the token; a service has to say where a request comes from.",
    RATE_LIMIT: "In no span of that length are more verifications accepted. Refused ones use up nothing.",
    TIME_RESTRICTION: "The token may be used at these hours only.",
    ACCESS_RULES: "A request must fit one of these and be permitted by a scope.",
}


@dataclass(frozen=True)
class LocalHours:
    """Hours in UTC, for the page to say in the viewer's own time."""

    days: str
    start: str
    end: str


@dataclass(frozen=True)
class Restricted:
    """One restriction of a token. `entries` has a line for each entry, and none where nothing is set; `lifted` says
    that emergency access lifts what is set, now."""

    part: Part
    lead: str
    entries: Sequence[str]
    hours: LocalHours | None = None
    lifted: bool = False


def of(token: TokenView, field: str, *, is_open: bool = False) -> Restricted:
    """The restriction that the token keeps in this field; `is_open`: under emergency access."""
    kept = token.restrictions[field]
    part = PARTS[field.replace("_", "-")]
    if not kept:
        return Restricted(part, UNSET[field], ())
    entries = restrictions.described(field, kept).splitlines()
    hours = restrictions.of({field: kept}).hours
    return Restricted(
        part, SET[field], entries, local(hours) if hours else None, is_open and field in emergency.LIFTED_FIELDS
    )


def local(hours: Hours) -> LocalHours:
    """What the page needs to say these hours in the viewer's own time."""
    return LocalHours(" ".join(DAYS[day] for day in hours.days), clock(hours.start), clock(hours.end))
