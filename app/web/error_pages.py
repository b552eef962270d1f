"""What people read when something is not done: what happened, what was kept, what to do next."""

from dataclasses import dataclass

UNCHANGED = "Nothing was changed."


@dataclass(frozen=True)
class ErrorPage:
    """The words of one kind of failure. `code` is for programs, the rest for people."""

    code: str
    title: str
    happened: str
    kept: str = UNCHANGED
    remedy: str = "Go back and try again."


PAGES = {
    400: ErrorPage(
        "bad_request",
        "This request could not be read",
        "Something in it was not as Postern's own pages send it.",
        remedy="Open the page again and repeat what you did.",
    ),
    403: ErrorPage(
        "not_allowed",
        "You may not do this",
        "You may see this, but your role does not let you change it.",
        remedy="Ask the owner of the application, or an administrator.",
    ),
    404: ErrorPage(
        "not_found",
        "There is nothing here",
        "Either there is no such page, or you may not see it.",
        remedy="Check the address, or start from your applications.",
    ),
    405: ErrorPage(
        "method_not_allowed",
        "This address is not opened like that",
        "It takes a form from one of Postern's pages, not a visit.",
        remedy="Start from your applications.",
    ),
    409: ErrorPage(
        "conflict",
        "Somebody else was first",
        "What you saw had changed before your answer arrived.",
        kept="Nothing of yours was applied.",
        remedy="Open the page again, look at what changed, then decide anew.",
    ),
    413: ErrorPage(
        "too_large",
        "This is too much at once",
        "What was sent is larger than Postern accepts.",
        remedy="Go back, shorten it and send it again.",
    ),
    415: ErrorPage(
        "unsupported_media_type",
        "This kind of content is not read here",
        "What was sent has a content type that this address does not take.",
    ),
    422: ErrorPage(
        "invalid",
        "Something needs another look",
        "Part of what was sent does not fit.",
        remedy="Go back, correct it and send it again.",
    ),
    429: ErrorPage(
        "too_many",
        "Too many attempts",
        "There were too many attempts in a short time.",
        remedy="Wait a little, then try again.",
    ),
    500: ErrorPage(
        "internal_error",
        "Postern made a mistake",
        "Something failed that should not have. It has been written to the log.",
        kept="A change happens whole or not at all: look at the page to see which.",
        remedy="Try again. If it stays so, give an administrator the request id below.",
    ),
    503: ErrorPage(
        "unavailable",
        "Postern cannot reach its database",
        "Pages and changes need it, and it does not answer.",
        remedy="Wait a moment, then try again.",
    ),
}
EXPIRED_FORM = ErrorPage(
    "form_expired",
    "This page was open for too long",
    "For your protection a form is only good for a while, and only for the person it was made for.",
    remedy="Send it again: it has been renewed.",
)
LINK_OVER = ErrorPage(
    "link_over",
    "This link is not good any more",
    "Each link works once, for 24 hours.",
    remedy="If you have set your password with it, sign in. If not, ask whoever gave it to you for a new one.",
)
OTHER_ROLE = ErrorPage(
    "other_role",
    "Your role is not for this",
    "Only administrators or superusers may do it.",
    remedy="Ask one of them, if you need it.",
)
DATABASE_FULL = ErrorPage(
    "database_full",
    "Postern cannot write to its database",
    "The disk that it is on is full. Tokens are still verified, but nothing can be changed.",
    remedy="Tell whoever runs Postern. Once there is room, send it again.",
)
DATABASE_FAILING = ErrorPage(
    "database_failing",
    "Postern's database fails",
    "The disk that it is on does not do what it is asked: it may be full, or broken.",
    remedy="Tell whoever runs Postern.",
)
DATABASE_READ_ONLY = ErrorPage(
    "database_read_only",
    "Postern's database takes no changes now",
    "It can be read only, as while another server takes its place. Tokens are still verified.",
    remedy="Wait a moment, then send it again. If it stays so, tell whoever runs Postern.",
)
DATABASE_BUSY = ErrorPage(
    "database_busy",
    "Postern's database is busy",
    "It has more to do than it gets to, and Postern waited for its turn in vain.",
    remedy="Wait a moment, then send it again.",
)
_BY_CODE = {page.code: page for page in (LINK_OVER, OTHER_ROLE)}


def page_for(status: int, code: str | None = None) -> ErrorPage:
    """The words for a code that has some of its own, or for a status; those of 400 or 500 where it has none either."""
    return _BY_CODE.get(code or "") or PAGES.get(status) or PAGES[500 if status >= 500 else 400]
