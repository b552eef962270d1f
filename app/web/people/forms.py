"""The shape of what superusers type about people. What fits is decided by the rules, not here."""

from flask_wtf import FlaskForm
from wtforms import EmailField, SelectChoice, SelectField, StringField

from app.domain.errors import Invalid
from app.domain.roles import Role

ROLES = [SelectChoice(role.value, role.value.capitalize()) for role in Role]


class PersonForm(FlaskForm):
    """Who comes in, and what they will be."""

    email = EmailField("Email")
    name = StringField("Name")
    role = SelectField("Role", choices=ROLES)


class RoleForm(FlaskForm):
    """What somebody is from now on."""

    role = SelectField("Role", choices=ROLES)


def show_faults(form: FlaskForm, invalid: Invalid) -> None:
    """Put each sentence at its field."""
    for name, sentence in invalid.fields.items():
        form[name].errors = [sentence]
