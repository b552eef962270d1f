"""The shape of what people type about applications. What fits is decided by the rules, not here."""

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectChoice, StringField, TextAreaField

from app.domain.applications import Extent
from app.domain.errors import Invalid


class DetailsForm(FlaskForm):
    """What an application is called and what it is for."""

    name = StringField("Name")
    description = TextAreaField("Description")


class EmailForm(FlaskForm):
    """Who is meant."""

    email = EmailField("Email")


class AnswersForForm(FlaskForm):
    """Whose scopes an application is told about; the resources are checkboxes of their own."""

    extent = RadioField(
        "Answers for",
        choices=[
            SelectChoice(Extent.NOTHING.value, "Nothing"),
            SelectChoice(Extent.SOME.value, "Some resources"),
            SelectChoice(Extent.EVERYTHING.value, "Every resource"),
        ],
    )


def show_faults(form: FlaskForm, invalid: Invalid) -> None:
    """Put each sentence at its field; one for a field that the form lacks stands above the form."""
    for name, sentence in invalid.fields.items():
        if name in form:
            form[name].errors = [sentence]
        else:
            form.form_errors.append(sentence)
