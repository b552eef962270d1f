"""The shape of the forms on tokens. What fits is for the rules to say; see `show_faults`."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import DateInput

from app.domain import expiry, rotation
from app.domain.access_rules import ASKABLE_METHODS
from app.store.queries.tokens import TokenView
from app.web.tokens.restriction_fields import RestrictionFields

EXPIRES = {preset: preset for preset in expiry.PRESETS} | {expiry.CUSTOM: "Custom date", expiry.NEVER: "No expiration"}
METHODS = {"": "Not asked for"} | {method: method for method in ASKABLE_METHODS}
OVERLAPS = {each: f"After {each}" if lasts else "Immediately" for each, lasts in rotation.OVERLAPS.items()}


class IssueTokenForm(FlaskForm, RestrictionFields):
    """`form_id` is made once for each form that is shown. `expires_on` is a date, read where `expires` is custom."""

    form_id = HiddenField()
    name = StringField("Name")
    description = TextAreaField("Description")
    scopes = SelectMultipleField("Scopes", choices=(), validate_choice=False)
    expires = SelectField("Expires at", choices=EXPIRES, default=expiry.MONTH, validate_choice=False)
    expires_on = StringField("Custom date", widget=DateInput())
    reason = TextAreaField("Reason")


class EditPartForm(FlaskForm):
    """One part of a token. `version` and `seen`, the number of its newest event, are of when the form was opened."""

    version = HiddenField()
    seen = HiddenField()
    reason = TextAreaField("Reason")

    @staticmethod
    def filled(token: TokenView) -> Mapping[str, object]:
        """What its fields hold when it is opened."""
        return {}

    def typed(self) -> Mapping[str, Any]:
        """What was typed, as the fields of an EditForm."""
        raise NotImplementedError

    @property
    def remark(self) -> str:
        """What is to be said of what was saved; mostly nothing."""
        return ""


class EditDetailsForm(EditPartForm):
    """What a token is called and is for."""

    name = StringField("Name")
    description = TextAreaField("Description")

    @staticmethod
    def filled(token: TokenView) -> Mapping[str, object]:
        """The name and description that the token has."""
        return {"name": token.name, "description": token.description}

    def typed(self) -> Mapping[str, Any]:
        """What was typed, as the fields of an EditForm."""
        return {"name": self.name.data, "description": self.description.data}


class EditScopesForm(EditPartForm):
    """What a token may be used for."""

    scopes = SelectMultipleField("Scopes", choices=(), validate_choice=False)

    @staticmethod
    def filled(token: TokenView) -> Mapping[str, object]:
        """The scopes that the token holds."""
        return {"scopes": [scope.name for scope in token.scopes]}

    def typed(self) -> Mapping[str, Any]:
        """What was chosen, as the fields of an EditForm."""
        return {"scopes": tuple(self.scopes.data or ())}


class EditExpiryForm(EditPartForm):
    """When a token ends. Nothing is chosen at first: the present end need not be one that can be chosen."""

    expires = SelectField("Expires at", choices={"": "Choose a new end"} | EXPIRES, default="", validate_choice=False)
    expires_on = StringField("Custom date", widget=DateInput())

    def typed(self) -> Mapping[str, Any]:
        """What was chosen, as the fields of an EditForm."""
        return {"expires": self.expires.data or "", "expires_on": self.expires_on.data or ""}


class RotateForm(FlaskForm):
    """`key_id` is the key that the page showed as the current one."""

    key_id = HiddenField()
    overlap = RadioField("The old key stops", choices=OVERLAPS, default=next(iter(OVERLAPS)), validate_choice=False)
    reason = TextAreaField("Reason")


class ActivateEmergencyForm(FlaskForm):
    """How long, and why. The ids are the region's own: other forms of the tab have reasons, too."""

    hours = StringField("Duration (hours)", id="emergency-hours")
    reason = TextAreaField("Reason", id="emergency-reason")


class DeactivateEmergencyForm(FlaskForm):
    """Why it ends early, if that is worth saying."""

    reason = TextAreaField("Reason", id="emergency-reason")


class TryForm(FlaskForm):
    """A request to try. It stands in the address and changes nothing, so it needs no form token."""

    class Meta:
        """WTForms looks here."""

        csrf = False

    asked_by = SelectField("Asked by", choices=(), validate_choice=False)
    scopes = StringField("Scopes")
    method = SelectField("Method", choices=METHODS, validate_choice=False)
    path = StringField("Path")
    address = StringField("Address")
    instant = StringField("Instant")


def show_faults(form: FlaskForm, faults: Mapping[str, str]) -> None:
    """Put the sentences of an `Invalid` at the fields they are about."""
    for name, fault in faults.items():
        form[name].errors = [fault]
