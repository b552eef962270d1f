"""The forms by which a restriction is edited in place."""

from collections.abc import Mapping
from typing import Any

from app.domain import whitelist
from app.domain.restrictions import Typed
from app.store.queries.tokens import TokenView
from app.web.tokens.forms import EditPartForm
from app.web.tokens.restriction_fields import (
    AccessRulesFields,
    IpWhitelistFields,
    RateLimitFields,
    TimeRestrictionFields,
    as_typed,
)


class EditRestrictionForm(EditPartForm):
    """One restriction. A field that was not sent stays as it is: only an empty one takes a restriction away."""

    @staticmethod
    def filled(token: TokenView) -> Mapping[str, object]:
        """What is set, as it is typed."""
        return as_typed(token.restrictions)

    @property
    def restriction(self) -> Typed:
        """What was typed."""
        raise NotImplementedError

    def typed(self) -> Mapping[str, Any]:
        """What was typed, as the fields of an EditForm."""
        return {"restrictions": self.restriction}


class EditIpWhitelistForm(EditRestrictionForm, IpWhitelistFields):
    """From where a token may be used."""

    @property
    def restriction(self) -> Typed:
        """What was typed."""
        return Typed(ip_whitelist=self.ip_whitelist.data)

    @property
    def remark(self) -> str:
        """Which entries were left out."""
        left_out = whitelist.typed(self.ip_whitelist.data or "").absorbed
        return f"Left out, because another entry covers it: {', '.join(left_out)}." if left_out else ""


class EditRateLimitForm(EditRestrictionForm, RateLimitFields):
    """How often a token may be used."""

    @property
    def restriction(self) -> Typed:
        """What was typed."""
        return Typed(rate_limit=self.rate_limit.data)


class EditTimeRestrictionForm(EditRestrictionForm, TimeRestrictionFields):
    """When a token may be used."""

    @property
    def restriction(self) -> Typed:
        """What was chosen: no day sends nothing, so the times tell whether the form was shown."""
        start, end = self.time_from.data, self.time_until.data
        days = None if start is None else tuple(self.days.data or ())
        return Typed(days=days, time_from=start or "", time_until=end or "")


class EditAccessRulesForm(EditRestrictionForm, AccessRulesFields):
    """For which requests a token may be used."""

    @property
    def restriction(self) -> Typed:
        """What was typed."""
        return Typed(access_rules=self.access_rules.data)
