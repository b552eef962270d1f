"""The shape of what narrows tokens down. What fits is for `app/domain/token_selection.py` to say."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from app.domain.errors import Invalid
from app.domain.token_selection import RISKS


class TokensForm(FlaskForm):
    """It stands in the address and changes nothing, so it needs no form token."""

    class Meta:
        """WTForms looks here."""

        csrf = False

    application = StringField("Application")
    scope = StringField("Scope")
    risk = SelectField(
        "Risk", choices={"": "Every risk"} | {word: risk.label for word, risk in RISKS.items()}, validate_choice=False
    )
    creator = StringField("Issued by")
    since = StringField("Issued from (UTC)")
    until = StringField("Issued to (UTC)")
    address = StringField("Last used from")


def show_faults(form: TokensForm, invalid: Invalid) -> None:
    """Put each sentence at its field; one for a field that the form lacks stands above the form."""
    for name, sentence in invalid.fields.items():
        if name in form:
            form[name].errors = [sentence]
        else:
            form.form_errors.append(sentence)
