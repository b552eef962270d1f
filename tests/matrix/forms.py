"""The forms that a page offers, as a browser without JavaScript would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient


@dataclass
class Form:
    """Where a form may be sent (a button can name another address than the form does), and what it brings along."""

    method: str
    actions: list[str]
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found = address, list[Form]()
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("method", "get"), [given.get("action") or self.address])
            self.found.append(self._open)
        if self._open is None:
            return
        if "formaction" in given:
            self._open.actions.append(given["formaction"])
        if tag == "input" and given.get("type") == "hidden" and "name" in given:
            self._open.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def offered(client: FlaskClient, page: str, action: str) -> Form | None:
    """The form of the page that posts to the address; None where the page is not there, or has none."""
    answer = client.get(page)
    if answer.status_code != 200:
        return None
    reader = _Forms(page)
    reader.feed(answer.text)
    return next((form for form in reader.found if form.method == "post" and action in form.actions), None)
