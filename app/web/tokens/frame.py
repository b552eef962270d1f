"""What stands around every tab of a token: its head, what can be done to it, and what to know before going on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Response, url_for

from app.domain import edits, expiry
from app.domain.approval import RequestKind
from app.domain.edits import Disabled
from app.domain.errors import NotFound
from app.domain.lifecycle import Status
from app.domain.roles import Deed, may
from app.domain.usage import LastUse
from app.store.database import db
from app.store.queries import asked, policy, tokens, usage
from app.store.queries.applications import ApplicationView
from app.store.queries.asked import Asked
from app.store.queries.tokens import KeyView, TokenView
from app.store.queries.usage import Used
from app.web.access import current_person, now
from app.web.approvals import rows
from app.web.htmx import page_or_fragment
from app.web.shell import Tab
from app.web.tokens import offers
from app.web.tokens.forms import RotateForm
from app.web.tokens.offers import Offers

# Each tab, its endpoint, and what a person must be able to do everywhere to be shown it.
TABS = (
    ("Overview", "tokens.overview", None),
    ("ACL", "tokens.acl", None),
    ("Security", "tokens.security", None),
    ("Activity", "tokens.activity", Deed.SEE_AUDIT),
)
# Statuses that a request explains: how the token came into them, or what waits to lead out.
EXPLAINED_BY_REQUEST = {Status.PENDING, Status.ACTIVE, Status.REJECTED, Status.DISABLED}


@dataclass(frozen=True)
class Frame:
    """A token with its surroundings, for one person. `request` is the newest about the token, where one matters; `used`
    is when its keys and scopes were. `enabling_waits`: enabling it is a request, so it takes a reason."""

    token: TokenView
    application: ApplicationView
    request: Asked | None
    used: Used
    offers: Offers
    enabling_waits: bool

    @property
    def waiting(self) -> Asked | None:
        """The request that waits for a decision."""
        return offers.pending(self.request)

    @property
    def change_waits(self) -> Asked | None:
        """The request that waits, where it is to change the token and not to let it in or enable it."""
        waiting = self.waiting
        if waiting is None or waiting.kind is not RequestKind.CHANGE:
            return None
        return None if any(change["field"] == edits.STATUS for change in waiting.changes) else waiting

    @property
    def last_use(self) -> LastUse | None:
        """When any of the keys was last used."""
        return max(self.used.keys.values(), key=lambda use: use.at, default=None)

    @property
    def last_used_key(self) -> KeyView | None:
        """The key of the last use, while it still verifies."""
        return next((key for key in self.token.keys if self.last_use and key.id == self.last_use.key_id), None)

    @property
    def is_over(self) -> bool:
        """Whether the token has ended for good, whatever end it was given."""
        return self.token.status in {Status.REVOKED, Status.REJECTED}

    @property
    def expires_soon(self) -> bool:
        """Whether the end is near enough to be said above everything else."""
        return self.token.status.is_live and expiry.is_near(self.token.expires_at, now())

    @property
    def overlap(self) -> bool:
        """Whether two keys verify, because a rotation is not finished."""
        return self.token.retiring_key is not None and self.token.status in {Status.ACTIVE, Status.DISABLED}

    def last_use_of(self, key: KeyView) -> LastUse | None:
        """When this key was last used."""
        return self.used.keys.get(key.id)


@dataclass(frozen=True)
class Refused:
    """A dialog that was sent and is shown again, with what was typed and what is wrong with it."""

    dialog: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    def at(self, dialog: str) -> Mapping[str, object]:
        """How this dialog is shown: open with its reason and fault if it is the one, else closed and empty."""
        if dialog != self.dialog:
            return {}
        return {"open": True, "typed": self.typed.get("reason", ""), "error": self.faults.get("reason")}


NOTHING_REFUSED = Refused()


def load(token_id: str) -> Frame:
    """The token as this person may see it. Raises NotFound."""
    person, session = current_person(), db.session()
    token = tokens.find(session, person, token_id, now())
    if token is None:
        raise NotFound
    explained = token.status in EXPLAINED_BY_REQUEST
    live = token.status.is_live
    request = asked.newest(session, person, token_id, now(), only_waiting=live) if explained else None
    offered = offers.of(token, token.application.relation, person, offers.pending(request))
    used = usage.of_token(session, person, token_id)
    return Frame(token, token.application, request, used, offered, enabling_waits=_enabling_waits(token))


def _enabling_waits(token: TokenView) -> bool:
    if token.status is not Status.DISABLED:
        return False
    disabled = Disabled(token.disabled_by_id, token.disabled_at)
    return edits.enabling_waits(disabled, current_person().id, token.risk, policy.current(db.session()), now())


def page(
    frame: Frame,
    template: str,
    fragment: str,
    *,
    current: str = "Overview",
    status: int = 200,
    refused: Refused = NOTHING_REFUSED,
    problem: str | None = None,
    **content: object,
) -> Response:
    """One tab in its frame. `problem` says above all else why something was not done."""
    token = frame.token
    return page_or_fragment(
        template,
        fragment,
        status=status,
        title=token.name,
        frame=frame,
        token=token,
        application=frame.application,
        offers=frame.offers,
        asked_for=rows.moves(frame.change_waits.changes) if frame.change_waits else [],
        tabs=_tabs(token.id, current),
        rotation=_rotation_form(token, refused),
        refused=refused,
        problem=problem,
        now=now(),
        **content,
    )


def _tabs(token_id: str, current: str) -> list[Tab]:
    role = current_person().role
    return [
        Tab(label, url_for(endpoint, token_id=token_id), label == current)
        for label, endpoint, deed in TABS
        if deed is None or may(deed, role)
    ]


def _rotation_form(token: TokenView, refused: Refused) -> RotateForm:
    form = RotateForm(formdata=None)
    form.key_id.data = token.current_key.id
    if refused.dialog == "rotate":
        form.overlap.errors = [refused.faults["overlap"]] if "overlap" in refused.faults else []
        form.overlap.data = refused.typed.get("overlap", form.overlap.data)
    return form
