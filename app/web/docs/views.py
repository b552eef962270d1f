"""/docs: the guide."""

from flask import Blueprint, Response, abort, redirect, render_template, send_from_directory, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.web.access import signed_in
from app.web.docs import pages

blueprint = Blueprint("docs", __name__, url_prefix="/docs")


@blueprint.get("")
@signed_in
def start() -> AnyResponse:
    """The guide begins with its first page."""
    return redirect(url_for("docs.page", name=pages.NAMES[0]))


@blueprint.get("/<name>")
@signed_in
def page(name: str) -> str:
    """One page of the guide."""
    found = pages.page(name)
    if found is None:
        abort(404)
    return render_template("docs/page.html", page=found, pages=pages.pages())


@blueprint.get("/pictures/<name>")
@signed_in
def picture(name: str) -> Response:
    """A picture that a page of the guide shows."""
    return send_from_directory(pages.PICTURES, name)
