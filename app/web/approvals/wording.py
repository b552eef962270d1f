"""A request in words: what is asked for, what it shows, and how that differs from what was shown before. What is said
of a token and what of a rule is a file each."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.approval import comment_required
from app.domain.instants import instant
from app.store.queries.approvals import GovernanceRequest, RequestView, TokenRequest
from app.web.approvals import fields, governance_wording, token_wording
from app.web.approvals.rows import Row, comparison


@dataclass(frozen=True)
class _Words:
    """How requests of one kind are told, and the template for what they are about."""

    template: str
    asks: Callable[[Any], str]
    whole: Callable[[Any], list[Row]]
    facts: Callable[[Any], dict[str, str]]
    content: Callable[[Any], Mapping[str, object]]


_WORDS: Mapping[type[RequestView], _Words] = {
    TokenRequest: _Words(
        "approvals/_token.html",
        token_wording.asks,
        token_wording.whole,
        token_wording.facts,
        token_wording.content,
    ),
    GovernanceRequest: _Words(
        "approvals/_rule.html",
        governance_wording.asks,
        governance_wording.whole,
        governance_wording.facts,
        governance_wording.content,
    ),
}


def template(view: RequestView) -> str:
    """The template that shows what the request is about."""
    return _WORDS[type(view)].template


def asks(view: RequestView) -> str:
    """What the requester asks for, to stand behind their name."""
    return _WORDS[type(view)].asks(view)


def whole(view: RequestView) -> list[Row]:
    """All of what it is about: as it is, and as it would be."""
    return _WORDS[type(view)].whole(view)


def content(view: RequestView) -> Mapping[str, object]:
    """What the template needs besides."""
    return _WORDS[type(view)].content(view)


def comment_help(view: RequestView) -> str:
    """For which of the two decisions a comment is needed."""
    needed = "to approve, and to reject" if comment_required(True, view.gravest_risk) else "to reject"
    return f"Needed {needed}. The requester reads it, and so does the audit log."


def packed(view: RequestView) -> str:
    """What is shown, for the form to bring back with the decision."""
    return json.dumps(_facts(view), ensure_ascii=False)


def differences(packed_text: str, view: RequestView) -> list[Row]:
    """What was shown then and is not so now. The text comes back from a browser: what cannot be read shows nothing."""
    then, now = _unpacked(packed_text), _facts(view)
    labels = [*then, *(label for label in now if label not in then)] if then else []
    return [(one, then.get(one, ""), now.get(one, "")) for one in labels if then.get(one) != now.get(one)]


def _facts(view: RequestView) -> dict[str, str]:
    """Everything a decider is shown, by label, as text."""
    shown = {"Requester": view.requester, "Reason": view.reason, **_WORDS[type(view)].facts(view)}
    shown |= _approved_last(view)
    return shown | {f"{name}, before and after": f"{old} → {new}" for name, old, new in comparison(view.changes)}


def _approved_last(view: RequestView) -> dict[str, str]:
    if view.approved is None:
        return {}
    by = f"by {view.approved.by} on {instant(view.approved.at)}"
    content = view.approved.content or {}
    told = {f"{fields.label(field)}, approved last": fields.text(field, was) for field, was in content.items()}
    return {"Approved last": by, **told}


def _unpacked(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {_clean(label): _clean(value) for label, value in found.items() if isinstance(value, str)}


def _clean(text: str) -> str:
    # JSON can name half a character, which no answer can carry.
    return text.encode("utf-8", "replace").decode("utf-8")
