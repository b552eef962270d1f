"""The parts of a token that are edited in place: on which tab each stands, its form, and the fields of that."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.web.tokens.forms import EditDetailsForm, EditExpiryForm, EditPartForm, EditScopesForm
from app.web.tokens.restriction_forms import (
    EditAccessRulesForm,
    EditIpWhitelistForm,
    EditRateLimitForm,
    EditTimeRestrictionForm,
)

OVERVIEW, ACL, SECURITY = "tokens.overview", "tokens.acl", "tokens.security"


@dataclass(frozen=True)
class Part:
    """`title` is the accessible name of its region, `tab` the endpoint of the page that it stands on, `fields` the
    template of what its form has beside a reason. `while_typing`: what saving would mean is said at each pause."""

    name: str
    title: str
    tab: str
    form: type[EditPartForm]
    fields: str
    while_typing: bool = False


PARTS: Mapping[str, Part] = {
    part.name: part
    for part in (
        Part("details", "Details", OVERVIEW, EditDetailsForm, "tokens/fields/details.html"),
        Part("scopes", "Scopes", OVERVIEW, EditScopesForm, "tokens/fields/scopes.html"),
        Part("expiry", "Expiry", OVERVIEW, EditExpiryForm, "tokens/fields/expiry.html"),
        Part("access-rules", "Access rules", ACL, EditAccessRulesForm, "tokens/fields/access_rules.html", True),
        Part("ip-whitelist", "IP whitelist", SECURITY, EditIpWhitelistForm, "tokens/fields/ip_whitelist.html", True),
        Part("rate-limit", "Rate limit", SECURITY, EditRateLimitForm, "tokens/fields/rate_limit.html", True),
        Part(
            "time-restriction",
            "Time restriction",
            SECURITY,
            EditTimeRestrictionForm,
            "tokens/fields/time_restriction.html",
            True,
        ),
    )
}
