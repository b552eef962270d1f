"""The shape of a scope as it is typed. What fits is for `app/domain/catalogue.py` to say."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from app.domain.errors import Invalid
from app.domain.risk import Risk
from app.domain.scopes import Scope
from app.services.scopes.edit import ScopeForm

RISKS = {"": "Choose a risk"} | {level.word: level.label for level in Risk}


class EditScopeForm(FlaskForm):
    """`version` is of when the form was opened; permissions are one a line."""

    version = HiddenField()
    category = StringField("Category")
    description = TextAreaField("Description")
    risk = SelectField("Risk", choices=RISKS, validate_choice=False)
    permissions = TextAreaField("Permissions")
    reason = TextAreaField("Reason")


class AddScopeForm(EditScopeForm):
    """A scope that is not there yet."""

    name = StringField("Name")


def filled(scope: Scope, version: int) -> EditScopeForm:
    """The form with what the scope says now."""
    values = {"category": scope.category, "description": scope.description, "risk": scope.risk.word}
    values |= {"version": str(version), "permissions": "\n".join(scope.permissions)}
    return EditScopeForm(formdata=None, data=values)


def typed(form: EditScopeForm) -> ScopeForm:
    """What the person typed."""
    return ScopeForm(
        form.risk.data or "",
        form.category.data or "",
        form.description.data or "",
        form.permissions.data or "",
        form.reason.data or "",
    )


def show_faults(form: EditScopeForm, invalid: Invalid) -> None:
    """Put each sentence at its field."""
    for name, sentence in invalid.fields.items():
        form[name].errors = [sentence]
