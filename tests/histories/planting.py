"""How a fault is planted into the program: for the time of a test, something of it is put in the place of another."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from app.domain import edits
from app.domain.edits import Direction
from app.domain.risk import Risk
from app.services import approvals as deciding
from app.services import emergency_windows
from app.services.tokens import edit
from app.store.queries import approvals
from app.store.queries.token_request import TokenRequest
from tests.histories.stage import SEES_ALL

Plant = Callable[[pytest.MonkeyPatch], None]


def instead(where: object, name: str, of: Any) -> Plant:
    return lambda patch: patch.setattr(where, name, of)


def nothing(*_: object, **__: object) -> None:
    return None


def true(*_: object, **__: object) -> bool:
    return True


def false(*_: object, **__: object) -> bool:
    return False


def decide_on_whatever_is_there(patch: pytest.MonkeyPatch) -> None:
    checked = deciding._open_for_decision

    def unchecked(session: Any, request_id: str, fingerprint: str, actor: Any, now: datetime) -> Any:
        view = approvals.find(session, SEES_ALL, request_id, now)
        return checked(session, request_id, view.fingerprint if view else fingerprint, actor, now)

    patch.setattr(deciding, "_open_for_decision", unchecked)


def show_not(what: str) -> Plant:
    about = TokenRequest.about.fget  # type: ignore[attr-defined]

    def part(view: TokenRequest) -> Mapping[str, object]:
        return {name: shown for name, shown in about(view).items() if name != what}

    return instead(TokenRequest, "about", property(part))


def agreed_risk(session: Any, token: Any, changes: object) -> tuple[Risk, Risk]:
    return token.agreed_risk, token.agreed_risk


def low_while_open(session: Any, token: Any, changes: Any) -> tuple[Risk, Risk]:
    is_open = emergency_windows.open_window(session, token.id, token.created_at) is not None
    return (Risk.LOW, Risk.LOW) if is_open else _RISKS(session, token, changes)


_RISKS = edit._risks


def at_once(field: str) -> Plant:
    return lambda patch: patch.setitem(edits.DIRECTIONS, field, lambda *_: Direction.TIGHTER)
