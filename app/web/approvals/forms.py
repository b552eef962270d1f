"""The shape of a decision. Whether a comment is needed is the verb's to say."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField


class DecisionForm(FlaskForm):
    """`fingerprint` stands for what was shown, `shown` is its text: told apart only where the two differ by now."""

    fingerprint = HiddenField()
    shown = HiddenField()
    comment = TextAreaField("Comment")
