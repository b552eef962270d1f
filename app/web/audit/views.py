"""The audit log by page, and its export."""

from typing import Any

from flask import Blueprint, Response, request, stream_with_context, url_for

from app.domain.audit_selection import FIELDS
from app.domain.errors import Invalid
from app.domain.roles import Deed
from app.domain.sorting import Sort
from app.services.audit_export import Export, Format, export_events
from app.services.failures import try_to_write_past_failures
from app.store.database import db
from app.store.queries import audit
from app.store.queries.audit import Page
from app.web import sorting
from app.web.access import actor, now, requires
from app.web.audit.forms import SelectionForm, show_faults
from app.web.audit.lines import lines
from app.web.htmx import page_or_fragment
from app.web.sorting import Order

TYPES = {Format.CSV: "text/csv; charset=utf-8; header=present", Format.JSON: "application/x-ndjson"}
SUFFIXES = {Format.CSV: "csv", Format.JSON: "jsonl"}

NEWEST_FIRST = Sort("at", descending=True)
COLUMNS = (("When", "-at"), ("Who", None), ("What", None), ("From", None))

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("")
@requires(Deed.SEE_AUDIT)
def page() -> Response:
    """A page of the events that the address asks for, the newest first."""
    form = SelectionForm(request.args)
    try_to_write_past_failures(now())
    try:
        wanted = audit.selection(db.session(), request.args)
        before, after = request.args.get("before", ""), request.args.get("after", "")
        upwards = not _order(form).sort.descending
        return _page(form, audit.page(db.session(), wanted, before=before, after=after, oldest_first=upwards))
    except Invalid as invalid:
        return _refused(form, invalid)


@blueprint.post("/export")
@requires(Deed.SEE_AUDIT)
def export() -> Response:
    """Exactly the events that the same fields select, as a file, up to a sequence that it says."""
    try:
        wanted = audit.selection(db.session(), request.form)
        made = export_events(wanted, request.form.get("format", ""), actor(), now())
    except Invalid as invalid:
        return _refused(SelectionForm(request.form), invalid)
    return _file(made)


def _file(made: Export) -> Response:
    name = f"postern-audit-to-{made.cut}.{SUFFIXES[made.format]}"
    return Response(
        stream_with_context(made.text),
        headers={
            "Content-Type": TYPES[made.format],
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Audit-Cut": str(made.cut),
            "X-Audit-Head": made.head,
        },
    )


def _refused(form: SelectionForm, invalid: Invalid) -> Response:
    show_faults(form, invalid)
    return _page(form, Page(()), status=422)


def _page(form: SelectionForm, found: Page, *, status: int = 200) -> Response:
    order = _order(form)
    return page_or_fragment(
        "audit/page.html",
        "audit/_log.html",
        status=status,
        title="Audit",
        form=form,
        typed=order.kept,
        order=order,
        lines=lines(found),
        newer=_address(order, after=found.newer),
        older=_address(order, before=found.older),
        now=now(),
    )


def _order(form: SelectionForm) -> Order:
    return sorting.asked(COLUMNS, NEWEST_FIRST, "audit.page", {name: form[name].data for name in FIELDS})


def _address(order: Order, **cursor: Any) -> str | None:
    return None if None in cursor.values() else url_for(".page", **order.kept, sort=order.word, **cursor)
