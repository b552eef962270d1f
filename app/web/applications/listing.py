"""What narrows an application's tokens down: it stands in the address."""

from collections.abc import Collection, Mapping

from flask_wtf import FlaskForm
from wtforms import SearchField, SelectField

from app.domain.lifecycle import Status
from app.domain.risk import Risk
from app.store.queries.token_pages import Wanted

LIVE = frozenset(status for status in Status if status.is_live)
OVER = frozenset(Status) - LIVE
# By the word in the address. Nothing said: what can still be used.
STATUSES: Mapping[str, Collection[Status] | None] = {
    "": LIVE,
    "over": OVER,
    "all": None,
    **{each.value: {each} for each in Status},
}
LABELS = {"": "Live", "over": "Over", "all": "All"}
RISKS = {level.word: level for level in Risk}
# The parameters of the address: whoever goes on to stop tokens is led back to where they ticked them.
PLACE = ("q", "status", "risk", "sort", "after")
# Each column, and the word by which the list is sorted at the first press.
COLUMNS = (
    ("Name", "name"),
    ("Status", "status"),
    ("Risk", "-risk"),
    ("Expires", "expires"),
    ("Last used", "-used"),
    ("Issued", "-issued"),
)


class TokensForm(FlaskForm):
    """It changes nothing, so it needs no form token."""

    class Meta:
        """WTForms looks here."""

        csrf = False

    q = SearchField("Search tokens")
    status = SelectField(
        "Status", choices={word: LABELS.get(word, word.capitalize()) for word in STATUSES}, validate_choice=False
    )
    risk = SelectField(
        "Risk", choices={"": "Every risk"} | {word: level.label for word, level in RISKS.items()}, validate_choice=False
    )

    @property
    def typed(self) -> Mapping[str, str]:
        """What narrows the list, as it stands in the address."""
        return {name: value for name, value in self.data.items() if value}

    @property
    def wanted(self) -> Wanted:
        """What the fields mean; what is no choice narrows nothing."""
        return Wanted(self.q.data or "", STATUSES.get(self.status.data or "", LIVE), RISKS.get(self.risk.data))
