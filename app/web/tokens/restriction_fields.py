"""The fields of restrictions: the same where a token is issued and where it is edited in place."""

from collections.abc import Mapping

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput

from app.domain import hours, restrictions
from app.domain.restrictions import ACCESS_RULES, IP_WHITELIST, RATE_LIMIT, TIME_RESTRICTION, Plain, Typed

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS = dict(zip(hours.DAYS, NAMES, strict=True))


class IpWhitelistFields:
    """From where."""

    ip_whitelist = TextAreaField("IP whitelist")


class RateLimitFields:
    """How often."""

    rate_limit = StringField("Rate limit")


class TimeRestrictionFields:
    """When."""

    days = SelectMultipleField("Days", choices=DAYS, option_widget=CheckboxInput(), validate_choice=False)
    time_from = StringField("From (UTC)")
    time_until = StringField("Until (UTC)")


class AccessRulesFields:
    """For which requests."""

    access_rules = TextAreaField("Access rules")


class RestrictionFields(IpWhitelistFields, RateLimitFields, TimeRestrictionFields, AccessRulesFields):
    """All that narrows a token."""

    @property
    def narrows(self) -> bool:
        """Whether anything is typed, or at fault."""
        fields = (self.ip_whitelist, self.rate_limit, self.days, self.time_from, self.time_until, self.access_rules)
        return any(field.data or field.errors for field in fields)

    @property
    def restrictions(self) -> Typed:
        """What was typed."""
        return Typed(
            ip_whitelist=self.ip_whitelist.data,
            rate_limit=self.rate_limit.data,
            days=tuple(self.days.data or ()),
            time_from=self.time_from.data or "",
            time_until=self.time_until.data or "",
            access_rules=self.access_rules.data,
        )


def as_typed(kept: Mapping[str, Plain]) -> Mapping[str, object]:
    """What the fields hold of restrictions that are kept."""
    found = restrictions.of(kept)
    fields: dict[str, object] = {
        "ip_whitelist": "\n".join(kept[IP_WHITELIST] or ()),
        "rate_limit": kept[RATE_LIMIT] or "",
        "access_rules": "\n".join(kept[ACCESS_RULES] or ()),
    }
    if found.hours is not None and kept[TIME_RESTRICTION]:
        fields["days"] = [hours.DAYS[day] for day in found.hours.days]
        fields["time_from"], fields["time_until"] = hours.clock(found.hours.start), hours.clock(found.hours.end)
    return fields
