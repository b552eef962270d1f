"""A request about a token as its page shows it: the token that is there now, and the one that would be afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain import edits
from app.domain.approval import RequestKind
from app.domain.expiry import Expiry
from app.domain.restrictions import Plain
from app.domain.risk import Risk, highest
from app.domain.scopes import Scope
from app.store.queries.request_view import RequestView


@dataclass(frozen=True, kw_only=True)
class TokenRequest(RequestView):
    """A request with the token as it is now; `resulting_…` is the token if it is approved. `people` can obtain the
    key. `asked_scopes` is None where the request leaves the scopes as they are."""

    application_id: str
    application_name: str
    application_enabled: bool
    token_id: str
    token_name: str
    token_description: str
    expiry: Expiry
    restrictions: Mapping[str, Plain]
    scopes: Sequence[Scope]
    asked_scopes: Sequence[Scope] | None
    people: Sequence[str]
    people_ids: Sequence[str]

    @property
    def title(self) -> str:
        """The token's name."""
        return self.token_name

    @property
    def place(self) -> str:
        """The application's name."""
        return self.application_name

    @property
    def resulting_name(self) -> str:
        """The token's name if it is approved."""
        return str(self.after(edits.NAME, self.token_name))

    @property
    def resulting_description(self) -> str:
        """The token's description if it is approved."""
        return str(self.after(edits.DESCRIPTION, self.token_description))

    @property
    def resulting_scopes(self) -> Sequence[Scope]:
        """The token's scopes if it is approved."""
        return self.scopes if self.asked_scopes is None else self.asked_scopes

    @property
    def resulting_restrictions(self) -> Mapping[str, Plain]:
        """The token's restrictions if it is approved, as they are kept."""
        return {field: self.after(field, present) for field, present in self.restrictions.items()}

    @property
    def end(self) -> str | None:
        """When the token ends now, as a change keeps it: see `edits.expires_value`."""
        if self.kind is RequestKind.ISSUE:
            return edits.expires_value(self.expiry)
        return self.expiry.fixed.isoformat() if self.expiry.fixed else None

    @property
    def resulting_end(self) -> str | None:
        """When the token would end if it is approved, as a change keeps it."""
        end = self.after(edits.EXPIRES_AT, self.end)
        return None if end is None else str(end)

    @property
    def risk(self) -> Risk:
        """The risk if it is approved."""
        return highest(scope.risk for scope in self.resulting_scopes)

    @property
    def gravest_risk(self) -> Risk:
        """The higher of the risks now and if it is approved."""
        return highest([*(scope.risk for scope in self.scopes), self.risk])

    @property
    def in_force(self) -> Mapping[str, object]:
        """What can be edited of the token, and its risk, as it is now."""
        return {
            edits.NAME: self.token_name,
            edits.DESCRIPTION: self.token_description,
            edits.SCOPES: [scope.name for scope in self.scopes],
            edits.EXPIRES_AT: self.end,
            **self.restrictions,
            edits.RISK: highest(scope.risk for scope in self.scopes).word,
        }

    @property
    def resulting(self) -> Mapping[str, object]:
        """The same if it is approved."""
        changed = {field: self.after(field, present) for field, present in self.in_force.items()}
        scopes = [scope.name for scope in self.resulting_scopes]
        return {**changed, edits.SCOPES: scopes, edits.RISK: self.risk.word}

    @property
    def about(self) -> Mapping[str, object]:
        """The token, its application, and who can obtain the key."""
        return {
            "application": [self.application_id, self.application_name, self.application_enabled],
            "token": [self.token_id, self.token_name, self.token_description],
            "expiry": [self.expiry.preset, self.expiry.fixed.isoformat() if self.expiry.fixed else None],
            "restrictions": dict(self.restrictions),
            "scopes": _content(self.scopes),
            "resulting scopes": _content(self.resulting_scopes),
            "people": [list(self.people_ids), list(self.people)],
        }


def _content(scopes: Sequence[Scope]) -> list[object]:
    return [[one.name, one.risk.word, one.description, list(one.permissions), one.retired] for one in scopes]
