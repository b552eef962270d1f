"""Static files, compressed: once for each file and process, and nothing but these.

Pages are sent as they are, though they would shrink as well: each holds its form token beside text that others can
choose, and how long such a page is when compressed tells of the token (BREACH). docs/decisions/0009 has the sizes.
"""

import gzip

from flask import Flask, Response, current_app, request

KEPT = "postern_compressed"
COMPRESSIBLE = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
CODING = "gzip"


def init_app(app: Flask) -> None:
    """Compress what the static route answers, for browsers that take it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if request.endpoint != "static" or response.mimetype not in COMPRESSIBLE:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 200 and request.accept_encodings[CODING] > 0:
        body = _compressed(response)
        response.close()  # the file: it is not sent any more
        response.set_data(body)
        response.content_encoding = CODING
        # The same file in other bytes: the mark names both, so it may no longer promise that they are equal.
        etag, _ = response.get_etag()
        if etag is not None:
            response.set_etag(etag, weak=True)
    return response


def _compressed(response: Response) -> bytes:
    kept: dict[tuple[str, str | None], bytes] = current_app.extensions.setdefault(KEPT, {})
    key = (request.path, response.get_etag()[0])
    if key not in kept:
        response.direct_passthrough = False
        kept[key] = gzip.compress(response.get_data(), mtime=0)
    return kept[key]
