"""How a token is used, as its Overview tells it: whether it works, who asks for it, how often, and for which scopes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain import decision, restrictions, scope_use, usage_days
from app.domain.checks import Code
from app.domain.decision import Decision
from app.domain.events import Event
from app.domain.lifecycle import Facts
from app.domain.question import GrantedScope, Question, Snapshot
from app.domain.usage import BY_PATH, hour_of
from app.store.database import db
from app.store.queries import history, usage
from app.web.access import now
from app.web.emergency import banner
from app.web.tokens import chart
from app.web.tokens.chart import Chart
from app.web.tokens.frame import Frame

# What the answers to services mean to the people of the application.
WHY = {
    Code.PENDING_APPROVAL: "It works once another person has approved it.",
    Code.REJECTED: "It was not approved in time, or not at all, and never will work.",
    Code.REVOKED: "It was revoked, which is final.",
    Code.DISABLED: "It is switched off, and works again once somebody enables it.",
    Code.EXPIRED: "Its end has passed, which is final.",
    Code.APPLICATION_DISABLED: "Its application is switched off.",
    Code.OUTSIDE_HOURS: "It does not work at this hour. Its hours begin",
}


@dataclass(frozen=True)
class Use:
    """`works` is the decision about the plainest question, from wherever the token may be used and for what its access
    rules let through, `why` what that means; `lifted_until` is when open emergency access ends. `unasked` are the
    scopes that nobody asks for, `kept` the others; `asked` is the hour in which each was last asked for,
    `by_path` that of the last question that named none, and `this_hour` the one that is not over."""

    works: Decision
    why: str
    lifted_until: datetime | None
    chart: Chart
    codes: Sequence[tuple[Code, int]]
    asked: Mapping[str, datetime]
    unasked: Sequence[str]
    kept: Sequence[str]
    by_path: datetime | None
    this_hour: datetime


def of(shown: Frame, events: Sequence[Event]) -> Use:
    """The use of a token that the person may see; `events` are its newest."""
    token, asked, at = shown.token, shown.used.scopes, now()
    hourly = usage.hourly(db.session(), token.id, usage_days.first_instant(at))
    counts = [(each.hour, each.code, each.count) for each in hourly]
    names = [scope.name for scope in token.scopes]
    since = scope_use.held_since(names, token.effective_at, events, whole=len(events) < history.MOST)
    unasked = scope_use.unasked(since, asked, at) if token.status.is_live else ()
    lifted_until = next((one.ends_at for one in banner.open_windows() if one.token_id == token.id), None)
    works = decision.decide(_known(shown, lifted_until), Question(), at)
    return Use(
        works=works,
        why=WHY.get(works.code, works.message),
        lifted_until=lifted_until,
        chart=chart.of(usage_days.by_day(counts, at)),
        codes=usage_days.refused_for(counts),
        asked=asked,
        unasked=unasked,
        kept=[name for name in names if name not in unasked],
        by_path=asked.get(BY_PATH),
        this_hour=hour_of(at),
    )


def _known(shown: Frame, lifted_until: datetime | None) -> Snapshot:
    """What a verification of the current key would read, as far as the plainest question needs it."""
    token, application = shown.token, shown.application
    return Snapshot(
        key_id=token.current_key.id,
        key_stops_at=None,
        token_id=token.id,
        # Computed already: what it says holds for this request.
        facts=Facts(token.status),
        application_id=application.id,
        application_name=application.name,
        application_enabled=application.enabled,
        answers_for=application.answers_for,
        scopes=tuple(GrantedScope(scope.name, scope.risk) for scope in token.scopes),
        restrictions=replace(restrictions.NOTHING, hours=restrictions.of(token.restrictions).hours),
        emergency_until=lifted_until,
    )
