"""What people change about themselves."""

from flask_wtf import FlaskForm
from wtforms import PasswordField


class PasswordForm(FlaskForm):
    """A new password, and the one that shows whose it is."""

    current_password = PasswordField("Current password")
    new_password = PasswordField("New password")
