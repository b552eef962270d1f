"""How a page with a password field says that what was typed is not taken."""

from flask import Response, make_response

from app.domain.errors import Invalid, TooMany
from app.services.sign_in import WrongPassword

NotTaken = WrongPassword | TooMany


def answer(page: str, refusal: NotTaken | Invalid | None) -> Response:
    """The page with the status of the refusal: 429 with Retry-After for one too many, 422 for what does not fit."""
    if refusal is None:
        return make_response(page)
    if isinstance(refusal, TooMany):
        return make_response(page, 429, {"Retry-After": str(refusal.retry_after)})
    return make_response(page, 422)
