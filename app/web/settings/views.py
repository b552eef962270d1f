"""Settings: at which risks a second person is asked, and what this installation was told by its environment."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, flash, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.governance import entry
from app.domain.risk import Risk
from app.domain.roles import Deed
from app.services.governing import Saved
from app.services.policy import set_policy
from app.store.database import db
from app.store.queries import approvals, policy
from app.web.access import actor, now, requires
from app.web.htmx import page_or_fragment, see_other
from app.web.settings.forms import ASK, DO_NOT_ASK, PolicyForm
from app.web.sign_in.password_again import password_again

# Under which name the app keeps what it was told, secrets masked: (name, value, where it is explained).
ENVIRONMENT = "postern_environment"
blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@dataclass(frozen=True)
class Entry:
    """One risk: whether a second person is asked now, the form about it, and the request that waits about it."""

    level: Risk
    asks: bool
    form: PolicyForm
    waiting: str | None


@blueprint.get("")
@requires(Deed.SET_POLICY)
def page() -> Response:
    """The approval policy by risk, and the environment."""
    return _page()


@blueprint.post("/policy/<word>")
@requires(Deed.SET_POLICY)
@password_again
def save(word: str) -> AnyResponse:
    """Ask a second person at this risk from now on; or ask one whether nobody is to be asked any more."""
    level, form = _level(word), PolicyForm()
    try:
        saved = set_policy(
            level, _asks(form.approval.data), form.version.data or "", form.reason.data or "", actor(), now()
        )
    except Invalid as invalid:
        for name, sentence in invalid.fields.items():
            form[name].errors = [sentence]
        return _page(level, form, status=422)
    except Conflict as conflict:
        return _page(status=409, problem=conflict.sentence)
    flash(*_told(saved))
    return see_other(url_for(".page"))


def _asks(choice: str | None) -> bool:
    if choice not in {ASK, DO_NOT_ASK}:
        raise Invalid({"approval": "Choose one of the two."})
    return choice == ASK


def _told(saved: Saved) -> tuple[str, str]:
    if not saved.changes:
        return "Nothing was changed: it is as it was.", "info"
    if saved.request_id is not None:
        return "Asked for this change. The policy stays as it is until somebody else approves.", "success"
    return "Saved. It holds from now on; requests that wait go on waiting.", "success"


def _level(word: str) -> Risk:
    level = next((level for level in Risk if level.word == word), None)
    if level is None:
        raise NotFound
    return level


def _page(
    sent: Risk | None = None, typed: PolicyForm | None = None, *, status: int = 200, problem: str | None = None
) -> Response:
    return page_or_fragment(
        "settings/page.html",
        "settings/_policy.html",
        status=status,
        title="Settings",
        entries=_entries(sent, typed),
        environment=current_app.extensions[ENVIRONMENT],
        problem=problem,
        now=now(),
    )


def _entries(sent: Risk | None, typed: PolicyForm | None) -> Sequence[Entry]:
    waiting = approvals.governed(db.session(), [entry(level) for level in Risk], now())
    found = []
    for row in policy.entries(db.session()):
        form = typed if row.level is sent and typed is not None else _fresh(row)
        found.append(Entry(row.level, row.asks, form, waiting.get(entry(row.level))))
    return found


def _fresh(row: policy.Entry) -> PolicyForm:
    choice = ASK if row.asks else DO_NOT_ASK
    return PolicyForm(formdata=None, data={"version": str(row.version), "approval": choice})
