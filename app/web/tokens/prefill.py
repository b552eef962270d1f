"""What the form for a new token is filled in with: the address, or a token that the new one shall resemble."""

from collections.abc import Mapping
from datetime import timedelta

from werkzeug.datastructures import MultiDict

from app.domain import expiry
from app.domain.expiry import Expiry
from app.store.queries.tokens import TokenView
from app.web.tokens.restriction_fields import as_typed

# A reason is written for each token anew, so no link brings one.
TEXTS = ("name", "description", "expires", "expires_on")
NARROWING = ("ip_whitelist", "rate_limit", "time_from", "time_until", "access_rules")


def from_address(args: MultiDict[str, str]) -> Mapping[str, object]:
    """The fields that a link fills in."""
    texts = {name: args[name] for name in (*TEXTS, *NARROWING) if name in args}
    return texts | {name: args.getlist(name) for name in ("scopes", "days")}


def like(token: TokenView) -> Mapping[str, object]:
    """The fields of a token like this one. Its name is free again only once it is final."""
    return {
        "name": "" if token.status.is_live else token.name,
        "description": token.description,
        "scopes": [scope.name for scope in token.scopes if not scope.retired],
        **_end(token.expiry),
        **as_typed(token.restrictions),
    }


def _end(end: Expiry) -> Mapping[str, str]:
    if end.preset is not None:
        return {"expires": end.preset}
    if end.fixed is None:
        return {"expires": expiry.NEVER}
    # The end of a day is kept as the first moment of the next.
    return {"expires": expiry.CUSTOM, "expires_on": (end.fixed - timedelta(days=1)).date().isoformat()}
