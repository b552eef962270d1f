"""A key that somebody types into a page does not come back: not in the field where it was refused, not in a page that
keeps a form for later, not in an error (SPEC 5: a key exists in exactly one response).

Forms hand the rules what was typed, so that these can refuse it. What goes out is masked here, once for all pages; a
new key in the answer that made it was in no request, and stays."""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from app.domain import keys


def init_app(app: Flask) -> None:
    """Mask typed keys in every page of the app."""
    app.after_request(_mask)


def _mask(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed or response.direct_passthrough:
        return response
    typed = {key for text in _typed() for key in re.findall(keys.PATTERN, text, re.ASCII)}
    if typed:
        page = response.get_data(as_text=True)
        for key in typed:
            page = page.replace(key, keys.hint(key))
        response.set_data(page)
    return response


def _typed() -> Iterator[str]:
    yield request.path
    yield from chain.from_iterable(request.args.items(multi=True))
    # A body that was refused is shown nowhere.
    with suppress(HTTPException):
        yield from chain.from_iterable(request.form.items(multi=True))
