"""Postern without its fast lane: every request goes through Flask. A server loads `bench.flask_only:app`."""

from wsgi import app

# The lane is put in front of the app by an attribute that hides the method of the class.
vars(app).pop("wsgi_app", None)
