"""What narrows the catalogue and how it is sorted: it stands in the address."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from app.domain.risk import Risk
from app.store.queries.catalogue_pages import BY_NAME, BY_RISK, Wanted

RISKS = {"": "Every risk"} | {level.word: level.label for level in Risk}
GIVEN = {"": "All", "offered": "Given out", "retired": "Retired"}
SORTS = {"": "Name", BY_RISK.word: "Risk, the highest first"}


class FilterForm(FlaskForm):
    """It changes nothing, so it needs no form token."""

    class Meta:
        """WTForms looks here."""

        csrf = False

    q = StringField("Search")
    risk = SelectField("Risk", choices=RISKS, validate_choice=False)
    given = SelectField("Given out", choices=GIVEN, validate_choice=False)
    sort = SelectField("Sort by", choices=SORTS, validate_choice=False)


def wanted(form: FilterForm) -> Wanted:
    """What the fields mean; what is no choice narrows nothing."""
    levels = {level.word: level for level in Risk}
    return Wanted(
        form.q.data or "",
        levels.get(form.risk.data),
        {"offered": False, "retired": True}.get(form.given.data),
        BY_RISK if form.sort.data == BY_RISK.word else BY_NAME,
    )
