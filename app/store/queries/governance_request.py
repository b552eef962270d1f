"""A request about the policy or the catalogue as its page shows it: the rule as it is, and as it would be."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.governance import Governed, Realm
from app.domain.risk import Risk
from app.store.queries.request_view import RequestView

PLACES = {Realm.POLICY: "Approval policy", Realm.SCOPE: "Scope catalogue"}


@dataclass(frozen=True, kw_only=True)
class GovernanceRequest(RequestView):
    """A request with what is governed as it is now: `present` has its fields, as changes keep them."""

    governed: Governed
    present: Mapping[str, object]

    @property
    def title(self) -> str:
        """The scope's name, or which entry of the policy."""
        return self.governed.title

    @property
    def place(self) -> str:
        """The policy or the catalogue."""
        return PLACES[self.governed.realm]

    @property
    def in_force(self) -> Mapping[str, object]:
        """Its fields as they are now."""
        return self.present

    @property
    def resulting(self) -> Mapping[str, object]:
        """Its fields if it is approved."""
        return {field: self.after(field, value) for field, value in self.present.items()}

    @property
    def risk(self) -> Risk:
        """The risk if it is approved: of a scope its own, of an entry of the policy the one it is about."""
        return self._risk(self.resulting)

    @property
    def gravest_risk(self) -> Risk:
        """The higher of the risks now and if it is approved."""
        return max(self._risk(self.present), self.risk)

    @property
    def about(self) -> Mapping[str, object]:
        """The thing whole, as it is now."""
        return {"governed": str(self.governed), "present": dict(self.present)}

    def _risk(self, values: Mapping[str, object]) -> Risk:
        return Risk.of(self.governed.name if self.governed.realm is Realm.POLICY else str(values["risk"]))
