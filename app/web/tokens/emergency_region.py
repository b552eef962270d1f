"""The region Emergency access of the Security tab, for one person: what is open, what was, and the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain import emergency, lifecycle
from app.domain.emergency import in_words
from app.domain.lifecycle import Verb
from app.domain.roles import Deed, may
from app.store.database import db
from app.store.queries import emergency as windows
from app.store.queries.emergency import WindowView
from app.web.access import current_person, now
from app.web.tokens.forms import ActivateEmergencyForm, DeactivateEmergencyForm
from app.web.tokens.frame import Frame


@dataclass(frozen=True)
class Typed:
    """A form that was sent and is shown again, and why nothing was done."""

    form: ActivateEmergencyForm | DeactivateEmergencyForm | None = None
    problem: str | None = None


NOTHING_TYPED = Typed()


@dataclass(frozen=True)
class Past:
    """A window that is over, with how long it lasted and what ended it."""

    view: WindowView
    lasted: str
    how: str


@dataclass(frozen=True)
class Region:
    """What the region shows. `activate` and `deactivate` are the forms that this person is offered; `room` is how long
    a window may last, at most, that begins now; `left` what remains of the open one."""

    open: WindowView | None
    past: Sequence[Past]
    left: str
    room: timedelta
    activate: ActivateEmergencyForm | None
    deactivate: DeactivateEmergencyForm | None
    problem: str | None

    @property
    def hint(self) -> str:
        """What is taken as a duration now."""
        rule = "A whole number from 1 to 8. A token is open for at most 8 hours in any 24"
        if self.room == emergency.LONGEST:
            return f"{rule}."
        return f"{rule}; now there is {f'room for {in_words(self.room)}' if self.room else 'no room'}."


def of(shown: Frame, typed: Typed = NOTHING_TYPED) -> Region:
    """The region as this person is shown it, with what they typed where their form was refused."""
    views = windows.of_token(db.session(), shown.token.id)
    opened = next((view for view in views if view.window.is_open(now())), None)
    activate, deactivate = _forms(shown, opened is not None, typed)
    return Region(
        open=opened,
        past=[_past(view) for view in views if view is not opened],
        left=in_words(opened.window.ends_at - now()) if opened else "",
        room=emergency.room((view.window for view in views), now()),
        activate=activate,
        deactivate=deactivate,
        problem=typed.problem,
    )


def _forms(
    shown: Frame, is_open: bool, typed: Typed
) -> tuple[ActivateEmergencyForm | None, DeactivateEmergencyForm | None]:
    if not may(Deed.USE_EMERGENCY_ACCESS, current_person().role, shown.application.relation):
        return None, None
    if is_open:
        kept = typed.form if isinstance(typed.form, DeactivateEmergencyForm) else None
        return None, kept or DeactivateEmergencyForm(formdata=None)
    if not lifecycle.permits(Verb.ACTIVATE_EMERGENCY, shown.token.status):
        return None, None
    kept_too = typed.form if isinstance(typed.form, ActivateEmergencyForm) else None
    return kept_too or ActivateEmergencyForm(formdata=None), None


def _past(view: WindowView) -> Past:
    lasted = in_words(view.window.closed_at - view.window.starts_at)
    return Past(view, lasted, emergency.how_ended(view.ended_how, view.ended_by))
