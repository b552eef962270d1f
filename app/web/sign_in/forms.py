"""What people type to get in. What fits is decided by the rules, not here."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField


class SignInForm(FlaskForm):
    """Who is there."""

    email = EmailField("Email")
    password = PasswordField("Password")
