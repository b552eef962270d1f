"""Page or fragment, by who asks; events and redirects that htmx 4 understands.

htmx sends HX-Request with each of its requests, and HX-Request-Type `partial` where a part of the page is swapped.
"""

import json

from flask import Flask, Response, make_response, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from app.web.headers import csp_nonce

ASKED_BY = ("HX-Request", "HX-Request-Type", "HX-Boosted", "HX-History-Restore-Request")


def init_app(app: Flask) -> None:
    """Give templates `hx(...)`."""
    app.jinja_env.globals["hx"] = hx


def is_htmx() -> bool:
    """Whether htmx made this request, for whatever part of the page."""
    return request.headers.get("HX-Request") == "true"


def wants_fragment() -> bool:
    """Whether the answer is swapped into a page that is already there."""
    return (
        is_htmx()
        and request.headers.get("HX-Request-Type") == "partial"
        and request.headers.get("HX-Boosted") != "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def page_or_fragment(page_template: str, fragment_template: str, *, status: int = 200, **context: object) -> Response:
    """Answer with the fragment where htmx asks for it, with the whole page else. `title` in the context names both."""
    if wants_fragment():
        body = f"{_title(context)}{render_template(fragment_template, **context)}"
    else:
        body = render_template(page_template, **context)
    response = make_response(body, status)
    response.vary.update(ASKED_BY)
    return response


def trigger(response: Response, event: str, value: str = "") -> Response:
    """Have the browser fire `event` on the document's body once the answer is in place, with `detail.value`."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    # The element that asked may be swapped away by then, so the event is aimed at the body.
    events[event] = {"target": "body", "value": value}
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def announce(response: Response, sentence: str) -> Response:
    """Have the sentence shown and read out in the page's live region once the answer is in place."""
    return trigger(response, "postern:announce", sentence)


def see_other(address: str) -> AnyResponse:
    """Send the browser to another page after a post. htmx would swap the page in place, so it is told to go there."""
    if not is_htmx():
        return redirect(address, 303)
    response = make_response("", 204)
    response.headers["HX-Redirect"] = address
    return response


def hx(**attributes: object) -> Markup:
    """The hx-* attributes of one element with the nonce without which the browser strips them.

    `hx(post="/x", push_url=True, status_422="target:#form")` for hx-post, hx-push-url, hx-status:422. None is left out.
    """
    written = {"nonce": csp_nonce()}
    for name, value in attributes.items():
        if value is not None:
            attribute = name.replace("status_", "status:").replace("_", "-")
            written[attribute] = str(value).lower() if isinstance(value, bool) else str(value)
    text = " ".join(f'hx-{escape(name)}="{escape(value)}"' for name, value in written.items())
    return Markup(text)  # noqa: S704 - escaped just above; Markup's own format takes three times as long.


def _title(context: dict[str, object]) -> str:
    return f"<title>{escape(context['title'])} · Postern</title>" if "title" in context else ""
