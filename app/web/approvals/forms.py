"""The shape of a decision, and of what narrows the list. Whether a comment is needed is the verb's to say."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from app.domain.approval import RequestKind
from app.domain.risk import Risk

KINDS = {
    "": "Everything",
    RequestKind.ISSUE.value: "New tokens",
    RequestKind.CHANGE.value: "Changes of tokens",
    RequestKind.GOVERNANCE.value: "Policy and catalogue",
}
RISKS = {"": "Every risk"} | {risk.word: risk.label for risk in Risk}


class DecisionForm(FlaskForm):
    """`fingerprint` stands for what was shown, `shown` is its text: told apart only where the two differ by now."""

    fingerprint = HiddenField()
    shown = HiddenField()
    comment = TextAreaField("Comment")


class FilterForm(FlaskForm):
    """It stands in the address and changes nothing, so it needs no form token."""

    class Meta:
        """WTForms looks here."""

        csrf = False

    kind = SelectField("What is asked for", choices=KINDS, validate_choice=False)
    risk = SelectField("Risk", choices=RISKS, validate_choice=False)
    about = StringField("Application, token or scope")
    requester = StringField("Requester")
