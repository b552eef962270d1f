"""The shape of an entry of the policy. What fits is decided by the rules, not here."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField

ASK, DO_NOT_ASK = "ask", "do-not-ask"
APPROVAL = {ASK: "A second person approves", DO_NOT_ASK: "Takes effect at once"}


class PolicyForm(FlaskForm):
    """`version` is of when the form was opened."""

    version = HiddenField()
    approval = RadioField("Approval", choices=APPROVAL, validate_choice=False)
    reason = TextAreaField("Reason")
