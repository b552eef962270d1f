"""The password that a one-time link sets."""

from flask_wtf import FlaskForm
from wtforms import PasswordField


class NewPasswordForm(FlaskForm):
    """One field: who types it wrong asks for another link, or sees it by the browser's own eye."""

    password = PasswordField("Password")
