"""What people do to tokens, in the model and in the program."""

from datetime import datetime, timedelta

from app.domain.identifiers import random_text
from tests.histories.facts import Content, End
from tests.histories.limits import LIMITS, PARTS
from tests.histories.play import Outcome, Play
from tests.histories.stage import REASON
from tests.histories.steps import Step


def issue(play: Play, step: Step) -> Outcome:
    now, asked, limit = play.clock(), len(play.model.requests), {step.limit: step.way} if step.limit else {}
    end, content = _end(step.end, now), Content(step.scopes, None, **limit)
    expected = play.model.issue(step.who, content, end, now)
    values = {**vars(content), "ends": end, "status": "active"}
    number = len(play.model.tokens) - 1
    play.asked(number, step.who, asked, **values)
    narrowed = LIMITS[step.limit][step.way].typed if limit else {}
    fields = {"form_id": random_text(22), "name": _name(), "scopes": sorted(step.scopes)}
    path = f"/applications/{play.stage.ground.application}/credentials/new"
    return Outcome(
        expected, play.stage.post(step.who, path, reason=REASON, **fields, **narrowed, **_typed(step.end, now))
    )


def edit_scopes(play: Play, step: Step) -> Outcome:
    return _edit(play, step, "scopes", step.scopes, "scopes", scopes=sorted(step.scopes))


def edit_end(play: Play, step: Step) -> Outcome:
    now = play.clock()
    return _edit(play, step, "ends", _end(step.end, now), "expiry", **_typed(step.end, now))


def edit_limit(play: Play, step: Step) -> Outcome:
    typed = LIMITS[step.limit][step.way].typed
    return _edit(play, step, step.limit, step.way, PARTS[step.limit], **typed)


def rename(play: Play, step: Step) -> Outcome:
    number = play.token(step)
    version, stale = play.forms.sent(step, number)
    expected = play.model.rename(step.who, number, stale, play.clock())
    path = f"{play.path(number)}/edit/details"
    return Outcome(expected, play.stage.post(step.who, path, version=version, name=_name(), description=""))


def disable(play: Play, step: Step) -> Outcome:
    number = play.token(step)
    expected = play.model.disable(step.who, number, play.clock())
    return Outcome(expected, play.stage.post(step.who, f"{play.path(number)}/disable"))


def enable(play: Play, step: Step) -> Outcome:
    number, asked = play.token(step), len(play.model.requests)
    expected = play.model.enable(step.who, number, play.clock())
    play.asked(number, step.who, asked, status="active")
    return Outcome(expected, play.stage.post(step.who, f"{play.path(number)}/enable", reason=REASON))


def revoke(play: Play, step: Step) -> Outcome:
    number = play.token(step)
    expected = play.model.revoke(step.who, number, play.clock())
    return Outcome(expected, play.stage.post(step.who, f"{play.path(number)}/revoke"))


def rotate(play: Play, step: Step) -> Outcome:
    number = play.token(step)
    key_id = play.stage.key_id(number)
    expected = play.model.rotate(step.who, number, play.clock())
    path = f"{play.path(number)}/rotate"
    return Outcome(expected, play.stage.post(step.who, path, key_id=key_id, overlap="immediately"))


def activate(play: Play, step: Step) -> Outcome:
    number = play.token(step)
    expected = play.model.activate(step.who, number, step.hours, play.clock())
    path = f"{play.path(number)}/emergency/activate"
    return Outcome(expected, play.stage.post(step.who, path, hours=str(step.hours), reason=REASON))


def deactivate_emergency(play: Play, step: Step) -> Outcome:
    number = play.token(step)
    expected = play.model.deactivate_emergency(step.who, number, play.clock())
    return Outcome(expected, play.stage.post(step.who, f"{play.path(number)}/emergency/deactivate"))


def _edit(play: Play, step: Step, field: str, value: object, part: str, **typed: object) -> Outcome:
    number, asked = play.token(step), len(play.model.requests)
    version, stale = play.forms.sent(step, number)
    expected = play.model.edit(step.who, number, field, value, stale, play.clock())
    play.asked(number, step.who, asked, **{field: value})
    path = f"{play.path(number)}/edit/{part}"
    return Outcome(expected, play.stage.post(step.who, path, version=version, reason=REASON, **typed))


def _name() -> str:
    return f"Token {random_text(8)}"


def _end(end: str | int, now: datetime) -> End:
    if isinstance(end, int):
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=end + 1)
    return timedelta(weeks=1) if end == "1 week" else None


def _typed(end: str | int, now: datetime) -> dict[str, str]:
    """The same in a form: a custom date counts to its end."""
    if isinstance(end, int):
        return {"expires": "custom", "expires_on": (now + timedelta(days=end)).date().isoformat()}
    return {"expires": end, "expires_on": ""}
