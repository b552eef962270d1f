"""People: who may sign in, and what they are here. For superusers."""
