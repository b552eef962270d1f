"""How a page asks for a password, and says that it was not taken."""

from flask import Response, make_response

from app.domain.errors import TooMany
from app.services.sign_in import WrongPassword

NotTaken = WrongPassword | TooMany


def answer(page: str, refusal: NotTaken | None) -> Response:
    """The page with the status of the refusal: 422 for a wrong password, 429 with Retry-After for one too many."""
    if refusal is None:
        return make_response(page)
    if isinstance(refusal, TooMany):
        return make_response(page, 429, {"Retry-After": str(refusal.retry_after)})
    return make_response(page, 422)
