"""A part of a token as it is edited: the form, and what saving it now would mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain import edits, expiry, preview, restrictions, risk, whitelist
from app.domain import scopes as scope_rules
from app.domain.approval import Policy
from app.domain.changes import FieldChange
from app.domain.edits import Direction
from app.domain.errors import Faults, Unfit
from app.domain.events import Event
from app.domain.preview import Accepted, OtherAddresses, OtherHours
from app.domain.restrictions import IP_WHITELIST, TIME_RESTRICTION, Plain, Typed
from app.domain.risk import Risk
from app.domain.scopes import Scope
from app.store.queries.tokens import TokenView
from app.web.tokens import restricted
from app.web.tokens.forms import EditPartForm
from app.web.tokens.parts import Part
from app.web.tokens.restricted import LocalHours

# Asked only where something changes.
AsksPolicy = Callable[[], Policy]
AsksAccepted = Callable[[], Accepted]


@dataclass(frozen=True)
class Outlook:
    """What saving would mean: where it leads, the risk before and after, and what it takes. `fault` says why it cannot
    be saved as it is. A `preset` counts from the moment the change takes effect. `then` is a restriction in words, one
    line for each entry; `left_out` are entries that another one covers; `elsewhere` and `at_other_hours` say what
    of late it would have refused."""

    fault: str | None = None
    changed: bool = False
    leads: Direction = Direction.NEUTRAL
    before: Risk = Risk.LOW
    after: Risk = Risk.LOW
    approval_needed: bool = False
    reason_required: bool = False
    added: Sequence[str] = ()
    removed: Sequence[str] = ()
    preset: str | None = None
    ends_at: datetime | None = None
    then: Sequence[str] = ()
    left_out: Sequence[str] = ()
    hours: LocalHours | None = None
    elsewhere: OtherAddresses | None = None
    at_other_hours: OtherHours | None = None

    @property
    def looser(self) -> bool:
        """Whether something would be accepted that is refused now."""
        return self.leads is Direction.LOOSER


@dataclass(frozen=True)
class Editing:
    """The part that is edited, as its form shows it. `newest` is the number of the token's newest event, `problem` says
    why nothing was saved, `since` what happened after the form was opened. `groups` are the scopes to choose from,
    `picked` the names of those that are chosen."""

    part: Part
    form: EditPartForm
    newest: int = 0
    outlook: Outlook | None = None
    groups: Mapping[str, Sequence[Scope]] | None = None
    picked: Sequence[str] = ()
    problem: str | None = None
    since: Sequence[tuple[str, Event]] = ()


def of_scopes(
    token: TokenView, names: Sequence[str], catalogue: dict[str, Scope], policy: AsksPolicy, now: datetime
) -> Outlook:
    """What it would mean if the token held these scopes."""
    held = [scope.name for scope in token.scopes]
    try:
        chosen = scope_rules.chosen(names, catalogue, kept=held)
    except Unfit as unfit:
        return Outlook(fault=str(unfit))
    wanted = [scope.name for scope in chosen]
    led = _led(token, FieldChange(edits.SCOPES, held, wanted), risk.highest(one.risk for one in chosen), policy, now)
    added = [name for name in wanted if name not in held]
    return replace(led, added=added, removed=[name for name in held if name not in wanted])


def of_expiry(token: TokenView, expires: str, expires_on: str, policy: AsksPolicy, now: datetime) -> Outlook:
    """What it would mean if the token had this end."""
    try:
        end = expiry.chosen(expires, expires_on, now)
    except Unfit as unfit:
        return Outlook(fault=str(unfit))
    before = token.expires_at.isoformat() if token.expires_at else None
    led = _led(token, FieldChange(edits.EXPIRES_AT, before, edits.expires_value(end)), token.risk, policy, now)
    return replace(led, preset=end.preset, ends_at=end.counted_from(now))


def of_restriction(
    token: TokenView, typed: Typed, policy: AsksPolicy, accepted: AsksAccepted, now: datetime
) -> Outlook:
    """What it would mean if one restriction were as it is typed."""
    faults = Faults()
    wanted = restrictions.read(typed, faults)
    if faults.fields:
        return Outlook(fault=next(iter(faults.fields.values())))
    led = Outlook(before=token.risk, after=token.risk)
    for field, after in wanted.items():
        before = token.restrictions[field]
        led = _led(token, FieldChange(field, before, after), token.risk, policy, now)
        if not led.changed:
            return led
        wanted_now = restrictions.of({field: after})
        hours = wanted_now.hours
        led = replace(
            led,
            added=[entry for entry in _entries(after) if entry not in _entries(before)],
            removed=[entry for entry in _entries(before) if entry not in _entries(after)],
            then=restrictions.described(field, after).splitlines() if after else [restricted.UNSET[field]],
            left_out=whitelist.typed(typed.ip_whitelist or "").absorbed,
            hours=restricted.local(hours) if hours else None,
            elsewhere=preview.by_whitelist(accepted(), wanted_now.whitelist) if field == IP_WHITELIST else None,
            at_other_hours=preview.by_hours(accepted(), hours) if field == TIME_RESTRICTION else None,
        )
    return led


def _entries(kept: Plain) -> Sequence[str]:
    return kept if isinstance(kept, list) else ()


def _led(token: TokenView, change: FieldChange, after: Risk, policy: AsksPolicy, now: datetime) -> Outlook:
    if change.before == change.after:
        return Outlook(before=token.risk, after=after)
    leads = edits.direction([change], now)
    return Outlook(
        changed=True,
        leads=leads,
        before=token.risk,
        after=after,
        approval_needed=edits.approval_needed(leads, token.risk, after, policy()),
        reason_required=edits.reason_required([change]),
    )
