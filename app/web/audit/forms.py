"""The shape of what narrows the log down. What fits is for `app/domain/audit_selection.py` to say."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from app.domain import events
from app.domain.errors import Invalid
from app.domain.events import Action

ACTIONS = {"": "Every action"} | {each.value: f"{each.value}: {events.sentence(each)}" for each in sorted(Action)}


class SelectionForm(FlaskForm):
    """It stands in the address and changes nothing, so it needs no form token."""

    class Meta:
        """WTForms looks here."""

        csrf = False

    since = StringField("From")
    until = StringField("To")
    actor = StringField("Actor")
    action = SelectField("Action", choices=ACTIONS, validate_choice=False)
    application = StringField("Application")
    token = StringField("Token")


def show_faults(form: SelectionForm, invalid: Invalid) -> None:
    """Put each sentence at its field; what is wrong with the address itself stands above the form."""
    for name, sentence in invalid.fields.items():
        if name in form:
            form[name].errors = [sentence]
        else:
            form.form_errors.append(sentence)
